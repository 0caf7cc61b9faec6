/* A new configuration, whole or not at all. */
#ifndef APP_RELOAD_H
#define APP_RELOAD_H

#include "base/fault.h"
#include "base/tidy.h"
#include "io/api.h"

struct app;
struct audit_who;
struct conf;

/* Read the file again and take it over. who: for the audit trail. *ret_changed: names of changed
 * keys, comma-separated (gives: mem_free). -FAULT_CONFIG: nothing has changed; reterr holds every
 * fault as far as it fits. */
int reload(struct app *app, const struct audit_who *who, char **ret_changed,
	struct fault *reterr) MUST_CHECK;
/* The local server's limits: as configured, as far as the limit of open files allows. */
struct api_limits reload_limits(const struct conf *conf);
/* Log level and format of a configuration. */
void reload_log(const struct conf *conf);

#endif
