build2/daemon/core/decide.o: daemon/core/decide.c daemon/core/decide.h
daemon/core/decide.h:
