build2/daemon/base/json.o: daemon/base/json.c daemon/base/json.h \
 daemon/base/fault.h daemon/base/tidy.h daemon/base/json_scan.h \
 daemon/base/mem.h daemon/base/now.h daemon/base/str.h
daemon/base/json.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/json_scan.h:
daemon/base/mem.h:
daemon/base/now.h:
daemon/base/str.h:
