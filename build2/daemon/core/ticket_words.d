build2/daemon/core/ticket_words.o: daemon/core/ticket_words.c \
 daemon/core/ticket_words.h daemon/base/str.h daemon/base/tidy.h \
 daemon/core/ticket.h daemon/core/event.h daemon/base/fault.h \
 daemon/base/json.h daemon/base/json_scan.h daemon/core/identity.h
daemon/core/ticket_words.h:
daemon/base/str.h:
daemon/base/tidy.h:
daemon/core/ticket.h:
daemon/core/event.h:
daemon/base/fault.h:
daemon/base/json.h:
daemon/base/json_scan.h:
daemon/core/identity.h:
