build2/daemon/ctl/setup_text.o: daemon/ctl/setup_text.c \
 daemon/ctl/setup_text.h daemon/base/tidy.h daemon/base/mem.h \
 daemon/base/str.h
daemon/ctl/setup_text.h:
daemon/base/tidy.h:
daemon/base/mem.h:
daemon/base/str.h:
