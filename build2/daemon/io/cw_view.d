build2/daemon/io/cw_view.o: daemon/io/cw_view.c daemon/io/cw_view.h \
 daemon/base/json.h daemon/base/fault.h daemon/base/tidy.h \
 daemon/base/json_scan.h daemon/io/store_company.h daemon/io/store.h \
 daemon/io/store_status.h daemon/base/mem.h daemon/base/str.h
daemon/io/cw_view.h:
daemon/base/json.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/json_scan.h:
daemon/io/store_company.h:
daemon/io/store.h:
daemon/io/store_status.h:
daemon/base/mem.h:
daemon/base/str.h:
