/* The private key: where it is, lending a new one to a trial, putting it into its place. It is in
 * this process's locked memory, in a folder of a memory file system while it is tried, and at last
 * encrypted by systemd or in a file of mode 0600; nowhere else at any time. */
#ifndef CTL_SETUP_KEY_H
#define CTL_SETUP_KEY_H

#include <stdbool.h>
#include "base/fault.h"
#include "base/secret.h"
#include "ctl/setup_file.h"

enum key_place {
	KEY_NOWHERE,
	KEY_FILE, /* connectwise.private_key_file, or private.key beside the configuration */
	KEY_CREDENTIAL, /* encrypted by systemd, handed to the service when it starts */
};

/* owned by struct setup */
struct setup_key {
	const char *credstore; /* folder of encrypted credentials */
	const char *units; /* folder of the administrator's units, where drop-ins go */
	int signals; /* as for setup_run */
	char *file; /* the file, if it is one or becomes one */
	bool named; /* by connectwise.private_key_file: the service itself reads it */
	char *credential, *drop_in; /* files of the other place */
	enum key_place now, next; /* next: after setup_key_store */
	struct secret *fresh; /* a new one; NULL: the present one stays */
	char *lent; /* the folder with the key that is being tried; NULL: none */
	struct setup_file old_file, old_credential, old_drop_in;
	bool stored;
};

/* named_file: connectwise.private_key_file or NULL; folder: where the configuration is. */
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
/* The key in use, whatever place it is in. gives: secret_free. */
int setup_key_present(struct setup_key *key, struct secret **ret, struct fault *reterr) MUST_CHECK;
/* Make key->lent, if the daemon would not find the key by itself. */
int setup_key_lend(struct setup_key *key, struct fault *reterr) MUST_CHECK;
void setup_key_take_back(struct setup_key *key);

/* The new key into its place; the old one is kept. */
int setup_key_store(struct setup_key *key, struct fault *reterr) MUST_CHECK;
int setup_key_undo(struct setup_key *key, struct fault *reterr) MUST_CHECK;
/* The old one, in whatever place, is needed no longer. */
void setup_key_settle(struct setup_key *key);
void setup_key_close(struct setup_key *key);

#endif
