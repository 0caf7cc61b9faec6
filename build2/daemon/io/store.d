build2/daemon/io/store.o: daemon/io/store.c daemon/io/store_db.h \
 daemon/io/store.h daemon/base/fault.h daemon/base/tidy.h \
 daemon/base/mem.h
daemon/io/store_db.h:
daemon/io/store.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/mem.h:
