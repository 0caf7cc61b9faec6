build2/daemon/ctl/setup_run.o: daemon/ctl/setup_run.c \
 daemon/ctl/setup_run.h daemon/base/secret.h daemon/base/tidy.h \
 daemon/base/str.h daemon/base/mem.h
daemon/ctl/setup_run.h:
daemon/base/secret.h:
daemon/base/tidy.h:
daemon/base/str.h:
daemon/base/mem.h:
