#include "ctl/sender.h"

#include <string.h>
#include "base/mem.h"
#include "base/now.h"

#define PAUSE_FIRST_MS 1000
#define PAUSE_MIN_MS 200
#define PAUSE_MAX_MS 30000

void sender_free(struct sender *s)
{
	str_free(&s->text);
}

static size_t start_of(const struct sender *s, size_t i)
{
	return i ? s->ends[i - 1] : 0;
}

static void say_rejected(const struct sender *s, const char *id, int64_t line, const char *why)
{
	if (id)
		ctl_say(s->ctl, "rejected  %s (line %lld): %s", id, (long long)line, why);
	else
		ctl_say(s->ctl, "rejected  line %lld: %s", (long long)line, why);
}

static void say_taken(const struct sender *s, const char *word, const cJSON *result)
{
	const char *why = json_str(result, "why");
	STR_AUTO(more);

	if (ctl_int(result, "incident"))
		str_addf(&more, ", incident %lld", (long long)ctl_int(result, "incident"));
	if (ctl_int(result, "ticket"))
		str_addf(&more, ", ticket %lld", (long long)ctl_int(result, "ticket"));
	if (why)
		str_addf(&more, ": %s", why);
	ctl_say(s->ctl, "%-9s %s: %s%s", word, ctl_str(result, "id", "?"),
		ctl_str(result, "state", "?"), more.len ? more.at : "");
}

static void count_result(struct sender *s, const cJSON *result, int64_t line)
{
	const char *word = ctl_str(result, "result", "?");
	bool people = !s->ctl->json;

	if (str_eq(word, "accepted")) {
		s->accepted++;
	} else if (str_eq(word, "duplicate")) {
		s->duplicates++;
	} else {
		s->rejected++;
		if (people)
			say_rejected(s, json_str(result, "id"), line,
				ctl_str(result, "why", "no reason given"));
		return;
	}
	if (people && !s->quiet)
		say_taken(s, word, result);
}

/* An event that never leaves: counted and reported like one the daemon rejected. */
static void reject_here(struct sender *s, int64_t line, const char *why)
{
	CLEANUP(json_free) cJSON *node = NULL;

	s->rejected++;
	if (!s->ctl->json) {
		say_rejected(s, NULL, line, why);
		return;
	}
	node = json_object();
	json_add_int(node, "line", line);
	json_add_str(node, "result", "rejected");
	json_add_str(node, "why", why);
	ctl_print_json(s->ctl, node);
}

/* What went before is safe, so the whole input may simply be submitted again. */
static int fail_here(const struct sender *s, size_t from, enum exit_code code, const char *why)
{
	int64_t taken = s->accepted + s->duplicates;

	if (taken == 0)
		return ctl_fail(code, "%s", why);
	return ctl_fail(code,
		"%s; not handed over: everything from line %lld on (%lld events before it were "
		"taken). Submit the same input again later, what was taken is recognised",
		why, (long long)s->lines[from], (long long)taken);
}

static int read_results(struct sender *s, size_t from, size_t to, const struct opb_reply *reply)
{
	CLEANUP(json_free) cJSON *answer = NULL;
	CLEANUP(mem_free) char *why = NULL;
	const cJSON *results, *result;
	struct fault f = { 0 };
	size_t i = from;

	if (ctl_parse(reply, &answer, &f) == 0) {
		results = json_get(answer, "results");
		if (cJSON_IsArray(results) && (size_t)cJSON_GetArraySize(results) == to - from) {
			if (s->ctl->json)
				ctl_print_json(s->ctl, answer);
			for (result = results->child; result; result = result->next)
				count_result(s, result, s->lines[i++]);
			return EXIT_OK;
		}
	}
	if (reply->status != 202) {
		why = ctl_problem(reply);
		return fail_here(s, from, ctl_exit_of_status(reply->status, EXIT_DATA), why);
	}
	return fail_here(s, from, EXIT_PROTOCOL,
		"the daemon's answer does not name one result for each event, so nothing is known "
		"to be accepted");
}

/* Worth another try: the daemon is full, or went away after it had answered before. */
static bool passes(const struct sender *s, int r, const struct opb_reply *reply)
{
	if (r == OPB_OK)
		return reply->status == 429 || reply->status == 503;
	return r == OPB_ERR_TIMEOUT || (r == OPB_ERR_SOCKET && s->answered);
}

static int64_t pause_for(const struct opb_reply *reply, int tries)
{
	int64_t ms = PAUSE_FIRST_MS << (tries < 5 ? tries : 5);

	if (reply->retry_after >= 0)
		ms = (int64_t)reply->retry_after * 1000;
	if (ms < PAUSE_MIN_MS)
		ms = PAUSE_MIN_MS;
	return ms > PAUSE_MAX_MS && reply->retry_after < 0 ? PAUSE_MAX_MS : ms;
}

/* One request, again while it may pass and there is time. The answer, or the last error. */
static int post(struct sender *s, const char *body, size_t n, struct opb_reply *ret)
{
	int64_t end = now_mono_ms() + s->wait_ms;

	for (int tries = 0;; tries++) {
		int r = opb_call(
			s->opb, "POST", "/v1/events", "application/x-ndjson", body, n, ret);
		int64_t pause, left = end - now_mono_ms();

		s->answered |= r == OPB_OK;
		pause = pause_for(ret, tries);
		if (!passes(s, r, ret) || pause > left)
			return r;
		if (tries == 0)
			ctl_fail(EXIT_OK,
				"the daemon takes nothing at the moment; waiting up to %lld s",
				(long long)(s->wait_ms / 1000));
		opb_reply_clear(ret);
		ctl_sleep_ms((long)pause);
	}
}

static int post_range(struct sender *s, size_t from, size_t to);

/* The daemon's own limits may be set lower than the usual ones: halve, down to one event. */
static int post_smaller(struct sender *s, size_t from, size_t to, const struct opb_reply *reply)
{
	size_t middle = from + (to - from) / 2;
	int r;

	if (to - from == 1) {
		CLEANUP(mem_free) char *why = ctl_problem(reply);

		reject_here(s, s->lines[from], why);
		return EXIT_OK;
	}
	r = post_range(s, from, middle);
	return r ? r : post_range(s, middle, to);
}

static int post_range(struct sender *s, size_t from, size_t to)
{
	size_t at = start_of(s, from);
	struct opb_reply reply;
	int r = post(s, s->text.at + at, s->ends[to - 1] - at, &reply);

	if (r)
		return fail_here(s, from,
			r == OPB_ERR_SOCKET && s->answered ? EXIT_TEMPORARY : ctl_exit_of_error(r),
			opb_strerror(s->opb));
	if (reply.status == 413)
		r = post_smaller(s, from, to, &reply);
	else
		r = read_results(s, from, to, &reply);
	opb_reply_clear(&reply);
	return r;
}

int sender_flush(struct sender *s)
{
	int r = s->n ? post_range(s, 0, s->n) : EXIT_OK;

	s->n = 0;
	s->text.len = 0;
	return r;
}

int sender_add(void *sender, const char *text, size_t n, int64_t line, const char *bad)
{
	struct sender *s = sender;
	int r = EXIT_OK;

	if (s->n == OPB_BATCH_MAX || s->text.len + n + 1 > OPB_BODY_MAX)
		r = sender_flush(s);
	if (r)
		return r;
	if (bad) { /* in the input's order: what came before is reported first */
		r = sender_flush(s);
		if (r == EXIT_OK)
			reject_here(s, line, bad);
		return r;
	}
	str_addn(&s->text, text, n);
	str_addc(&s->text, '\n');
	s->ends[s->n] = s->text.len;
	s->lines[s->n] = line;
	s->n++;
	return EXIT_OK;
}

int sender_summary(const struct sender *s)
{
	int64_t all = s->accepted + s->duplicates + s->rejected;

	if (!s->ctl->json && (s->quiet || all != 1))
		ctl_say(s->ctl, "%lld events: %lld accepted, %lld duplicates, %lld rejected",
			(long long)all, (long long)s->accepted, (long long)s->duplicates,
			(long long)s->rejected);
	return s->rejected ? EXIT_DATA : EXIT_OK;
}
