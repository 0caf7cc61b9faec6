build2/daemon/io/wire.o: daemon/io/wire.c daemon/io/wire.h \
 daemon/base/fault.h daemon/base/tidy.h daemon/base/mem.h
daemon/io/wire.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/mem.h:
