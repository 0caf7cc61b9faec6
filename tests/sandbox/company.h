/*
 * company.h - companies, their statuses and types.
 */
#ifndef SANDBOX_COMPANY_H
#define SANDBOX_COMPANY_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct call;
struct sandbox;

struct company {
	int id;
	char *identifier, *name, *website, *city, *country, *phone;
	int status; /* id of a company status */
	int type; /* id of a company type */
	bool deleted;
	bool mine; /* what the level My leaves in lists */
	int64_t deleted_at, entered_at, updated_at;
};

struct companies {
	struct company *v; /* by id */
	size_t n, size;
	int next_id;
	unsigned step; /* of the generator: ids and names repeat from run to run */
};

struct company *company_find(const struct companies *all, int id);
struct company *company_by_identifier(const struct companies *all, const char *identifier);
/* A new one, kept in order of ids; id 0 takes the next free one. Lends until the next call. */
struct company *company_add(
	struct companies *all, int id, const char *identifier, const char *name);
/* The realistic ones first, then generated names, until there are n. */
void companies_seed(struct companies *all, size_t n);
void companies_generate(struct companies *all, size_t more);
bool company_remove(struct companies *all, int id);
void companies_free(struct companies *all);
/* Id of a company status by its name; 0 when there is none. */
int company_status_by_name(const char *name);

/* {id, identifier, name, _info}, or JSON null. */
cJSON *company_reference(const struct sandbox *sb, int id);
/* As admin calls show one. */
cJSON *company_render(const struct sandbox *sb, const void *row);

void company_list(struct call *c);
void company_count(struct call *c);
void company_get(struct call *c);
void company_statuses_list(struct call *c);
void company_types_list(struct call *c);

#endif
