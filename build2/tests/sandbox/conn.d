build2/tests/sandbox/conn.o: tests/sandbox/conn.c tests/sandbox/conn.h \
 tests/sandbox/auth.h tests/sandbox/call.h tests/sandbox/fault.h \
 tests/sandbox/role.h tests/sandbox/journal.h tests/sandbox/route.h \
 tests/sandbox/sandbox.h tests/sandbox/board.h tests/sandbox/company.h \
 tests/sandbox/member.h tests/sandbox/ticket.h tests/sandbox/field.h \
 tests/sandbox/text.h tests/sandbox/tls.h
tests/sandbox/conn.h:
tests/sandbox/auth.h:
tests/sandbox/call.h:
tests/sandbox/fault.h:
tests/sandbox/role.h:
tests/sandbox/journal.h:
tests/sandbox/route.h:
tests/sandbox/sandbox.h:
tests/sandbox/board.h:
tests/sandbox/company.h:
tests/sandbox/member.h:
tests/sandbox/ticket.h:
tests/sandbox/field.h:
tests/sandbox/text.h:
tests/sandbox/tls.h:
