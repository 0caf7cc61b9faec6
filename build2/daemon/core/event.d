build2/daemon/core/event.o: daemon/core/event.c daemon/core/event.h \
 daemon/base/fault.h daemon/base/tidy.h daemon/base/json.h \
 daemon/base/json_scan.h daemon/base/mem.h daemon/base/now.h \
 daemon/base/str.h
daemon/core/event.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/json.h:
daemon/base/json_scan.h:
daemon/base/mem.h:
daemon/base/now.h:
daemon/base/str.h:
