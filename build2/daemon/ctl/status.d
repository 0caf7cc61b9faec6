build2/daemon/ctl/status.o: daemon/ctl/status.c daemon/base/mem.h \
 daemon/base/tidy.h daemon/ctl/board.h daemon/base/json.h \
 daemon/base/fault.h daemon/base/json_scan.h daemon/ctl/term.h \
 daemon/base/str.h daemon/ctl/ctl.h daemon/ctl/command.h \
 include/opbridge.h daemon/ctl/run.h daemon/ctl/when.h
daemon/base/mem.h:
daemon/base/tidy.h:
daemon/ctl/board.h:
daemon/base/json.h:
daemon/base/fault.h:
daemon/base/json_scan.h:
daemon/ctl/term.h:
daemon/base/str.h:
daemon/ctl/ctl.h:
daemon/ctl/command.h:
include/opbridge.h:
daemon/ctl/run.h:
daemon/ctl/when.h:
