build2/tests/sandbox/schema_company.o: tests/sandbox/schema_company.c \
 tests/sandbox/field.h tests/sandbox/schema.h
tests/sandbox/field.h:
tests/sandbox/schema.h:
