build2/tests/sandbox/check.o: tests/sandbox/check.c tests/sandbox/check.h \
 tests/sandbox/field.h tests/sandbox/call.h tests/sandbox/fault.h \
 tests/sandbox/role.h tests/sandbox/text.h
tests/sandbox/check.h:
tests/sandbox/field.h:
tests/sandbox/call.h:
tests/sandbox/fault.h:
tests/sandbox/role.h:
tests/sandbox/text.h:
