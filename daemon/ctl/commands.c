/* The table of sub-commands. What a person reads about them (overview, help, usage errors) is
 * printed from here. */
#include <string.h>
#include "ctl/command.h"
#include "ctl/run.h"

const struct option_spec global_options[] = {
	{ "socket", "PATH", "the daemon's socket (default: see man opbridge)" },
	{ "json", NULL, "print the daemon's JSON: pretty on a terminal, one line otherwise" },
	{ "no-color", NULL, "no colours; $NO_COLOR does the same" },
	{ "help", NULL, "show how the command is used" },
	{ "version", NULL, "show the version" },
	{ NULL, NULL, NULL },
};

static const struct option_spec check_options[] = {
	{ "mail", NULL, "instead send a test message to the emergency contact" },
	{ NULL, NULL, NULL },
};

static const struct option_spec submit_options[] = {
	{ "id", "ID", "the event's id: your own, the same one when you submit it again" },
	{ "tenant", "GUID", "the tenant's Microsoft 365 id" },
	{ "domain", "DOMAIN", "the tenant's domain (this or --tenant is needed)" },
	{ "name", "NAME", "the tenant's display name" },
	{ "type", "TYPE", "the event's type, such as \"Sign-In from Unauthorized Country\"" },
	{ "state", "STATE", "raised (default), updated, resolved or ignored" },
	{ "time", "TIME", "when it happened, with zone: 2026-11-24T05:04:03Z" },
	{ "title", "TEXT", "one line for the ticket's summary" },
	{ "description", "TEXT", "what happened" },
	{ "severity", "WORD", "such as high" },
	{ "entity", "KEY=VALUE", "user, ip, country …; may be given many times" },
	{ "view", "URL", "the link that shows the event in Office Protect" },
	{ "ignore", "URL", "the link that ignores it" },
	{ "wait", "TIME", "how long to wait for a daemon that is full: 30s (default), 5m, 0" },
	{ "quiet", NULL, "print only what was rejected, and the count" },
	{ NULL, NULL, NULL },
};

static const struct option_spec events_options[] = {
	{ "state", "STATE", "queued, sending, held, delivered, skipped, muted, expired or dead" },
	{ "tenant", "TENANT", "a tenant's id or domain" },
	{ "limit", "N", "at most so many, 1 to 500 (50)" },
	{ "before", "SEQ", "only events older than this number" },
	{ "all", NULL, "all pages; with --json one event a line, for export" },
	{ NULL, NULL, NULL },
};

static const struct option_spec retry_options[] = {
	{ "all", NULL, "every dead event" },
	{ NULL, NULL, NULL },
};

static const struct option_spec incidents_options[] = {
	{ "limit", "N", "at most so many, 1 to 500 (50)" },
	{ NULL, NULL, NULL },
};

static const struct option_spec audit_options[] = {
	{ "limit", "N", "at most so many, 1 to 500 (50)" },
	{ "before", "ID", "only changes older than this number" },
	{ NULL, NULL, NULL },
};

static const struct option_spec companies_options[] = {
	{ "gone", NULL, "also those that are no longer in ConnectWise" },
	{ "limit", "N", "at most so many, 1 to 500 (50)" },
	{ NULL, NULL, NULL },
};

static const struct option_spec tenants_options[] = {
	{ "csv", NULL, "export as CSV; so it is without --json too" },
	{ "dry-run", NULL, "import: show what would change, and change nothing" },
	{ "yes", NULL, "import: do not ask" },
	{ "unmap", NULL, "import: a row without a company takes the tenant's away" },
	{ NULL, NULL, NULL },
};

static const struct option_spec map_options[] = {
	{ "name", "NAME", "also set the tenant's display name" },
	{ "domain", "DOMAIN", "also set the tenant's domain" },
	{ "auto", NULL, "map all tenants whose company is certain" },
	{ "dry-run", NULL, "with --auto: only show what would be mapped, and what not" },
	{ "yes", NULL, "ask nothing: for --auto, and when many held events are released" },
	{ NULL, NULL, NULL },
};

static const struct option_spec sync_options[] = {
	{ "full", NULL, "read every company, not only what changed" },
	{ "confirm", NULL, "allow that many companies are marked as gone" },
	{ "no-wait", NULL, "start it and return at once" },
	{ NULL, NULL, NULL },
};

static const struct option_spec setup_options[] = {
	{ "site", "URL", "the address in the browser when working in ConnectWise" },
	{ "company", "ID", "the company id typed at the login" },
	{ "client-id", "GUID", "from https://developer.connectwise.com/ClientID" },
	{ "public-key", "KEY", "the API member's public key" },
	{ "private-key-file", "FILE", "the file with the private key; -: standard input" },
	{ "private-key", "KEY", "refused: a key on the command line is seen by every user" },
	{ "ca-file", "FILE", "certificates (PEM) to trust instead of the system's" },
	{ "proxy", "URL", "http://HOST:PORT" },
	{ "board", "NAME|ID", "the board for tickets; default: the API member's" },
	{ "status", "NAME|ID", "the status of new tickets; default: the board's" },
	{ "language", "en|fr", "of tickets and notes" },
	{ "time-zone", "NAME", "of the times in tickets, such as America/Toronto" },
	{ "mail-to", "ADDRESS", "who is told when the bridge cannot work" },
	{ "mail-from", "ADDRESS", "the sender of those mails" },
	{ "smtp", "HOST:PORT", "the server for those mails" },
	{ "smtp-user", "NAME", "the login at that server" },
	{ "smtp-password-file", "FILE", "the file with that login's password" },
	{ "config", "FILE", "the configuration, if it is not the service's" },
	{ "daemon", "FILE", "the program opbridged, if it is not beside this command" },
	{ "key-store", "PLACE", "auto (default), credential (encrypted by systemd) or file" },
	{ "credstore", "FOLDER", "where systemd looks for encrypted credentials" },
	{ "unit-dir", "FOLDER", "where the administrator's units are" },
	{ "restart", NULL, "restart or start the service where that is needed" },
	{ "force", NULL, "write although the trial failed" },
	{ "dry-run", NULL, "print the configuration that would be written, and try nothing" },
	{ "non-interactive", NULL, "ask nothing; say what is missing" },
	{ NULL, NULL, NULL },
};

const struct command commands[] = {
	{ "setup", "[site|key|board|language|time-zone|mail|map] …", 0, 8, setup_options, run_setup,
		"connect it to ConnectWise, step by step, or change one thing",
		"Asks for the site, the API member's keys, the board and the rest, tries each at "
		"once, writes the configuration and tells the daemon. Words limit it to one part. "
		"Every answer may be an option or an environment variable instead "
		"(OPBRIDGE_SETUP_SITE for --site); the private key only comes from a file, from "
		"standard input or from the keyboard.",
		"sudo opbridge setup\n"
		"sudo opbridge setup board\n"
		"sudo opbridge setup key --public-key Ab3d… --private-key-file - < key" },
	{ "status", "", 0, 0, NULL, run_status, "how the bridge is doing, and what it waits for",
		"Shows the connection to ConnectWise, where every accepted event is, the company "
		"list, the board, missing permissions, and what waits for whom.",
		"opbridge status" },
	{ "check", "", 0, 0, check_options, run_check,
		"check the connection and the permissions, step by step",
		"Lets the daemon try the site, the keys and each permission, and shows what it saw "
		"and what to do. Exit code 0 only if everything that is required works. Before the "
		"first "
		"start: opbridged --check. With "
		"--mail "
		"it sends one test message by every way that the section alarm of the "
		"configuration names, and shows what the mail server said.",
		"opbridge check\n"
		"opbridge check --mail" },
	{ "submit", "[FILE]", 0, 1, submit_options, run_submit,
		"hand over events: from options, a file or standard input",
		"Takes one event from the options, or any number from FILE or standard input: a "
		"JSON "
		"object, an array, or one object a line. What is reported as accepted is on the "
		"daemon's disk. The same id with the same content is recognised as a duplicate, so "
		"submitting again is safe.",
		"opbridge submit --id evt-0001 --domain contoso.com \\\n"
		"    --type \"Sign-In from Unauthorized Country\" --entity user=anna@contoso.com\n"
		"opbridge submit --quiet events.ndjson" },
	{ "events", "", 0, 0, events_options, run_events, "list events, newest first",
		"Lists the events in the queue and in the history, newest first.",
		"opbridge events --state held --tenant contoso.com" },
	{ "event", "ID", 1, 1, NULL, run_event, "show one event: where it is and why",
		"Shows every version of one event: its state, company and ticket, what it waits "
		"for, "
		"and the event itself.",
		"opbridge event evt-0001" },
	{ "retry", "[ID]", 0, 1, retry_options, run_retry, "send dead events once more",
		"Puts the dead events of that id, or all of them, back into the queue. Mend the "
		"cause first: "
		"opbridge "
		"event ID shows it.",
		"opbridge retry evt-0001\n"
		"opbridge retry --all" },
	{ "incidents", "", 0, 0, incidents_options, run_incidents,
		"list incidents and their tickets",
		"Lists incidents: all events of one identity, which share one ticket at a time.",
		"opbridge incidents --limit 100" },
	{ "tenants", "[export [FILE] | import FILE]", 0, 2, tenants_options, run_tenants,
		"list tenants, their companies and their flow; to and from a file",
		"Lists every tenant that an event came from or that was mapped. export writes them "
		"as CSV, or JSON with --json. import reads such a file (- is standard input), "
		"shows "
		"what it changes, asks, and changes all of it or nothing; tenants that are not in "
		"the file stay as they are.",
		"opbridge tenants\n"
		"opbridge tenants export tenants.csv\n"
		"opbridge tenants import tenants.csv --dry-run" },
	{ "companies", "[TEXT]", 0, 1, companies_options, run_companies,
		"find companies of ConnectWise",
		"Lists companies whose name, identifier or website contains TEXT, or whose id it "
		"is.",
		"opbridge companies contoso" },
	{ "map", "[TENANT [COMPANY]]", 0, 2, map_options, run_map, "map tenants to companies",
		"opbridge map TENANT COMPANY: TENANT is a tenant's id, domain, or #row as in "
		"opbridge tenants. COMPANY is a company's id, its identifier or its exact name. "
		"Held events of the tenant are released, unless they are older than "
		"delivery.hold_max_age; it asks before that are more than 20. Without COMPANY, or "
		"without both, it walks through that tenant, or all that have no company, on a "
		"terminal: it suggests companies and says why. Nothing is mapped that you did not "
		"choose. With --auto it maps what is beyond doubt.",
		"opbridge map\n"
		"opbridge map contoso.com 101 --name \"Contoso Ltd\"\n"
		"opbridge map --auto --dry-run" },
	{ "unmap", "TENANT", 1, 1, NULL, run_unmap, "take a tenant's company away",
		"From then on the tenant's events are held until it is mapped again.",
		"opbridge unmap contoso.com" },
	{ "flow", "TENANT on|off", 2, 2, NULL, run_flow, "switch a tenant's tickets on or off",
		"Off: the tenant's events are recorded and skipped, no ticket is made for them.",
		"opbridge flow contoso.com off" },
	{ "audit", "[TENANT]", 0, 1, audit_options, run_audit, "who changed what, and when",
		"Lists what people changed, newest first: mappings, flows, names, and what else "
		"was "
		"asked of the daemon that changes anything.",
		"opbridge audit contoso.com" },
	{ "board", "", 0, 0, NULL, run_board, "show the service board tickets go to",
		"Shows the board, where that choice comes from, and the status of new tickets.",
		"opbridge board" },
	{ "statuses", "", 0, 0, NULL, run_statuses, "list the board's statuses",
		"Lists the statuses of the board that tickets go to.", "opbridge statuses" },
	{ "sync", "", 0, 0, sync_options, run_sync, "read the company list from ConnectWise",
		"Reads what changed since the last time (or everything, with --full) and shows the "
		"progress.",
		"opbridge sync --full" },
	{ "reload", "", 0, 0, NULL, run_reload, "read the configuration file again",
		"A file with a mistake changes nothing; every mistake is listed. Exit code 78 "
		"then.",
		"opbridge reload" },
	{ "backup", "FILE", 1, 1, NULL, run_backup, "copy the queue to a new file",
		"The daemon writes a whole copy of its database while it goes on running. FILE "
		"must "
		"not exist, and the daemon's user must be able to write it.",
		"opbridge backup /var/lib/opbridge/before-upgrade.db" },
	{ "metrics", "", 0, 0, NULL, run_metrics, "print the metrics in Prometheus' format",
		"Prints the metrics in Prometheus' text format.", "opbridge metrics" },
	{ "help", "[COMMAND]", 0, 1, NULL, run_help, "show how a command is used",
		"Shows the overview, or how one command is used, with an example.",
		"opbridge help map" },
	{ NULL, NULL, 0, 0, NULL, NULL, NULL, NULL, NULL },
};

const struct command *command_find(const char *name)
{
	for (const struct command *c = commands; c->name; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

#define NEAR_MAX 24 /* longer words are like no command */

/* Edits (insert, delete, replace) between two words shorter than NEAR_MAX. */
static size_t distance(const char *a, const char *b)
{
	size_t row[NEAR_MAX + 1], n = strlen(b);

	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= n; j++) {
			size_t best = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[n];
}

const struct command *command_near(const char *name)
{
	const struct command *near = NULL;
	size_t best = 3; /* more than two edits is another word */

	if (strlen(name) >= NEAR_MAX)
		return NULL;
	for (const struct command *c = commands; c->name; c++) {
		size_t d = distance(name, c->name);

		if (d < best) {
			best = d;
			near = c;
		}
	}
	return near;
}
