/* The questions of the set-up: each has an option, a setting, a default, an example, and is judged
 * by the daemon itself as soon as it is answered. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include "base/mem.h"
#include "ctl/setup.h"
#include "ctl/setup_text.h"
#include "ctl/setup_zone.h"

enum asking {
	ASK_ALWAYS, /* in a walk */
	ASK_NEVER, /* only given by its option */
};

static const struct question {
	const char *option, *key;
	unsigned section;
	bool required;
	enum asking asking;
	const char *question, *hint;
	char *(*standard)(const struct setup *s); /* where nothing is set yet; or NULL. gives */
	const char *usual; /* what the daemon takes if it is not set; NULL: "" */
} questions[] = {
	{ "site", "connectwise.site", SECTION_SITE, true, ASK_ALWAYS, "Site",
		"The address in your browser when you work in ConnectWise, such as "
		"https://na.myconnectwise.net",
		NULL, NULL },
	{ "company", "connectwise.company", SECTION_SITE, true, ASK_ALWAYS, "Company id",
		"What you type as company at the ConnectWise login, such as acme.", NULL, NULL },
	{ "client-id", "connectwise.client_id", SECTION_SITE, true, ASK_ALWAYS, "clientId",
		"The GUID of your integration, such as 01234567-89ab-cdef-0123-456789abcdef. One "
		"is "
		"free of charge at https://developer.connectwise.com/ClientID",
		NULL, NULL },
	{ "ca-file", "connectwise.ca_file", SECTION_SITE, false, ASK_NEVER, "CA file",
		"A file of certificates to trust instead of the system's.", NULL, NULL },
	{ "proxy", "connectwise.proxy", SECTION_SITE, false, ASK_NEVER, "Proxy",
		"http://HOST:PORT, if the way out leads through one.", NULL, NULL },
	{ "public-key", "connectwise.public_key", SECTION_KEY, true, ASK_ALWAYS, "Public key",
		"Of the API member: System > Members > API Members > the member > API Keys, such "
		"as "
		"Ab3dEfGh1jKlMn0p.",
		NULL, NULL },
	{ "language", "ticket.language", SECTION_LANGUAGE, false, ASK_ALWAYS, "Language of tickets",
		"en or fr.", setup_language_of_host, "en" },
	{ "time-zone", "ticket.time_zone", SECTION_ZONE, false, ASK_ALWAYS, "Time zone of tickets",
		"In which tickets tell when an event happened, such as America/Toronto.",
		setup_zone_of_host, "UTC" },
	{ "mail-to", "alarm.mail_to", SECTION_MAIL, false, ASK_ALWAYS, "Emergency contact",
		"Who gets a mail when the bridge cannot work, such as noc@example.com. Empty: "
		"nobody.",
		NULL, NULL },
	{ "mail-from", "alarm.mail_from", SECTION_MAIL, false, ASK_NEVER, "Sender",
		"The mails' sender, such as opbridge@example.com.", NULL, NULL },
	{ "smtp", "alarm.smtp", SECTION_MAIL, false, ASK_ALWAYS, "SMTP server",
		"Through which the mails go, such as smtp.example.com:587.", NULL, NULL },
	{ "smtp-user", "alarm.smtp_user", SECTION_MAIL, false, ASK_ALWAYS, "SMTP user",
		"The login at that server. Empty: none.", NULL, NULL },
	{ "smtp-password-file", "alarm.smtp_password_file", SECTION_MAIL, false, ASK_NEVER,
		"SMTP password file", "The file with that login's password.", NULL, NULL },
};

/* ==== where an answer comes from ==== */

static char *variable_of(const char *option)
{
	STR_AUTO(name);

	str_add(&name, "OPBRIDGE_SETUP_");
	for (; *option; option++)
		str_addc(&name,
			*option == '-'                             ? '_'
				: *option >= 'a' && *option <= 'z' ? (char)(*option - 'a' + 'A')
								   : *option);
	return str_take(&name);
}

const char *setup_given(const struct setup *s, const char *option)
{
	CLEANUP(mem_free) char *variable = variable_of(option);
	const char *value = args_value(s->args, option);

	return value ? value : getenv(variable);
}

char *setup_get(const struct setup *s, const char *key)
{
	CLEANUP(mem_free) char *value = setup_text_get(s->text, key);

	return str_is_blank(value) || str_eq(value, SETUP_UNSET) ? NULL : TAKE(value);
}

void setup_set(struct setup *s, const char *key, const char *value)
{
	CLEANUP(mem_free) char *now = setup_text_get(s->text, key);
	char *text;

	if (str_eq(now, value) || (!now && !*value))
		return;
	text = setup_text_set(s->text, key, value);
	mem_free(s->text);
	s->text = text;
}

static bool setup_has(const struct setup *s, const char *key)
{
	CLEANUP(mem_free) char *value = setup_text_get(s->text, key);

	return value != NULL;
}

bool setup_knows(const struct setup *s, const char *key)
{
	CLEANUP(mem_free) char *line = xasprintf("\n%s\n", key);

	return s->known && strstr(s->known, line);
}

/* "smtp.example.com:587" needs its scheme: by the port, which is what people know. */
static char *tidy_server(const char *text)
{
	const char *colon = strrchr(text, ':');

	if (!*text || strstr(text, "://"))
		return xstrdup(text);
	if (!colon)
		return xasprintf("smtp://%s:587", text);
	return xasprintf("%s://%s", str_eq(colon, ":465") ? "smtps" : "smtp", text);
}

/* The host of an address as the browser shows it; anything else as it was typed. */
static char *tidy_answer(const struct question *q, const char *typed)
{
	CLEANUP(mem_free) char *text = xstrdup(typed);

	str_trim(text);
	if (str_eq(q->option, "smtp"))
		return tidy_server(text);
	if (!str_eq(q->option, "site"))
		return TAKE(text);
	if (strncasecmp(text, "https://", 8) == 0)
		memmove(text, text + 8, strlen(text + 8) + 1);
	if (!strstr(text, "://"))
		text[strcspn(text, "/?#")] = '\0';
	return TAKE(text);
}

void setup_gap(const struct setup *s)
{
	fputc('\n', s->ctl->out.out);
}

/* ==== one question ==== */

/* Put it into the text and hear what the daemon says; on a fault the text is as before. */
static int take_answer(
	struct setup *s, const struct question *q, const char *typed, char **ret_fault)
{
	CLEANUP(mem_free) char *value = tidy_answer(q, typed);
	char *before = xstrdup(s->text);
	int r;

	*ret_fault = NULL;
	if (!q->usual || setup_has(s, q->key) || !str_eq(value, q->usual))
		setup_set(s, q->key, value);
	if (q->required && !*value)
		*ret_fault = xstrdup("is needed: nothing works without it");
	r = *ret_fault ? EXIT_OK : setup_judge(s, q->key, ret_fault);
	if (r != EXIT_OK || *ret_fault) {
		mem_free(s->text);
		s->text = before;
	} else {
		mem_free(before);
	}
	return r;
}

static int take_given(struct setup *s, const struct question *q, const char *given)
{
	CLEANUP(mem_free) char *variable = variable_of(q->option);
	CLEANUP(mem_free) char *fault = NULL;
	int r = take_answer(s, q, given, &fault);

	if (r != EXIT_OK || !fault)
		return r;
	if (args_value(s->args, q->option))
		return ctl_fail(EXIT_USAGE, "--%s: %s", q->option, fault);
	return ctl_fail(EXIT_USAGE, "%s: %s", variable, fault);
}

static int ask_person(struct setup *s, const struct question *q)
{
	CLEANUP(mem_free) char *present = setup_get(s, q->key);
	CLEANUP(mem_free)
	char *standard = !present && q->standard ? q->standard(s) : xstrdup(present);

	setup_gap(s);
	ctl_say(s->ctl, "%s", q->hint);
	for (;;) {
		CLEANUP(mem_free) char *typed = NULL;
		CLEANUP(mem_free) char *fault = NULL;
		int r = ask_line(&s->ask, q->question, standard, &typed);

		if (r == 0)
			r = take_answer(s, q, str_eq(typed, "-") ? "" : typed, &fault);
		if (r != EXIT_OK || !fault)
			return r;
		ctl_say(s->ctl, "  %s: %s", q->question, fault);
	}
}

/* An answer that depends on another one is only asked for where that was given. */
static bool makes_sense(const struct setup *s, const struct question *q)
{
	CLEANUP(mem_free) char *contact = setup_get(s, "alarm.mail_to");
	CLEANUP(mem_free) char *server = setup_get(s, "alarm.smtp");

	if (q->section != SECTION_MAIL || str_eq(q->option, "mail-to"))
		return true;
	return contact && (server || str_eq(q->option, "smtp"));
}

static int answer(struct setup *s, const struct question *q)
{
	const char *given = s->again ? NULL : setup_given(s, q->option);

	if (!setup_knows(s, q->key))
		return EXIT_OK;
	if (given)
		return take_given(s, q, given);
	if (!s->ask.interactive || q->asking == ASK_NEVER || !makes_sense(s, q))
		return EXIT_OK;
	return ask_person(s, q);
}

/* ==== secrets ==== */

static int key_from_file(struct setup *s, const char *name)
{
	int fd = str_eq(name, "-") ? STDIN_FILENO
				   : open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	CLEANUP(secret_free)
	struct secret *key = fd < 0 ? NULL : ask_read_secret(fd, s->ask.signals);
	int error = errno;
	CLEANUP(mem_free) char *public = setup_get(s, "connectwise.public_key");
	const char *fault;

	if (fd > STDIN_FILENO)
		close(fd);
	if (!key && error == ECANCELED && ask_stopped(&s->ask))
		return ASK_STOPPED;
	if (!key)
		return ctl_fail(fd < 0 ? EXIT_NO_INPUT : EXIT_DATA,
			"the private key cannot be read from %s: %s",
			str_eq(name, "-") ? "standard input" : name,
			error == ENODATA         ? "there is nothing in it"
				: error == EFBIG ? "it is larger than 4 KiB, which no key is"
						 : strerror(error));
	fault = setup_key_fault(key, public);
	if (fault)
		return ctl_fail(EXIT_DATA, "the private key: %s", fault);
	secret_free(s->key.fresh);
	s->key.fresh = TAKE(key);
	return EXIT_OK;
}

/* fault: a sentence against what was typed, or NULL. */
static int ask_for(struct setup *s, struct setup_key *key, const char *question,
	const char *(*fault_of)(const struct setup *s, const struct secret *typed))
{
	bool have = key->fresh || key->now != KEY_NOWHERE;
	const char *standard = key->fresh ? "the one just typed" : "keep the present one";

	for (;;) {
		CLEANUP(secret_free) struct secret *typed = NULL;
		const char *fault;
		int r = ask_secret(&s->ask, question, have ? standard : NULL, &typed);

		if (r < 0 || (!typed && have))
			return r;
		fault = typed ? fault_of(s, typed) : "It is needed: nothing works without it.";
		if (!fault) {
			secret_free(key->fresh);
			key->fresh = TAKE(typed);
			return EXIT_OK;
		}
		if (s->ask.interactive)
			ctl_say(s->ctl, "  %s", fault);
		else
			ctl_fail(EXIT_OK, "%s", fault);
	}
}

static const char *key_fault(const struct setup *s, const struct secret *typed)
{
	CLEANUP(mem_free) char *public = setup_get(s, "connectwise.public_key");

	return setup_key_fault(typed, public);
}

static const char *password_fault(const struct setup *s UNUSED, const struct secret *typed UNUSED)
{
	return NULL;
}

static int answer_key(struct setup *s)
{
	const char *file = setup_given(s, "private-key-file");
	bool typed = str_eq(file, "-") && isatty(STDIN_FILENO); /* then not shown, as if asked */

	if (s->key.fresh && !s->ask.interactive)
		return EXIT_OK;
	if (file && !s->key.fresh && !typed)
		return key_from_file(s, file);
	if (!s->ask.interactive && !typed)
		return EXIT_OK;
	if (s->ask.interactive) {
		setup_gap(s);
		ctl_say(s->ctl,
			"The private key of the same pair, which ConnectWise showed once. It is "
			"not "
			"shown here.");
	}
	return ask_for(s, &s->key, "Private key", key_fault);
}

static int answer_password(struct setup *s)
{
	CLEANUP(mem_free) char *user = setup_get(s, "alarm.smtp_user");

	if (!user || !s->ask.interactive || setup_given(s, "smtp-password-file"))
		return EXIT_OK;
	return ask_for(s, &s->password, "SMTP password", password_fault);
}

/* ==== all of them ==== */

/* A section was named, but no answer to any of its questions: a script must not believe that it
 * changed something. */
static int say_nothing_given(const struct setup *s, unsigned sections)
{
	STR_AUTO(list);

	if (s->sections == SECTION_ALL)
		return EXIT_OK;
	for (size_t i = 0; i < ARRAY_LEN(questions); i++) {
		const struct question *q = &questions[i];

		if (!(q->section & sections))
			continue;
		if (setup_given(s, q->option))
			return EXIT_OK;
		str_addf(&list, " --%s", q->option);
	}
	if (sections & SECTION_KEY) {
		if (setup_given(s, "private-key-file"))
			return EXIT_OK;
		str_add(&list, " --private-key-file");
	}
	if (!list.len)
		return EXIT_OK;
	return ctl_fail(EXIT_USAGE,
		"nobody can be asked here, and nothing was given to change:%s; nothing was changed",
		list.at);
}

static int say_missing(const struct setup *s, unsigned sections)
{
	STR_AUTO(list);

	for (size_t i = 0; i < ARRAY_LEN(questions); i++) {
		const struct question *q = &questions[i];
		CLEANUP(mem_free) char *value = setup_get(s, q->key);
		CLEANUP(mem_free) char *variable = variable_of(q->option);

		if (q->required && (q->section & sections) && !value)
			str_addf(&list, "\n  --%s (or %s): %s", q->option, variable, q->hint);
	}
	if ((sections & SECTION_KEY) && !s->key.fresh && s->key.now == KEY_NOWHERE)
		str_add(&list,
			"\n  --private-key-file FILE, or - for standard input (or "
			"OPBRIDGE_SETUP_PRIVATE_KEY_FILE): the private key of the API member");
	if (!list.len)
		return say_nothing_given(s, sections);
	return ctl_fail(EXIT_USAGE, "nobody can be asked here, and this is missing:%s", list.at);
}

int setup_answers(struct setup *s, unsigned sections)
{
	int r = EXIT_OK;

	for (size_t i = 0; i < ARRAY_LEN(questions) && r == EXIT_OK; i++) {
		const struct question *q = &questions[i];

		if (q->section & sections)
			r = answer(s, q);
		if (r == EXIT_OK && (sections & SECTION_KEY) && str_eq(q->option, "public-key"))
			r = answer_key(s);
		if (r == EXIT_OK && (sections & SECTION_MAIL) && str_eq(q->option, "smtp-user"))
			r = answer_password(s);
	}
	if (r == EXIT_OK && !s->ask.interactive)
		r = say_missing(s, sections);
	return r;
}
