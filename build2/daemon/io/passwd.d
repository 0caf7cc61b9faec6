build2/daemon/io/passwd.o: daemon/io/passwd.c daemon/io/passwd.h \
 daemon/base/str.h daemon/base/tidy.h
daemon/io/passwd.h:
daemon/base/str.h:
daemon/base/tidy.h:
