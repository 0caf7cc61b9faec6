build2/daemon/core/alarm_state.o: daemon/core/alarm_state.c \
 daemon/core/alarm.h daemon/base/fault.h daemon/base/tidy.h \
 daemon/base/json.h daemon/base/json_scan.h daemon/base/mem.h
daemon/core/alarm.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/json.h:
daemon/base/json_scan.h:
daemon/base/mem.h:
