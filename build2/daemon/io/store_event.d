build2/daemon/io/store_event.o: daemon/io/store_event.c \
 daemon/io/store_event_row.h daemon/io/store_db.h daemon/io/store.h \
 daemon/base/fault.h daemon/base/tidy.h daemon/io/store_event.h \
 daemon/base/digest.h daemon/base/mem.h daemon/base/str.h
daemon/io/store_event_row.h:
daemon/io/store_db.h:
daemon/io/store.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/io/store_event.h:
daemon/base/digest.h:
daemon/base/mem.h:
daemon/base/str.h:
