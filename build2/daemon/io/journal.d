build2/daemon/io/journal.o: daemon/io/journal.c daemon/io/journal.h \
 daemon/base/log.h daemon/base/tidy.h daemon/base/mem.h daemon/base/str.h
daemon/io/journal.h:
daemon/base/log.h:
daemon/base/tidy.h:
daemon/base/mem.h:
daemon/base/str.h:
