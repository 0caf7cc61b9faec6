build2/tests/sandbox/schema_ticket.o: tests/sandbox/schema_ticket.c \
 tests/sandbox/field.h tests/sandbox/schema.h
tests/sandbox/field.h:
tests/sandbox/schema.h:
