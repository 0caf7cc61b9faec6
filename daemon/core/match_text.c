/* What was found, in words. */
#include <stdlib.h>
#include "base/mem.h"
#include "core/match.h"

const char *match_reason_name(enum match_reason reason)
{
	static const char *const names[] = {
		[MATCH_DOMAIN] = "domain",
		[MATCH_NAME] = "name",
		[MATCH_SUBDOMAIN] = "subdomain",
		[MATCH_IDENTIFIER] = "identifier",
		[MATCH_LABEL] = "label",
		[MATCH_WORDS] = "words",
		[MATCH_CLOSE] = "close",
	};

	return names[reason];
}

const char *match_doubt_name(enum match_doubt doubt)
{
	static const char *const names[] = {
		[MATCH_NO_DOUBT] = "none",
		[MATCH_GONE] = "gone",
		[MATCH_INACTIVE] = "inactive",
		[MATCH_SHARED] = "shared",
		[MATCH_DOMAIN_ELSEWHERE] = "domain_elsewhere",
		[MATCH_NAMES_DIFFER] = "names_differ",
		[MATCH_WEBSITE_DIFFERS] = "website_differs",
		[MATCH_LEGAL_FORM] = "legal_form",
		[MATCH_WEAK_NAME] = "weak_name",
		[MATCH_NOT_EXACT] = "not_exact",
	};

	return names[doubt];
}

char *match_reason_text(
	const struct match_found *found, enum match_reason reason, const char *tenant_domain)
{
	const char *domain = tenant_domain ? tenant_domain : "the tenant's domain";

	switch (reason) {
	case MATCH_DOMAIN:
		return xasprintf("its website is the tenant's domain, %s", found->domain);
	case MATCH_NAME:
		return xstrdup("it has the tenant's name");
	case MATCH_SUBDOMAIN:
		return xasprintf("its website, %s, and %s belong together", found->domain, domain);
	case MATCH_IDENTIFIER:
		return xasprintf(
			"its identifier is the tenant's name or the first word of %s", domain);
	case MATCH_LABEL:
		return xasprintf("its name or website has the first word of %s", domain);
	case MATCH_WORDS:
		return xstrdup("one name is the other with more words");
	case MATCH_CLOSE:
		return xstrdup("the names are spelled alike");
	case MATCH_REASONS:
		break;
	}
	abort();
}

char *match_doubt_text(const struct match_found *found, int rivals)
{
	switch (found->doubt) {
	case MATCH_NO_DOUBT:
		return NULL;
	case MATCH_GONE:
		return xstrdup("it is no longer in ConnectWise");
	case MATCH_INACTIVE:
		return xstrdup("its status says that it is no customer any more");
	case MATCH_SHARED:
		return xasprintf("%d companies have the tenant's domain or name", rivals);
	case MATCH_DOMAIN_ELSEWHERE:
		return xstrdup("the name fits, but the domain resembles another company");
	case MATCH_NAMES_DIFFER:
		return xstrdup("the domain fits, but the names have nothing in common");
	case MATCH_WEBSITE_DIFFERS:
		return xasprintf("the name fits, but its website is %s", found->domain);
	case MATCH_LEGAL_FORM:
		return xstrdup("the name fits, but its legal form is another");
	case MATCH_WEAK_NAME:
		return xstrdup("the name fits, but says too little");
	case MATCH_NOT_EXACT:
		return xstrdup("neither its website nor its name is exactly the tenant's");
	case MATCH_DOUBTS:
		break;
	}
	abort();
}
