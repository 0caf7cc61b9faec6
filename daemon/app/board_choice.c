#include "app/board_choice.h"

#include <inttypes.h>
#include <stdio.h>
#include "base/str.h"

static const struct status *find_status(const struct statuses *list, const char *text)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		const struct status *s = &list->at[i];
		char id[24];

		snprintf(id, sizeof(id), "%" PRId64, s->id);
		if (str_eq_nocase(s->name, text) || str_eq(id, text))
			return s;
	}
	return NULL;
}

static int refuse(const struct choice *c, const char *key, const char *text, const char *what,
	bool closed, struct fault *reterr)
{
	STR_AUTO(valid);
	size_t i;

	for (i = 0; i < c->statuses->n; i++) {
		const struct status *s = &c->statuses->at[i];

		if (!s->inactive && s->closed == closed)
			str_addf(&valid, "%s\"%s\" (%" PRId64 ")", valid.len ? ", " : "", s->name,
				s->id);
	}
	return fault_set(reterr, FAULT_CONFIG,
		"%s = \"%s\": %s on board %s (%" PRId64 "); valid ones: %s", key, text, what,
		c->board_name ? c->board_name : "?", c->board, valid.len ? valid.at : "none");
}

int choice_resolve(const struct choice *c, const char *key, const char *text, bool closed,
	int64_t *ret_id, struct fault *reterr)
{
	const struct status *s;

	*ret_id = 0;
	if (str_is_blank(text) || c->statuses->n == 0)
		return 0;
	s = find_status(c->statuses, text);
	if (!s)
		return refuse(c, key, text, "no such status", closed, reterr);
	if (s->inactive)
		return refuse(c, key, text, "this status is inactive", closed, reterr);
	if (s->closed && !closed)
		return refuse(c, key, text, "this status closes tickets, so nobody would see them",
			closed, reterr);
	if (!s->closed && closed)
		return refuse(c, key, text, "this status does not close tickets", closed, reterr);
	*ret_id = s->id;
	return 0;
}

int choice_check(const struct choice *c, const struct conf *conf, struct fault *reterr)
{
	int64_t id;
	int r = choice_resolve(c, "board.status", conf->board.status, false, &id, reterr);

	if (r == 0)
		r = choice_resolve(
			c, "board.closed_status", conf->board.closed_status, true, &id, reterr);
	if (r == 0)
		r = choice_resolve(
			c, "board.reopen_status", conf->board.reopen_status, false, &id, reterr);
	return r;
}

bool choice_wanted(const struct conf *conf)
{
	return !str_is_blank(conf->board.status) || !str_is_blank(conf->board.closed_status) ||
		!str_is_blank(conf->board.reopen_status);
}

int64_t choice_first(const struct choice *c, bool closed)
{
	int64_t first = 0;
	size_t i;

	for (i = 0; i < c->statuses->n; i++) {
		const struct status *s = &c->statuses->at[i];

		if (s->inactive || s->closed != closed)
			continue;
		if (!first || (!closed && s->is_default))
			first = s->id;
	}
	return first;
}
