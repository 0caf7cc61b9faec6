build2/daemon/base/str.o: daemon/base/str.c daemon/base/str.h \
 daemon/base/tidy.h daemon/base/mem.h
daemon/base/str.h:
daemon/base/tidy.h:
daemon/base/mem.h:
