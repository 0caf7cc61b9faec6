build2/tests/sandbox/board.o: tests/sandbox/board.c tests/sandbox/board.h \
 tests/sandbox/text.h
tests/sandbox/board.h:
tests/sandbox/text.h:
