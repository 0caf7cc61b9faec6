build2/tests/sandbox/main.o: tests/sandbox/main.c tests/sandbox/admin.h \
 tests/sandbox/http.h tests/sandbox/journal.h tests/sandbox/sandbox.h \
 tests/sandbox/board.h tests/sandbox/company.h tests/sandbox/fault.h \
 tests/sandbox/member.h tests/sandbox/role.h tests/sandbox/ticket.h \
 tests/sandbox/field.h tests/sandbox/text.h tests/sandbox/tls.h
tests/sandbox/admin.h:
tests/sandbox/http.h:
tests/sandbox/journal.h:
tests/sandbox/sandbox.h:
tests/sandbox/board.h:
tests/sandbox/company.h:
tests/sandbox/fault.h:
tests/sandbox/member.h:
tests/sandbox/role.h:
tests/sandbox/ticket.h:
tests/sandbox/field.h:
tests/sandbox/text.h:
tests/sandbox/tls.h:
