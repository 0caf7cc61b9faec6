build2/daemon/base/log.o: daemon/base/log.c daemon/base/log.h \
 daemon/base/tidy.h daemon/base/mem.h daemon/base/now.h daemon/base/str.h
daemon/base/log.h:
daemon/base/tidy.h:
daemon/base/mem.h:
daemon/base/now.h:
daemon/base/str.h:
