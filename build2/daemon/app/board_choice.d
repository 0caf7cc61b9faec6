build2/daemon/app/board_choice.o: daemon/app/board_choice.c \
 daemon/app/board_choice.h daemon/base/fault.h daemon/base/tidy.h \
 daemon/io/conf.h daemon/base/log.h daemon/base/secret.h \
 daemon/core/decide.h daemon/core/identity.h daemon/core/event.h \
 daemon/base/json.h daemon/base/json_scan.h daemon/core/ticket.h \
 daemon/io/store_status.h daemon/io/store.h daemon/base/str.h
daemon/app/board_choice.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/io/conf.h:
daemon/base/log.h:
daemon/base/secret.h:
daemon/core/decide.h:
daemon/core/identity.h:
daemon/core/event.h:
daemon/base/json.h:
daemon/base/json_scan.h:
daemon/core/ticket.h:
daemon/io/store_status.h:
daemon/io/store.h:
daemon/base/str.h:
