build2/daemon/base/json_key.o: daemon/base/json_key.c \
 daemon/base/json_key.h
daemon/base/json_key.h:
