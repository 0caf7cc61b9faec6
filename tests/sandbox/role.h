/*
 * role.h - the security role of the API member: per function, four actions at three levels.
 */
#ifndef SANDBOX_ROLE_H
#define SANDBOX_ROLE_H

#include <stdbool.h>
#include <stddef.h>

struct call;
struct sandbox;

enum level { LEVEL_NONE, LEVEL_MY, LEVEL_ALL };
enum action { ACTION_ADD, ACTION_EDIT, ACTION_DELETE, ACTION_INQUIRE, ACTION_COUNT };

/* The functions that matter here come first, in the order of role.c's table. */
enum right {
	RIGHT_COMPANY_MAINTENANCE,
	RIGHT_SERVICE_TICKETS,
	RIGHT_TABLE_SETUP,
	RIGHT_MEMBER_MAINTENANCE,
	RIGHT_CLOSE_SERVICE_TICKETS,
	RIGHT_FREE, /* no right needed */
};

#define ROLE_FUNCTIONS_MAX 64

struct role {
	enum level levels[ROLE_FUNCTIONS_MAX][ACTION_COUNT];
};

void role_reset(struct role *role);
/* Does `right` reach the action at all? The level goes to c->level; without it c is refused. */
bool role_require(struct call *c, enum right right, enum action action);
enum level role_level(const struct sandbox *sb, enum right right, enum action action);
/* By the function's name as admin calls write it; false = no such function or level. */
bool role_set(struct role *role, const char *function, enum action action, const char *level);
bool role_known(const char *function);

/* GET system/mySecurity */
void my_security_list(struct call *c);

#endif
