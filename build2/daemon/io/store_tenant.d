build2/daemon/io/store_tenant.o: daemon/io/store_tenant.c \
 daemon/io/store_tenant.h daemon/io/store.h daemon/base/fault.h \
 daemon/base/tidy.h daemon/base/mem.h daemon/base/str.h \
 daemon/io/store_audit.h daemon/io/store_db.h
daemon/io/store_tenant.h:
daemon/io/store.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/mem.h:
daemon/base/str.h:
daemon/io/store_audit.h:
daemon/io/store_db.h:
