build2/daemon/ctl/setup_ask.o: daemon/ctl/setup_ask.c \
 daemon/ctl/setup_ask.h daemon/base/secret.h daemon/base/tidy.h \
 daemon/ctl/ctl.h daemon/base/json.h daemon/base/fault.h \
 daemon/base/json_scan.h daemon/base/str.h daemon/ctl/command.h \
 daemon/ctl/term.h include/opbridge.h daemon/base/mem.h
daemon/ctl/setup_ask.h:
daemon/base/secret.h:
daemon/base/tidy.h:
daemon/ctl/ctl.h:
daemon/base/json.h:
daemon/base/fault.h:
daemon/base/json_scan.h:
daemon/base/str.h:
daemon/ctl/command.h:
daemon/ctl/term.h:
include/opbridge.h:
daemon/base/mem.h:
