#include "core/match.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/str.h"
#include "base/unicode.h"
#include "core/match_name.h"
#include "core/match_words.h"

#define CLOSE_MIN 0.30 /* of trigrams: less is chance */
#define CONFIDENCE_MIN 20 /* not worth showing below */
#define CONFIDENCE_CERTAIN_MIN 90
#define CONFIDENCE_OTHER_MAX 89
#define HAIR 3 /* a difference of confidence that means nothing */
#define LABEL_LETTERS_MIN 3
#define LABEL_BEGIN_MIN 4 /* a shorter beginning is chance */
#define BIT(reason) (1u << (reason))
#define STRONG (BIT(MATCH_DOMAIN) | BIT(MATCH_NAME))
#define OF_DOMAIN (BIT(MATCH_SUBDOMAIN) | BIT(MATCH_LABEL))

/* owned by whoever called match_new */
struct match {
	struct name names[MATCH_NAMES_MAX];
	struct trigrams trigrams[MATCH_NAMES_MAX];
	size_t n_names;
	struct domains domains; /* generic ones too: their label is a hint */
	struct match_found kept[MATCH_KEEP]; /* best first */
	size_t n_kept;
	int rivals;
	bool domain_elsewhere; /* a live one that only resembles the tenant's domain */
};

/* What a company has, while it is weighed. */
struct look {
	struct name name, identifier;
	struct domains sites; /* generic ones are left out */
	unsigned reasons;
	double closeness, within; /* 0 to 1 */
	const struct name *same; /* the tenant's name that it has */
	const char *site; /* lends: the host that a reason is about */
};

/* ==== the tenant ==== */

/* Some are called by their domain: that is no name. */
static bool is_domain(const char *text)
{
	struct domain d;

	return !strchr(text, ' ') && domain_parse(text, strlen(text), &d);
}

static void add_name(struct match *m, const char *text)
{
	struct name *n = &m->names[m->n_names];

	if (str_is_blank(text) || m->n_names == MATCH_NAMES_MAX || is_domain(text))
		return;
	name_read(text, n);
	if (!n->key[0])
		return;
	name_trigrams(n, &m->trigrams[m->n_names]);
	m->n_names++;
}

struct match *match_new(const struct match_tenant *tenant)
{
	struct match *m = xcalloc(1, sizeof(*m));
	size_t i;

	for (i = 0; i < tenant->n_names; i++)
		add_name(m, tenant->names[i]);
	for (i = 0; i < tenant->n_domains && m->domains.n < DOMAINS_MAX; i++)
		if (tenant->domains[i] &&
			domain_parse(tenant->domains[i], strlen(tenant->domains[i]),
				&m->domains.at[m->domains.n]))
			m->domains.n++;
	return m;
}

void match_free(struct match *m)
{
	mem_free(m);
}

/* ==== domains ==== */

static void drop_generic(struct domains *list)
{
	size_t i, n = 0;

	for (i = 0; i < list->n; i++)
		if (!list->at[i].generic) {
			if (n != i)
				list->at[n] = list->at[i];
			n++;
		}
	list->n = n;
}

static bool is_telling(const char *label)
{
	return strlen(label) >= LABEL_LETTERS_MIN;
}

/* Most websites have nothing of the tenant's domain, and need no second look: without the beginning
 * of its word, hyphens aside, none of the reasons below can hold. */
static bool has_beginning(const char *host, const char *label)
{
	size_t n = 0;

	for (; *label && *host; host++) {
		const char *at = host;

		for (n = 0; n < LABEL_BEGIN_MIN && label[n] && *at; at++) {
			if (*at == '-')
				continue;
			if (*at != label[n])
				break;
			n++;
		}
		if (n == LABEL_BEGIN_MIN || !label[n])
			return true;
	}
	return false;
}

static bool may_matter(const struct match *m, const struct look *look)
{
	for (size_t i = 0; i < look->sites.n; i++)
		for (size_t k = 0; k < m->domains.n; k++)
			if (has_beginning(look->sites.at[i].host, m->domains.at[k].label) ||
				strstr(look->sites.at[i].host, "xn--"))
				return true;
	return false;
}

static void read_sites(const struct match *m, const char *website, struct look *look)
{
	domains_hosts(website, &look->sites);
	if (!(look->reasons & BIT(MATCH_NAME)) && !may_matter(m, look))
		look->sites.n = 0;
	domains_finish(&look->sites);
	drop_generic(&look->sites);
}

static void weigh_site(struct look *look, const struct domain *d, const struct domain *site)
{
	enum match_reason reason;

	if (!d->generic && strcmp(d->host, site->host) == 0)
		reason = MATCH_DOMAIN;
	else if (!d->generic && strcmp(domain_registrable(d), domain_registrable(site)) == 0)
		reason = MATCH_SUBDOMAIN;
	else if (is_telling(d->label) && strcmp(d->label, site->label) == 0)
		reason = MATCH_LABEL;
	else
		return;
	if (!look->site || reason == MATCH_DOMAIN)
		look->site = site->host;
	look->reasons |= BIT(reason);
}

static void weigh_domains(const struct match *m, struct look *look)
{
	for (size_t i = 0; i < m->domains.n; i++) {
		const struct domain *d = &m->domains.at[i];

		for (size_t k = 0; k < look->sites.n; k++)
			weigh_site(look, d, &look->sites.at[k]);
		if (!is_telling(d->label))
			continue;
		if (strcmp(d->label, look->name.key) == 0)
			look->reasons |= BIT(MATCH_LABEL);
		if (strcmp(d->label, look->identifier.key) == 0)
			look->reasons |= BIT(MATCH_IDENTIFIER);
	}
}

/* ==== names ==== */

static void weigh_name(struct look *look, const struct name *name, const struct trigrams *of_name)
{
	double closeness, within;

	if (name_same(name, &look->name)) {
		look->reasons |= BIT(MATCH_NAME);
		if (!look->same || look->same->weak)
			look->same = name;
	}
	if (!name->weak && name_same(name, &look->identifier))
		look->reasons |= BIT(MATCH_IDENTIFIER);
	if (name->weak || look->name.weak)
		return;
	within = name_within(name, &look->name);
	closeness = trigrams_closeness(of_name, &look->name, CLOSE_MIN);
	if (within > look->within)
		look->within = within;
	if (closeness > look->closeness)
		look->closeness = closeness;
}

static void weigh_names(const struct match *m, struct look *look)
{
	size_t i;

	for (i = 0; i < m->n_names; i++)
		weigh_name(look, &m->names[i], &m->trigrams[i]);
	if (look->within > 0)
		look->reasons |= BIT(MATCH_WORDS);
	if (look->closeness >= CLOSE_MIN)
		look->reasons |= BIT(MATCH_CLOSE);
}

/* The share of the shorter one if the other begins with it, or 0. */
static double begins(const char *a, const char *b)
{
	size_t n = strlen(a), len = strlen(b), shorter = n < len ? n : len;

	if (shorter < LABEL_BEGIN_MIN || strncmp(a, b, shorter) != 0)
		return 0;
	return (double)shorter / (double)(n < len ? len : n);
}

/* When nothing else speaks for it, the word of the domain stands for a name: "contosodental" and
 * Contoso Dental, or contoso.com. */
static void weigh_labels_as_names(const struct match *m, struct look *look)
{
	for (size_t i = 0; i < m->domains.n && !(look->reasons & ~BIT(MATCH_CLOSE)); i++) {
		const char *label = m->domains.at[i].label;
		double share = look->name.weak ? 0 : begins(label, look->name.key);

		for (size_t k = 0; k < look->sites.n; k++) {
			double other = begins(label, look->sites.at[k].label);

			share = other > share ? other : share;
		}
		if (share > 0)
			look->reasons |= BIT(MATCH_WORDS);
		if (share > look->within)
			look->within = share;
	}
}

/* ==== do they belong together at all? ==== */

static bool label_fits(const char *label, const struct name *name)
{
	if (!is_telling(label) || !name->key[0])
		return false;
	if (strlen(name->key) >= LABEL_LETTERS_MIN &&
		(strstr(label, name->key) || strstr(name->key, label)))
		return true;
	for (size_t i = 0; i < name->n_words; i++) {
		CLEANUP(mem_free)
		char *word = xstrndup(name->text + name->words[i].at, name->words[i].n);

		if (strlen(word) > LABEL_LETTERS_MIN && !words_common(word, strlen(word)) &&
			strstr(label, word))
			return true;
	}
	return name_initials_are(name, label);
}

static bool names_fit(const struct name *a, const struct name *b)
{
	return name_shares_word(a, b) || name_initials_are(a, b->key) ||
		name_initials_are(b, a->key);
}

/* A website can be somebody else's: the MSP's own, a parent's. Something in the names must agree.
 */
static bool is_related(const struct match *m, const struct look *look)
{
	size_t i;

	if (look->reasons & ~(BIT(MATCH_DOMAIN) | BIT(MATCH_SUBDOMAIN)))
		return true;
	for (i = 0; i < m->n_names; i++)
		if (names_fit(&m->names[i], &look->name))
			return true;
	for (i = 0; i < m->domains.n; i++)
		if (label_fits(m->domains.at[i].label, &look->name) ||
			label_fits(m->domains.at[i].label, &look->identifier))
			return true;
	return false;
}

static bool has_own_domain(const struct match *m)
{
	for (size_t i = 0; i < m->domains.n; i++)
		if (!m->domains.at[i].generic)
			return true;
	return false;
}

static enum match_doubt doubt_of_name(const struct match *m, const struct look *look)
{
	bool elsewhere = look->sites.n && !(look->reasons & BIT(MATCH_SUBDOMAIN));

	if (look->same->weak || look->name.weak)
		return MATCH_WEAK_NAME;
	if (name_legal_conflict(look->same, &look->name))
		return MATCH_LEGAL_FORM;
	return elsewhere && has_own_domain(m) ? MATCH_WEBSITE_DIFFERS : MATCH_NO_DOUBT;
}

/* Of this company alone; whether it shares what it has is known at the end. */
static enum match_doubt doubt_of(
	const struct match *m, const struct look *look, const struct match_company *c)
{
	char status[64];
	bool cut;

	if (c->gone)
		return MATCH_GONE;
	unicode_plain(c->status ? c->status : "", status, sizeof(status), &cut);
	if (c->inactive || words_inactive(status))
		return MATCH_INACTIVE;
	if (look->reasons & BIT(MATCH_DOMAIN))
		return is_related(m, look) ? MATCH_NO_DOUBT : MATCH_NAMES_DIFFER;
	if (look->reasons & BIT(MATCH_NAME))
		return doubt_of_name(m, look);
	return MATCH_NOT_EXACT;
}

/* ==== how sure ==== */

static double domain_score(const struct look *look, enum match_doubt doubt)
{
	if (look->reasons & BIT(MATCH_DOMAIN))
		return doubt == MATCH_NAMES_DIFFER ? 0.76 : 0.96;
	if (look->reasons & BIT(MATCH_SUBDOMAIN))
		return 0.78;
	if (look->reasons & BIT(MATCH_IDENTIFIER))
		return 0.70;
	return look->reasons & BIT(MATCH_LABEL) ? 0.66 : 0;
}

static double name_score(const struct look *look, enum match_doubt doubt)
{
	double words = look->within > 0 ? 0.35 + 0.35 * look->within : 0;
	double close = look->closeness >= CLOSE_MIN ? 0.72 * look->closeness : 0;

	if (look->reasons & BIT(MATCH_NAME))
		return doubt == MATCH_WEAK_NAME                                       ? 0.5
			: doubt == MATCH_LEGAL_FORM || doubt == MATCH_WEBSITE_DIFFERS ? 0.76
										      : 0.91;
	return words > close ? words : close;
}

static int confidence_of(const struct look *look, enum match_doubt doubt)
{
	double a = domain_score(look, doubt), b = name_score(look, doubt);
	double sure = a > b ? a + (1 - a) * b * 0.7 : b + (1 - b) * a * 0.7;

	if (doubt == MATCH_GONE)
		sure *= 0.4;
	if (doubt == MATCH_INACTIVE)
		sure *= 0.7;
	return (int)(sure * 100 + 0.5);
}

/* ==== keeping the best ==== */

static bool better(const struct match_found *a, const struct match_found *b)
{
	if (a->confidence != b->confidence)
		return a->confidence > b->confidence;
	if (a->reasons != b->reasons)
		return (a->reasons & -a->reasons) < (b->reasons & -b->reasons);
	return a->company < b->company;
}

static void keep(struct match *m, const struct match_found *found)
{
	size_t i = m->n_kept < MATCH_KEEP ? m->n_kept++ : MATCH_KEEP;

	while (i > 0 && better(found, &m->kept[i - 1])) {
		if (i < MATCH_KEEP)
			m->kept[i] = m->kept[i - 1];
		i--;
	}
	if (i < MATCH_KEEP)
		m->kept[i] = *found;
}

/* What a stronger reason says already is left out. */
static unsigned telling(unsigned reasons)
{
	if (reasons & BIT(MATCH_NAME))
		reasons &= ~(BIT(MATCH_WORDS) | BIT(MATCH_CLOSE));
	if (reasons & BIT(MATCH_DOMAIN))
		reasons &= ~(BIT(MATCH_SUBDOMAIN) | BIT(MATCH_LABEL));
	return reasons;
}

static void judge(struct match *m, const struct look *look, const struct match_company *c)
{
	struct match_found found = { .company = c->id, .reasons = telling(look->reasons) };
	const char *site = look->site;

	found.doubt = doubt_of(m, look, c);
	found.confidence = confidence_of(look, found.doubt);
	if (!c->gone && (look->reasons & STRONG))
		m->rivals++;
	else if (!c->gone && (look->reasons & (OF_DOMAIN | BIT(MATCH_IDENTIFIER))))
		m->domain_elsewhere = true;
	if (found.confidence < CONFIDENCE_MIN)
		return;
	if (!site && found.doubt == MATCH_WEBSITE_DIFFERS)
		site = look->sites.at[0].host;
	if (site)
		memcpy(found.domain, site, strlen(site) + 1);
	keep(m, &found);
}

void match_company(struct match *m, const struct match_company *c)
{
	struct look look;

	name_read(c->name, &look.name);
	name_read(c->identifier, &look.identifier);
	if (words_catch_all(look.name.key) || words_catch_all(look.identifier.key))
		return;
	look.reasons = 0;
	look.closeness = look.within = 0;
	look.same = NULL;
	look.site = NULL;
	weigh_names(m, &look);
	read_sites(m, c->website, &look);
	weigh_domains(m, &look);
	weigh_labels_as_names(m, &look);
	if (look.reasons)
		judge(m, &look, c);
}

/* ==== the end ==== */

static void decide(const struct match *m, struct match_found *found)
{
	bool strong = found->reasons & STRONG;

	if (strong && m->rivals > 1 &&
		(found->doubt == MATCH_NO_DOUBT || found->doubt > MATCH_SHARED))
		found->doubt = MATCH_SHARED;
	/* a name is what somebody wrote: one's name with another's domain is a question */
	if (found->doubt == MATCH_NO_DOUBT && m->domain_elsewhere &&
		!(found->reasons & (BIT(MATCH_DOMAIN) | OF_DOMAIN)))
		found->doubt = MATCH_DOMAIN_ELSEWHERE;
	found->certain = found->doubt == MATCH_NO_DOUBT;
	if (found->certain && found->confidence < CONFIDENCE_CERTAIN_MIN)
		found->confidence = CONFIDENCE_CERTAIN_MIN;
	if (!found->certain && found->confidence > CONFIDENCE_OTHER_MAX)
		found->confidence = CONFIDENCE_OTHER_MAX;
}

static bool tie(const struct match_found *a, const struct match_found *b)
{
	return (a->reasons & STRONG && b->reasons & STRONG) ||
		abs(a->confidence - b->confidence) <= HAIR;
}

size_t match_end(const struct match *m, struct match_found ret[MATCH_KEEP])
{
	size_t i;

	for (i = 0; i < m->n_kept; i++) {
		ret[i] = m->kept[i];
		decide(m, &ret[i]);
	}
	for (i = 1; i < m->n_kept; i++)
		if (!ret[0].certain && tie(&ret[0], &ret[i]))
			ret[0].ambiguous = ret[i].ambiguous = true;
	return m->n_kept;
}

int match_rivals(const struct match *m)
{
	return m->rivals;
}
