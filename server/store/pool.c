/* The pool: lanes of connections, the queues before them, and who gets which. */
#include "server/store/pool.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/clock.h"
#include "server/base/log.h"
#include "server/store/pgconn.h"

enum { POOL_TICK_MS = 20, POOL_CONNECTIONS_MAX = 16 };

static const char *const lane_names[LANE_AUTH + 1] = {
	[LANE_WRITE] = "write",
	[LANE_READ] = "read",
	[LANE_BULK] = "bulk",
	[LANE_AUTH] = "auth",
};

struct lane {
	struct list_node queue; /* of units */
	unsigned queued;
	unsigned queue_max;
	unsigned count;
	struct pgconn *connections[POOL_CONNECTIONS_MAX];
};

struct pool {
	uv_loop_t *loop;
	uv_prepare_t turn; /* once per loop turn, before it waits */
	uv_timer_t tick;   /* deadlines, while there are units */
	struct lane lanes[LANE_AUTH + 1];
	unsigned pending; /* units taken and not done */
	unsigned open;    /* handles and connections not yet closed */
	bool announced;   /* ready() or failed() was called */
	bool refused;
	bool draining;
	bool closing;
	void (*ready)(void *data);
	void (*failed)(void *data, const struct error *error);
	void *start_data;
	void (*idle)(void *data);
	void *idle_data;
	void (*closed)(void *data);
	void *closed_data;
};

static bool lane_ready(const struct lane *lane)
{
	for (unsigned i = 0; i < lane->count; i++)
		if (pgconn_ready(lane->connections[i]))
			return true;
	return lane->count == 0;
}

bool pool_healthy(const struct pool *pool)
{
	for (unsigned l = LANE_WRITE; l <= LANE_AUTH; l++)
		if (!lane_ready(&pool->lanes[l]))
			return false;
	return true;
}

static void finish(struct pool *pool, struct unit *unit)
{
	void (*done)(struct unit *) = unit->done;

	assert(pool->pending > 0);
	pool->pending--;
	done(unit); /* the unit may be gone after this */
}

static void finished_cb(struct pgconn *c, struct unit *unit)
{
	finish(c->config.data, unit);
}

/* A unit comes back from a connection that was lost, or that rolled it back. */
static void again_cb(struct pgconn *c, struct unit *unit)
{
	struct pool *pool = c->config.data;
	struct lane *lane = &pool->lanes[unit->lane];

	if (unit->once && unit_doubtful(unit)) {
		unit_expired(unit, false);
		finish(pool, unit);
		return;
	}
	list_push_front(&lane->queue, &unit->node);
	lane->queued++;
}

static void ready_cb(struct pgconn *c)
{
	struct pool *pool = c->config.data;

	if (pool->announced || !pool_healthy(pool))
		return;
	pool->announced = true;
	pool->ready(pool->start_data);
}

static void refused_cb(struct pgconn *c, const struct error *error)
{
	struct pool *pool = c->config.data;

	if (pool->announced)
		return; /* it served before: the log says why this connection does not come back */
	pool->announced = true;
	pool->refused = true;
	pool->failed(pool->start_data, error);
}

static void one_closed(struct pool *pool)
{
	void (*closed)(void *) = pool->closed;
	void *data = pool->closed_data;

	assert(pool->open > 0);
	if (--pool->open > 0)
		return;
	free(pool);
	closed(data);
}

static void connection_closed_cb(struct pgconn *c)
{
	struct pool *pool = c->config.data;

	pgconn_free(c);
	one_closed(pool);
}

static void handle_closed_cb(uv_handle_t *handle)
{
	one_closed(handle->data);
}

static struct pgconn *least_loaded(const struct lane *lane)
{
	struct pgconn *best = NULL;

	for (unsigned i = 0; i < lane->count; i++) {
		struct pgconn *c = lane->connections[i];

		if (pgconn_room(c) && (best == NULL || c->count < best->count))
			best = c;
	}
	return best;
}

/* Writes of one entity go to one connection: two connections would only wait for each other's lock.
 */
static struct pgconn *choose(const struct lane *lane, const struct unit *unit)
{
	struct pgconn *c;

	if (unit->route == 0)
		return least_loaded(lane);
	c = lane->connections[unit->route % lane->count];
	if (pgconn_ready(c))
		return pgconn_room(c) ? c : NULL;
	return least_loaded(lane);
}

static void lane_dispatch(struct lane *lane)
{
	struct list_node *next;

	for (struct list_node *node = list_first(&lane->queue); node != NULL; node = next) {
		struct unit *unit = LIST_OWNER(node, struct unit, node);
		struct pgconn *c = choose(lane, unit);

		next = list_next(&lane->queue, node);
		if (c == NULL) {
			if (least_loaded(lane) == NULL)
				return;
			continue;
		}
		list_remove(node);
		lane->queued--;
		pgconn_send(c, unit);
		/* Failing to send, a connection gives all it had back to the queue's head. */
		if (!pgconn_ready(c))
			return;
	}
}

static void turn_cb(uv_prepare_t *turn)
{
	struct pool *pool = turn->data;

	for (unsigned l = LANE_WRITE; l <= LANE_AUTH; l++) {
		struct lane *lane = &pool->lanes[l];

		if (lane->queued > 0)
			lane_dispatch(lane);
		for (unsigned i = 0; i < lane->count; i++)
			pgconn_flush(lane->connections[i]);
	}
	if (pool->pending == 0)
		uv_timer_stop(&pool->tick);
	if (pool->idle != NULL && pool->pending == 0) {
		void (*idle)(void *) = pool->idle;

		pool->idle = NULL;
		idle(pool->idle_data);
	}
}

/* Takes what is past its deadline, or everything, out of the queue into list. */
static void lane_take(struct lane *lane, bool all, int64_t now_ms, struct list_node *list)
{
	struct list_node *next;

	for (struct list_node *node = list_first(&lane->queue); node != NULL; node = next) {
		next = list_next(&lane->queue, node);
		if (!all && LIST_OWNER(node, struct unit, node)->deadline_ms > now_ms)
			continue;
		list_remove(node);
		lane->queued--;
		list_push_back(list, node);
	}
}

static void tick_cb(uv_timer_t *tick)
{
	struct pool *pool = tick->data;
	int64_t now_ms = (int64_t)uv_now(pool->loop);

	for (unsigned l = LANE_WRITE; l <= LANE_AUTH && !pool->closing; l++) {
		struct lane *lane = &pool->lanes[l];
		bool reachable = lane_ready(lane);
		struct list_node expired;

		list_init(&expired);
		lane_take(lane, false, now_ms, &expired);
		for (unsigned i = 0; i < lane->count && !pool->closing; i++)
			pgconn_expire(lane->connections[i], now_ms);
		while (!list_empty(&expired)) {
			struct unit *unit = LIST_OWNER(list_pop_front(&expired), struct unit, node);

			/* Sent and still queued: the connection under it was lost. */
			unit_expired(unit, reachable && unit->sent_us == 0);
			finish(pool, unit);
		}
	}
}

static bool lane_open(struct pool *pool, const struct pool_config *config, enum method_lane l,
		      struct error *error)
{
	const struct pool_lane_config *lane_config = &config->lanes[l];
	struct lane *lane = &pool->lanes[l];
	struct pgconn_config c = {
		.loop = pool->loop,
		.conninfo = l == LANE_AUTH ? config->conninfo_auth : config->conninfo,
		.lane = lane_names[l],
		.statements = config->statements,
		.schema_version = config->schema_version,
		.depth = lane_config->pipeline_depth,
		.statement_timeout_ms = lane_config->statement_timeout_ms,
		.ready = ready_cb,
		.refused = refused_cb,
		.finished = finished_cb,
		.again = again_cb,
		.closed = connection_closed_cb,
		.data = pool,
	};

	lane->queue_max = lane_config->queue_max;
	if (lane_config->connections > POOL_CONNECTIONS_MAX ||
	    (lane_config->connections > 0 && (c.depth < 1 || c.depth > PGCONN_DEPTH_MAX)))
		return error_why(error,
				 "lane '%s' has %u connections of depth %u: at most %d of 1 to %d",
				 c.lane, lane_config->connections, c.depth, POOL_CONNECTIONS_MAX,
				 PGCONN_DEPTH_MAX);
	for (unsigned i = 0; i < lane_config->connections; i++) {
		c.number = i;
		lane->connections[i] = pgconn_new(&c, error);
		if (lane->connections[i] == NULL)
			return false;
		lane->count++;
		pool->open++;
	}
	return true;
}

static void nothing(void *data)
{
	(void)data;
}

struct pool *pool_new(uv_loop_t *loop, const struct pool_config *config, struct error *error)
{
	struct pool *pool = calloc(1, sizeof *pool);

	if (pool == NULL) {
		error_why(error, "no memory");
		return NULL;
	}
	pool->loop = loop;
	for (unsigned l = 0; l <= LANE_AUTH; l++)
		list_init(&pool->lanes[l].queue);
	uv_prepare_init(loop, &pool->turn);
	uv_timer_init(loop, &pool->tick);
	pool->turn.data = pool->tick.data = pool;
	pool->open = 2;
	for (unsigned l = LANE_WRITE; l <= LANE_AUTH; l++)
		if (!lane_open(pool, config, (enum method_lane)l, error)) {
			/* Handles close in the loop's own time; the caller need not wait. */
			pool_close(pool, nothing, NULL);
			return NULL;
		}
	return pool;
}

void pool_start(struct pool *pool, void (*ready)(void *data),
		void (*failed)(void *data, const struct error *error), void *data)
{
	pool->ready = ready;
	pool->failed = failed;
	pool->start_data = data;
	uv_prepare_start(&pool->turn, turn_cb);
	for (unsigned l = LANE_WRITE; l <= LANE_AUTH; l++)
		for (unsigned i = 0; i < pool->lanes[l].count; i++)
			pgconn_start(pool->lanes[l].connections[i]);
}

bool pool_send(struct pool *pool, struct unit *unit)
{
	struct lane *lane = &pool->lanes[unit->lane];

	assert(unit->lane != LANE_NONE && unit->done != NULL && !list_linked(&unit->node));
	if (pool->draining || pool->closing)
		return error_set(&unit->error, ERROR_SHUTTING_DOWN, "seconds", "5", NULL);
	if (pool->refused || lane->count == 0)
		return error_set(&unit->error, ERROR_UNAVAILABLE, NULL);
	if (unit->broken || arena_failed(unit->arena)) {
		error_set(&unit->error, ERROR_TOO_LARGE, "what", "request", NULL);
		error_argf(&unit->error, "limit", "%zu B", unit->arena->bytes_max);
		return false;
	}
	if (lane->queued >= lane->queue_max)
		return error_set(&unit->error, ERROR_BUSY, "seconds", "1", NULL);
	unit->queued_us = clock_us();
	unit->sent_us = unit->done_us = 0;
	unit->resent = false;
	list_push_back(&lane->queue, &unit->node);
	lane->queued++;
	if (pool->pending++ == 0)
		uv_timer_start(&pool->tick, tick_cb, POOL_TICK_MS, POOL_TICK_MS);
	return true;
}

void pool_drain(struct pool *pool, void (*idle)(void *data), void *data)
{
	pool->draining = true;
	pool->idle = idle;
	pool->idle_data = data;
}

void pool_close(struct pool *pool, void (*closed)(void *data), void *data)
{
	struct list_node left;

	assert(!pool->closing);
	pool->closing = true;
	pool->closed = closed;
	pool->closed_data = data;
	uv_close((uv_handle_t *)&pool->turn, handle_closed_cb);
	uv_close((uv_handle_t *)&pool->tick, handle_closed_cb);
	list_init(&left);
	for (unsigned l = LANE_WRITE; l <= LANE_AUTH; l++) {
		struct lane *lane = &pool->lanes[l];

		lane_take(lane, true, 0, &left);
		for (unsigned i = 0; i < lane->count; i++)
			pgconn_close(lane->connections[i]);
	}
	while (!list_empty(&left)) {
		struct unit *unit = LIST_OWNER(list_pop_front(&left), struct unit, node);

		unit_abandoned(unit);
		finish(pool, unit);
	}
}

void pool_count(const struct pool *pool, struct pool_counters *counters)
{
	memset(counters, 0, sizeof *counters);
	for (unsigned l = LANE_WRITE; l <= LANE_AUTH; l++) {
		const struct lane *lane = &pool->lanes[l];
		struct pool_lane_counters *out = &counters->lanes[l];

		out->queued = lane->queued;
		for (unsigned i = 0; i < lane->count; i++) {
			const struct pgconn *c = lane->connections[i];

			out->ready += pgconn_ready(c) ? 1 : 0;
			out->in_flight += c->count;
			out->units += c->units;
			out->syncs += c->syncs;
			out->reconnects += c->reconnects;
		}
	}
}
