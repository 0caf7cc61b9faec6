build2/daemon/core/match_words.o: daemon/core/match_words.c \
 daemon/core/match_words.h daemon/base/str.h daemon/base/tidy.h
daemon/core/match_words.h:
daemon/base/str.h:
daemon/base/tidy.h:
