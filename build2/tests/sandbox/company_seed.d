build2/tests/sandbox/company_seed.o: tests/sandbox/company_seed.c \
 tests/sandbox/company.h tests/sandbox/text.h
tests/sandbox/company.h:
tests/sandbox/text.h:
