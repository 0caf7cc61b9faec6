build2/daemon/ctl/when.o: daemon/ctl/when.c daemon/ctl/when.h \
 daemon/base/now.h
daemon/ctl/when.h:
daemon/base/now.h:
