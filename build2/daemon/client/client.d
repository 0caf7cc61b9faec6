build2/daemon/client/client.o: daemon/client/client.c include/opbridge.h
include/opbridge.h:
