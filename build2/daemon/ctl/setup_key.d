build2/daemon/ctl/setup_key.o: daemon/ctl/setup_key.c \
 daemon/ctl/setup_key.h daemon/base/fault.h daemon/base/tidy.h \
 daemon/base/secret.h daemon/ctl/setup_file.h daemon/base/mem.h \
 daemon/base/str.h daemon/ctl/setup_ask.h daemon/ctl/ctl.h \
 daemon/base/json.h daemon/base/json_scan.h daemon/ctl/command.h \
 daemon/ctl/term.h include/opbridge.h daemon/ctl/setup_run.h
daemon/ctl/setup_key.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/secret.h:
daemon/ctl/setup_file.h:
daemon/base/mem.h:
daemon/base/str.h:
daemon/ctl/setup_ask.h:
daemon/ctl/ctl.h:
daemon/base/json.h:
daemon/base/json_scan.h:
daemon/ctl/command.h:
daemon/ctl/term.h:
include/opbridge.h:
daemon/ctl/setup_run.h:
