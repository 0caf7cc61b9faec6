/* A configuration in a folder of its own, and what a test asks of it. */
#ifndef TESTS_UNIT_CONF_PLACE_H
#define TESTS_UNIT_CONF_PLACE_H

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

#include "base/mem.h"
#include "base/str.h"
#include "io/conf_parts.h"
#include "opbridge.h"

#define KEY_TEXT "sEcReTkEyMaTeRiAl"
#define GUID "01234567-89ab-cdef-0123-456789abcdef"
#define LOGIN                                                                                      \
	"connectwise = { site = \"na.myconnectwise.net\"; company = \"acme\"; client_id = \"" GUID \
	"\"; public_key = \"Pub1\"; };\n"
#define CONTACT "mail_to = \"a@b\"; smtp = \"smtp://m.example:587\"; "
#define TYPES "types = ( { name = \"A\"; fields = ( \"user\" ); } );\n"

/* A folder of its own for each test: opbridge.conf, event-types.conf, private.key. */
struct folder {
	char at[64];
	char *conf, *types, *key;
};

static UNUSED void write_file(const char *path, const char *text, mode_t mode)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static UNUSED int make_folder(void **state)
{
	struct folder *d = xcalloc(1, sizeof(*d));

	snprintf(d->at, sizeof(d->at), "/tmp/opbridge-conf-XXXXXX");
	if (!mkdtemp(d->at))
		return -1;
	d->conf = xasprintf("%s/opbridge.conf", d->at);
	d->types = xasprintf("%s/event-types.conf", d->at);
	d->key = xasprintf("%s/private.key", d->at);
	write_file(d->conf, LOGIN, 0644);
	write_file(d->types, TYPES, 0644);
	write_file(d->key, KEY_TEXT "\n", 0600);
	unsetenv("CREDENTIALS_DIRECTORY");
	unsetenv("RUNTIME_DIRECTORY");
	unsetenv("STATE_DIRECTORY");
	unsetenv("JOURNAL_STREAM");
	*state = d;
	return 0;
}

static UNUSED int remove_folder(void **state)
{
	struct folder *d = *state;
	const char *const extra[] = { "cw_private_key", "link", "smtp.password", "smtp_password" };
	size_t i;

	for (i = 0; i < ARRAY_LEN(extra); i++) {
		CLEANUP(mem_free) char *path = xasprintf("%s/%s", d->at, extra[i]);

		unlink(path);
	}
	unlink(d->conf);
	unlink(d->types);
	unlink(d->key);
	rmdir(d->at);
	mem_free(d->conf);
	mem_free(d->types);
	mem_free(d->key);
	mem_free(d);
	return 0;
}

/* gives: conf_unref. The faults of a good file are none. */
static UNUSED struct conf *load_good(const struct folder *d, const char *text)
{
	struct conf_faults faults;
	struct fault fault = { 0 };
	struct conf *c = NULL;

	write_file(d->conf, text, 0644);
	if (conf_load(d->conf, &c, &faults, &fault) != 0)
		fail_msg("%s", faults.lines[0]);
	assert_int_equal(faults.n, 0);
	return c;
}

/* Load a bad file; the lines without their folder, one after the other. gives: mem_free. */
static UNUSED char *load_bad(const struct folder *d, const char *text)
{
	struct conf_faults faults;
	struct fault fault = { 0 };
	struct conf *c = NULL;
	STR_AUTO(all);
	size_t i;

	write_file(d->conf, text, 0644);
	assert_int_equal(conf_load(d->conf, &c, &faults, &fault), -FAULT_CONFIG);
	assert_null(c);
	assert_true(faults.n > 0);
	assert_int_equal(fault.code, FAULT_CONFIG);
	assert_true(strncmp(fault.text, faults.lines[0], sizeof(fault.text) - 1) == 0);
	for (i = 0; i < faults.n; i++) {
		assert_true(str_starts(faults.lines[i], d->at));
		assert_null(strstr(faults.lines[i], KEY_TEXT));
		str_addf(&all, "%s\n", faults.lines[i] + strlen(d->at) + 1);
	}
	conf_faults_clear(&faults);
	return str_take(&all);
}

static UNUSED size_t lines_of(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

/* The file's only fault is on this line and holds these words. */
static UNUSED void assert_fault(
	const struct folder *d, const char *text, const char *place, const char *words)
{
	CLEANUP(mem_free) char *all = load_bad(d, text);

	if (lines_of(all) != 1 || !str_starts(all, place) || !strstr(all, words))
		fail_msg("wanted one fault \"%s… %s\", not:\n%s", place, words, all);
}

static UNUSED char *with(const char *section)
{
	return xasprintf("%s%s\n", LOGIN, section);
}

static UNUSED char *read_text(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = xcalloc(65536, 1);

	assert_non_null(f);
	assert_in_range(fread(text, 1, 65535, f), 1, 65534);
	fclose(f);
	return text;
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

#endif
