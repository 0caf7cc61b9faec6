/*
 * field.h - what a member of an object is: its name, its JSON type, its limit.
 * A kind ties a table of fields to the rows of one store; lists, conditions and fields= need no
 * more.
 */
#ifndef SANDBOX_FIELD_H
#define SANDBOX_FIELD_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sandbox;

enum field_type {
	FIELD_INT,
	FIELD_NUMBER,
	FIELD_STRING,
	FIELD_BOOL,
	FIELD_DATE,
	FIELD_ENUM,
	FIELD_REF,
	FIELD_LIST,
};

#define FIELD_READ_ONLY 1u /* in replies; accepted and ignored in a POST or PATCH */
#define FIELD_POST_ONLY 2u /* accepted in a POST; never in a reply nor in conditions */
#define FIELD_IN_INFO 4u /* comes back inside _info, yet conditions may name it */

struct field {
	const char *name;
	enum field_type type;
	size_t max; /* UTF-16 units, 0 = no limit known */
	unsigned flags;
	const char *sub; /* reference and list: members, comma separated; enum: its words */
};

enum value_type {
	VALUE_NULL,
	VALUE_NUMBER,
	VALUE_STRING,
	VALUE_BOOL,
	VALUE_DATE,
};

/* One member's value as conditions and orderBy see it. Strings are borrowed. */
struct value {
	enum value_type type;
	double number;
	int64_t date;
	bool yes;
	const char *text;
};

struct kind {
	const char *type; /* as error messages name it: "Ticket" */
	const char *resource; /* as error items name it: "ticket" */
	const struct field *fields;
	/* gives: a full object with _info; free with cJSON_Delete. */
	cJSON *(*render)(const struct sandbox *sb, const void *row);
	int (*id)(const void *row);
	/* Fast way to a value; false = ask the rendered object instead. May be NULL. */
	bool (*value)(const struct sandbox *sb, const void *row, const struct field *f,
		const char *sub, struct value *ret);
};

/* Case-sensitive; NULL when there is no such member. */
const struct field *field_find(const struct field *table, const char *name, size_t len);
/* Is the word one of a comma separated list? */
bool field_word_in(const char *list, const char *word, size_t len);
/* The sub member of a reference: its type. False when it has no such member. */
bool field_sub_type(const struct field *f, const char *sub, enum field_type *ret_type);
/* Read "name" or "name/sub" out of a rendered object. */
void field_value(const cJSON *object, const struct field *f, const char *sub, struct value *ret);
/* -1, 0, 1; null sorts first; strings without regard to case. */
int value_compare(const struct value *a, const struct value *b);

#endif
