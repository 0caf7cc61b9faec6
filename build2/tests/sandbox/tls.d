build2/tests/sandbox/tls.o: tests/sandbox/tls.c tests/sandbox/tls.h \
 tests/sandbox/fault.h tests/sandbox/text.h
tests/sandbox/tls.h:
tests/sandbox/fault.h:
tests/sandbox/text.h:
