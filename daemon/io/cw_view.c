#include "io/cw_view.h"

#include <stdlib.h>
#include "base/mem.h"
#include "base/str.h"

bool cw_ticket_view(const cJSON *node, struct cw_ticket *ret)
{
	struct cw_ticket t = { 0 };
	int64_t merged = 0;

	if (!json_int(node, "id", &t.id) || t.id <= 0)
		return false;
	(void)json_int_at(node, "company/id", &t.company);
	(void)json_int_at(node, "board/id", &t.board);
	(void)json_int_at(node, "status/id", &t.status);
	t.board_name = json_str_at(node, "board/name");
	t.status_name = json_str_at(node, "status/name");
	t.marker = json_str(node, "externalXRef");
	t.closed = json_bool(node, "closedFlag", false);
	t.merged = json_int_at(node, "mergedParentTicket/id", &merged) && merged > 0;
	*ret = t;
	return true;
}

/* "Client, Partner" from [{"name":"Client"},{"name":"Partner"}]; NULL if there is none. */
static char *names_of(const cJSON *array)
{
	const cJSON *item;
	STR_AUTO(names);

	cJSON_ArrayForEach(item, array)
	{
		const char *name = json_str(item, "name");

		if (name)
			str_addf(&names, "%s%s", names.len ? ", " : "", name);
	}
	return names.len ? str_take(&names) : NULL;
}

bool cw_company_view(const cJSON *node, struct company *ret, bool *ret_deleted)
{
	struct company c = { 0 };

	if (!json_int(node, "id", &c.id) || c.id <= 0 || !json_str(node, "name"))
		return false;
	c.identifier = xstrdup(json_str(node, "identifier"));
	c.name = xstrdup(json_str(node, "name"));
	c.website = xstrdup(json_str(node, "website"));
	c.status = xstrdup(json_str_at(node, "status/name"));
	c.types = names_of(json_get(node, "types"));
	*ret = c;
	*ret_deleted = json_bool(node, "deletedFlag", false);
	return true;
}

struct cw_ref cw_default_board(const cJSON *member)
{
	struct cw_ref ref = { 0 };

	if (!json_int_at(member, "serviceDefaultBoard/id", &ref.id) || ref.id <= 0)
		return (struct cw_ref){ 0 };
	ref.name = json_str_at(member, "serviceDefaultBoard/name");
	return ref;
}

void cw_statuses_view(const cJSON *array, struct statuses *ret)
{
	const cJSON *item;
	int64_t sort;
	int n = cJSON_GetArraySize(array);

	*ret = (struct statuses){ .at = xcalloc(n > 0 ? (size_t)n : 1, sizeof(*ret->at)) };
	cJSON_ArrayForEach(item, array)
	{
		struct status *s = &ret->at[ret->n];

		if (!json_int(item, "id", &s->id) || !json_str(item, "name"))
			continue;
		s->name = xstrdup(json_str(item, "name"));
		s->closed = json_bool(item, "closedStatus", false);
		s->inactive = json_bool(item, "inactive", false);
		s->is_default = json_bool(item, "defaultFlag", false);
		s->sort = json_int(item, "sortOrder", &sort) ? (int)sort : 0;
		ret->n++;
	}
}
