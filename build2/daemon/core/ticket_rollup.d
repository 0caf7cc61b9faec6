build2/daemon/core/ticket_rollup.o: daemon/core/ticket_rollup.c \
 daemon/core/ticket_rollup.h daemon/core/ticket.h daemon/base/tidy.h \
 daemon/core/event.h daemon/base/fault.h daemon/base/json.h \
 daemon/base/json_scan.h daemon/core/identity.h daemon/base/mem.h \
 daemon/base/str.h daemon/core/ticket_part.h daemon/core/ticket_words.h
daemon/core/ticket_rollup.h:
daemon/core/ticket.h:
daemon/base/tidy.h:
daemon/core/event.h:
daemon/base/fault.h:
daemon/base/json.h:
daemon/base/json_scan.h:
daemon/core/identity.h:
daemon/base/mem.h:
daemon/base/str.h:
daemon/core/ticket_part.h:
daemon/core/ticket_words.h:
