/* core/identity: which events share an incident, and why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/digest.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/identity.h"
#include "io/conf.h"
#include "opbridge.h"

static struct event_type known[] = {
	{ .name = (char *)(uintptr_t) "Sign-In",
		.aliases = { (char *)(uintptr_t) "Old Sign-In" },
		.fields = { (char *)(uintptr_t) "user", (char *)(uintptr_t) "country" } },
	{ .name = (char *)(uintptr_t) "License Assigned",
		.fields = { (char *)(uintptr_t) "user", (char *)(uintptr_t) "license" } },
	{ .name = (char *)(uintptr_t) "License Removed",
		.fields = { (char *)(uintptr_t) "user", (char *)(uintptr_t) "license" } },
};
static const struct type_table types = { known, ARRAY_LEN(known) };

static struct op_event *event(const char *id, const char *type, const char *rest)
{
	STR_AUTO(text);
	struct op_event *ev = NULL;
	struct fault f = { 0 };

	str_addf(&text, "{\"id\":\"%s\",\"type\":\"%s\",\"tenant\":{\"id\":\"t\"}%s}", id, type,
		rest);
	if (op_event_parse_text(text.at, text.len, OPB_EVENT_MAX, INT64_MAX / 2, &ev, &f) != 0)
		fail_msg("%s: %s", text.at, f.text);
	return ev;
}

/* gives: "HASH label". */
static char *identity_text(const char *tenant, const char *id, const char *type, const char *rest)
{
	CLEANUP(op_event_free) struct op_event *ev = event(id, type, rest);
	struct identity identity = { 0 };
	char *text;

	identity_of(ev, tenant, &types, &identity);
	assert_int_equal(strlen(identity.hash), IDENTITY_HEX);
	text = xasprintf("%s %s", identity.hash, identity.label);
	identity_clear(&identity);
	assert_null(identity.label);
	return text;
}

static bool same(const char *type_a, const char *rest_a, const char *type_b, const char *rest_b)
{
	CLEANUP(mem_free) char *a = identity_text("1", "a", type_a, rest_a);
	CLEANUP(mem_free) char *b = identity_text("1", "b", type_b, rest_b);

	return strncmp(a, b, IDENTITY_HEX) == 0;
}

#define E(members) ",\"entities\":{" members "}"
#define ANNA E("\"user\":\"anna\",\"country\":\"Brazil\"")

static void state_time_title_and_other_entities_play_no_part(void **state)
{
	(void)state;
	assert_true(same("Sign-In", ANNA, "Sign-In",
		",\"state\":\"resolved\",\"time\":\"2001-01-01T00:00:00Z\",\"title\":\"x\","
		"\"description\":\"3 times\",\"severity\":\"low\",\"count\":7" E(
			"\"user\":\"anna\",\"country\":\"Brazil\",\"ip\":\"::1\"")));
}

static void identity_fields_count_each(void **state)
{
	(void)state;
	assert_false(
		same("Sign-In", ANNA, "Sign-In", E("\"user\":\"bob\",\"country\":\"Brazil\"")));
	assert_false(same("Sign-In", ANNA, "Sign-In", E("\"user\":\"anna\",\"country\":\"Peru\"")));
	assert_false(same("Sign-In", ANNA, "Sign-In", E("\"user\":\"anna\"")));
	assert_false(same("Sign-In", E("\"user\":\"x\""), "Sign-In", E("\"country\":\"x\"")));
	assert_false(same("Sign-In", E("\"user\":\"ab\",\"country\":\"c\""), "Sign-In",
		E("\"user\":\"a\",\"country\":\"bc\"")));
}

static void values_are_compared_trimmed_and_without_case(void **state)
{
	(void)state;
	assert_true(
		same("Sign-In", ANNA, "sign-in", E("\"country\":\" BRAZIL \",\"user\":\"Anna\"")));
	assert_true(same(" SIGN-IN", ANNA, "Old sign-in ", ANNA));
	assert_false(
		same("Sign-In", ANNA, "Sign-In", E("\"User\":\"anna\",\"country\":\"Brazil\"")));
	assert_false(same("Sign-In", E("\"user\":\"é\""), "Sign-In", E("\"user\":\"É\"")));
}

static void a_missing_field_is_an_empty_one(void **state)
{
	(void)state;
	assert_true(same("Sign-In", E("\"user\":\"anna\""), "Sign-In",
		E("\"user\":\"anna\",\"country\":\"\",\"ip\":\"9\"")));
	assert_true(same("Sign-In", E("\"user\":\"anna\""), "Sign-In",
		E("\"user\":\"anna\",\"country\":null")));
}

static void without_any_field_all_entities_count(void **state)
{
	(void)state;
	assert_true(same("Sign-In", E("\"ip\":\"1\",\"x\":\"2\""), "Sign-In",
		E("\"x\":\"2\",\"ip\":\"1\"")));
	assert_false(same("Sign-In", E("\"ip\":\"1\",\"x\":\"2\""), "Sign-In",
		E("\"ip\":\"1\",\"x\":\"3\"")));
	assert_false(same("Sign-In", E("\"ip\":\"1\""), "Sign-In", E("\"ip2\":\"1\"")));
}

static void an_unknown_type_is_told_apart_by_all_its_entities(void **state)
{
	(void)state;
	assert_true(same("Brand New", ANNA, "BRAND new", ANNA));
	assert_false(same("Brand New", ANNA, "Brand Newer", ANNA));
	assert_false(same("Brand New", ANNA, "Brand New",
		E("\"user\":\"anna\",\"country\":\"Brazil\",\"ip\":\"::1\"")));
	assert_false(
		same("Brand New", E("\"a\":\"b,1:c\""), "Brand New", E("\"a\":\"b\",\"c\":\"\"")));
}

static void an_event_without_identity_stands_for_itself(void **state)
{
	CLEANUP(mem_free) char *a = identity_text("1", "a", "Brand New", "");
	CLEANUP(mem_free) char *again = identity_text("1", "a", "Brand New", ",\"title\":\"x\"");

	(void)state;
	assert_string_equal(a, again);
	assert_string_equal(a + IDENTITY_HEX, " event: a");
	assert_false(same("Brand New", "", "Brand New", ""));
	assert_false(same("Sign-In", "", "Sign-In", ""));
}

static void tenants_and_partner_types_are_apart(void **state)
{
	CLEANUP(mem_free) char *one = identity_text("1", "a", "Sign-In", ANNA);
	CLEANUP(mem_free) char *two = identity_text("2", "a", "Sign-In", ANNA);

	(void)state;
	assert_string_not_equal(one, two);
	assert_false(same("License Assigned", E("\"user\":\"a\",\"license\":\"E5\""),
		"License Removed", E("\"user\":\"a\",\"license\":\"E5\"")));
}

/* The hashes are in the store and in ConnectWise: another encoding would orphan every ticket. */
static void the_encoding_is_stable(void **state)
{
	static const char encoded[] = "2:17,7:sign-in,6:fields,4:user,4:anna,7:country,6:brazil,";
	CLEANUP(mem_free) char *got = identity_text("17", "a", "Sign-In", ANNA);
	char hex[DIGEST_HEX_MAX];

	(void)state;
	digest_hex(encoded, strlen(encoded), hex);
	assert_memory_equal(got, hex, IDENTITY_HEX);
}

static void the_label_says_why_for_people(void **state)
{
	CLEANUP(mem_free)
	char *fields = identity_text(
		"1", "a", "Sign-In", E("\"ip\":\"::1\",\"user\":\"a@B.c\",\"country\":\"Brazil\""));
	CLEANUP(mem_free) char *partly = identity_text("1", "a", "Sign-In", E("\"country\":\"X\""));
	CLEANUP(mem_free)
	char *all =
		identity_text("1", "a", "Brand New", E("\"user_agent\":\"curl/8\",\"app\":\"y\""));

	(void)state;
	assert_string_equal(fields + IDENTITY_HEX, " user: a@B.c, country: Brazil");
	assert_string_equal(partly + IDENTITY_HEX, " country: X");
	assert_string_equal(all + IDENTITY_HEX, " app: y, user agent: curl/8");
}

static void a_label_is_cut(void **state)
{
	STR_AUTO(rest);
	CLEANUP(mem_free) char *got = NULL;
	int i;

	(void)state;
	str_add(&rest, ",\"entities\":{");
	for (i = 0; i < OPB_ENTITIES_MAX; i++)
		str_addf(&rest, "%s\"e%d\":\"éééééééééééééééééééé\"", i ? "," : "", i);
	str_add(&rest, "}");
	got = identity_text("1", "a", "Brand New", rest.at);
	assert_int_equal(utf8_utf16_len(got), IDENTITY_HEX + 1 + 500);
	assert_true(utf8_valid(got, strlen(got)));
}

static void a_type_is_found_by_name_or_alias(void **state)
{
	static const struct type_table none = { 0 };

	(void)state;
	assert_ptr_equal(type_find(&types, "Sign-In"), &known[0]);
	assert_ptr_equal(type_find(&types, "\tsign-in "), &known[0]);
	assert_ptr_equal(type_find(&types, "OLD SIGN-IN"), &known[0]);
	assert_ptr_equal(type_find(&types, "License Removed"), &known[2]);
	assert_null(type_find(&types, "Sign"));
	assert_null(type_find(&types, "Sign-In2"));
	assert_null(type_find(&types, ""));
	assert_null(type_find(&none, "Sign-In"));
}

static void a_type_may_have_eight_names_and_fields(void **state)
{
	struct type_table table = { xcalloc(1, sizeof(struct event_type)), 1 };
	struct event_type *type = table.types;
	int i;

	(void)state;
	type->name = xstrdup("T");
	type->name_fr = xstrdup("T");
	for (i = 0; i < TYPE_FIELDS_MAX; i++) {
		type->aliases[i] = xasprintf("alias %d", i);
		type->fields[i] = xasprintf("f%d", i);
	}
	assert_ptr_equal(type_find(&table, "ALIAS 7"), type);
	assert_null(type_find(&table, "f0"));
	type_table_clear(&table);
	assert_null(table.types);
	assert_int_equal(table.n, 0);
	type_table_clear(&table);
}

static void a_marker_names_incident_and_generation(void **state)
{
	char marker[MARKER_MAX + 1];

	(void)state;
	marker_text("0123456789abcdef0123456789abcdef", 3, marker);
	assert_string_equal(marker, "opbridge:0123456789abcdef0123456789abcdef:3");
	marker_text("0123456789abcdef0123456789abcdef", INT32_MAX, marker);
	assert_true(strlen(marker) <= MARKER_MAX);
}

/* The types that come with it, read as the daemon reads them. */

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, 0600), 0);
}

static struct conf *conf_with_shipped_types(void)
{
	char at[] = "/tmp/opbridge-identity-XXXXXX";
	char *types_at = realpath("conf/event-types.conf", NULL);
	struct conf_faults faults = { 0 };
	struct conf *c = NULL;
	struct fault f = { 0 };

	assert_non_null(types_at);
	assert_non_null(mkdtemp(at));
	CLEANUP(mem_free) char *conf_at = xasprintf("%s/opbridge.conf", at);
	CLEANUP(mem_free) char *key_at = xasprintf("%s/private.key", at);
	CLEANUP(mem_free)
	char *text = xasprintf(
		"connectwise = { site = \"na.myconnectwise.net\"; company = \"acme\"; client_id = "
		"\"11111111-2222-3333-4444-555555555555\"; public_key = \"pub\"; "
		"private_key_file = \"%s\"; };\ntypes_file = \"%s\";\n",
		key_at, types_at);

	write_file(key_at, "0123456789abcdef\n");
	write_file(conf_at, text);
	if (conf_load(conf_at, &c, &faults, &f) != 0)
		fail_msg("%s", f.text);
	unlink(key_at);
	unlink(conf_at);
	rmdir(at);
	free(types_at);
	return c;
}

static void the_shipped_types_have_their_fields(void **state)
{
	static const struct {
		const char *name, *fields;
	} wanted[] = {
		{ "New Account Created", "created_by" },
		{ "Account Deleted", "deleted_by" },
		{ "Administrator Role Change", "user" },
		{ "Application Permissions Change", "application user" },
		{ "Email Impersonation", "user sent_as" },
		{ "File Shared Publicly", "user file site" },
		{ "Health Status Decline", "health_type current_state previous_state changes" },
		{ "Health Status Improvement", "health_type current_state previous_state changes" },
		{ "Item Deleted from Retention Mechanism", "user ip" },
		{ "License Assigned", "user license" },
		{ "License Removed", "user license" },
		{ "Mail Forwarding Rules to External Destination Created",
			"created_by target_mailbox" },
		{ "Email Transport Rule to External Domain Created", "created_by target_mailbox" },
		{ "Mailbox Access by Non-Owner", "user mailbox" },
		{ "Mailbox Access Granted to Non-Owner", "mailbox right user granted_by" },
		{ "Microsoft 365 Setting Changed Outside Office Protect",
			"setting office_protect_value microsoft_365_value users" },
		{ "Microsoft 365 Setting Enforced by Office Protect", "setting" },
		{ "New SharePoint Site Created", "user site ip" },
		{ "SharePoint Site Deleted", "user site ip" },
		{ "New Teams App Installed", "user site" },
		{ "Sign-in from unauthorized country", "user country ip" },
		{ "Too Many Logins", "user" },
		{ "User Accessed with Previously Unknown Device and IP",
			"user ip user_agent country" },
		{ "User Consented to an App", "user application" },
	};
	CLEANUP(conf_unref) struct conf *c = conf_with_shipped_types();
	size_t i, k;

	(void)state;
	assert_int_equal(c->types.n, ARRAY_LEN(wanted) - 1); /* one stands there by an alias too */
	for (i = 0; i < ARRAY_LEN(wanted); i++) {
		const struct event_type *type = type_find(&c->types, wanted[i].name);
		STR_AUTO(fields);

		if (!type)
			fail_msg("%s is not there", wanted[i].name);
		for (k = 0; type->fields[k]; k++)
			str_addf(&fields, "%s%s", k ? " " : "", type->fields[k]);
		assert_string_equal(fields.at, wanted[i].fields);
		assert_false(str_is_blank(type->name_fr));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(state_time_title_and_other_entities_play_no_part),
		cmocka_unit_test(identity_fields_count_each),
		cmocka_unit_test(values_are_compared_trimmed_and_without_case),
		cmocka_unit_test(a_missing_field_is_an_empty_one),
		cmocka_unit_test(without_any_field_all_entities_count),
		cmocka_unit_test(an_unknown_type_is_told_apart_by_all_its_entities),
		cmocka_unit_test(an_event_without_identity_stands_for_itself),
		cmocka_unit_test(tenants_and_partner_types_are_apart),
		cmocka_unit_test(the_encoding_is_stable),
		cmocka_unit_test(the_label_says_why_for_people),
		cmocka_unit_test(a_label_is_cut),
		cmocka_unit_test(a_type_is_found_by_name_or_alias),
		cmocka_unit_test(a_type_may_have_eight_names_and_fields),
		cmocka_unit_test(a_marker_names_incident_and_generation),
		cmocka_unit_test(the_shipped_types_have_their_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
