build2/tests/sandbox/trim.o: tests/sandbox/trim.c tests/sandbox/trim.h \
 tests/sandbox/field.h
tests/sandbox/trim.h:
tests/sandbox/field.h:
