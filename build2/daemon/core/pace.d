build2/daemon/core/pace.o: daemon/core/pace.c daemon/core/pace.h
daemon/core/pace.h:
