/* The verbs: their names, and the row of the API member's security role that each one needs. */
#include "core/outcome.h"
#include "core/verb.h"

/* As Office Protect asks for them; the last one is what other integrations need to edit closed
 * tickets. */
const struct permission permissions[] = {
	[PERMISSION_COMPANIES] = { "Companies", "Company Maintenance", "Inquire", true,
		"no tenant can be mapped, because no company is known" },
	[PERMISSION_TICKETS_ADD] = { "Service Desk", "Service Tickets", "Add", true,
		"no ticket can be created" },
	[PERMISSION_TICKETS_EDIT] = { "Service Desk", "Service Tickets", "Edit", true,
		"later events cannot be added to their ticket" },
	[PERMISSION_TICKETS_INQUIRE] = { "Service Desk", "Service Tickets", "Inquire", true,
		"tickets cannot be looked up, so nothing can be written without a risk of "
		"duplicates" },
	[PERMISSION_TABLES] = { "System", "Table Setup", "Inquire", false,
		"the default board's name and its statuses are not shown, and no status can be "
		"chosen for new tickets" },
	[PERMISSION_MEMBERS] = { "System", "Member Maintenance", "Inquire", false,
		"the API member's default board is not shown; tickets go to it all the same" },
	[PERMISSION_CLOSE] = { "Service Desk", "Close Service Tickets", "Edit", false,
		"tickets may not be closed or reopened by the policies for it" },
};

static const struct verb_info {
	const char *name, *doing;
	bool writes;
	int row;
} verbs[] = {
	[VERB_LOGIN] = { "login", "asking for the company's address", false, -1 },
	[VERB_COMPANIES] = { "companies", "reading the companies", false, PERMISSION_COMPANIES },
	[VERB_MY_MEMBER] = { "my_member", "reading the API member", false, PERMISSION_MEMBERS },
	[VERB_MY_SECURITY] = { "my_security", "reading the security role", false, -1 },
	[VERB_MEMBERS] = { "members", "looking up a member", false, PERMISSION_MEMBERS },
	[VERB_BOARDS] = { "boards", "reading the service boards", false, PERMISSION_TABLES },
	[VERB_STATUSES] = { "statuses", "reading a board's statuses", false, PERMISSION_TABLES },
	[VERB_TICKET_READ] = { "ticket_read", "reading a ticket", false,
		PERMISSION_TICKETS_INQUIRE },
	[VERB_TICKET_FIND] = { "ticket_find", "looking up a ticket", false,
		PERMISSION_TICKETS_INQUIRE },
	[VERB_TICKET_CREATE] = { "ticket_create", "creating a ticket", true,
		PERMISSION_TICKETS_ADD },
	[VERB_TICKET_PATCH] = { "ticket_patch", "setting a ticket's status", true,
		PERMISSION_TICKETS_EDIT },
	[VERB_NOTE_FIND] = { "note_find", "reading a ticket's notes", false,
		PERMISSION_TICKETS_INQUIRE },
	[VERB_NOTE_CREATE] = { "note_create", "adding a note to a ticket", true,
		PERMISSION_TICKETS_EDIT },
};
_Static_assert(ARRAY_LEN(verbs) == VERB_COUNT, "a verb without a row");

int permission_of(enum verb verb)
{
	return verbs[verb].row;
}

bool verb_writes(enum verb verb)
{
	return verbs[verb].writes;
}

const char *verb_name(enum verb verb)
{
	return verbs[verb].name;
}

const char *verb_doing(enum verb verb)
{
	return verbs[verb].doing;
}
