build2/daemon/io/store_schema.o: daemon/io/store_schema.c \
 daemon/io/store_db.h daemon/io/store.h daemon/base/fault.h \
 daemon/base/tidy.h
daemon/io/store_db.h:
daemon/io/store.h:
daemon/base/fault.h:
daemon/base/tidy.h:
