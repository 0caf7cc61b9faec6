build2/tests/sandbox/condition_parse.o: tests/sandbox/condition_parse.c \
 tests/sandbox/condition_parts.h tests/sandbox/condition.h \
 tests/sandbox/field.h tests/sandbox/text.h
tests/sandbox/condition_parts.h:
tests/sandbox/condition.h:
tests/sandbox/field.h:
tests/sandbox/text.h:
