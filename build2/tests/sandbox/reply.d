build2/tests/sandbox/reply.o: tests/sandbox/reply.c tests/sandbox/call.h \
 tests/sandbox/fault.h tests/sandbox/role.h tests/sandbox/text.h
tests/sandbox/call.h:
tests/sandbox/fault.h:
tests/sandbox/role.h:
tests/sandbox/text.h:
