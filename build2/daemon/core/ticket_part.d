build2/daemon/core/ticket_part.o: daemon/core/ticket_part.c \
 daemon/core/ticket_part.h daemon/base/str.h daemon/base/tidy.h \
 daemon/core/ticket.h daemon/core/event.h daemon/base/fault.h \
 daemon/base/json.h daemon/base/json_scan.h daemon/core/identity.h \
 daemon/base/mem.h daemon/base/zone.h daemon/core/plain.h \
 daemon/core/ticket_words.h
daemon/core/ticket_part.h:
daemon/base/str.h:
daemon/base/tidy.h:
daemon/core/ticket.h:
daemon/core/event.h:
daemon/base/fault.h:
daemon/base/json.h:
daemon/base/json_scan.h:
daemon/core/identity.h:
daemon/base/mem.h:
daemon/base/zone.h:
daemon/core/plain.h:
daemon/core/ticket_words.h:
