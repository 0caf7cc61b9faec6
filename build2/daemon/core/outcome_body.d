build2/daemon/core/outcome_body.o: daemon/core/outcome_body.c \
 daemon/core/outcome_body.h daemon/core/outcome.h daemon/base/tidy.h \
 daemon/base/json.h daemon/base/fault.h daemon/base/json_scan.h \
 daemon/core/plain.h
daemon/core/outcome_body.h:
daemon/core/outcome.h:
daemon/base/tidy.h:
daemon/base/json.h:
daemon/base/fault.h:
daemon/base/json_scan.h:
daemon/core/plain.h:
