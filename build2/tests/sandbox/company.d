build2/tests/sandbox/company.o: tests/sandbox/company.c \
 tests/sandbox/company.h tests/sandbox/call.h tests/sandbox/fault.h \
 tests/sandbox/role.h tests/sandbox/paging.h tests/sandbox/field.h \
 tests/sandbox/sandbox.h tests/sandbox/board.h tests/sandbox/journal.h \
 tests/sandbox/member.h tests/sandbox/ticket.h tests/sandbox/schema.h \
 tests/sandbox/text.h
tests/sandbox/company.h:
tests/sandbox/call.h:
tests/sandbox/fault.h:
tests/sandbox/role.h:
tests/sandbox/paging.h:
tests/sandbox/field.h:
tests/sandbox/sandbox.h:
tests/sandbox/board.h:
tests/sandbox/journal.h:
tests/sandbox/member.h:
tests/sandbox/ticket.h:
tests/sandbox/schema.h:
tests/sandbox/text.h:
