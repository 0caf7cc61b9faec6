build2/daemon/io/api.o: daemon/io/api.c daemon/io/api_private.h \
 daemon/io/api.h daemon/base/fault.h daemon/base/tidy.h \
 daemon/base/json.h daemon/base/json_scan.h daemon/io/api_guests.h \
 daemon/base/mem.h daemon/base/str.h
daemon/io/api_private.h:
daemon/io/api.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/json.h:
daemon/base/json_scan.h:
daemon/io/api_guests.h:
daemon/base/mem.h:
daemon/base/str.h:
