build2/daemon/ctl/board.o: daemon/ctl/board.c daemon/ctl/board.h \
 daemon/base/json.h daemon/base/fault.h daemon/base/tidy.h \
 daemon/base/json_scan.h daemon/ctl/term.h daemon/base/str.h \
 daemon/base/mem.h daemon/ctl/ctl.h daemon/ctl/command.h \
 include/opbridge.h daemon/ctl/run.h daemon/ctl/table.h daemon/ctl/when.h
daemon/ctl/board.h:
daemon/base/json.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/json_scan.h:
daemon/ctl/term.h:
daemon/base/str.h:
daemon/base/mem.h:
daemon/ctl/ctl.h:
daemon/ctl/command.h:
include/opbridge.h:
daemon/ctl/run.h:
daemon/ctl/table.h:
daemon/ctl/when.h:
