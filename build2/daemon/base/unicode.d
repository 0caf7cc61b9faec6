build2/daemon/base/unicode.o: daemon/base/unicode.c daemon/base/unicode.h \
 daemon/base/mem.h daemon/base/tidy.h
daemon/base/unicode.h:
daemon/base/mem.h:
daemon/base/tidy.h:
