build2/daemon/core/site_query.o: daemon/core/site_query.c \
 daemon/core/site.h daemon/base/fault.h daemon/base/tidy.h \
 daemon/base/json.h daemon/base/json_scan.h daemon/base/mem.h \
 daemon/base/str.h
daemon/core/site.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/json.h:
daemon/base/json_scan.h:
daemon/base/mem.h:
daemon/base/str.h:
