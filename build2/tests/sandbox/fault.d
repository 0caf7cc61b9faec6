build2/tests/sandbox/fault.o: tests/sandbox/fault.c tests/sandbox/fault.h \
 tests/sandbox/call.h tests/sandbox/role.h tests/sandbox/field.h \
 tests/sandbox/text.h
tests/sandbox/fault.h:
tests/sandbox/call.h:
tests/sandbox/role.h:
tests/sandbox/field.h:
tests/sandbox/text.h:
