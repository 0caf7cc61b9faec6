build2/daemon/base/json_text.o: daemon/base/json_text.c \
 daemon/base/json.h daemon/base/fault.h daemon/base/tidy.h \
 daemon/base/json_scan.h daemon/base/mem.h daemon/base/str.h
daemon/base/json.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/json_scan.h:
daemon/base/mem.h:
daemon/base/str.h:
