/* The sentences of the emergency contact, as data. {rows}: the permission rows. */
#include "core/alarm_text.h"

#include <string.h>
#include "base/mem.h"
#include "base/str.h"
#include "core/outcome.h"

struct words {
	const char *title, *meaning, *remedy;
};

#define NOTHING_SENT                                                                               \
	"No ticket is created or updated for any customer. New events are still taken and kept; "  \
	"none is lost, and all are delivered once this is mended."
#define NOTHING_SENT_FR                                                                                \
	"Aucun billet n'est créé ni mis à jour, pour aucun client. Les nouveaux événements sont " \
	"toujours reçus et conservés ; aucun n'est perdu, et tous seront livrés une fois la "       \
	"panne réparée."

static const struct words words[CAUSE_COUNT][2] = {
	[CAUSE_KEYS] = { { "ConnectWise refuses the keys", NOTHING_SENT,
				 "In ConnectWise, System > Members > API Members: is the member "
				 "active, and is "
				 "its key still on the API Keys tab? If in doubt make a new pair: "
				 "`opbridge setup key` tries it and takes it over; `opbridge "
				 "check` shows whether it works." },
		{ "ConnectWise refuse les clés", NOTHING_SENT_FR,
			"Dans ConnectWise, System > Members > API Members : le membre est-il "
			"actif, et "
			"sa clé est-elle encore sous l'onglet API Keys ? En cas de doute, créer "
			"une "
			"nouvelle paire : `opbridge setup key` l'essaie et l'adopte ; `opbridge "
			"check` montre si cela fonctionne." } },
	[CAUSE_CERTIFICATE] = { { "the certificate of ConnectWise is not trusted", NOTHING_SENT,
					"Look at what answers there: a proxy that opens TLS, a "
					"wrong name in "
					"connectwise.site, or a server with an expired "
					"certificate. If the "
					"certificate is right, name its authority in "
					"connectwise.ca_file; then "
					"`systemctl reload opbridged` and `opbridge check`." },
		{ "le certificat de ConnectWise n'est pas reconnu", NOTHING_SENT_FR,
			"Vérifier ce qui répond là : un serveur mandataire qui ouvre le TLS, un "
			"mauvais nom dans connectwise.site, ou un serveur au certificat expiré. Si "
			"le "
			"certificat est bon, nommer son autorité dans connectwise.ca_file ; "
			"ensuite "
			"`systemctl reload opbridged` et `opbridge check`." } },
	[CAUSE_CONNECTION] = { { "ConnectWise cannot be worked with", NOTHING_SENT,
				       "An outage of ConnectWise (https://status.connectwise.com) "
				       "or of the network "
				       "needs nothing but time: it goes on by itself. Otherwise "
				       "`opbridge check` "
				       "says step by step what works and what does not." },
		{ "ConnectWise est inutilisable", NOTHING_SENT_FR,
			"Une panne de ConnectWise (https://status.connectwise.com) ou du réseau ne "
			"demande que du temps : la livraison reprend d'elle-même. Sinon, `opbridge "
			"check` dit étape par étape ce qui fonctionne et ce qui ne fonctionne "
			"pas." } },
	[CAUSE_PERMISSION] = { { "the API member lost a permission in ConnectWise",
				       "Events that need it wait; none is lost.",
				       "In ConnectWise, System > Security Roles > the API member's "
				       "role, set to All: "
				       "{rows}. Then `opbridge check`: what waits goes out at "
				       "once." },
		{ "le membre API a perdu un droit dans ConnectWise",
			"Les événements qui en ont besoin attendent ; aucun n'est perdu.",
			"Dans ConnectWise, System > Security Roles > le rôle du membre API, régler "
			"sur "
			"All : {rows}. Ensuite `opbridge check` : ce qui attend part aussitôt." } },
	[CAUSE_STORE] = { { "the queue cannot be written",
				  "New events are refused with a word to send them again; what was "
				  "accepted "
				  "before is safe. No ticket is created or updated meanwhile.",
				  "Look at the disk below store.database: is it full, read-only or "
				  "failing? "
				  "`journalctl -u opbridged` names the error. It goes on by itself "
				  "once "
				  "writing works." },
		{ "la file d'attente ne peut pas être écrite",
			"Les nouveaux événements sont refusés, avec la consigne de les renvoyer ; "
			"ce "
			"qui était déjà accepté est en sûreté. Aucun billet n'est créé ni mis à "
			"jour "
			"en attendant.",
			"Vérifier le disque sous store.database : est-il plein, en lecture seule "
			"ou "
			"défaillant ? `journalctl -u opbridged` nomme l'erreur. Tout reprend de "
			"soi-même dès que l'écriture fonctionne." } },
	[CAUSE_ROOM] = { { "little room is left for events",
				 "Everything still works. When the room is used up, new events are "
				 "refused "
				 "until there is some again.",
				 "Free space on that disk, or raise store.max_bytes (it needs a "
				 "restart), or "
				 "shorten store.history." },
		{ "il reste peu de place pour les événements",
			"Tout fonctionne encore. Une fois la place épuisée, les nouveaux "
			"événements "
			"seront refusés jusqu'à ce qu'il y en ait de nouveau.",
			"Libérer de l'espace sur ce disque, ou augmenter store.max_bytes (demande "
			"un "
			"redémarrage), ou raccourcir store.history." } },
	[CAUSE_UNDELIVERED] = { { "events wait for ConnectWise too long",
					"Tickets for these events are late. No event is lost.",
					"`opbridge status` says what they wait for, `opbridge "
					"events --state queued` "
					"names them, and `opbridge check` tries the connection and "
					"the permissions." },
		{ "des événements attendent ConnectWise depuis trop longtemps",
			"Les billets de ces événements sont en retard. Aucun événement n'est "
			"perdu.",
			"`opbridge status` dit ce qu'ils attendent, `opbridge events --state "
			"queued` "
			"les nomme, et `opbridge check` essaie la connexion et les droits." } },
	[CAUSE_HELD] = { { "events are held: their tenant has no company that gets tickets",
				 "These customers get no tickets until a person maps them. Held "
				 "events expire "
				 "after delivery.hold_max_age.",
				 "`opbridge tenants` shows the tenants, `opbridge companies TEXT` "
				 "finds a "
				 "company, `opbridge map TENANT COMPANY` releases what is held. "
				 "Where it shows a company as inactive or gone: put that right in "
				 "ConnectWise, or map the tenant to its successor. For a tenant "
				 "that should have no tickets: `opbridge flow TENANT off`." },
		{ "des événements sont retenus : leur locataire n'a pas d'entreprise active",
			"Ces clients n'auront pas de billets tant que personne ne les aura "
			"associés. "
			"Les événements retenus expirent après delivery.hold_max_age.",
			"`opbridge tenants` montre les locataires, `opbridge companies TEXTE` "
			"trouve "
			"une entreprise, `opbridge map LOCATAIRE ENTREPRISE` libère ce qui est "
			"retenu. "
			"Si l'entreprise y est inactive ou disparue : corriger cela dans "
			"ConnectWise, ou associer le locataire à son successeur. "
			"Pour un locataire qui ne doit pas avoir de billets : `opbridge flow "
			"LOCATAIRE "
			"off`." } },
	[CAUSE_DEAD] = { { "ConnectWise refused events for good",
				 "These events are in no ticket: nobody at the customer's is "
				 "working on them.",
				 "`opbridge events --state dead` says why. Mend the cause, then "
				 "`opbridge retry "
				 "--all`. Until then look at them in Office Protect." },
		{ "ConnectWise a refusé des événements définitivement",
			"Ces événements ne sont dans aucun billet : personne ne s'en occupe.",
			"`opbridge events --state dead` dit pourquoi. Réparer la cause, puis "
			"`opbridge "
			"retry --all`. D'ici là, les consulter dans Office Protect." } },
	[CAUSE_SILENCE] = { { "no event comes in",
				    "If Office Protect has events meanwhile, no ticket is made for "
				    "them.",
				    "Look at the program that hands events over to opbridge: does "
				    "it run, and may "
				    "it write to the socket? `opbridge events` shows the last "
				    "ones. If so few "
				    "events are usual, raise alarm.silence_after." },
		{ "aucun événement n'arrive",
			"Si Office Protect a des événements entre-temps, aucun billet n'est créé "
			"pour "
			"eux.",
			"Vérifier le programme qui remet les événements à opbridge : "
			"fonctionne-t-il, "
			"et peut-il écrire dans le socket ? `opbridge events` montre les derniers. "
			"Si "
			"si peu d'événements sont normaux, augmenter alarm.silence_after." } },
	[CAUSE_STOPPED] = { { "opbridge has stopped, and does not start again by itself",
				    "No ticket is created or updated for any customer. New events "
				    "are "
				    "not taken: the programs that hand them over must do so again "
				    "later. What was accepted before is safe.",
				    "On that machine: `systemctl status opbridged` and `journalctl "
				    "-u "
				    "opbridged` say why, `opbridged -t` names each fault of the "
				    "configuration. Mend it, then `systemctl restart opbridged`." },
		{ "opbridge s'est arrêté et ne redémarre pas de lui-même",
			"Aucun billet n'est créé ni mis à jour, pour aucun client. Les nouveaux "
			"événements ne sont pas reçus : les programmes qui les remettent devront "
			"le "
			"refaire plus tard. Ce qui était déjà accepté est en sûreté.",
			"Sur cette machine : `systemctl status opbridged` et `journalctl -u "
			"opbridged` disent pourquoi, `opbridged -t` nomme chaque faute de la "
			"configuration. Réparer, puis `systemctl restart opbridged`." } },
};

/* The table's sentence with what its marks stand for. gives */
static char *fill(const char *text, const char *mark, const char *value)
{
	const char *at = strstr(text, mark);

	if (!at)
		return xstrdup(text);
	return xasprintf("%.*s%s%s", (int)(at - text), text, value, at + strlen(mark));
}

const char *alarm_title(enum cause cause, enum language language)
{
	return words[cause][language].title;
}

const char *alarm_meaning(enum cause cause, enum language language)
{
	return words[cause][language].meaning;
}

char *alarm_remedy(enum cause cause, uint64_t pieces, enum language language)
{
	STR_AUTO(rows);
	int i;

	for (i = 0; i < PERMISSION_COUNT; i++)
		if (pieces & UINT64_C(1) << i)
			str_addf(&rows, "%s%s > %s: %s", rows.len ? "; " : "",
				permissions[i].module, permissions[i].function,
				permissions[i].level);
	return fill(words[cause][language].remedy, "{rows}", rows.len ? rows.at : "?");
}
