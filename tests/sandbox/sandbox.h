/*
 * sandbox.h - the whole look-alike in one struct: options, settings and one store per noun.
 */
#ifndef SANDBOX_SANDBOX_H
#define SANDBOX_SANDBOX_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "board.h"
#include "company.h"
#include "fault.h"
#include "journal.h"
#include "member.h"
#include "role.h"
#include "ticket.h"

struct event_base;
struct http;
struct tls;

#define LOGIN_COMPANY "acme_test"
#define OLD_CODEBASE "v4_6_release/"
#define API_VERSION "2026.3"
/* The keys of the API member; they open nothing but this program. */
#define TEST_PUBLIC_KEY "SandboxPublic01"
#define TEST_PRIVATE_KEY "SandboxPrivate-7d1f4c09"
#define TEST_CLIENT_ID "0f1e2d3c-4b5a-4978-8796-a5b4c3d2e1f0"

/* From the command line; never changed. */
struct options {
	const char *dir;
	char *admin;
	char *codebase;
	const char *log;
	int port;
	int companies;
	bool cloud;
	bool iscloud_string;
};

/* What POST /config changes; back to the options' values on reset. */
struct settings {
	int auth_failure_status; /* 401, or 404 as the cloud does */
	int wrong_codebase_status; /* 400 "Cannot route", or 404 */
	bool my_members_open; /* system/myMembers without Member Maintenance: Inquire */
	bool my_security_open;
	bool require_client_id;
	bool is_cloud_string;
	bool is_cloud;
	bool unknown_company; /* acme_test is not known */
	char *codebase; /* ends in a slash */
	char *restrict_client_id; /* the only GUID taken, or NULL */
	char *public_key;
	char *private_key;
	char *structure_level; /* of the API member: "Corporate (Level 1)", or a part of the firm */
	int search_lag_ms; /* tickets show up in lists only after this long */
	int search_lag_reads; /* … only after being left out of so many lists */
	int latency_ms; /* added to each reply */
};

struct sandbox {
	struct event_base *base;
	struct options options;
	struct settings settings;
	struct tls *tls;
	struct http *http;
	struct journal *journal;
	struct role role;
	struct faults faults;
	struct companies companies;
	struct boards boards;
	struct members members;
	struct tickets tickets;
};

void settings_reset(struct sandbox *sb);
void settings_free(struct settings *s);
/* Everything back to the state at start, except the request numbers. */
void sandbox_reset(struct sandbox *sb);

#endif
