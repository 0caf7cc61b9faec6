build2/daemon/ctl/split.o: daemon/ctl/split.c daemon/ctl/split.h \
 daemon/base/fault.h daemon/base/tidy.h daemon/base/str.h
daemon/ctl/split.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/str.h:
