build2/daemon/core/outcome_refusal.o: daemon/core/outcome_refusal.c \
 daemon/core/outcome_look.h daemon/core/outcome.h daemon/base/tidy.h \
 daemon/core/outcome_body.h
daemon/core/outcome_look.h:
daemon/core/outcome.h:
daemon/base/tidy.h:
daemon/core/outcome_body.h:
