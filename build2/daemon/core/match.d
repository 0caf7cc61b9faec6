build2/daemon/core/match.o: daemon/core/match.c daemon/core/match.h \
 daemon/base/tidy.h daemon/core/match_domain.h daemon/base/mem.h \
 daemon/base/str.h daemon/base/unicode.h daemon/core/match_name.h \
 daemon/core/match_words.h
daemon/core/match.h:
daemon/base/tidy.h:
daemon/core/match_domain.h:
daemon/base/mem.h:
daemon/base/str.h:
daemon/base/unicode.h:
daemon/core/match_name.h:
daemon/core/match_words.h:
