build2/daemon/ctl/csv.o: daemon/ctl/csv.c daemon/ctl/csv.h \
 daemon/base/fault.h daemon/base/tidy.h daemon/base/str.h \
 daemon/base/mem.h
daemon/ctl/csv.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/str.h:
daemon/base/mem.h:
