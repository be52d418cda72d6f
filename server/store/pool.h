/**
 * The pool: connections to PostgreSQL in four lanes, and the queues of units before them.
 *
 * Once per loop turn queued units are handed to connections with room, sent, and each connection
 * is flushed once. Connections are made and repaired by themselves (100-200 ms jittered, doubling
 * to 5 s); clients stay connected meanwhile.
 *
 * Ownership  of the daemon. A unit belongs to its request; while queued or sent only the pool moves
 *            it. Strings of the configuration are borrowed until the pool is closed.
 * Errors     pool_send() answers false with BUSY at a queue's cap; all else arrives in unit.done.
 * Limits     config: connections and queue length per lane, pipeline depth.
 * Threads    loop thread; name look-up and nothing else in a worker.
 */
#ifndef INAP_STORE_POOL_H
#define INAP_STORE_POOL_H

#include <uv.h>

#include "server/store/unit.h"

struct pool;

struct pool_lane_config {
	unsigned connections;
	unsigned queue_max;      /* units waiting, over it BUSY */
	unsigned pipeline_depth; /* units in flight per connection */
	unsigned statement_timeout_ms;
};

struct pool_config {
	const char *conninfo;      /* of inap_app */
	const char *conninfo_auth; /* of inap_auth */
	struct pool_lane_config lanes[LANE_AUTH + 1];
	const char *schema_version; /* the migration this build knows; NULL: any (tests of
				       statements) */
	const struct statement *const *statements; /* all, ended by NULL */
};

struct pool *pool_new(uv_loop_t *loop, const struct pool_config *config, struct error *error)
	__attribute__((warn_unused_result));
/** Starts connecting; ready() is called once when every lane has a connection and the schema is the
 * known one; failed() if the schema is another (the daemon must not start). */
void pool_start(struct pool *pool, void (*ready)(void *data),
		void (*failed)(void *data, const struct error *error), void *data);
/** False: refused now, unit->error says BUSY or UNAVAILABLE; done() is not called. */
bool pool_send(struct pool *pool, struct unit *unit) __attribute__((warn_unused_result));
/** No longer takes units; idle() once all in flight are done. */
void pool_drain(struct pool *pool, void (*idle)(void *data), void *data);
/** Closes every connection; closed() after the last handle; then the pool is freed. */
void pool_close(struct pool *pool, void (*closed)(void *data), void *data);
/** True while every lane has a working connection (readyz). */
bool pool_healthy(const struct pool *pool);

struct pool_lane_counters {
	unsigned ready;     /* connections that work */
	unsigned queued;    /* units waiting */
	unsigned in_flight; /* units sent and not answered */
	uint64_t units;     /* sent since the start, again included */
	uint64_t syncs;     /* round trips since the start */
	uint64_t reconnects;
};

/** For the log and the metrics; indexed by enum method_lane. */
struct pool_counters {
	struct pool_lane_counters lanes[LANE_AUTH + 1];
};

void pool_count(const struct pool *pool, struct pool_counters *counters);

#endif
