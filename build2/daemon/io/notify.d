build2/daemon/io/notify.o: daemon/io/notify.c daemon/io/notify.h \
 daemon/base/fault.h daemon/base/tidy.h daemon/base/mem.h \
 daemon/base/str.h
daemon/io/notify.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/mem.h:
daemon/base/str.h:
