/*
 * sandbox.c - the settings at start, and the way back to them.
 */
#include "sandbox.h"
#include "text.h"

#include <stdlib.h>

void settings_free(struct settings *s)
{
	free(s->codebase);
	free(s->restrict_client_id);
	free(s->public_key);
	free(s->private_key);
	free(s->structure_level);
	*s = (struct settings){ 0 };
}

void settings_reset(struct sandbox *sb)
{
	struct settings *s = &sb->settings;

	settings_free(s);
	s->auth_failure_status = 401;
	s->wrong_codebase_status = 400;
	s->my_members_open = true;
	s->my_security_open = true;
	s->require_client_id = true;
	s->is_cloud = sb->options.cloud;
	s->is_cloud_string = sb->options.iscloud_string;
	s->codebase = xstrdup(sb->options.codebase);
	s->public_key = xstrdup(TEST_PUBLIC_KEY);
	s->private_key = xstrdup(TEST_PRIVATE_KEY);
	s->structure_level = xstrdup("Corporate (Level 1)");
}

void sandbox_reset(struct sandbox *sb)
{
	settings_reset(sb);
	faults_clear(&sb->faults);
	role_reset(&sb->role);
	companies_seed(&sb->companies, (size_t)sb->options.companies);
	boards_seed(&sb->boards);
	members_seed(&sb->members);
	tickets_seed(&sb->tickets);
	journal_clear(sb->journal);
}
