build2/daemon/io/store_event_move.o: daemon/io/store_event_move.c \
 daemon/io/store_event_row.h daemon/io/store_db.h daemon/io/store.h \
 daemon/base/fault.h daemon/base/tidy.h daemon/io/store_event.h
daemon/io/store_event_row.h:
daemon/io/store_db.h:
daemon/io/store.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/io/store_event.h:
