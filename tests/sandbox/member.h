/*
 * member.h - the API member the keys belong to, and a few technicians.
 */
#ifndef SANDBOX_MEMBER_H
#define SANDBOX_MEMBER_H

#include <cjson/cJSON.h>
#include <stdbool.h>

struct call;
struct sandbox;

#define API_MEMBER_ID 243
#define API_MEMBER_IDENTIFIER "OfficeProtect"
#define TECHNICIAN "jdoe"

struct members {
	int default_board; /* of the API member; 0 = none */
};

void members_seed(struct members *members);
/* {id, identifier, name}, or JSON null. */
cJSON *member_reference(const struct sandbox *sb, int id);
cJSON *member_by_identifier(const struct sandbox *sb, const char *identifier);
/* By id or identifier; 0 when there is none. */
int member_wanted(const cJSON *wanted);

void my_member_get(struct call *c);
void member_list(struct call *c);
void member_count(struct call *c);
void member_get(struct call *c);
void api_member_list(struct call *c);
void api_member_get(struct call *c);
void system_info_get(struct call *c);

#endif
