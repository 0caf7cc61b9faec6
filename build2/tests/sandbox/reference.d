build2/tests/sandbox/reference.o: tests/sandbox/reference.c \
 tests/sandbox/reference.h tests/sandbox/call.h tests/sandbox/fault.h \
 tests/sandbox/role.h tests/sandbox/field.h tests/sandbox/sandbox.h \
 tests/sandbox/board.h tests/sandbox/company.h tests/sandbox/journal.h \
 tests/sandbox/member.h tests/sandbox/ticket.h
tests/sandbox/reference.h:
tests/sandbox/call.h:
tests/sandbox/fault.h:
tests/sandbox/role.h:
tests/sandbox/field.h:
tests/sandbox/sandbox.h:
tests/sandbox/board.h:
tests/sandbox/company.h:
tests/sandbox/journal.h:
tests/sandbox/member.h:
tests/sandbox/ticket.h:
