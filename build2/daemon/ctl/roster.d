build2/daemon/ctl/roster.o: daemon/ctl/roster.c daemon/ctl/roster.h \
 daemon/base/json.h daemon/base/fault.h daemon/base/tidy.h \
 daemon/base/json_scan.h daemon/base/str.h daemon/base/mem.h \
 daemon/ctl/csv.h
daemon/ctl/roster.h:
daemon/base/json.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/json_scan.h:
daemon/base/str.h:
daemon/base/mem.h:
daemon/ctl/csv.h:
