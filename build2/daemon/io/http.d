build2/daemon/io/http.o: daemon/io/http.c daemon/io/http.h \
 daemon/base/fault.h daemon/base/tidy.h daemon/base/secret.h \
 daemon/core/outcome.h daemon/base/mem.h daemon/base/str.h \
 daemon/io/wire.h
daemon/io/http.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/secret.h:
daemon/core/outcome.h:
daemon/base/mem.h:
daemon/base/str.h:
daemon/io/wire.h:
