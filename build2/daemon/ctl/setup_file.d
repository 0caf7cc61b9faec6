build2/daemon/ctl/setup_file.o: daemon/ctl/setup_file.c \
 daemon/ctl/setup_file.h daemon/base/fault.h daemon/base/tidy.h \
 daemon/base/mem.h daemon/base/str.h
daemon/ctl/setup_file.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/mem.h:
daemon/base/str.h:
