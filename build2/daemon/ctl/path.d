build2/daemon/ctl/path.o: daemon/ctl/path.c daemon/ctl/ctl.h \
 daemon/base/json.h daemon/base/fault.h daemon/base/tidy.h \
 daemon/base/json_scan.h daemon/base/str.h daemon/ctl/command.h \
 daemon/ctl/term.h include/opbridge.h
daemon/ctl/ctl.h:
daemon/base/json.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/json_scan.h:
daemon/base/str.h:
daemon/ctl/command.h:
daemon/ctl/term.h:
include/opbridge.h:
