build2/tests/sandbox/text.o: tests/sandbox/text.c tests/sandbox/text.h
tests/sandbox/text.h:
