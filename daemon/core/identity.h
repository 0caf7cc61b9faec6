/* Which incident an event belongs to: tenant + type + the identity fields of that type.
 * The fields per type are data (conf/event-types.conf). An unknown type passes through: all its
 * entities are its identity; an event with no identity at all stands for itself. Pure. */
#ifndef CORE_IDENTITY_H
#define CORE_IDENTITY_H

#include <stddef.h>
#include "base/tidy.h"
#include "core/event.h"

#define TYPE_FIELDS_MAX 8
#define IDENTITY_HEX 32 /* hex digits of SHA-256 kept: 128 bits */
#define MARKER_MAX 100 /* externalXRef: at most 100 characters (ConnectWise ticket schema) */

struct event_type {
	char *name; /* compared without case */
	char *aliases[TYPE_FIELDS_MAX + 1]; /* older names; NULL-ended */
	char *fields[TYPE_FIELDS_MAX + 1]; /* entity names; NULL-ended */
	char *name_fr; /* or NULL */
};

/* owned by struct conf */
struct type_table {
	struct event_type *types;
	size_t n;
};

struct identity {
	char hash[IDENTITY_HEX + 1];
	char *label; /* "user: a@b.c, country: Brazil": why an event joined its ticket */
};

const struct event_type *type_find(const struct type_table *types, const char *name);
/* tenant_key: the daemon's own stable text for the tenant (its row number). */
void identity_of(const struct op_event *ev, const char *tenant_key, const struct type_table *types,
	struct identity *ret);
void identity_clear(struct identity *identity);
void type_table_clear(struct type_table *types);

/* "opbridge:HASH:GENERATION", the text in externalXRef that names an incident's n-th ticket.
 * One company record can be reached by one bridge only under one site name, so the hash carries it.
 */
void marker_text(const char *hash, int generation, char ret[MARKER_MAX + 1]);

#endif
