/* Where ConnectWise is: the site as people type it, the company's codebase, the base URL. Pure. */
#ifndef CORE_SITE_H
#define CORE_SITE_H

#include "base/fault.h"
#include "base/json.h"
#include "base/tidy.h"

/* "https://na.myconnectwise.net/", "na.myconnectwise.net", "HTTPS://NA…/v4_6_release/" → the host
 * (lower case, with :port if one was given). http:// is refused: ConnectWise wants TLS, and so do
 * we. gives: mem_free. */
int site_host(const char *typed, char **ret_host, struct fault *reterr) MUST_CHECK;
/* The API's host: known cloud hosts get the prefix "api-"; all others stay as they are.
 * gives: mem_free. */
char *site_api_host(const char *host) MUST_CHECK;
/* The reply of GET /login/companyinfo/{id}: JSON null → -FAULT_NOT_FOUND (unknown company).
 * An answer without a usable codebase → -FAULT_REMOTE. IsCloud may be a string or a boolean.
 * *ret: company_info_clear. */
struct company_info {
	char *codebase; /* ends in one slash, never begins with one */
	bool is_cloud;
	char *version; /* VersionNumber or NULL */
};
int company_info_read(
	const cJSON *reply, struct company_info *ret, struct fault *reterr) MUST_CHECK;
void company_info_clear(struct company_info *info);
/* "https://HOST/CODEBASEapis/3.0/". gives: mem_free. */
char *site_base_url(const char *api_host, const char *codebase) MUST_CHECK;

/* Percent-encode a query value: all but A-Z a-z 0-9 - . _ ~. gives: mem_free. */
char *url_encode(const char *text) MUST_CHECK;
/* A string as a literal of a condition, quotes included; '[' is escaped as ConnectWise asks. It
 * cannot end the literal, whatever it holds. Encode it afterwards. gives: mem_free. */
char *condition_string(const char *text) MUST_CHECK;

/* The pageId in a Link header's rel="next". Values hold whole queries, so commas do not split it.
 * ABSENT: no header, or one without a usable pageId: the server does not page forward-only.
 * END: an empty header, or one that names other pages but no next. */
enum link_next { LINK_ABSENT, LINK_END, LINK_NEXT };
enum link_next link_next_page(const char *header, int64_t *ret_page_id);

#endif
