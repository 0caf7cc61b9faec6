/* Floods: how many tickets a tenant got in this hour, and the roll-up that takes what is beyond. */
#ifndef IO_STORE_FLOOD_H
#define IO_STORE_FLOOD_H

#include "io/store.h"

/* Tickets begun for the tenant in the hour that began at hour_at (wall ms). */
int flood_created(struct store *st, int64_t tenant, int64_t hour_at, int *ret_n,
	struct fault *reterr) MUST_CHECK;
/* One more. A new hour starts from 1. */
int flood_count(struct store *st, int64_t tenant, int64_t hour_at, struct fault *reterr) MUST_CHECK;
/* From now on this incident is a roll-up: it points to itself. */
int flood_mark(struct store *st, int64_t rollup, struct fault *reterr) MUST_CHECK;
/* The incident's QUEUED and SENDING events become QUEUED ones of the roll-up incident, which is
 * made due now; the incident remembers where they went. *ret_n: how many events. */
int flood_roll(struct store *st, int64_t incident, int64_t rollup, int64_t tenant, int64_t hour_at,
	int64_t now, int *ret_n, struct fault *reterr) MUST_CHECK;
struct flood_counts {
	int tenants; /* over their limit in this hour */
	int64_t rolled; /* incidents rolled up in this hour */
};
int flood_now(struct store *st, int64_t hour_at, struct flood_counts *ret,
	struct fault *reterr) MUST_CHECK;

#endif
