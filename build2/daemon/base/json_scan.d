build2/daemon/base/json_scan.o: daemon/base/json_scan.c \
 daemon/base/json_scan.h daemon/base/fault.h daemon/base/tidy.h \
 daemon/base/json_key.h daemon/base/mem.h daemon/base/str.h
daemon/base/json_scan.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/json_key.h:
daemon/base/mem.h:
daemon/base/str.h:
