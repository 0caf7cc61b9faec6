build2/daemon/base/digest.o: daemon/base/digest.c daemon/base/digest.h \
 daemon/base/tidy.h daemon/base/mem.h
daemon/base/digest.h:
daemon/base/tidy.h:
daemon/base/mem.h:
