/* Domains as people write them: a website field, an address, a tenant's domain. The only file that
 * includes libpsl's and libidn2's headers. Pure. */
#ifndef CORE_MATCH_DOMAIN_H
#define CORE_MATCH_DOMAIN_H

#include <stdbool.h>
#include <stddef.h>

#define DOMAIN_TEXT_MAX 254 /* with its end */
#define DOMAIN_LABEL_MAX 128 /* of another script: its letters, not its xn-- form */

/* Hosts are lower case ASCII (xn-- for other scripts), without "www." and without a last dot. */
struct domain {
	char host[DOMAIN_TEXT_MAX];
	size_t registrable; /* where in host it begins: see domain_registrable */
	bool generic; /* shared by strangers: it says nothing about who somebody is */
	/* Its owner's word as unicode_plain writes it, without hyphens: "alpineski" of
	 * alpine-ski.co.uk, of alpineski.onmicrosoft.com and alpineski.sharepoint.com; "" of a
	 * generic one without such a word. */
	char label[DOMAIN_LABEL_MAX];
};

/* What somebody registered: "contoso.co.uk" of "mail.contoso.co.uk". lends. */
const char *domain_registrable(const struct domain *d);

/* The domain in a text: an address of a page or a mailbox, or bare. False if there is none: no dot,
 * a number (IP address), a public suffix alone, not a host name. */
bool domain_parse(const char *text, size_t n, struct domain *ret);

/* The same in two steps, as the second costs more: only the host, then the rest of the fields. */
bool domain_host(const char *text, size_t n, struct domain *ret);
bool domain_finish(struct domain *d); /* false: a public suffix alone */

/* The hosts in a free text ("contoso.com; http://contoso.fr/x"), at most DOMAINS_MAX, each once;
 * then finished, without those that are none. */
#define DOMAINS_MAX 4
struct domains {
	struct domain at[DOMAINS_MAX];
	size_t n;
};
void domains_hosts(const char *text, struct domains *ret); /* NULL: none */
void domains_finish(struct domains *list);

#endif
