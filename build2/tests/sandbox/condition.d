build2/tests/sandbox/condition.o: tests/sandbox/condition.c \
 tests/sandbox/condition_parts.h tests/sandbox/condition.h \
 tests/sandbox/field.h tests/sandbox/text.h
tests/sandbox/condition_parts.h:
tests/sandbox/condition.h:
tests/sandbox/field.h:
tests/sandbox/text.h:
