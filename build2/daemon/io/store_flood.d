build2/daemon/io/store_flood.o: daemon/io/store_flood.c \
 daemon/io/store_flood.h daemon/io/store.h daemon/base/fault.h \
 daemon/base/tidy.h daemon/io/store_db.h
daemon/io/store_flood.h:
daemon/io/store.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/io/store_db.h:
