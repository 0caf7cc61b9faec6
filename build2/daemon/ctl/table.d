build2/daemon/ctl/table.o: daemon/ctl/table.c daemon/ctl/table.h \
 daemon/ctl/term.h daemon/base/str.h daemon/base/tidy.h daemon/base/mem.h
daemon/ctl/table.h:
daemon/ctl/term.h:
daemon/base/str.h:
daemon/base/tidy.h:
daemon/base/mem.h:
