build2/daemon/core/letter.o: daemon/core/letter.c daemon/core/letter.h \
 daemon/base/tidy.h daemon/base/digest.h daemon/base/mem.h \
 daemon/base/str.h daemon/core/plain.h
daemon/core/letter.h:
daemon/base/tidy.h:
daemon/base/digest.h:
daemon/base/mem.h:
daemon/base/str.h:
daemon/core/plain.h:
