build2/daemon/core/alarm_text.o: daemon/core/alarm_text.c \
 daemon/core/alarm_text.h daemon/base/json.h daemon/base/fault.h \
 daemon/base/tidy.h daemon/base/json_scan.h daemon/core/alarm.h \
 daemon/core/ticket.h daemon/core/event.h daemon/core/identity.h \
 daemon/base/mem.h daemon/base/now.h daemon/base/str.h
daemon/core/alarm_text.h:
daemon/base/json.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/json_scan.h:
daemon/core/alarm.h:
daemon/core/ticket.h:
daemon/core/event.h:
daemon/core/identity.h:
daemon/base/mem.h:
daemon/base/now.h:
daemon/base/str.h:
