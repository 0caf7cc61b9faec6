/* Configuration files: any text must end in a configuration or in faults, never in a crash. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "io/conf.h"
#include "fuzz.h"

/* libconfig 1.5 forgets a few bytes of a text or value that stands at a syntax fault; not ours to
 * mend. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:strbuf_append\nleak:libconfig_yylex\nleak:libconfig_yyparse";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[] = "/tmp/opbridge-fuzz-conf.XXXXXX";
	struct conf_faults faults = { 0 };
	struct conf *conf = NULL;
	struct fault f = { 0 };
	int fd = mkstemp(path);

	if (fd < 0)
		return 0;
	if (write(fd, data, size) == (ssize_t)size && conf_load(path, &conf, &faults, &f) == 0)
		conf_unref(conf);
	conf_faults_clear(&faults);
	close(fd);
	unlink(path);
	return 0;
}
