build2/daemon/io/api_guests.o: daemon/io/api_guests.c \
 daemon/io/api_guests.h daemon/base/mem.h daemon/base/tidy.h
daemon/io/api_guests.h:
daemon/base/mem.h:
daemon/base/tidy.h:
