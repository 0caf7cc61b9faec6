build2/daemon/base/now.o: daemon/base/now.c daemon/base/now.h
daemon/base/now.h:
