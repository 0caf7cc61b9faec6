build2/daemon/core/event_parse.o: daemon/core/event_parse.c \
 daemon/core/event_parts.h daemon/core/event.h daemon/base/fault.h \
 daemon/base/tidy.h daemon/base/json.h daemon/base/json_scan.h \
 daemon/base/mem.h daemon/base/now.h daemon/base/str.h include/opbridge.h
daemon/core/event_parts.h:
daemon/core/event.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/json.h:
daemon/base/json_scan.h:
daemon/base/mem.h:
daemon/base/now.h:
daemon/base/str.h:
include/opbridge.h:
