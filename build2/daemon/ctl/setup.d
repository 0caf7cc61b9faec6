build2/daemon/ctl/setup.o: daemon/ctl/setup.c daemon/ctl/setup.h \
 daemon/base/json.h daemon/base/fault.h daemon/base/tidy.h \
 daemon/base/json_scan.h daemon/ctl/ctl.h daemon/base/str.h \
 daemon/ctl/command.h daemon/ctl/term.h include/opbridge.h \
 daemon/ctl/setup_ask.h daemon/base/secret.h daemon/ctl/setup_file.h \
 daemon/ctl/setup_key.h daemon/base/mem.h daemon/ctl/run.h \
 daemon/ctl/setup_run.h daemon/ctl/setup_text.h
daemon/ctl/setup.h:
daemon/base/json.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/json_scan.h:
daemon/ctl/ctl.h:
daemon/base/str.h:
daemon/ctl/command.h:
daemon/ctl/term.h:
include/opbridge.h:
daemon/ctl/setup_ask.h:
daemon/base/secret.h:
daemon/ctl/setup_file.h:
daemon/ctl/setup_key.h:
daemon/base/mem.h:
daemon/ctl/run.h:
daemon/ctl/setup_run.h:
daemon/ctl/setup_text.h:
