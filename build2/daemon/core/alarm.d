build2/daemon/core/alarm.o: daemon/core/alarm.c daemon/core/alarm.h \
 daemon/base/fault.h daemon/base/tidy.h daemon/base/mem.h
daemon/core/alarm.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/mem.h:
