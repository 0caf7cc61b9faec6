build2/daemon/io/store_audit.o: daemon/io/store_audit.c \
 daemon/io/store_audit.h daemon/io/store.h daemon/base/fault.h \
 daemon/base/tidy.h daemon/base/mem.h daemon/io/store_db.h
daemon/io/store_audit.h:
daemon/io/store.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/mem.h:
daemon/io/store_db.h:
