build2/daemon/core/identity.o: daemon/core/identity.c \
 daemon/core/identity.h daemon/base/tidy.h daemon/core/event.h \
 daemon/base/fault.h daemon/base/json.h daemon/base/json_scan.h \
 daemon/base/digest.h daemon/base/mem.h daemon/base/str.h
daemon/core/identity.h:
daemon/base/tidy.h:
daemon/core/event.h:
daemon/base/fault.h:
daemon/base/json.h:
daemon/base/json_scan.h:
daemon/base/digest.h:
daemon/base/mem.h:
daemon/base/str.h:
