build2/daemon/io/cw.o: daemon/io/cw.c daemon/io/cw_private.h \
 daemon/io/cw.h daemon/base/fault.h daemon/base/tidy.h daemon/base/json.h \
 daemon/base/json_scan.h daemon/core/outcome.h daemon/core/site.h \
 daemon/io/conf.h daemon/base/log.h daemon/base/secret.h \
 daemon/core/decide.h daemon/core/identity.h daemon/core/event.h \
 daemon/core/ticket.h daemon/io/http.h daemon/base/digest.h \
 daemon/base/mem.h daemon/base/now.h daemon/base/str.h daemon/core/pace.h
daemon/io/cw_private.h:
daemon/io/cw.h:
daemon/base/fault.h:
daemon/base/tidy.h:
daemon/base/json.h:
daemon/base/json_scan.h:
daemon/core/outcome.h:
daemon/core/site.h:
daemon/io/conf.h:
daemon/base/log.h:
daemon/base/secret.h:
daemon/core/decide.h:
daemon/core/identity.h:
daemon/core/event.h:
daemon/core/ticket.h:
daemon/io/http.h:
daemon/base/digest.h:
daemon/base/mem.h:
daemon/base/now.h:
daemon/base/str.h:
daemon/core/pace.h:
