build2/daemon/ctl/map_walk.o: daemon/ctl/map_walk.c daemon/base/mem.h \
 daemon/base/tidy.h daemon/ctl/prompt.h daemon/ctl/ctl.h \
 daemon/base/json.h daemon/base/fault.h daemon/base/json_scan.h \
 daemon/base/str.h daemon/ctl/command.h daemon/ctl/term.h \
 include/opbridge.h daemon/ctl/table.h daemon/ctl/tenant.h \
 daemon/ctl/when.h
daemon/base/mem.h:
daemon/base/tidy.h:
daemon/ctl/prompt.h:
daemon/ctl/ctl.h:
daemon/base/json.h:
daemon/base/fault.h:
daemon/base/json_scan.h:
daemon/base/str.h:
daemon/ctl/command.h:
daemon/ctl/term.h:
include/opbridge.h:
daemon/ctl/table.h:
daemon/ctl/tenant.h:
daemon/ctl/when.h:
