build2/tests/sandbox/field.o: tests/sandbox/field.c tests/sandbox/field.h \
 tests/sandbox/text.h
tests/sandbox/field.h:
tests/sandbox/text.h:
