/*
 * admin.h - the other side of the sandbox: plain HTTP and JSON over a Unix socket, for tests to set
 * the scene and to see what became of it. README.md lists the calls.
 */
#ifndef SANDBOX_ADMIN_H
#define SANDBOX_ADMIN_H

#include <cjson/cJSON.h>
#include <event2/keyvalq_struct.h>
#include <stdbool.h>

struct admin;
struct sandbox;

/* One admin call. A handler gives its reply, or NULL after ask_refuse. */
struct ask {
	struct sandbox *sb;
	const cJSON *body; /* an object, or NULL */
	struct evkeyvalq params;
	int id, sub_id; /* from {id} and {nid} in the path */
	int status; /* of a refusal */
	char error[300];
};

/* gives: admin_free. NULL = the socket cannot be had. */
struct admin *admin_new(struct sandbox *sb, const char *path);
/* Removes the socket. */
struct admin *admin_free(struct admin *admin);

cJSON *ask_refuse(struct ask *a, int status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Every member of the body is one of `names`, comma separated; false = refused. */
bool ask_known(struct ask *a, const char *names);
/* Each: the member when it is there and of the type; absent leaves *ret as it is. False = refused.
 */
bool ask_int(struct ask *a, const char *name, int *ret);
bool ask_bool(struct ask *a, const char *name, bool *ret);
bool ask_text(struct ask *a, const char *name, const char **ret);
cJSON *ask_done(void);

/* admin_set.c */
cJSON *admin_config_get(struct ask *a);
cJSON *admin_config_set(struct ask *a);
cJSON *admin_role_set(struct ask *a);
cJSON *admin_member_set(struct ask *a);
cJSON *admin_statuses(struct ask *a);
cJSON *admin_status_add(struct ask *a);
cJSON *admin_status_change(struct ask *a);
cJSON *admin_status_remove(struct ask *a);

/* admin_company.c */
cJSON *admin_companies(struct ask *a);
cJSON *admin_company_add(struct ask *a);
cJSON *admin_company_change(struct ask *a);
cJSON *admin_company_remove(struct ask *a);
cJSON *admin_companies_generate(struct ask *a);

/* admin_ticket.c */
cJSON *admin_tickets(struct ask *a);
cJSON *admin_ticket(struct ask *a);
cJSON *admin_ticket_close(struct ask *a);
cJSON *admin_ticket_reopen(struct ask *a);
cJSON *admin_ticket_delete(struct ask *a);
cJSON *admin_ticket_undelete(struct ask *a);
cJSON *admin_ticket_merge(struct ask *a);
cJSON *admin_ticket_move(struct ask *a);
cJSON *admin_ticket_edit(struct ask *a);
cJSON *admin_ticket_note(struct ask *a);

#endif
