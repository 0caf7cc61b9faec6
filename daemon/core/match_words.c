#include "core/match_words.h"

#include <ctype.h>
#include <string.h>
#include "base/str.h"
#include "base/tidy.h"

/* All lists are sorted, byte by byte. */

/* Two names that differ in these alone are the same name; two that have forms
 * of different families may be sister companies. */
enum family {
	FORM_INC,
	FORM_LTD,
	FORM_CORP,
	FORM_LLC,
	FORM_LLP,
	FORM_LP,
	FORM_PLLC,
	FORM_PC,
	FORM_PLC,
	FORM_SARL,
	FORM_SAS,
	FORM_SA,
	FORM_EURL,
	FORM_SNC,
	FORM_SCI,
	FORM_SELARL,
	FORM_SENC,
	FORM_ENR,
	FORM_GMBH,
	FORM_AG,
	FORM_UG,
	FORM_KG,
	FORM_KGAA,
	FORM_OHG,
	FORM_GBR,
	FORM_EV,
	FORM_SE,
	FORM_BV,
	FORM_NV,
	FORM_VOF,
	FORM_CV,
	FORM_BVBA,
	FORM_SRL,
	FORM_SPA,
	FORM_SL,
	FORM_LDA,
	FORM_PTY,
	FORM_PTE,
	FORM_PVT,
	FORM_OY,
	FORM_AB,
	FORM_AS,
	FORM_APS,
	FORM_KFT,
	FORM_SPZOO,
	FORM_SRO,
	FORM_DOO,
	FORM_KK,
	FORM_SDN
};
static const struct {
	const char *word;
	enum family family;
} legal[] = { { "ab", FORM_AB }, { "ag", FORM_AG }, { "aps", FORM_APS }, { "as", FORM_AS },
	{ "asa", FORM_AS }, { "bhd", FORM_SDN }, { "bv", FORM_BV }, { "bvba", FORM_BVBA },
	{ "corp", FORM_CORP }, { "corporation", FORM_CORP }, { "cv", FORM_CV }, { "doo", FORM_DOO },
	{ "enr", FORM_ENR }, { "eurl", FORM_EURL }, { "ev", FORM_EV }, { "gbr", FORM_GBR },
	{ "ggmbh", FORM_GMBH }, { "gmbh", FORM_GMBH }, { "haftungsbeschrankt", FORM_UG },
	{ "inc", FORM_INC }, { "incorporated", FORM_INC }, { "incorporee", FORM_INC },
	{ "kft", FORM_KFT }, { "kg", FORM_KG }, { "kgaa", FORM_KGAA }, { "kk", FORM_KK },
	{ "lc", FORM_LLC }, { "lda", FORM_LDA }, { "limited", FORM_LTD }, { "limitee", FORM_LTD },
	{ "llc", FORM_LLC }, { "lllp", FORM_LP }, { "llp", FORM_LLP }, { "lp", FORM_LP },
	{ "ltd", FORM_LTD }, { "ltda", FORM_LDA }, { "ltee", FORM_LTD }, { "mbh", FORM_GMBH },
	{ "nv", FORM_NV }, { "ohg", FORM_OHG }, { "oy", FORM_OY }, { "oyj", FORM_OY },
	{ "pc", FORM_PC }, { "plc", FORM_PLC }, { "pllc", FORM_PLLC }, { "proprietary", FORM_PTY },
	{ "pte", FORM_PTE }, { "pty", FORM_PTY }, { "pvt", FORM_PVT }, { "sa", FORM_SA },
	{ "sarl", FORM_SARL }, { "sarlu", FORM_SARL }, { "sas", FORM_SAS }, { "sasu", FORM_SAS },
	{ "sci", FORM_SCI }, { "sdn", FORM_SDN }, { "se", FORM_SE }, { "selarl", FORM_SELARL },
	{ "senc", FORM_SENC }, { "sencrl", FORM_SENC }, { "sl", FORM_SL }, { "slu", FORM_SL },
	{ "snc", FORM_SNC }, { "spa", FORM_SPA }, { "spzoo", FORM_SPZOO }, { "srl", FORM_SRL },
	{ "sro", FORM_SRO }, { "ug", FORM_UG }, { "vof", FORM_VOF } };

static const char *const legal_first[] = { "eurl", "sarl", "sas", "sasu", "sci", "selarl", "snc" };

static const char *const weak_names[] = { "admin", "annuairepardefaut", "business", "catchall",
	"client", "company", "companyname", "customer", "default", "defaultdirectory",
	"defaulttenant", "demo", "demotenant", "directoriopredeterminado", "family", "home",
	"inconnu", "m365", "microsoft", "microsoft365", "mybusiness", "mycompany", "myorganization",
	"mytenant", "na", "newclient", "newcustomer", "none", "null", "o365", "office", "office365",
	"organisation", "organization", "personal", "repertoirepardefaut", "standardverzeichnis",
	"tenant", "test", "testing", "testtenant", "unknown", "unnamed", "untitled" };

static const char *const common_words[] = { "america", "american", "and", "associated",
	"associates", "associes", "canada", "canadian", "center", "centre", "co", "company",
	"conseil", "consultants", "consulting", "de", "des", "du", "east", "enterprise",
	"enterprises", "entreprises", "est", "et", "for", "france", "gestion", "global", "group",
	"groupe", "holding", "holdings", "inc", "industries", "international", "la", "le", "les",
	"management", "national", "new", "nord", "north", "of", "ouest", "partners", "quebec",
	"service", "services", "solution", "solutions", "south", "sud", "systemes", "systems",
	"tech", "technologies", "technology", "the", "west" };

static const char *const inactive[] = { "inactive", "inactif", "not active", "not-active",
	"non actif", "former", "ancien", "cancel", "terminat", "archiv", "deleted", "closed",
	"ferme", "lost", "do not use", "out of business" };

/* Free mail, providers' mail, website builders, social networks, directories, shorteners. */
static const char *const generic_domains[] = { "126.com", "163.com", "aol.com", "att.net",
	"azure.com", "azurewebsites.net", "bbox.fr", "bell.net", "bellnet.ca", "bellsouth.net",
	"bigcartel.com", "bigpond.com", "bigpond.net.au", "bit.ly", "blogger.com", "blogspot.com",
	"bluewin.ch", "btconnect.com", "btinternet.com", "business.site", "carrd.co", "charter.net",
	"cloudapp.net", "cogeco.ca", "cogeco.net", "comcast.net", "cox.net", "domain.com",
	"e-monsite.com", "earthlink.net", "eastlink.ca", "editorx.io", "email.com", "example.com",
	"example.net", "example.org", "facebook.com", "fastmail.com", "fastmail.fm", "fb.com",
	"fb.me", "firebaseapp.com", "free.fr", "freenet.de", "github.io", "gitlab.io",
	"globetrotter.net", "gmail.com", "gmx.com", "gmx.de", "gmx.fr", "gmx.net", "godaddy.com",
	"godaddysites.com", "goo.gl", "google.ca", "google.com", "googlemail.com", "herokuapp.com",
	"hotmail.be", "hotmail.ca", "hotmail.co.uk", "hotmail.com", "hotmail.fr", "hubspot.com",
	"hubspotpagebuilder.com", "icloud.com", "instagram.com", "jimdo.com", "jimdofree.com",
	"jimdosite.com", "laposte.net", "linkedin.com", "linktr.ee", "live.ca", "live.co.uk",
	"live.com", "live.fr", "live.net", "mac.com", "mail.com", "mail.ru", "me.com",
	"microsoft.com", "microsoft365.com", "microsoftonline.com", "msn.com", "myshopify.com",
	"mystrikingly.com", "na.com", "netlify.app", "neuf.fr", "none.com", "ntlworld.com",
	"numericable.fr", "office.com", "office365.com", "onmicrosoft.com", "onmicrosoft.de",
	"onmicrosoft.us", "onmschina.cn", "optusnet.com.au", "orange.fr", "outlook.com",
	"outlook.de", "outlook.fr", "pages.dev", "pagesjaunes.ca", "pagesjaunes.fr", "passport.com",
	"pinterest.com", "pm.me", "proton.me", "protonmail.ch", "protonmail.com", "qq.com",
	"rocketmail.com", "rogers.com", "sbcglobal.net", "secureserver.net", "sfr.fr",
	"sharepoint.com", "sharepoint.us", "shaw.ca", "shopify.com", "site123.me",
	"sites.google.com", "sky.com", "skynet.be", "square.site", "squarespace.com",
	"strikingly.com", "sympatico.ca", "t-online.de", "t.co", "talktalk.net", "telenet.be",
	"telus.net", "test.com", "tiktok.com", "tinyurl.com", "tumblr.com", "tuta.io",
	"tutanota.com", "twitter.com", "ueniweb.com", "vercel.app", "verizon.net", "videotron.ca",
	"videotron.net", "virginmedia.com", "wa.me", "wanadoo.fr", "web.app", "web.de",
	"webflow.com", "webflow.io", "webnode.com", "webnode.fr", "website.com", "weebly.com",
	"windows.net", "windowslive.com", "wix.com", "wixsite.com", "wordpress.com",
	"wordpress.org", "wpengine.com", "x.com", "yahoo.ca", "yahoo.co.uk", "yahoo.com",
	"yahoo.de", "yahoo.fr", "yandex.com", "yandex.ru", "yellowpages.ca", "yellowpages.com",
	"yelp.ca", "yelp.com", "ymail.com", "yolasite.com", "yourdomain.com", "youtu.be",
	"youtube.com", "zoho.com", "zohomail.com" };

static const char *const naming_domains[] = { "onmicrosoft.com", "onmicrosoft.de", "onmicrosoft.us",
	"onmschina.cn", "sharepoint.com", "sharepoint.us" };

static int compare(const char *listed, const char *word, size_t n)
{
	int order = strncmp(listed, word, n);

	return order ? order : listed[n] ? 1 : 0;
}

static bool is_in(const char *const *list, size_t count, const char *word, size_t n)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t mid = (low + high) / 2;
		int order = compare(list[mid], word, n);

		if (order == 0)
			return true;
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}
#define IS_IN(list, word, n) is_in((list), ARRAY_LEN(list), (word), (n))

uint64_t words_legal(const char *word, size_t n)
{
	size_t low = 0, high = ARRAY_LEN(legal);

	while (low < high) {
		size_t mid = (low + high) / 2;
		int order = compare(legal[mid].word, word, n);

		if (order == 0)
			return UINT64_C(1) << legal[mid].family;
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return 0;
}

bool words_legal_first(const char *word, size_t n)
{
	return IS_IN(legal_first, word, n);
}

bool words_weak_name(const char *key)
{
	return IS_IN(weak_names, key, strlen(key));
}

bool words_catch_all(const char *key)
{
	return str_starts(key, "catchall");
}

bool words_inactive(const char *plain)
{
	for (size_t i = 0; i < ARRAY_LEN(inactive); i++)
		if (strstr(plain, inactive[i]))
			return true;
	return false;
}

bool words_common(const char *word, size_t n)
{
	return n < 3 || IS_IN(common_words, word, n);
}

bool words_generic_domain(const char *domain)
{
	return IS_IN(generic_domains, domain, strlen(domain));
}

bool words_names_tenants(const char *domain)
{
	return IS_IN(naming_domains, domain, strlen(domain));
}

bool words_generic_label(const char *host)
{
	return str_starts(host, "netorg") &&
		(isdigit((unsigned char)host[6]) || str_starts(host + 6, "ft"));
}
