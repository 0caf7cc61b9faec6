build2/daemon/io/store_open.o: daemon/io/store_open.c \
 daemon/io/store_db.h daemon/io/store.h daemon/base/fault.h \
 daemon/base/tidy.h daemon/base/mem.h
daemon/io/store_db.h:
daemon/io/store.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/mem.h:
