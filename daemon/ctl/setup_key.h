/* A secret of the daemon, the private key or the mail server's password: where it is, lending a new
 * one to a trial, putting it into its place. It is in this process's locked memory, in a folder of
 * a memory file system while it is tried, and at last encrypted by systemd or in a file of mode
 * 0600; nowhere else at any time. */
#ifndef CTL_SETUP_KEY_H
#define CTL_SETUP_KEY_H

#include <stdbool.h>
#include "base/fault.h"
#include "base/secret.h"
#include "ctl/setup_file.h"

struct key_kind {
	const char *what; /* "the private key" */
	const char *setting; /* names a file for it */
	const char *beside; /* its file beside the configuration, where that names none */
	const char *credential; /* as systemd and the daemon call it */
	const char *name_option; /* the same, for systemd-creds */
	const char *drop_in; /* of the unit */
	bool by_unit; /* the unit as shipped reads that file for the service */
};
extern const struct key_kind key_kind_private, key_kind_password;

enum key_place {
	KEY_NOWHERE,
	KEY_FILE, /* the one that the setting names, or the one beside the configuration */
	KEY_CREDENTIAL, /* encrypted by systemd, handed to the service when it starts */
};

/* owned by struct setup */
struct setup_key {
	const struct key_kind *kind;
	const char *credstore; /* folder of encrypted credentials */
	const char *units; /* folder of the administrator's units, where drop-ins go */
	int signals; /* as for setup_run */
	char *file; /* the file, if it is one or becomes one */
	bool named; /* by the setting */
	char *credential, *drop_in; /* files of the other place */
	enum key_place now, next; /* next: after setup_key_store */
	struct secret *fresh; /* a new one; NULL: the present one stays */
	char *why; /* it goes into a plain file; NULL: no need to say */
	struct setup_file old_file, old_credential, old_drop_in;
	bool stored;
};

/* named_file: the setting, or NULL; folder: where the configuration is. */
void setup_key_find(struct setup_key *key, const char *named_file, const char *folder);
/* Where a new key would go: wanted is "auto", "credential" or "file". *ret_why (gives: mem_free)
 * says why it is no credential, if it could have been; else NULL. -FAULT_INPUT: it cannot go there.
 */
int setup_key_choose(struct setup_key *key, const char *wanted, bool of_service, char **ret_why,
	struct fault *reterr) MUST_CHECK;
/* A sentence if that is no key; else NULL. lends. */
const char *setup_key_fault(const struct secret *secret, const char *public_key);

/* The file that the key before was kept in, if there is one; else NULL. gives: mem_free. */
char *setup_key_old(const struct setup_key *key) MUST_CHECK;
/* The plain file that an encrypted key has taken the place of, if it is still there. lends. */
const char *setup_key_plain(const struct setup_key *key);
/* The key in use, whatever place it is in. gives: secret_free. */
int setup_key_present(struct setup_key *key, struct secret **ret, struct fault *reterr) MUST_CHECK;
/* A folder for secrets that are being tried; *ret gives: setup_key_take_back. */
int setup_key_folder(char **ret, struct fault *reterr) MUST_CHECK;
/* Put the secret there, if the daemon would not find it by itself. */
int setup_key_lend(struct setup_key *key, const char *folder, struct fault *reterr) MUST_CHECK;
void setup_key_take_back(char *folder); /* with all that is in it; NULL is allowed */

/* The new one, if there is one, into its place; the old one is kept. */
int setup_key_store(struct setup_key *key, struct fault *reterr) MUST_CHECK;
int setup_key_undo(struct setup_key *key, struct fault *reterr) MUST_CHECK;
/* The old one, in whatever place, is needed no longer. */
void setup_key_settle(struct setup_key *key);
void setup_key_close(struct setup_key *key);

#endif
