build2/daemon/ctl/commands.o: daemon/ctl/commands.c daemon/ctl/command.h \
 daemon/base/fault.h daemon/base/tidy.h daemon/ctl/term.h \
 daemon/base/str.h daemon/ctl/run.h
daemon/ctl/command.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/ctl/term.h:
daemon/base/str.h:
daemon/ctl/run.h:
