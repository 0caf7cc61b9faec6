build2/daemon/core/site.o: daemon/core/site.c daemon/core/site.h \
 daemon/base/fault.h daemon/base/tidy.h daemon/base/json.h \
 daemon/base/json_scan.h daemon/base/mem.h daemon/base/str.h \
 daemon/core/plain.h
daemon/core/site.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/json.h:
daemon/base/json_scan.h:
daemon/base/mem.h:
daemon/base/str.h:
daemon/core/plain.h:
