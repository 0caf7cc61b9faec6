build2/daemon/core/match_domain.o: daemon/core/match_domain.c \
 daemon/core/match_domain.h daemon/base/str.h daemon/base/tidy.h \
 daemon/base/unicode.h daemon/core/match_words.h
daemon/core/match_domain.h:
daemon/base/str.h:
daemon/base/tidy.h:
daemon/base/unicode.h:
daemon/core/match_words.h:
