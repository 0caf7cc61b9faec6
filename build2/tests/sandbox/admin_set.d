build2/tests/sandbox/admin_set.o: tests/sandbox/admin_set.c \
 tests/sandbox/admin.h tests/sandbox/role.h tests/sandbox/sandbox.h \
 tests/sandbox/board.h tests/sandbox/company.h tests/sandbox/fault.h \
 tests/sandbox/journal.h tests/sandbox/member.h tests/sandbox/ticket.h \
 tests/sandbox/field.h tests/sandbox/text.h
tests/sandbox/admin.h:
tests/sandbox/role.h:
tests/sandbox/sandbox.h:
tests/sandbox/board.h:
tests/sandbox/company.h:
tests/sandbox/fault.h:
tests/sandbox/journal.h:
tests/sandbox/member.h:
tests/sandbox/ticket.h:
tests/sandbox/field.h:
tests/sandbox/text.h:
