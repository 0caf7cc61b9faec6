build2/tests/sandbox/schema_member.o: tests/sandbox/schema_member.c \
 tests/sandbox/field.h tests/sandbox/schema.h
tests/sandbox/field.h:
tests/sandbox/schema.h:
