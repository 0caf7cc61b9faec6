#include "io/passwd.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include "base/str.h"

bool passwd_name(const char *file, int64_t uid, char *ret_name, size_t size)
{
	char text[4096];
	struct passwd entry, *found = NULL;
	FILE *f = uid < 0 ? NULL : fopen(file, "re");

	*ret_name = '\0';
	if (!f)
		return false;
	/* a line too long for text ends the search: a name less, nothing wrong */
	while (fgetpwent_r(f, &entry, text, sizeof(text), &found) == 0 && found)
		if ((int64_t)entry.pw_uid == uid &&
			utf8_valid(entry.pw_name, strlen(entry.pw_name))) {
			snprintf(ret_name, size, "%s", entry.pw_name);
			break;
		}
	fclose(f);
	return *ret_name != '\0';
}
