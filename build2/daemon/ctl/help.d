build2/daemon/ctl/help.o: daemon/ctl/help.c daemon/base/mem.h \
 daemon/base/tidy.h daemon/base/str.h daemon/ctl/command.h \
 daemon/base/fault.h daemon/ctl/term.h daemon/ctl/ctl.h \
 daemon/base/json.h daemon/base/json_scan.h include/opbridge.h
daemon/base/mem.h:
daemon/base/tidy.h:
daemon/base/str.h:
daemon/ctl/command.h:
daemon/base/fault.h:
daemon/ctl/term.h:
daemon/ctl/ctl.h:
daemon/base/json.h:
daemon/base/json_scan.h:
include/opbridge.h:
