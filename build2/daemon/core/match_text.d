build2/daemon/core/match_text.o: daemon/core/match_text.c \
 daemon/base/mem.h daemon/base/tidy.h daemon/core/match.h \
 daemon/core/match_domain.h
daemon/base/mem.h:
daemon/base/tidy.h:
daemon/core/match.h:
daemon/core/match_domain.h:
