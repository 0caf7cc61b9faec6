#include "ctl/setup_key.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/mem.h"
#include "base/str.h"
#include "ctl/setup_ask.h"
#include "ctl/setup_run.h"

#define OLD_ENDING ".old"

#define PRIVATE_KEY "cw_private_key"
#define PASSWORD "smtp_password"

const struct key_kind key_kind_private = {
	.what = "the private key",
	.setting = "connectwise.private_key_file",
	.beside = "private.key",
	.credential = PRIVATE_KEY,
	.name_option = "--name=" PRIVATE_KEY,
	.drop_in = "private-key.conf",
	.by_unit = true,
};

const struct key_kind key_kind_password = {
	.what = "the mail server's password",
	.setting = "alarm.smtp_password_file",
	.beside = "smtp.password",
	.credential = PASSWORD,
	.name_option = "--name=" PASSWORD,
	.drop_in = "smtp-password.conf",
};

/* ==== where it is ==== */

void setup_key_find(struct setup_key *key, const char *named_file, const char *folder)
{
	key->named = !str_is_blank(named_file);
	key->file =
		key->named ? xstrdup(named_file) : xasprintf("%s/%s", folder, key->kind->beside);
	key->credential = xasprintf("%s/%s", key->credstore, key->kind->credential);
	key->drop_in = xasprintf("%s/opbridged.service.d/%s", key->units, key->kind->drop_in);
	if (!key->named && access(key->credential, F_OK) == 0 && access(key->drop_in, F_OK) == 0)
		key->now = KEY_CREDENTIAL;
	else
		key->now = access(key->file, F_OK) == 0 ? KEY_FILE : KEY_NOWHERE;
	key->next = key->now == KEY_NOWHERE ? KEY_FILE : key->now;
}

static bool unit_is_there(const char *units)
{
	static const char *const folders[] = { "/lib/systemd/system", "/usr/lib/systemd/system",
		"/usr/local/lib/systemd/system" };
	CLEANUP(mem_free) char *own = xasprintf("%s/opbridged.service", units);

	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		CLEANUP(mem_free) char *path = xasprintf("%s/opbridged.service", folders[i]);

		if (access(path, F_OK) == 0)
			return true;
	}
	return access(own, F_OK) == 0;
}

static void keep_line(void *arg, const char *line)
{
	struct str *last = arg;

	str_free(last);
	str_add(last, line);
}

/* Does systemd-creds encrypt and decrypt here? A sentence why not, or NULL. gives */
static char *why_no_creds(int signals)
{
	static const char *const argv[] = { "systemd-creds", "encrypt", "--name=probe", "-", "-",
		NULL };
	CLEANUP(secret_free) struct secret *probe = secret_new("probe", 5);
	STR_AUTO(last);
	const struct program program = { .argv = argv,
		.input = probe,
		.signals = signals,
		.both = true,
		.on_line = keep_line,
		.arg = &last };
	int code;

	if (geteuid() != 0)
		return xstrdup("only root may encrypt it for the service");
	if (!setup_has_program("systemd-creds"))
		return xstrdup("this host has no systemd-creds (systemd 250 or later)");
	code = setup_run(&program);
	if (code == 0)
		return NULL;
	return xasprintf("systemd-creds does not work on this host: %s",
		last.len ? last.at : "it failed without a word");
}

int setup_key_choose(struct setup_key *key, const char *wanted, bool of_service, char **ret_why,
	struct fault *reterr)
{
	bool must = str_eq(wanted, "credential");
	CLEANUP(mem_free) char *why = NULL;

	*ret_why = NULL;
	if (!must && !str_eq(wanted, "auto") && !str_eq(wanted, "file"))
		return fault_set(reterr, FAULT_INPUT,
			"--key-store is auto, credential or file, not '%s'", wanted);
	key->next = KEY_FILE;
	if (str_eq(wanted, "file"))
		return 0;
	if (key->named)
		why = xasprintf("%s names that file", key->kind->setting);
	else if (!must && !of_service)
		return 0; /* another configuration: none of the service's credentials */
	else if (!must && !unit_is_there(key->units))
		why = xstrdup("the unit opbridged.service is not installed");
	else
		why = why_no_creds(key->signals);
	if (must && why)
		return fault_set(reterr, FAULT_INPUT, "%s cannot be kept as a credential: %s",
			key->kind->what, why);
	if (!why)
		key->next = KEY_CREDENTIAL;
	*ret_why = TAKE(why);
	return 0;
}

const char *setup_key_fault(const struct secret *secret, const char *public_key)
{
	size_t n = secret_len(secret);

	for (size_t i = 0; i < n; i++)
		if (!isgraph((unsigned char)secret_text(secret)[i]))
			return "That is not one key on one line: paste only the private key, as "
			       "ConnectWise showed it once beside the public one.";
	if (str_eq(secret_text(secret), public_key))
		return "That is the public key. The private one is shown once, beside it; if it "
		       "was "
		       "not kept, make a new pair.";
	return NULL;
}

/* ==== lending it to a trial ==== */

/* Where a file never gets onto a disk. Root's environment may be another user's (su), who could
 * move folders about in his. */
static const char *memory_folder(void)
{
	const char *own = getenv("XDG_RUNTIME_DIR");
	struct stat st;

	if (own && *own == '/' && stat(own, &st) == 0 && st.st_uid == geteuid() &&
		access(own, W_OK) == 0)
		return own;
	return access("/run", W_OK) == 0 ? "/run" : "/dev/shm";
}

const char *setup_key_plain(const struct setup_key *key)
{
	return key->now == KEY_CREDENTIAL && access(key->file, F_OK) == 0 ? key->file : NULL;
}

char *setup_key_old(const struct setup_key *key)
{
	CLEANUP(mem_free)
	char *old = xasprintf(
		"%s" OLD_ENDING, key->now == KEY_CREDENTIAL ? key->credential : key->file);

	return access(old, F_OK) == 0 ? TAKE(old) : NULL;
}

static int decrypt(struct setup_key *key, struct secret **ret, struct fault *reterr)
{
	const char *const argv[] = { "systemd-creds", "decrypt", key->kind->name_option,
		key->credential, "-", NULL };
	const struct program program = { .argv = argv, .signals = key->signals, .quiet = true };

	if (setup_run_secret(&program, ret) == 0)
		return 0;
	return fault_set(reterr, FAULT_SYSTEM,
		"%s that is in use cannot be decrypted (systemd-creds decrypt %s): run as root, or "
		"give a new one: opbridge setup %s",
		key->kind->what, key->credential, key->kind->by_unit ? "key" : "mail");
}

int setup_key_present(struct setup_key *key, struct secret **ret, struct fault *reterr)
{
	int fd, error;

	if (key->now == KEY_CREDENTIAL)
		return decrypt(key, ret, reterr);
	fd = open(key->file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	*ret = fd < 0 ? NULL : ask_read_secret(fd, key->signals);
	error = errno;
	if (fd >= 0)
		close(fd);
	if (*ret)
		return 0;
	return fault_set(reterr, FAULT_SYSTEM, "%s cannot be read: %s", key->file, strerror(error));
}

static int write_lent(const struct setup_key *key, const struct secret *secret, const char *folder,
	struct fault *reterr)
{
	CLEANUP(mem_free) char *path = xasprintf("%s/%s", folder, key->kind->credential);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	ssize_t n = fd < 0 ? -1 : write(fd, secret_text(secret), secret_len(secret));

	if (fd >= 0)
		close(fd);
	if (n == (ssize_t)secret_len(secret))
		return 0;
	return fault_set(reterr, FAULT_SYSTEM, "cannot write %s: %s", path, strerror(errno));
}

int setup_key_folder(char **ret, struct fault *reterr)
{
	CLEANUP(mem_free) char *folder = xasprintf("%s/opbridge-setup.XXXXXX", memory_folder());

	if (!mkdtemp(folder)) /* mode 0700 */
		return fault_set(
			reterr, FAULT_SYSTEM, "cannot make %s: %s", folder, strerror(errno));
	*ret = TAKE(folder);
	return 0;
}

int setup_key_lend(struct setup_key *key, const char *folder, struct fault *reterr)
{
	CLEANUP(secret_free) struct secret *present = NULL;
	int r = 0;

	if (!key->fresh && key->now != KEY_CREDENTIAL)
		return 0;
	if (!key->fresh)
		r = setup_key_present(key, &present, reterr);
	return r < 0 ? r : write_lent(key, key->fresh ? key->fresh : present, folder, reterr);
}

void setup_key_take_back(char *folder)
{
	static const struct key_kind *const kinds[] = { &key_kind_private, &key_kind_password };

	if (!folder)
		return;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		CLEANUP(mem_free) char *path = xasprintf("%s/%s", folder, kinds[i]->credential);

		setup_file_shred(path);
	}
	(void)rmdir(folder);
	mem_free(folder);
}

/* ==== storing it ==== */

/* What the unit does not read for the service, the service's user must be able to read itself. */
static void own_key_file(const struct setup_key *key, struct setup_file *f)
{
	const struct passwd *user = getpwnam(SETUP_GROUP);
	bool itself = (key->named || !key->kind->by_unit) && user;

	f->mode = 0600;
	if (!f->exists && geteuid() == 0) {
		f->uid = itself ? user->pw_uid : 0;
		f->gid = itself ? user->pw_gid : 0;
	}
}

static int store_file(struct setup_key *key, struct fault *reterr)
{
	struct setup_file *f = &key->old_file;
	int r = setup_file_open(f, key->file, OLD_ENDING, reterr);

	if (r < 0)
		return r;
	own_key_file(key, f);
	r = setup_file_put(f, secret_text(key->fresh), secret_len(key->fresh), reterr);
	if (r == 0)
		r = setup_file_swap(f, reterr);
	if (r < 0 || key->now != KEY_CREDENTIAL)
		return r;
	r = setup_file_open(&key->old_drop_in, key->drop_in, OLD_ENDING, reterr);
	return r < 0 ? r : setup_file_retire(&key->old_drop_in, reterr);
}

static int make_folder(const char *path, mode_t mode, struct fault *reterr)
{
	if (mkdir(path, mode) == 0 || errno == EEXIST)
		return 0;
	return fault_set(reterr, FAULT_SYSTEM, "cannot make %s: %s", path, strerror(errno));
}

static int encrypt(struct setup_key *key, struct fault *reterr)
{
	struct setup_file *f = &key->old_credential;
	const char *const argv[] = { "systemd-creds", "encrypt", key->kind->name_option, "-",
		f->fresh, NULL };
	const struct program program = {
		.argv = argv, .input = key->fresh, .signals = key->signals, .quiet = true
	};
	int code;

	(void)unlink(f->fresh);
	f->has_fresh = true;
	code = setup_run(&program);
	if (code == 0 && chmod(f->fresh, 0600) == 0)
		return 0;
	return fault_set(reterr, FAULT_SYSTEM,
		"systemd-creds could not encrypt it into %s; keep it in a file instead: "
		"--key-store file",
		f->fresh);
}

/* What was encrypted must be what comes out again, before anything relies on it. */
static int prove(struct setup_key *key, struct fault *reterr)
{
	const char *const argv[] = { "systemd-creds", "decrypt", key->kind->name_option,
		key->old_credential.fresh, "-", NULL };
	const struct program program = { .argv = argv, .signals = key->signals, .quiet = true };
	CLEANUP(secret_free) struct secret *back = NULL;

	if (setup_run_secret(&program, &back) == 0 &&
		str_eq(secret_text(back), secret_text(key->fresh)))
		return 0;
	return fault_set(reterr, FAULT_SYSTEM,
		"what systemd-creds encrypted cannot be decrypted again on this host; keep it in a "
		"file instead: --key-store file");
}

static int store_drop_in(struct setup_key *key, struct fault *reterr)
{
	CLEANUP(mem_free) char *folder = xasprintf("%s/opbridged.service.d", key->units);
	CLEANUP(mem_free)
	char *text =
		xasprintf("# Written by `opbridge setup`: %s, encrypted for this host. It takes\n"
			  "# the place of a plain file. Another one: sudo opbridge setup %s\n"
			  "[Service]\n"
			  "LoadCredentialEncrypted=%s:%s\n",
			key->kind->what, key->kind->by_unit ? "key" : "mail", key->kind->credential,
			key->credential);
	int r = make_folder(folder, 0755, reterr);

	if (r == 0)
		r = setup_file_open(&key->old_drop_in, key->drop_in, OLD_ENDING, reterr);
	if (r < 0)
		return r;
	key->old_drop_in.mode = 0644;
	key->old_drop_in.gid = key->old_drop_in.exists ? key->old_drop_in.gid : getegid();
	r = setup_file_put(&key->old_drop_in, text, strlen(text), reterr);
	return r < 0 ? r : setup_file_swap(&key->old_drop_in, reterr);
}

static int store_credential(struct setup_key *key, struct fault *reterr)
{
	int r = make_folder(key->credstore, 0700, reterr);

	if (r == 0)
		r = setup_file_open(&key->old_credential, key->credential, OLD_ENDING, reterr);
	if (r == 0)
		r = encrypt(key, reterr);
	if (r == 0)
		r = prove(key, reterr);
	if (r == 0)
		r = setup_file_swap(&key->old_credential, reterr);
	return r < 0 ? r : store_drop_in(key, reterr);
}

int setup_key_store(struct setup_key *key, struct fault *reterr)
{
	struct fault ignored = { 0 };
	int r;

	if (!key->fresh)
		return 0;
	key->stored = true;
	r = key->next == KEY_CREDENTIAL ? store_credential(key, reterr) : store_file(key, reterr);
	if (r < 0)
		(void)!setup_key_undo(key, &ignored);
	return r;
}

int setup_key_undo(struct setup_key *key, struct fault *reterr)
{
	int r = setup_file_undo(&key->old_file, reterr);

	if (r == 0)
		r = setup_file_undo(&key->old_drop_in, reterr);
	if (r == 0)
		r = setup_file_undo(&key->old_credential, reterr);
	key->stored = false;
	return r;
}

void setup_key_settle(struct setup_key *key)
{
	if (!key->stored)
		return;
	setup_file_forget_old(&key->old_file);
	setup_file_forget_old(&key->old_credential);
	setup_file_forget_old(&key->old_drop_in);
	if (key->next == KEY_CREDENTIAL)
		setup_file_shred(key->file); /* no plain copy stays */
	if (key->next == KEY_FILE && key->now == KEY_CREDENTIAL)
		setup_file_shred(key->credential);
}

void setup_key_close(struct setup_key *key)
{
	setup_file_close(&key->old_file);
	setup_file_close(&key->old_credential);
	setup_file_close(&key->old_drop_in);
	secret_free(key->fresh);
	mem_free(key->why);
	mem_free(key->file);
	mem_free(key->credential);
	mem_free(key->drop_in);
}
