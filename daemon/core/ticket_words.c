#include "core/ticket_words.h"

#include <ctype.h>
#include <stdlib.h>

static const char *const words[WORD_COUNT][2] = {
	[WORD_TENANT] = { "Tenant", "Client" },
	[WORD_WHEN] = { "When", "Quand" },
	[WORD_STATE] = { "State", "État" },
	[WORD_SEVERITY] = { "Severity", "Gravité" },
	[WORD_EVENT] = { "Event", "Événement" },
	[WORD_WHAT] = { "What happened", "Ce qui s'est passé" },
	[WORD_DETAILS] = { "Details", "Détails" },
	[WORD_EVENTS] = { "Events, oldest first", "Événements, du plus ancien au plus récent" },
	[WORD_FURTHER] = { "Further data", "Autres données" },
	[WORD_VIEW] = { "View event in Office Protect", "Voir l'événement dans Office Protect" },
	[WORD_IGNORE] = { "Ignore event", "Ignorer l'événement" },
	[WORD_PREVIOUS] = { "Earlier ticket of the same incident",
		"Billet précédent du même incident" },
	[WORD_REFERENCE] = { "Reference", "Référence" },
	[WORD_TO] = { " to ", " à " },
	[WORD_COLON] = { ": ", " : " },
};

/* The entities that conf/event-types.conf speaks of; others are shown by their own name. */
static const struct {
	const char *name, *words[2];
} entities[] = {
	{ "application", { "Application", "Application" } },
	{ "changes", { "Changes", "Changements" } },
	{ "country", { "Country", "Pays" } },
	{ "created_by", { "Created by", "Créé par" } },
	{ "current_state", { "Current state", "État actuel" } },
	{ "deleted_by", { "Deleted by", "Supprimé par" } },
	{ "file", { "File", "Fichier" } },
	{ "granted_by", { "Granted by", "Accordé par" } },
	{ "health_type", { "Health type", "Type d'état de santé" } },
	{ "ip", { "IP address", "Adresse IP" } },
	{ "license", { "License", "Licence" } },
	{ "mailbox", { "Mailbox", "Boîte aux lettres" } },
	{ "microsoft_365_value", { "Microsoft 365 value", "Valeur Microsoft 365" } },
	{ "office_protect_value", { "Office Protect value", "Valeur Office Protect" } },
	{ "previous_state", { "Previous state", "État précédent" } },
	{ "right", { "Right", "Droit" } },
	{ "sent_as", { "Sent as", "Envoyé en tant que" } },
	{ "setting", { "Setting", "Paramètre" } },
	{ "site", { "Site", "Site" } },
	{ "target_mailbox", { "Target mailbox", "Boîte aux lettres cible" } },
	{ "user", { "User", "Utilisateur" } },
	{ "user_agent", { "User agent", "Agent utilisateur" } },
	{ "users", { "Users", "Utilisateurs" } },
};

static int column(enum language language)
{
	switch (language) {
	case LANGUAGE_EN:
		return 0;
	case LANGUAGE_FR:
		return 1;
	}
	abort();
}

const char *ticket_word(enum language language, enum ticket_word word)
{
	return words[word][column(language)];
}

const char *ticket_state_word(enum language language, enum event_state state)
{
	int at = column(language);

	switch (state) {
	case EVENT_RAISED:
		return at ? "signalé" : "raised";
	case EVENT_UPDATED:
		return at ? "mis à jour" : "updated";
	case EVENT_RESOLVED:
		return at ? "résolu" : "resolved";
	case EVENT_IGNORED:
		return at ? "ignoré" : "ignored";
	}
	abort();
}

void ticket_entity_name(struct str *out, enum language language, const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(entities); i++)
		if (str_eq_nocase(entities[i].name, name)) {
			str_add(out, entities[i].words[column(language)]);
			return;
		}
	for (i = 0; name[i]; i++) {
		unsigned char c = name[i] == '_' ? ' ' : (unsigned char)name[i];

		str_addc(out, (char)(i == 0 && isascii(c) ? toupper(c) : c));
	}
}

void ticket_say_date(struct str *out, enum language language, int year, int month, int day)
{
	static const char *const months[] = { "janv.", "févr.", "mars", "avr.", "mai", "juin",
		"juill.", "août", "sept.", "oct.", "nov.", "déc." };

	switch (language) {
	case LANGUAGE_EN:
		str_addf(out, "%04d-%02d-%02d", year, month, day);
		return;
	case LANGUAGE_FR:
		str_addf(out, day == 1 ? "%der %s %d" : "%d %s %d", day, months[month - 1], year);
		return;
	}
	abort();
}

void ticket_say_left_out(struct str *out, enum language language, size_t n)
{
	str_addf(out,
		column(language) ? "(la suite, %zu caractères, est omise ici)"
				 : "(%zu more characters are left out here)",
		n);
}

void ticket_say_unlisted(struct str *out, enum language language, size_t n)
{
	str_addf(out,
		column(language) ? "(événements plus anciens, non listés : %zu)"
				 : "(older events, not listed: %zu)",
		n);
}

void ticket_say_will_join(struct str *out, enum language language, const char *label)
{
	bool french = column(language) == 1;

	if (str_is_blank(label))
		str_add(out,
			french ? "Les événements suivants du même incident s'ajoutent à ce billet."
			       : "Later events of the same incident join this ticket.");
	else
		str_addf(out,
			french ? "Les événements suivants de ce type avec les mêmes valeurs (%s) "
				 "s'ajoutent à ce billet."
			       : "Later events of this type with the same values (%s) join this "
				 "ticket.",
			label);
}

void ticket_say_joined(struct str *out, enum language language, size_t n, const char *label)
{
	bool french = column(language) == 1;

	if (str_is_blank(label))
		return;
	if (n == 1)
		str_addf(out,
			french ? "Il s'ajoute à ce billet, car ses valeurs sont les mêmes (%s)."
			       : "It joins this ticket because its values are the same (%s).",
			label);
	else
		str_addf(out,
			french ? "Ils s'ajoutent à ce billet, car leurs valeurs sont les mêmes "
				 "(%s)."
			       : "They join this ticket because their values are the same (%s).",
			label);
}

static const char *single_news(bool french, enum event_state state)
{
	switch (state) {
	case EVENT_RAISED:
		return french ? "Nouvel événement du même incident" : "It happened again";
	case EVENT_UPDATED:
		return french ? "L'événement a été mis à jour" : "The event was updated";
	case EVENT_RESOLVED:
		return french ? "L'événement est résolu" : "The event was resolved";
	case EVENT_IGNORED:
		return french ? "L'événement a été ignoré dans Office Protect"
			      : "The event was ignored in Office Protect";
	}
	abort();
}

void ticket_say_news(struct str *out, enum language language, size_t n, enum event_state newest)
{
	bool french = column(language) == 1;

	if (n == 1)
		str_add(out, single_news(french, newest));
	else
		str_addf(out,
			french ? "%zu autres événements, état du plus récent : %s"
			       : "%zu more events, state of the newest: %s",
			n, ticket_state_word(language, newest));
}
