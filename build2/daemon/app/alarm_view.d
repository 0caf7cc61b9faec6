build2/daemon/app/alarm_view.o: daemon/app/alarm_view.c \
 daemon/app/alarm.h daemon/base/json.h daemon/base/fault.h \
 daemon/base/tidy.h daemon/base/json_scan.h daemon/base/str.h \
 daemon/core/alarm.h daemon/core/alarm_text.h daemon/core/ticket.h \
 daemon/core/event.h daemon/core/identity.h daemon/app/app.h \
 daemon/app/backup.h daemon/app/audit.h daemon/io/store_audit.h \
 daemon/io/store.h daemon/io/store_tenant.h daemon/app/board.h \
 daemon/io/store_status.h daemon/app/check.h daemon/app/link.h \
 daemon/core/outcome.h daemon/core/pace.h daemon/app/delivery.h \
 daemon/app/paused.h daemon/app/reload.h daemon/io/api.h \
 daemon/app/sync.h daemon/app/turn.h daemon/base/log.h daemon/app/twins.h \
 daemon/io/conf.h daemon/base/secret.h daemon/core/decide.h \
 daemon/io/cw.h daemon/core/site.h daemon/io/http.h daemon/app/control.h \
 daemon/app/view.h daemon/io/store_company.h daemon/io/store_event.h \
 daemon/io/store_incident.h daemon/base/mem.h
daemon/app/alarm.h:
daemon/base/json.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/json_scan.h:
daemon/base/str.h:
daemon/core/alarm.h:
daemon/core/alarm_text.h:
daemon/core/ticket.h:
daemon/core/event.h:
daemon/core/identity.h:
daemon/app/app.h:
daemon/app/backup.h:
daemon/app/audit.h:
daemon/io/store_audit.h:
daemon/io/store.h:
daemon/io/store_tenant.h:
daemon/app/board.h:
daemon/io/store_status.h:
daemon/app/check.h:
daemon/app/link.h:
daemon/core/outcome.h:
daemon/core/pace.h:
daemon/app/delivery.h:
daemon/app/paused.h:
daemon/app/reload.h:
daemon/io/api.h:
daemon/app/sync.h:
daemon/app/turn.h:
daemon/base/log.h:
daemon/app/twins.h:
daemon/io/conf.h:
daemon/base/secret.h:
daemon/core/decide.h:
daemon/io/cw.h:
daemon/core/site.h:
daemon/io/http.h:
daemon/app/control.h:
daemon/app/view.h:
daemon/io/store_company.h:
daemon/io/store_event.h:
daemon/io/store_incident.h:
daemon/base/mem.h:
