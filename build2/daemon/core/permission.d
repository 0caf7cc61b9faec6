build2/daemon/core/permission.o: daemon/core/permission.c \
 daemon/core/outcome.h daemon/base/tidy.h daemon/core/verb.h
daemon/core/outcome.h:
daemon/base/tidy.h:
daemon/core/verb.h:
