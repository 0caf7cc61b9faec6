build2/daemon/io/mail.o: daemon/io/mail.c daemon/io/mail.h \
 daemon/base/fault.h daemon/base/tidy.h daemon/base/secret.h \
 daemon/base/mem.h daemon/base/str.h daemon/core/letter.h \
 daemon/core/plain.h daemon/io/wire.h
daemon/io/mail.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/secret.h:
daemon/base/mem.h:
daemon/base/str.h:
daemon/core/letter.h:
daemon/core/plain.h:
daemon/io/wire.h:
