build2/daemon/ctl/setup_zone.o: daemon/ctl/setup_zone.c \
 daemon/ctl/setup_zone.h daemon/base/tidy.h daemon/base/fault.h \
 daemon/base/mem.h daemon/base/str.h daemon/base/zone.h \
 daemon/ctl/setup_file.h
daemon/ctl/setup_zone.h:
daemon/base/tidy.h:
daemon/base/fault.h:
daemon/base/mem.h:
daemon/base/str.h:
daemon/base/zone.h:
daemon/ctl/setup_file.h:
