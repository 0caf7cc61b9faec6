/*
 * company_seed.c - the store of companies, and the companies it starts with.
 * Names repeat, differ only in accents or legal form, and share words: what a matching client
 * meets.
 */
#include "company.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define FIRST_ID 101
#define SEEDED_AT INT64_C(1735689600000) /* 2025-01-01 */

static const struct {
	const char *identifier, *name, *website, *city, *country;
	int status, type;
	bool deleted;
} seeds[] = {
	{ "Contoso", "Contoso Ltd", "https://www.contoso.com", "Boston", "United States", 1, 1,
		false },
	{ "ContosoDental", "Contoso Dental", "contosodental.com", "Quincy", "United States", 1, 1,
		false },
	{ "Fabrikam", "Fabrikam Inc.", "http://fabrikam.com/", "Seattle", "United States", 1, 1,
		false },
	{ "WingtipFR", "Wingtip Toys SARL", "www.wingtiptoys.fr", "Lyon", "France", 1, 1, false },
	{ "AdventureDE", "Adventure Works GmbH", "https://adventure-works.de", "Köln", "Germany", 1,
		1, false },
	{ "NorthwindCA", "Northwind Traders Ltée", "https://northwindtraders.ca", "Québec",
		"Canada", 1, 1, false },
	{ "ContosoOld", "Contoso Ltd", "https://www.contoso.com", "Boston", "United States", 2, 1,
		true },
	{ "Tailspin", "Tailspin Toys", "tailspintoys.com", "Reno", "United States", 1, 1, false },
	{ "Litware", "Litware, Inc.", "https://litwareinc.com", "Denver", "United States", 1, 1,
		false },
	{ "ProsewareUK", "Proseware Limited", "https://proseware.co.uk", "Leeds", "United Kingdom",
		1, 1, false },
	{ "AlpineSki", "Alpine Ski House", "alpineskihouse.com", "Chamonix", "France", 1, 1,
		false },
	{ "BlueYonder", "Blue Yonder Airlines", "https://blueyonderairlines.com", "Chicago",
		"United States", 1, 1, false },
	{ "CohoWinery", "Coho Winery", "cohowinery.com", "Napa", "United States", 1, 1, false },
	{ "CohoVineyard", "Coho Vineyard & Winery", "cohovineyard.com", "Napa", "United States", 1,
		2, false },
	{ "FourthCoffee", "Fourth Coffee", "fourthcoffee.com", "Portland", "United States", 1, 1,
		false },
	{ "GraphicDesign", "Graphic Design Institute", "https://graphicdesigninstitute.com",
		"Austin", "United States", 2, 1, false },
	{ "Humongous", "Humongous Insurance", "https://humongousinsurance.com", "Hartford",
		"United States", 1, 1, false },
	{ "LuceMoulin", "Lucerne Publishing S.A.", "https://lucernepublishing.ch", "Genève",
		"Switzerland", 1, 1, false },
	{ "MargiesTravel", "Margie's Travel", "margiestravel.com", "Miami", "United States", 1, 1,
		false },
	{ "SouthRidge", "Southridge Video", "southridgevideo.com", "Tampa", "United States", 1, 1,
		false },
	{ "TreyResearch", "Trey Research", "https://treyresearch.net", "Cambridge", "United States",
		1, 1, false },
	{ "VanArsdel", "VanArsdel, Ltd.", "https://vanarsdelltd.com", "Phoenix", "United States", 1,
		1, false },
	{ "WideWorld", "Wide World Importers", "https://wideworldimporters.com", "San Francisco",
		"United States", 1, 1, false },
	{ "Woodgrove", "Woodgrove Bank", "https://woodgrovebank.com", "Charlotte", "United States",
		3, 1, false },
	{ "CityPower", "City Power & Light", "https://cpandl.com", "Omaha", "United States", 1, 1,
		false },
	{ "ConsolidatedM", "Consolidated Messenger", "consolidatedmessenger.com", "Newark",
		"United States", 1, 1, false },
	{ "LamnaHC", "Lamna Healthcare Company", "https://lamnahealthcare.com", "Dallas",
		"United States", 1, 1, false },
	{ "BellowsCollege", "Bellows College", "https://bellowscollege.com", "Albany",
		"United States", 1, 1, false },
	{ "Relecloud", "Relecloud", "https://relecloud.com", "Redmond", "United States", 1, 2,
		false },
	{ "FirstUp", "First Up Consultants", "firstupconsultants.com", "Atlanta", "United States",
		1, 1, false },
	{ "NodPublishers", "Nod Publishers", "nodpublishers.com", "Philadelphia", "United States",
		1, 1, false },
	{ "MunsonPickles", "Munson's Pickles and Preserves Farm",
		"munsonspicklesandpreservesfarm.com", "Fresno", "United States", 1, 1, false },
	{ "BestForYou", "Best For You Organics Company", "bestforyouorganics.com", "Eugene",
		"United States", 1, 1, false },
	{ "SchoolFineArt", "School of Fine Art", "fineartschool.net", "Santa Fe", "United States",
		2, 1, false },
	{ "FincherArch", "Fincher Architects", "fincherarchitects.com", "Detroit", "United States",
		1, 1, false },
	{ "BoulangerieEte", "Boulangerie d'Été Inc.", "https://boulangerie-ete.ca", "Montréal",
		"Canada", 1, 1, false },
	{ "NorthwindUS", "Northwind Traders", "https://northwindtraders.com", "Spokane",
		"United States", 1, 1, false },
	{ "WingtipUS", "Wingtip Toys", "https://wingtiptoys.com", "Columbus", "United States", 1, 1,
		false },
	{ "AvionMuller", "Müller & Söhne \"Avion\" KG", "mueller-avion.de", "München", "Germany", 1,
		1, false },
	{ "AcmeVendor", "Office Supplies Wholesale", "officesupplies.example", "Toledo",
		"United States", 1, 4, false },
};

#define N_SEEDS (sizeof(seeds) / sizeof(seeds[0]))

/* Where id is, or would go. */
static size_t position(const struct companies *all, int id)
{
	size_t low = 0, high = all->n;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (all->v[mid].id < id)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

struct company *company_find(const struct companies *all, int id)
{
	size_t at = position(all, id);

	return at < all->n && all->v[at].id == id ? &all->v[at] : NULL;
}

struct company *company_by_identifier(const struct companies *all, const char *identifier)
{
	for (size_t i = 0; i < all->n; i++)
		if (strcasecmp(all->v[i].identifier, identifier) == 0)
			return &all->v[i];
	return NULL;
}

/* Ids leave gaps of one to seven. */
static int next_id(struct companies *all)
{
	all->step = all->step * 1103515245u + 12345u;
	if (all->next_id < FIRST_ID)
		return FIRST_ID;
	return all->next_id + (int)(all->step >> 16) % 7;
}

struct company *company_add(struct companies *all, int id, const char *identifier, const char *name)
{
	struct company *co;
	size_t at;

	if (id == 0)
		id = next_id(all);
	if (id >= all->next_id)
		all->next_id = id + 1;
	if (all->n == all->size) {
		all->size = all->size ? all->size * 2 : 64;
		all->v = xrealloc(all->v, all->size, sizeof(*all->v));
	}
	at = position(all, id);
	memmove(&all->v[at + 1], &all->v[at], (all->n - at) * sizeof(*co));
	all->n++;
	co = &all->v[at];
	*co = (struct company){ .id = id, .status = 1, .type = 1, .mine = id % 3 == 0 };
	co->identifier = xstrdup(identifier);
	co->name = xstrdup(name);
	co->entered_at = SEEDED_AT;
	co->updated_at = SEEDED_AT + (int64_t)id * 60000;
	return co;
}

static void company_clear(struct company *co)
{
	free(co->identifier);
	free(co->name);
	free(co->website);
	free(co->city);
	free(co->country);
	free(co->phone);
}

bool company_remove(struct companies *all, int id)
{
	struct company *co = company_find(all, id);
	size_t at;

	if (!co)
		return false;
	company_clear(co);
	at = (size_t)(co - all->v);
	memmove(co, co + 1, (all->n - at - 1) * sizeof(*co));
	all->n--;
	return true;
}

void companies_free(struct companies *all)
{
	for (size_t i = 0; i < all->n; i++)
		company_clear(&all->v[i]);
	free(all->v);
	*all = (struct companies){ 0 };
}

static const char *const first_words[] = {
	"Harbor",
	"Summit",
	"Cedar",
	"Granite",
	"Lakeside",
	"Évian",
	"Prairie",
	"Sterling",
	"Maple",
	"Beacon",
	"Ironwood",
	"Saint-Denis",
	"Copper",
	"Riverside",
	"Juniper",
	"Atlas",
};
static const char *const second_words[] = {
	"Dental",
	"Logistics",
	"Legal Group",
	"Construction",
	"Accounting",
	"Pharmacy",
	"Engineering",
	"Realty",
	"Foods",
	"Clinic",
	"Motors",
	"Textiles",
	"Charter School",
};
static const char *const third_words[] = { "LLC", "Inc.", "Ltd", "SARL", "GmbH", "Ltée", "Co." };

void companies_generate(struct companies *all, size_t more)
{
	for (size_t i = 0; i < more; i++) {
		size_t k = all->n;
		char *identifier = xprintf("Gen%06zu", k);
		char *name = xprintf("%s %s %zu %s", first_words[k % 16], second_words[k % 13], k,
			third_words[k % 7]);
		struct company *co = company_add(all, 0, identifier, name);

		co->website = xprintf("https://www.gen%06zu.example", k);
		co->city = xstrdup("Springfield");
		co->country = xstrdup("United States");
		co->status = k % 11 == 0 ? 2 : 1;
		free(identifier);
		free(name);
	}
}

void companies_seed(struct companies *all, size_t n)
{
	companies_free(all);
	all->step = 7;
	for (size_t i = 0; i < N_SEEDS && i < n; i++) {
		struct company *co = company_add(all, 0, seeds[i].identifier, seeds[i].name);

		co->website = xstrdup(seeds[i].website);
		co->city = xstrdup(seeds[i].city);
		co->country = xstrdup(seeds[i].country);
		co->phone = xprintf("555010%02zu", i);
		co->status = seeds[i].status;
		co->type = seeds[i].type;
		co->deleted = seeds[i].deleted;
		co->deleted_at = co->deleted ? co->updated_at : 0;
	}
	if (n > all->n)
		companies_generate(all, n - all->n);
}
