build2/daemon/core/outcome.o: daemon/core/outcome.c daemon/core/outcome.h \
 daemon/base/tidy.h daemon/base/mem.h daemon/base/now.h daemon/base/str.h \
 daemon/core/outcome_look.h daemon/core/outcome_body.h \
 daemon/core/plain.h daemon/core/verb.h
daemon/core/outcome.h:
daemon/base/tidy.h:
daemon/base/mem.h:
daemon/base/now.h:
daemon/base/str.h:
daemon/core/outcome_look.h:
daemon/core/outcome_body.h:
daemon/core/plain.h:
daemon/core/verb.h:
