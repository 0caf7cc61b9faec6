build2/tests/sandbox/admin.o: tests/sandbox/admin.c tests/sandbox/admin.h \
 tests/sandbox/fault.h tests/sandbox/field.h tests/sandbox/http.h \
 tests/sandbox/journal.h tests/sandbox/route.h tests/sandbox/sandbox.h \
 tests/sandbox/board.h tests/sandbox/company.h tests/sandbox/member.h \
 tests/sandbox/role.h tests/sandbox/ticket.h tests/sandbox/text.h
tests/sandbox/admin.h:
tests/sandbox/fault.h:
tests/sandbox/field.h:
tests/sandbox/http.h:
tests/sandbox/journal.h:
tests/sandbox/route.h:
tests/sandbox/sandbox.h:
tests/sandbox/board.h:
tests/sandbox/company.h:
tests/sandbox/member.h:
tests/sandbox/role.h:
tests/sandbox/ticket.h:
tests/sandbox/text.h:
