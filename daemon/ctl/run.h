/* The functions of the sub-commands, one file per family; called from commands.c only. Each
 * returns an exit_code and has printed what there is to say. */
#ifndef CTL_RUN_H
#define CTL_RUN_H

struct args;
struct ctl;

int run_submit(struct ctl *ctl, const struct args *args);
int run_status(struct ctl *ctl, const struct args *args);
int run_events(struct ctl *ctl, const struct args *args);
int run_event(struct ctl *ctl, const struct args *args);
int run_retry(struct ctl *ctl, const struct args *args);
int run_incidents(struct ctl *ctl, const struct args *args);
int run_companies(struct ctl *ctl, const struct args *args);
int run_tenants(struct ctl *ctl, const struct args *args);
int run_map(struct ctl *ctl, const struct args *args);
int run_unmap(struct ctl *ctl, const struct args *args);
int run_flow(struct ctl *ctl, const struct args *args);
int run_audit(struct ctl *ctl, const struct args *args);
int run_board(struct ctl *ctl, const struct args *args);
int run_statuses(struct ctl *ctl, const struct args *args);
int run_sync(struct ctl *ctl, const struct args *args);
int run_check(struct ctl *ctl, const struct args *args);
int run_reload(struct ctl *ctl, const struct args *args);
int run_backup(struct ctl *ctl, const struct args *args);
int run_setup(struct ctl *ctl, const struct args *args);
int run_metrics(struct ctl *ctl, const struct args *args);

#endif
