/* Run one target over every file of its corpus: TAP, one line. usage: replay-TARGET DIR */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "fuzz.h"

#define FILE_MAX (1 << 20)

static int run_file(const char *dir, const char *name, unsigned char *buf)
{
	char path[4096];
	FILE *f;
	size_t n;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "rb");
	if (!f)
		return 0;
	n = fread(buf, 1, FILE_MAX, f);
	fclose(f);
	LLVMFuzzerTestOneInput(buf, n);
	return 1;
}

int main(int argc, char **argv)
{
	unsigned char *buf = malloc(FILE_MAX);
	struct dirent *entry;
	DIR *dir;
	int n = 0;

	if (argc != 2 || !buf)
		return 64;
	dir = opendir(argv[1]);
	while (dir && (entry = readdir(dir)))
		if (*entry->d_name != '.')
			n += run_file(argv[1], entry->d_name, buf);
	if (dir)
		closedir(dir);
	free(buf);
	printf("%sok 1 - %s survives the %d inputs of its corpus\n", n ? "" : "not ", argv[1], n);
	return n ? 0 : 1;
}
