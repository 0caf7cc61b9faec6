build2/tests/sandbox/journal.o: tests/sandbox/journal.c \
 tests/sandbox/journal.h tests/sandbox/call.h tests/sandbox/fault.h \
 tests/sandbox/role.h tests/sandbox/route.h tests/sandbox/text.h
tests/sandbox/journal.h:
tests/sandbox/call.h:
tests/sandbox/fault.h:
tests/sandbox/role.h:
tests/sandbox/route.h:
tests/sandbox/text.h:
