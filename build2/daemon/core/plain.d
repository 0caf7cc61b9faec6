build2/daemon/core/plain.o: daemon/core/plain.c daemon/core/plain.h \
 daemon/base/tidy.h daemon/base/mem.h daemon/base/str.h
daemon/core/plain.h:
daemon/base/tidy.h:
daemon/base/mem.h:
daemon/base/str.h:
