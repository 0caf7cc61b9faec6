build2/daemon/core/match_name.o: daemon/core/match_name.c \
 daemon/core/match_name.h daemon/base/str.h daemon/base/tidy.h \
 daemon/base/unicode.h daemon/core/match_words.h
daemon/core/match_name.h:
daemon/base/str.h:
daemon/base/tidy.h:
daemon/base/unicode.h:
daemon/core/match_words.h:
