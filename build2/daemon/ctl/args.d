build2/daemon/ctl/args.o: daemon/ctl/args.c daemon/base/str.h \
 daemon/base/tidy.h daemon/ctl/command.h daemon/base/fault.h \
 daemon/ctl/term.h
daemon/base/str.h:
daemon/base/tidy.h:
daemon/ctl/command.h:
daemon/base/fault.h:
daemon/ctl/term.h:
