build2/daemon/base/fault.o: daemon/base/fault.c daemon/base/fault.h \
 daemon/base/tidy.h
daemon/base/fault.h:
daemon/base/tidy.h:
