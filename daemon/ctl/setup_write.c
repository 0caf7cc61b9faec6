/* What changes, and writing it: the key first, then the configuration; both or neither. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "ctl/setup.h"
#include "ctl/setup_text.h"

#define KEY_SHOWN 4 /* characters of the public key */

/* As it may be shown: of the public key only its beginning. gives */
static char *shown(const char *key, const char *value)
{
	if (str_eq(key, "connectwise.public_key") && value && *value)
		return xasprintf("%.*s…", KEY_SHOWN, value);
	return xstrdup(value);
}

static void show_line(
	const struct setup *s, enum tone tone, char sign, const char *key, const char *value)
{
	const struct term *t = &s->ctl->out;
	CLEANUP(mem_free) char *text = shown(key, value);
	CLEANUP(mem_free) char *safe = term_safe(text);

	fprintf(t->out, "%s  %c %s = \"%s\"%s\n", term_on(t, tone), sign, key, safe,
		term_off(t, tone));
}

static bool one_change(const struct setup *s, const char *key, bool show)
{
	CLEANUP(mem_free) char *old = setup_text_get(s->before, key);
	CLEANUP(mem_free) char *fresh = setup_text_get(s->text, key);

	if (str_eq(old, fresh))
		return false;
	if (show && !str_is_blank(old) && !str_eq(old, SETUP_UNSET))
		show_line(s, TONE_BAD, '-', key, old);
	if (show && fresh)
		show_line(s, TONE_GOOD, '+', key, fresh);
	return true;
}

static const char *place_text(const struct setup_key *key)
{
	return key->next == KEY_CREDENTIAL ? key->credential : key->file;
}

size_t setup_changes(const struct setup *s, bool show, cJSON *names)
{
	CLEANUP(mem_free) char *known = xstrdup(s->known);
	const struct setup_key *const keys[] = { &s->key, &s->password };
	char *rest = known, *key;
	size_t n = 0;

	while ((key = strsep(&rest, "\n"))) {
		if (!*key || !one_change(s, key, show))
			continue;
		n++;
		if (names)
			json_push_str(names, key);
	}
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		if (!keys[i]->fresh)
			continue;
		n++;
		if (names)
			json_push_str(names, keys[i]->kind->what);
		if (show)
			ctl_say(s->ctl, "  + %s, in %s%s", keys[i]->kind->what, place_text(keys[i]),
				keys[i]->next == KEY_CREDENTIAL ? " (encrypted)" : " (mode 0600)");
	}
	return n;
}

void setup_print_json(const struct setup *s, bool ok, cJSON *changed)
{
	CLEANUP(json_free) cJSON *answer = json_object();

	json_add_bool(answer, "ok", ok);
	json_add_str(answer, "file", s->file.path);
	json_add_node(answer, "changed", changed ? changed : json_array());
	json_add_node(answer, "steps", s->steps ? json_copy(s->steps) : json_array());
	ctl_print_json(s->ctl, answer);
}

static int undo_all(struct setup *s, struct fault *reterr)
{
	int r = setup_key_undo(&s->key, reterr);

	if (r == 0)
		r = setup_key_undo(&s->password, reterr);
	return r < 0 ? r : setup_file_undo(&s->file, reterr);
}

int setup_write(struct setup *s)
{
	struct fault f = { 0 }, undo = { 0 };
	int r = EXIT_OK, error;

	if (ask_stopped(&s->ask))
		return ASK_STOPPED;
	if (setup_file_put(&s->file, s->text, strlen(s->text), &f) < 0 ||
		setup_key_store(&s->key, &f) < 0 || setup_key_store(&s->password, &f) < 0 ||
		((!str_eq(s->before, s->text) || !s->file.exists) &&
			setup_file_swap(&s->file, &f) < 0))
		r = EXIT_IO;
	error = errno;
	if (r == EXIT_OK)
		return EXIT_OK;
	if (undo_all(s, &undo) < 0)
		return ctl_fail(EXIT_IO, "%s; and what was before cannot be put back: %s", f.text,
			undo.text);
	return ctl_fail(error == EACCES ? EXIT_DENIED : EXIT_IO, "%s; nothing was changed", f.text);
}
