/* Which company is this Microsoft 365 tenant? Companies are shown one by one; the best few are
 * kept, each with its reasons, how sure it is, and what speaks against taking it without a person.
 * Pure: no I/O. A match only ever suggests: mapping is somebody else's act.
 *
 * Certain is what a careful person would not think twice about: the company's website is exactly
 * the tenant's domain, or its name is exactly the tenant's name; no other live company has either;
 * and nothing else contradicts (the names, the legal form, another website, the company's status).
 */
#ifndef CORE_MATCH_H
#define CORE_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/tidy.h"
#include "core/match_domain.h"

#define MATCH_KEEP 5

/* Strongest first. */
enum match_reason {
	MATCH_DOMAIN, /* its website is exactly the tenant's domain */
	MATCH_NAME, /* the same name */
	MATCH_SUBDOMAIN, /* website and domain are parts of one registered domain */
	MATCH_IDENTIFIER, /* its identifier is the tenant's name or the word of its domain */
	MATCH_LABEL, /* its name, or the word of its website, is the word of the tenant's domain */
	MATCH_WORDS, /* one name is the other with more words */
	MATCH_CLOSE, /* the names are spelled alike */
	MATCH_REASONS
};

/* Why a person must look first. */
enum match_doubt {
	MATCH_NO_DOUBT, /* it is certain */
	MATCH_GONE, /* no longer in ConnectWise */
	MATCH_INACTIVE, /* its status says so */
	MATCH_SHARED, /* other companies have the tenant's domain or name as well */
	MATCH_DOMAIN_ELSEWHERE, /* the name is right, but the domain looks like another company's */
	MATCH_NAMES_DIFFER, /* the domain is right, but the names have nothing in common */
	MATCH_WEBSITE_DIFFERS, /* the name is right, but its website is another domain */
	MATCH_LEGAL_FORM, /* the name is right but for its legal form */
	MATCH_WEAK_NAME, /* the name is right, but can be anybody's */
	MATCH_NOT_EXACT, /* only similar */
	MATCH_DOUBTS
};

/* All borrowed; any may be NULL. */
struct match_company {
	int64_t id;
	const char *identifier, *name, *website, *status;
	bool gone;
	bool inactive; /* no tickets are made for it; its status may say so beside */
};
struct match_tenant {
	const char *const *names;
	size_t n_names; /* up to MATCH_NAMES_MAX are looked at */
	const char *const *domains;
	size_t n_domains; /* up to DOMAINS_MAX */
};
#define MATCH_NAMES_MAX 4

struct match_found {
	int64_t company;
	unsigned reasons; /* 1 << enum match_reason */
	enum match_doubt doubt;
	int confidence; /* 0 to 100 */
	bool certain;
	bool ambiguous; /* another one is as good, or nearly so */
	char domain[DOMAIN_TEXT_MAX]; /* of its website, that the reason or the doubt is about; ""
				       */
};

struct match;
struct match *match_new(const struct match_tenant *tenant) MUST_CHECK;
void match_free(struct match *m);
DEFINE_CLEANUP(match_free, struct match *);

void match_company(struct match *m, const struct match_company *c);
/* Best first, after all companies were shown. Returns how many (0 to MATCH_KEEP). */
size_t match_end(const struct match *m, struct match_found ret[MATCH_KEEP]);
/* Live companies that have the tenant's domain or name exactly. */
int match_rivals(const struct match *m);

const char *match_reason_name(enum match_reason reason); /* "domain"; lends: static */
const char *match_doubt_name(enum match_doubt doubt); /* "shared"; lends: static */
/* A sentence about a kept company, for a person. tenant_domain: or NULL. gives: mem_free. */
char *match_reason_text(const struct match_found *found, enum match_reason reason,
	const char *tenant_domain) MUST_CHECK;
char *match_doubt_text(const struct match_found *found, int rivals) MUST_CHECK;

#endif
