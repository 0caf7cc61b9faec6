/* How a row of events is read; shared by the store's files on events. */
#ifndef IO_STORE_EVENT_ROW_H
#define IO_STORE_EVENT_ROW_H

#include "io/store_db.h"
#include "io/store_event.h"

/* FROM events e */
#define QUEUE_ROW_COLUMNS                                                                          \
	"e.seq, e.tenant, e.incident, e.event_id, e.version, e.type, e.event_state, e.title, "     \
	"e.state, e.did, e.why, e.ticket, e.attempts, e.op_key, e.noted, e.accepted_at, "          \
	"e.done_at, e.uid"
#define QUEUE_ROW_COLUMNS_N 18
#define ACCEPTED_AT_COLUMN 15
void queue_row_read(sqlite3_stmt *q, struct queue_row *row);

#endif
