build2/daemon/io/store_incident.o: daemon/io/store_incident.c \
 daemon/io/store_incident.h daemon/io/store.h daemon/base/fault.h \
 daemon/base/tidy.h daemon/base/mem.h daemon/io/store_db.h
daemon/io/store_incident.h:
daemon/io/store.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/mem.h:
daemon/io/store_db.h:
