build2/tests/sandbox/schema_board.o: tests/sandbox/schema_board.c \
 tests/sandbox/field.h tests/sandbox/schema.h
tests/sandbox/field.h:
tests/sandbox/schema.h:
