build2/daemon/ctl/tenants_import.o: daemon/ctl/tenants_import.c \
 daemon/base/mem.h daemon/base/tidy.h daemon/ctl/ctl.h daemon/base/json.h \
 daemon/base/fault.h daemon/base/json_scan.h daemon/base/str.h \
 daemon/ctl/command.h daemon/ctl/term.h include/opbridge.h \
 daemon/ctl/roster.h daemon/ctl/tenants_file.h
daemon/base/mem.h:
daemon/base/tidy.h:
daemon/ctl/ctl.h:
daemon/base/json.h:
daemon/base/fault.h:
daemon/base/json_scan.h:
daemon/base/str.h:
daemon/ctl/command.h:
daemon/ctl/term.h:
include/opbridge.h:
daemon/ctl/roster.h:
daemon/ctl/tenants_file.h:
