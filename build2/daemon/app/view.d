build2/daemon/app/view.o: daemon/app/view.c daemon/app/view.h \
 daemon/base/json.h daemon/base/fault.h daemon/base/tidy.h \
 daemon/base/json_scan.h daemon/io/store_company.h daemon/io/store.h \
 daemon/io/store_event.h daemon/io/store_incident.h \
 daemon/io/store_tenant.h daemon/base/mem.h daemon/base/str.h
daemon/app/view.h:
daemon/base/json.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/json_scan.h:
daemon/io/store_company.h:
daemon/io/store.h:
daemon/io/store_event.h:
daemon/io/store_incident.h:
daemon/io/store_tenant.h:
daemon/base/mem.h:
daemon/base/str.h:
