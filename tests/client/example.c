/* A complete local client: hands one event to opbridged and reads it back.
 *
 *     cc example.c -lopbridge -lcurl -o example && ./example [SOCKET]
 *
 * The user who runs it must be in the group opbridge (or be root). */
#include <opbridge.h>

#include <stdio.h>
#include <string.h>

static const char event[] =
	"{"
	"\"id\": \"example-0001\","
	"\"tenant\": {\"domain\": \"contoso.com\"},"
	"\"type\": \"Sign-In from Unauthorized Country\","
	"\"time\": \"2026-11-24T05:04:03Z\","
	"\"title\": \"Anna signed in from Brazil\","
	"\"entities\": {\"user\": \"anna@contoso.com\", \"country\": \"Brazil\"}"
	"}";

/* Keep the event and submit it again after these: the same id is never taken twice. */
static int try_again(const char *why)
{
	fprintf(stderr, "not taken yet, submit it again later: %s\n", why);
	return 75;
}

static int submit(struct opb *o)
{
	struct opb_reply reply;
	int r = opb_submit(o, event, strlen(event), &reply), status = 0;

	if (r == OPB_ERR_SOCKET || r == OPB_ERR_TIMEOUT)
		return try_again(opb_strerror(o));
	if (r) {
		fprintf(stderr, "%s\n", opb_strerror(o));
		return 69;
	}
	if (reply.status == 429 || reply.status == 503)
		status = try_again("the daemon is full");
	else if (reply.status !=
		202) /* rejected: the answer says why; sending it again won't help */
		status = 65;
	printf("%d %s\n", reply.status, reply.body);
	opb_reply_clear(&reply);
	return status;
}

static int read_back(struct opb *o)
{
	struct opb_reply reply;

	if (opb_call(o, "GET", "/v1/events/example-0001", NULL, NULL, 0, &reply)) {
		fprintf(stderr, "%s\n", opb_strerror(o));
		return 69;
	}
	printf("%d %s\n", reply.status, reply.body);
	opb_reply_clear(&reply);
	return 0;
}

int main(int argc, char **argv)
{
	struct opb *o = opb_new(argc > 1 ? argv[1] : NULL);
	int status;

	if (!o) {
		fprintf(stderr, "%s\n", opb_strerror(NULL));
		return 64;
	}
	status = submit(o);
	if (status == 0)
		status = read_back(o);
	opb_free(o);
	return status;
}
