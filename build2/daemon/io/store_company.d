build2/daemon/io/store_company.o: daemon/io/store_company.c \
 daemon/io/store_company.h daemon/io/store.h daemon/base/fault.h \
 daemon/base/tidy.h daemon/base/mem.h daemon/base/str.h \
 daemon/io/store_db.h
daemon/io/store_company.h:
daemon/io/store.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/mem.h:
daemon/base/str.h:
daemon/io/store_db.h:
