build2/daemon/base/secret.o: daemon/base/secret.c daemon/base/secret.h \
 daemon/base/tidy.h daemon/base/digest.h daemon/base/mem.h
daemon/base/secret.h:
daemon/base/tidy.h:
daemon/base/digest.h:
daemon/base/mem.h:
