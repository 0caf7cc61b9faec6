build2/daemon/io/hook.o: daemon/io/hook.c daemon/io/hook.h \
 daemon/base/fault.h daemon/base/tidy.h daemon/base/mem.h \
 daemon/base/str.h daemon/core/plain.h
daemon/io/hook.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/mem.h:
daemon/base/str.h:
daemon/core/plain.h:
