build2/daemon/base/mem.o: daemon/base/mem.c daemon/base/mem.h \
 daemon/base/tidy.h
daemon/base/mem.h:
daemon/base/tidy.h:
