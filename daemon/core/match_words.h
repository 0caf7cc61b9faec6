/* Words that say little about who a company is, as data: legal forms, names that anybody may have,
 * domains that many share. All words are as unicode_plain writes them. */
#ifndef CORE_MATCH_WORDS_H
#define CORE_MATCH_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The family of a legal form as one bit ("ltd", "limited" and "ltee" are one); 0: it is none. */
uint64_t words_legal(const char *word, size_t n);
/* May stand in front of a name: "SARL Dupont". */
bool words_legal_first(const char *word, size_t n);

/* "default directory", "test": what tenants are called by nobody in particular. key: without
 * spaces. */
bool words_weak_name(const char *key);
/* "catchall (for email connector)": where ConnectWise puts what belongs to nobody. */
bool words_catch_all(const char *key);
/* A company's status that says it is no customer (any more). plain: as unicode_plain writes it. */
bool words_inactive(const char *plain);
/* Words that many companies have in their names, and so relate no two of them. */
bool words_common(const char *word, size_t n);

/* Exactly this domain is shared by strangers: mail for everybody, website builders, networks. */
bool words_generic_domain(const char *domain);
/* Of those, the ones whose subdomains are named by the tenant itself. */
bool words_names_tenants(const char *domain);
/* A first label that a reseller made up: "netorgft1234567". */
bool words_generic_label(const char *host);

#endif
