build2/tests/sandbox/board_list.o: tests/sandbox/board_list.c \
 tests/sandbox/board.h tests/sandbox/call.h tests/sandbox/fault.h \
 tests/sandbox/role.h tests/sandbox/paging.h tests/sandbox/field.h \
 tests/sandbox/sandbox.h tests/sandbox/company.h tests/sandbox/journal.h \
 tests/sandbox/member.h tests/sandbox/ticket.h tests/sandbox/schema.h \
 tests/sandbox/text.h
tests/sandbox/board.h:
tests/sandbox/call.h:
tests/sandbox/fault.h:
tests/sandbox/role.h:
tests/sandbox/paging.h:
tests/sandbox/field.h:
tests/sandbox/sandbox.h:
tests/sandbox/company.h:
tests/sandbox/journal.h:
tests/sandbox/member.h:
tests/sandbox/ticket.h:
tests/sandbox/schema.h:
tests/sandbox/text.h:
