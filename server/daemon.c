/* Builds the daemon's parts, starts, drains and stops them. */
#include "server/daemon.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>
#include <systemd/sd-daemon.h>
#include <uv.h>

#include "server/base/clock.h"
#include "server/net/http.h"
#include "server/net/listener.h"
#include "server/store/pool.h"
#include "server/wiring.h"
#include "server/worker.h"
#include "sql/all.h"

enum { POLL_MS = 500, POLL_STALE_MS = 5000, STATEMENT_MS = 5000, BULK_STATEMENT_MS = 60000 };

struct daemon {
	const struct config *config;
	uv_loop_t loop;
	struct rpc rpc;
	struct worker worker;
	struct pool *pool;
	struct net *net;
	struct tls *tls;
	struct http *http;
	uv_signal_t signals[2];
	uv_timer_t poll;  /* session_change */
	uv_timer_t force; /* the end of draining */
	struct error *error;
	bool polling; /* a poll is under way */
	bool serving;
	bool stopping;
	bool failed;
	int64_t polled_ms; /* last time session_change was read */
};

static struct daemon *daemon_of(uv_handle_t *handle)
{
	return handle->data;
}

/* 4. The pool is gone: so are the last handles, and uv_run() returns. */
static void daemon_pool_closed(void *data)
{
	struct daemon *d = data;

	d->pool = NULL;
}

static void daemon_gone(void *data)
{
	(void)data;
}

static void daemon_close_handle(uv_handle_t *handle)
{
	if (!uv_is_closing(handle)) {
		uv_close(handle, NULL);
	}
}

/* 3. Nothing is in flight any more. */
static void daemon_pool_idle(void *data)
{
	struct daemon *d = data;

	if (d->http) {
		http_close(d->http, daemon_gone, d);
		d->http = NULL;
	}
	daemon_close_handle((uv_handle_t *)&d->poll);
	daemon_close_handle((uv_handle_t *)&d->force);
	for (size_t i = 0; i < sizeof d->signals / sizeof *d->signals; i++) {
		daemon_close_handle((uv_handle_t *)&d->signals[i]);
	}
	pool_close(d->pool, daemon_pool_closed, d);
}

/* 2. No client is left: what they left in the database drains. */
static void daemon_net_gone(void *data)
{
	struct daemon *d = data;

	d->net = NULL;
	pool_drain(d->pool, daemon_pool_idle, d);
}

static void daemon_drained(void *data)
{
	struct daemon *d = data;

	net_close(d->net, daemon_net_gone, d);
}

static void daemon_force_cb(uv_timer_t *timer)
{
	daemon_drained(daemon_of((uv_handle_t *)timer));
}

/* 1. No new connection, no new request; what is under way is answered. */
static void daemon_stop(struct daemon *d, const char *why)
{
	if (d->stopping) {
		return;
	}
	d->stopping = true;
	d->rpc.draining = true;
	log_event(LOG_LEVEL_INFO, "stopping", "why", why, NULL);
	sd_notify(0, "STOPPING=1");
	uv_timer_stop(&d->poll);
	uv_timer_start(&d->force, daemon_force_cb, d->config->limits.drain_ms, 0);
	net_drain(d->net, daemon_drained, d);
}

static void daemon_signal_cb(uv_signal_t *handle, int number)
{
	daemon_stop(daemon_of((uv_handle_t *)handle), number == SIGTERM ? "SIGTERM" : "SIGINT");
}

/* A daemon that cannot learn of revoked sessions must not write for them. */
static void daemon_polled(struct request *r)
{
	struct daemon *d = LIST_OWNER(r->rpc, struct daemon, rpc);
	int64_t now = clock_ms();

	d->polling = false;
	if (r->error.code == ERROR_NONE) {
		d->polled_ms = now;
	}
	d->rpc.writes_refused = now - d->polled_ms > POLL_STALE_MS;
}

static void daemon_poll_cb(uv_timer_t *timer)
{
	struct daemon *d = daemon_of((uv_handle_t *)timer);
	struct request *r;

	d->rpc.writes_refused = clock_ms() - d->polled_ms > POLL_STALE_MS;
	sd_notify(0, "WATCHDOG=1");
	if (d->polling) {
		return;
	}
	r = rpc_own_request(&d->rpc, METHOD_SESSION_WHOAMI, wiring_poll, daemon_polled);
	if (r) {
		d->polling = true;
		r->deadline_ms = clock_ms() + POLL_STALE_MS;
		request_run(r);
	}
}

static bool daemon_listen(struct daemon *d)
{
	const struct config *config = d->config;
	struct listener_options options = { .tls = d->tls,
					    .reuse_port = config->listen.reuse_port,
					    .backlog = config->listen.backlog };
	struct listener_options plain = { .reuse_port = config->listen.reuse_port,
					  .backlog = config->listen.backlog };

	for (unsigned i = 0; d->tls && i < config->listen.tls.count; i++) {
		if (!listener_tcp(d->net, config->listen.tls.items[i], &options, NULL, d->error)) {
			return false;
		}
	}
	if (*config->listen.plain &&
	    !listener_tcp(d->net, config->listen.plain, &plain, NULL, d->error)) {
		return false;
	}
	return !*config->listen.unix_path ||
	       listener_unix(d->net, config->listen.unix_path, config->listen.backlog, d->error);
}

static void daemon_ready(void *data)
{
	struct daemon *d = data;

	if (d->stopping) {
		return;
	}
	if (!daemon_listen(d)) {
		d->failed = true;
		daemon_stop(d, "cannot listen");
		return;
	}
	d->serving = true;
	d->polled_ms = clock_ms();
	uv_timer_start(&d->poll, daemon_poll_cb, POLL_MS, POLL_MS);
	log_event(LOG_LEVEL_INFO, "serving", "schema", WIRING_SCHEMA, NULL);
	sd_notify(0, "READY=1");
}

static void daemon_schema_failed(void *data, const struct error *error)
{
	struct daemon *d = data;

	*d->error = *error;
	d->failed = true;
	daemon_stop(d, "the schema is not the one this build knows");
}

static bool daemon_is_ready(void *data, const char **why)
{
	const struct daemon *d = data;

	if (!d->serving || d->stopping) {
		*why = d->stopping ? "stopping" : "starting";
		return false;
	}
	if (!pool_healthy(d->pool) || d->rpc.writes_refused) {
		*why = "the database cannot be reached";
		return false;
	}
	return true;
}

static struct rpc_settings daemon_settings(const struct config *config)
{
	return (struct rpc_settings){
		.build = INAP_VERSION,
		.schema = WIRING_SCHEMA,
		.idle_minutes = config->session.idle_minutes,
		.absolute_hours = config->session.absolute_hours,
		.password_passes = config->password.passes,
		.password_memory_mib = config->password.memory_mib,
		.in_flight_per_user = config->limits.in_flight_per_user,
		.editions_public = config->edition.open,
		.kurdistan_confirms = config->edition.kurdistan_confirms,
	};
}

static struct pool_config daemon_pool_config(const struct config *config)
{
	unsigned depth = config->database.pipeline_depth;
	unsigned queue = config->database.queue_max;

	return (struct pool_config){
		.conninfo = config->database.conninfo,
		.conninfo_auth = config->database.conninfo_auth,
		.lanes = {
			[LANE_WRITE] = { config->database.write_connections, queue, depth, STATEMENT_MS },
			[LANE_READ] = { config->database.read_connections, queue, depth, STATEMENT_MS },
			[LANE_BULK] = { config->database.bulk_connections, queue, 1, BULK_STATEMENT_MS },
			[LANE_AUTH] = { config->database.auth_connections, queue, depth, STATEMENT_MS },
		},
		.schema_version = WIRING_SCHEMA,
		.statements = sql_statements,
	};
}

/* The parts that both the server and the first-admin command need. */
static bool daemon_build(struct daemon *d)
{
	struct rpc_settings settings = daemon_settings(d->config);
	struct pool_config pool = daemon_pool_config(d->config);

	if (sodium_init() < 0) {
		return error_why(d->error, "cannot start libsodium");
	}
	rpc_init(&d->rpc, &settings);
	wiring_steps(&d->rpc);
	worker_init(&d->worker, &d->loop, d->config->password.hash_jobs,
		    d->config->password.hash_queue);
	d->rpc.send = pool_send;
	d->rpc.work = worker_submit;
	d->rpc.work_data = &d->worker;
	d->pool = pool_new(&d->loop, &pool, d->error);
	d->rpc.pool = d->pool;
	return d->pool != NULL;
}

static bool daemon_build_net(struct daemon *d)
{
	const struct config *config = d->config;
	struct http_options http = { config->listen.http, HTTP_DEADLINE_MS, daemon_is_ready, d };

	if (*config->tls.certificate) {
		d->tls = tls_new(config->tls.certificate, config->tls.key, config->tls.client_ca,
				 d->error);
		if (!d->tls) {
			return false;
		}
	}
	rpc_handler_set(&d->rpc);
	d->net = net_new(&d->loop, &config->limits, &rpc_handler, d->error);
	if (!d->net) {
		return false;
	}
	if (*config->listen.http) {
		d->http = http_new(&d->loop, &http, NULL, d->error);
		return d->http != NULL;
	}
	return true;
}

static void daemon_handles(struct daemon *d)
{
	static const int numbers[] = { SIGTERM, SIGINT };

	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		uv_signal_init(&d->loop, &d->signals[i]);
		d->signals[i].data = d;
		uv_signal_start(&d->signals[i], daemon_signal_cb, numbers[i]);
	}
	uv_timer_init(&d->loop, &d->poll);
	uv_timer_init(&d->loop, &d->force);
	d->poll.data = d;
	d->force.data = d;
}

static void daemon_fini(struct daemon *d)
{
	rpc_fini(&d->rpc);
	tls_free(d->tls);
	uv_loop_close(&d->loop);
}

bool daemon_run(const struct config *config, struct error *error)
{
	static struct daemon d;

	d.config = config;
	d.error = error;
	uv_loop_init(&d.loop);
	if (!daemon_build(&d) || !daemon_build_net(&d)) {
		return false; /* the process ends: nothing was served yet */
	}
	daemon_handles(&d);
	pool_start(d.pool, daemon_ready, daemon_schema_failed, &d);
	uv_run(&d.loop, UV_RUN_DEFAULT);
	log_event(LOG_LEVEL_INFO, "stopped", NULL);
	daemon_fini(&d);
	return !d.failed;
}

/* First admin: one unit, then the pool closes and the loop runs empty. */
static void daemon_admin_done(struct request *r)
{
	struct daemon *d = LIST_OWNER(r->rpc, struct daemon, rpc);

	if (r->error.code != ERROR_NONE) {
		*d->error = r->error;
		d->failed = true;
	}
	pool_drain(d->pool, daemon_pool_idle, d);
}

static void daemon_admin_ready(void *data)
{
	struct daemon *d = data;
	struct request *r =
		rpc_own_request(&d->rpc, METHOD_USER_ADD, wiring_first_admin, daemon_admin_done);

	if (r) {
		request_run(r);
	}
}

static void daemon_admin_failed(void *data, const struct error *error)
{
	struct daemon *d = data;

	*d->error = *error;
	d->failed = true;
	pool_drain(d->pool, daemon_pool_idle, d);
}

bool daemon_first_admin(const struct config *config, struct error *error)
{
	static struct daemon d;

	d.config = config;
	d.error = error;
	uv_loop_init(&d.loop);
	if (!daemon_build(&d)) {
		return false;
	}
	daemon_handles(&d);
	pool_start(d.pool, daemon_admin_ready, daemon_admin_failed, &d);
	uv_run(&d.loop, UV_RUN_DEFAULT);
	daemon_fini(&d);
	return !d.failed;
}
