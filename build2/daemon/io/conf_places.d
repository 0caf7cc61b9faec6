build2/daemon/io/conf_places.o: daemon/io/conf_places.c \
 daemon/io/conf_parts.h daemon/io/conf.h daemon/base/fault.h \
 daemon/base/tidy.h daemon/base/log.h daemon/base/secret.h \
 daemon/core/decide.h daemon/core/identity.h daemon/core/event.h \
 daemon/base/json.h daemon/base/json_scan.h daemon/core/ticket.h \
 daemon/base/mem.h daemon/base/str.h daemon/io/journal.h
daemon/io/conf_parts.h:
daemon/io/conf.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/log.h:
daemon/base/secret.h:
daemon/core/decide.h:
daemon/core/identity.h:
daemon/core/event.h:
daemon/base/json.h:
daemon/base/json_scan.h:
daemon/core/ticket.h:
daemon/base/mem.h:
daemon/base/str.h:
daemon/io/journal.h:
