/* What a reload may change. */
#include "io/conf_parts.h"

#include <string.h>
#include "base/mem.h"
#include "base/str.h"

static void add_name(struct str *names, const char *name)
{
	str_addf(names, "%s%s", names->len ? ", " : "", name);
}

static bool same_names(char *const *a, char *const *b)
{
	for (; *a && *b; a++, b++)
		if (!str_eq(*a, *b))
			return false;
	return !*a && !*b;
}

static bool same_types(const struct type_table *a, const struct type_table *b)
{
	size_t i;

	if (a->n != b->n)
		return false;
	for (i = 0; i < a->n; i++) {
		const struct event_type *x = &a->types[i], *y = &b->types[i];

		if (!str_eq(x->name, y->name) || !str_eq(x->name_fr, y->name_fr) ||
			!same_names(x->aliases, y->aliases) || !same_names(x->fields, y->fields))
			return false;
	}
	return true;
}

int conf_may_replace(
	const struct conf *now, const struct conf *next, char **ret_changed, struct fault *reterr)
{
	STR_AUTO(changed);
	STR_AUTO(refused);
	size_t i;

	for (i = 0; i < conf_n_keys; i++)
		if (!conf_value_same(&conf_keys[i], now, next))
			add_name(conf_keys[i].restart ? &refused : &changed, conf_keys[i].path);
	if (!secret_same(now->cw.private_key, next->cw.private_key))
		add_name(&changed, "the private key");
	if (!secret_same(now->alarm.smtp_password, next->alarm.smtp_password))
		add_name(&changed, "the mail server's password");
	if (!same_types(&now->types, &next->types))
		add_name(&changed, "the event types");
	if (refused.len)
		return fault_set(reterr, FAULT_CONFIG,
			"a reload cannot change %s; nothing was changed: put the old value back, "
			"or "
			"restart the service",
			refused.at);
	*ret_changed = str_take(&changed);
	return 0;
}
