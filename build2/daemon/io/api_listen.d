build2/daemon/io/api_listen.o: daemon/io/api_listen.c \
 daemon/io/api_private.h daemon/io/api.h daemon/base/fault.h \
 daemon/base/tidy.h daemon/base/json.h daemon/base/json_scan.h \
 daemon/io/api_guests.h daemon/base/mem.h daemon/base/now.h \
 daemon/base/str.h
daemon/io/api_private.h:
daemon/io/api.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/json.h:
daemon/base/json_scan.h:
daemon/io/api_guests.h:
daemon/base/mem.h:
daemon/base/now.h:
daemon/base/str.h:
