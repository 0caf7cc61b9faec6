/* `opbridge tenants export` and `import`; called from tenants.c only. */
#ifndef CTL_TENANTS_FILE_H
#define CTL_TENANTS_FILE_H

struct args;
struct ctl;

int tenants_export(struct ctl *ctl, const struct args *args);
int tenants_import(struct ctl *ctl, const struct args *args);

#endif
