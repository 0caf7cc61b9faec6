build2/daemon/ctl/sender.o: daemon/ctl/sender.c daemon/ctl/sender.h \
 daemon/ctl/ctl.h daemon/base/json.h daemon/base/fault.h \
 daemon/base/tidy.h daemon/base/json_scan.h daemon/base/str.h \
 daemon/ctl/command.h daemon/ctl/term.h include/opbridge.h \
 daemon/base/mem.h daemon/base/now.h
daemon/ctl/sender.h:
daemon/ctl/ctl.h:
daemon/base/json.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/json_scan.h:
daemon/base/str.h:
daemon/ctl/command.h:
daemon/ctl/term.h:
include/opbridge.h:
daemon/base/mem.h:
daemon/base/now.h:
