build2/daemon/io/store_db.o: daemon/io/store_db.c daemon/io/store_db.h \
 daemon/io/store.h daemon/base/fault.h daemon/base/tidy.h \
 daemon/base/mem.h
daemon/io/store_db.h:
daemon/io/store.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/mem.h:
