build2/daemon/ctl/term.o: daemon/ctl/term.c daemon/ctl/term.h \
 daemon/base/str.h daemon/base/tidy.h daemon/base/mem.h
daemon/ctl/term.h:
daemon/base/str.h:
daemon/base/tidy.h:
daemon/base/mem.h:
