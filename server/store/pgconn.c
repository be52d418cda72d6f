/* The life of one database connection: look up, connect, prepare, serve, wait, come again. */
#include "server/store/pgconn.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/log.h"

/* Small catalogues would be hashed whole for a handful of probes, and no probe is made twice; one
 * plan per statement, made once (STORAGE). */
#define PGCONN_WRITER_PLANS                                                                        \
	" -c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off"      \
	" -c enable_mergejoin=off -c enable_bitmapscan=off -c enable_memoize=off"

static const char *const states[] = { "new",   "resolving", "connecting", "preparing",
				      "ready", "waiting",   "closing" };

static const struct machine_move moves[] = {
	{ PGCONN_NEW, PGCONN_RESOLVING },      { PGCONN_RESOLVING, PGCONN_CONNECTING },
	{ PGCONN_RESOLVING, PGCONN_WAITING },  { PGCONN_CONNECTING, PGCONN_PREPARING },
	{ PGCONN_CONNECTING, PGCONN_WAITING }, { PGCONN_PREPARING, PGCONN_READY },
	{ PGCONN_PREPARING, PGCONN_WAITING },  { PGCONN_READY, PGCONN_WAITING },
	{ PGCONN_WAITING, PGCONN_RESOLVING },  { PGCONN_NEW, PGCONN_CLOSING },
	{ PGCONN_RESOLVING, PGCONN_CLOSING },  { PGCONN_CONNECTING, PGCONN_CLOSING },
	{ PGCONN_PREPARING, PGCONN_CLOSING },  { PGCONN_READY, PGCONN_CLOSING },
	{ PGCONN_WAITING, PGCONN_CLOSING },
};

/* A database connection exists exactly while it is made or used; units wait only in a ready one. */
static bool invariant(const void *owner, int state)
{
	const struct pgconn *c = owner;
	bool wants =
		state == PGCONN_CONNECTING || state == PGCONN_PREPARING || state == PGCONN_READY;

	return (c->pg != NULL) == wants && (wants || (c->poll == NULL && c->count == 0));
}

static const struct machine_kind kind = {
	.name = "pgconn",
	.states = states,
	.state_count = sizeof states / sizeof *states,
	.moves = moves,
	.move_count = sizeof moves / sizeof *moves,
	.invariant = invariant,
};

/* libpq's messages go on with hints for people at a prompt; the first line says it. */
static void say(struct pgconn *c, enum log_level level, const char *event, const char *why)
{
	struct log_line line;
	char first[256] = "";

	if (why != NULL)
		snprintf(first, sizeof first, "%.*s", (int)strcspn(why, "\n"), why);
	log_begin(&line, level, event);
	log_text(&line, "lane", c->config.lane);
	log_number(&line, "connection", c->config.number);
	log_text(&line, "state", machine_state(&c->machine));
	if (first[0] != '\0')
		log_text(&line, "why", first);
	log_end(&line);
}

static void handle_closed(struct pgconn *c)
{
	assert(c->handles > 0);
	c->handles--;
	if (c->handles == 0 && c->machine.state == PGCONN_CLOSING)
		c->config.closed(c);
}

static void timer_closed_cb(uv_handle_t *handle)
{
	handle_closed(handle->data);
}

static void poll_closed_cb(uv_handle_t *handle)
{
	struct pgconn *c = handle->data;

	free(handle);
	handle_closed(c);
}

/* Before anything that may close the descriptor: libuv must not poll a number that means something
 * else by now. */
static void unwatch(struct pgconn *c)
{
	if (c->poll == NULL)
		return;
	uv_close((uv_handle_t *)c->poll, poll_closed_cb);
	c->poll = NULL;
	c->events = 0;
}

static void connect_step(struct pgconn *c);

static void poll_cb(uv_poll_t *poll, int status, int events)
{
	struct pgconn *c = poll->data;
	bool alive = true;

	if (status < 0) { /* libuv has stopped the handle already */
		pgconn_lose(c, uv_strerror(status));
		return;
	}
	if (c->machine.state == PGCONN_CONNECTING) {
		connect_step(c);
		return;
	}
	if (events & UV_READABLE) {
		PGconn *pg = c->pg;

		alive = PQconsumeInput(pg) == 1;
		/* What came before the end counts: answers, and the server's reason for going. */
		pipeline_read(c);
		if (c->pg != pg)
			return;
		if (!alive || PQstatus(pg) == CONNECTION_BAD) {
			pgconn_lose(c, PQerrorMessage(pg));
			return;
		}
	}
	if (events & UV_WRITABLE)
		c->dirty = true;
	pgconn_flush(c);
}

/* Polls the descriptor that libpq has now. */
static void watch(struct pgconn *c, int events)
{
	int status;

	if (c->poll == NULL) {
		uv_poll_t *poll = calloc(1, sizeof *poll);

		if (poll == NULL) {
			pgconn_lose(c, "no memory");
			return;
		}
		status = uv_poll_init(c->config.loop, poll, PQsocket(c->pg));
		if (status < 0) {
			free(poll);
			pgconn_lose(c, uv_strerror(status));
			return;
		}
		poll->data = c;
		c->poll = poll;
		c->handles++;
	}
	if (events == c->events)
		return; /* uv_poll_start costs two system calls each time */
	status = uv_poll_start(c->poll, events, poll_cb);
	c->events = events;
	if (status < 0)
		pgconn_lose(c, uv_strerror(status));
}

static void notice_cb(void *data, const PGresult *result)
{
	struct pgconn *c = data;
	const char *function = PQresultErrorField(result, PG_DIAG_SOURCE_FUNCTION);
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	/* The message may be translated by the server; the function that says it is not. */
	if ((function != NULL && strstr(function, "SyncRep") != NULL) ||
	    (message != NULL && strstr(message, "synchronous replication") != NULL))
		c->doubt = true;
	say(c, c->doubt ? LOG_LEVEL_WARNING : LOG_LEVEL_DEBUG, "db_notice", message);
}

/* One step of libpq's own machine. Each may open another descriptor. */
static void connect_step(struct pgconn *c)
{
	PostgresPollingStatusType next;

	unwatch(c);
	next = PQconnectPoll(c->pg);
	switch (next) {
	case PGRES_POLLING_READING:
		watch(c, UV_READABLE);
		break;
	case PGRES_POLLING_WRITING:
		watch(c, UV_WRITABLE);
		break;
	case PGRES_POLLING_OK:
		machine_go(&c->machine, PGCONN_PREPARING);
		pipeline_setup(c);
		break;
	default:
		pgconn_lose(c, PQerrorMessage(c->pg));
	}
}

static void timer_cb(uv_timer_t *timer);

static void resolved(struct conninfo *conninfo, const char *why)
{
	struct pgconn *c = (struct pgconn *)((char *)conninfo - offsetof(struct pgconn, conninfo));
	char settings[512];

	if (c->machine.state == PGCONN_CLOSING) {
		handle_closed(c); /* the look-up counted as one */
		return;
	}
	if (why != NULL) {
		pgconn_lose(c, why);
		return;
	}
	snprintf(settings, sizeof settings,
		 "-c statement_timeout=%u -c lock_timeout=2000"
		 " -c idle_in_transaction_session_timeout=10000 -c timezone=UTC -c jit=off"
		 " -c bytea_output=hex -c datestyle=ISO -c search_path=inap,pg_temp%s",
		 c->config.statement_timeout_ms,
		 strcmp(c->config.lane, "write") == 0 ? PGCONN_WRITER_PLANS : "");
	c->pg = conninfo_start(conninfo, settings);
	if (c->pg == NULL || PQstatus(c->pg) == CONNECTION_BAD) {
		pgconn_lose(c, c->pg == NULL ? "no memory" : PQerrorMessage(c->pg));
		return;
	}
	PQsetNoticeReceiver(c->pg, notice_cb, c);
	machine_go(&c->machine, PGCONN_CONNECTING);
	uv_timer_start(&c->timer, timer_cb, PGCONN_CONNECT_MS_MAX, 0);
	watch(c, UV_WRITABLE);
}

static void connect_start(struct pgconn *c)
{
	machine_go(&c->machine, PGCONN_RESOLVING);
	c->doubt = c->barrier = c->dirty = false;
	memset(&c->setup_error, 0, sizeof c->setup_error);
	conninfo_resolve(&c->conninfo, c->config.loop, resolved);
}

/* The end of a wait, or of the patience with an attempt. */
static void timer_cb(uv_timer_t *timer)
{
	struct pgconn *c = timer->data;

	if (c->machine.state == PGCONN_WAITING)
		connect_start(c);
	else
		pgconn_lose(c, "the attempt took too long");
}

/* 100-200 ms at first, jittered so that daemons and lanes do not come all at once, doubling. */
static uint64_t wait_ms(struct pgconn *c)
{
	uint64_t base = 100;

	for (unsigned i = 0; i < c->attempts && base < PGCONN_WAIT_MS_MAX; i++)
		base *= 2;
	c->attempts++;
	base += uv_hrtime() / 1000 % base;
	return base < PGCONN_WAIT_MS_MAX ? base : PGCONN_WAIT_MS_MAX;
}

/* Lets go of the socket and of the units, into list. */
static void let_go(struct pgconn *c, struct list_node *list)
{
	unwatch(c);
	uv_timer_stop(&c->timer);
	pipeline_take(c, list);
	PQfinish(c->pg);
	c->pg = NULL;
}

void pgconn_lose(struct pgconn *c, const char *why)
{
	struct list_node list;

	say(c, LOG_LEVEL_WARNING, "db_lost", why);
	list_init(&list);
	let_go(c, &list);
	machine_go(&c->machine, PGCONN_WAITING);
	c->reconnects++;
	uv_timer_start(&c->timer, timer_cb, wait_ms(c), 0);
	/* From the last to the first, each to the head of its queue: the order stays. */
	while (!list_empty(&list)) {
		struct list_node *node = list.prev;

		list_remove(node);
		c->config.again(c, LIST_OWNER(node, struct unit, node));
	}
}

void pgconn_prepared(struct pgconn *c)
{
	uv_timer_stop(&c->timer);
	if (c->setup_error.code != ERROR_NONE) {
		struct error error = c->setup_error;

		pgconn_lose(c, error_argument(&error, "why"));
		c->config.refused(c, &error);
		return;
	}
	c->attempts = 0;
	machine_go(&c->machine, PGCONN_READY);
	say(c, LOG_LEVEL_INFO, "db_ready", NULL);
	c->config.ready(c);
}

struct pgconn *pgconn_new(const struct pgconn_config *config, struct error *error)
{
	struct pgconn *c = calloc(1, sizeof *c);

	assert(config->depth > 0 && config->depth <= PGCONN_DEPTH_MAX);
	if (c == NULL) {
		error_why(error, "no memory");
		return NULL;
	}
	c->config = *config;
	c->slots = calloc(config->depth, sizeof *c->slots);
	if (c->slots == NULL) {
		error_why(error, "no memory");
		goto out;
	}
	if (!conninfo_init(&c->conninfo, config->conninfo, error))
		goto out;
	machine_init(&c->machine, &kind, c, PGCONN_NEW);
	uv_timer_init(config->loop, &c->timer);
	c->timer.data = c;
	c->handles = 1;
	return c;
out:
	free(c->slots);
	free(c);
	return NULL;
}

void pgconn_free(struct pgconn *c)
{
	assert(c->handles == 0);
	conninfo_fini(&c->conninfo);
	free(c->slots);
	free(c);
}

void pgconn_start(struct pgconn *c)
{
	connect_start(c);
}

bool pgconn_ready(const struct pgconn *c)
{
	return c->machine.state == PGCONN_READY;
}

bool pgconn_room(const struct pgconn *c)
{
	return pgconn_ready(c) && !c->barrier && c->count < c->config.depth;
}

void pgconn_flush(struct pgconn *c)
{
	int left;

	if (!c->dirty || c->pg == NULL)
		return;
	left = PQflush(c->pg);
	if (left < 0) {
		pgconn_lose(c, PQerrorMessage(c->pg));
		return;
	}
	c->dirty = left == 1;
	watch(c, left == 1 ? UV_READABLE | UV_WRITABLE : UV_READABLE);
}

void pgconn_close(struct pgconn *c)
{
	struct list_node list;

	if (c->machine.state == PGCONN_CLOSING)
		return;
	list_init(&list);
	let_go(c, &list);
	machine_go(&c->machine, PGCONN_CLOSING);
	if (c->conninfo.resolving) {
		c->handles++;
		conninfo_cancel(&c->conninfo);
	}
	uv_close((uv_handle_t *)&c->timer, timer_closed_cb);
	while (!list_empty(&list)) {
		struct unit *unit = LIST_OWNER(list_pop_front(&list), struct unit, node);

		unit_abandoned(unit);
		c->config.finished(c, unit);
	}
}
