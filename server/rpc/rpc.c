/* The rpc core: peers, the requests in flight, sessions that change under way, draining. */
#include "server/rpc/rpc.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "server/base/clock.h"
#include "server/base/log.h"
#include "server/rpc/answer.h"
#include "server/rpc/dispatch.h"

static struct rpc *rpc_handled; /* the one that rpc_handler's calls belong to */

void rpc_init(struct rpc *rpc, const struct rpc_settings *settings)
{
	memset(rpc, 0, sizeof *rpc);
	rpc->settings = *settings;
	list_init(&rpc->peers);
	list_init(&rpc->free_requests);
}

void rpc_fini(struct rpc *rpc)
{
	struct list_node *node;

	while ((node = list_pop_front(&rpc->free_requests)) != NULL) {
		struct request *r = LIST_OWNER(node, struct request, node);

		arena_fini(&r->arena);
		free(r);
	}
}

void rpc_handler_set(struct rpc *rpc)
{
	rpc_handled = rpc;
}

struct request *rpc_request_take(struct rpc *rpc)
{
	struct list_node *node = list_pop_front(&rpc->free_requests);
	struct request *r;

	if (node) {
		r = LIST_OWNER(node, struct request, node);
		rpc->free_count--;
	} else {
		r = calloc(1, sizeof *r);
		if (!r) {
			return NULL;
		}
		arena_init(&r->arena, REQUEST_ARENA_BYTES);
	}
	r->rpc = rpc;
	r->began_us = clock_us();
	randombytes_buf(r->trace, sizeof r->trace);
	rpc->in_flight++;
	return r;
}

void rpc_request_give(struct request *r)
{
	struct rpc *rpc = r->rpc;
	struct arena arena;

	unit_reset(&r->unit);
	arena_reset(&r->arena);
	arena = r->arena;
	memset(r, 0, sizeof *r);
	r->arena = arena;
	if (rpc->free_count < RPC_FREE_REQUESTS) {
		list_push_back(&rpc->free_requests, &r->node);
		rpc->free_count++;
	} else {
		arena_fini(&r->arena);
		free(r);
	}
	rpc->in_flight--;
}

static void rpc_log(const struct request *r)
{
	struct log_line line;

	log_begin(&line, r->error.code == ERROR_INTERNAL ? LOG_LEVEL_ERROR : LOG_LEVEL_INFO,
		  "request");
	log_text(&line, "method", r->method ? r->method->name : "unknown");
	log_trace(&line, r->trace);
	log_number(&line, "user", r->user_id);
	if (r->peer) {
		log_number(&line, "connection", (int64_t)connection_number(r->peer->connection));
	}
	log_text(&line, "code",
		 r->error.code == ERROR_NONE ? "OK" : error_row(r->error.code)->name);
	log_number(&line, "units", r->units);
	log_number(&line, "db_us",
		   r->unit.sent_us > 0 && r->unit.done_us > r->unit.sent_us
			   ? r->unit.done_us - r->unit.sent_us
			   : 0);
	log_number(&line, "total_us", clock_us() - r->began_us);
	if (r->unit.sqlstate[0]) {
		log_text(&line, "sqlstate", r->unit.sqlstate);
	}
	log_end(&line);
}

/* The answer of a resume, login or enrol is given: what waits behind it goes on. */
static void rpc_authenticated(struct peer *peer)
{
	if (peer->authenticating) {
		peer->authenticating = false;
		peer->session.used_ms = clock_ms();
		connection_release(peer->connection);
	}
}

/* The daemon's own request ended: nobody waits for an answer. */
static void rpc_own_end(struct request *r)
{
	if (r->error.code != ERROR_NONE) {
		rpc_log(r);
	}
	r->finished(r);
	rpc_request_give(r);
}

void rpc_request_end(struct request *r)
{
	struct peer *peer = r->peer;
	bool session = r->method && r->method->access == ACCESS_SESSION;
	bool refused_resume = r->method && r->method->number == METHOD_SESSION_RESUME &&
			      r->error.code != ERROR_NONE;

	if (r->finished) {
		rpc_own_end(r);
		return;
	}
	rpc_log(r);
	if (peer) {
		answer_request(r);
		list_remove(&r->node);
		peer->in_flight--;
	}
	rpc_request_give(r);
	if (!peer || connection_closing(peer->connection)) {
		return;
	}
	connection_request_ends(peer->connection);
	if (session) {
		connection_logged_in(peer->connection, peer->session.user_id != 0);
		rpc_authenticated(peer);
	}
	if (refused_resume) {
		peer->refused = true;
		connection_finish_later(peer->connection, "resume refused");
	}
}

static void rpc_opened(struct connection *connection)
{
	struct peer *peer = calloc(1, sizeof *peer);

	if (!peer) {
		connection_close(connection, "no memory");
		return;
	}
	peer->rpc = rpc_handled;
	peer->connection = connection;
	list_init(&peer->requests);
	list_push_back(&rpc_handled->peers, &peer->node);
	connection_data_set(connection, peer);
	answer_hello(peer);
}

static void rpc_frame(struct connection *connection, const struct frame *frame)
{
	dispatch_frame(connection_data(connection), frame);
}

static void rpc_broken(struct connection *connection, const struct frame *header)
{
	dispatch_broken(connection_data(connection), header);
}

/* The client is gone: its requests drain and their replies are dropped. */
static void rpc_closed(struct connection *connection, const char *why)
{
	struct peer *peer = connection_data(connection);
	struct list_node *node;

	if (!peer) {
		return;
	}
	log_event(LOG_LEVEL_DEBUG, "closed", "why", why, NULL);
	while ((node = list_pop_front(&peer->requests)) != NULL) {
		struct request *r = LIST_OWNER(node, struct request, node);

		r->peer = NULL;
		r->session = NULL;
	}
	list_remove(&peer->node);
	session_fini(&peer->session);
	free(peer);
}

const struct connection_handler rpc_handler = {
	.opened = rpc_opened,
	.frame = rpc_frame,
	.broken = rpc_broken,
	.closed = rpc_closed,
};

struct request *rpc_own_request(struct rpc *rpc, enum method_number method, request_step *step,
				void (*finished)(struct request *r))
{
	struct request *r = rpc_request_take(rpc);

	if (!r) {
		return NULL;
	}
	r->method = method_by_number(method);
	r->step = step;
	r->finished = finished;
	r->deadline_ms = clock_ms() + r->method->deadline_ms;
	unit_init(&r->unit, &r->arena, r->method->lane);
	r->unit.context_read = "{}";
	r->unit.context_write = "{}";
	return r;
}

static bool rpc_change_is_new(struct rpc *rpc, int64_t change_id)
{
	for (unsigned i = 0; i < RPC_CHANGES_SEEN; i++) {
		if (rpc->changes_seen[i] == change_id) {
			return false;
		}
	}
	rpc->changes_seen[rpc->changes_next++ % RPC_CHANGES_SEEN] = change_id;
	return true;
}

/* A reload ended: a session that could not be reloaded is over, and so is its connection. */
static void rpc_refreshed(struct request *r)
{
	if (r->peer && (r->error.code != ERROR_NONE || r->session->user_id == 0)) {
		session_fini(r->session);
		connection_finish(r->peer->connection, "the session ended");
	}
	if (r->peer) {
		connection_release(r->peer->connection);
		list_remove(&r->node);
		r->peer->in_flight--;
		r->peer = NULL;
	}
}

static void rpc_session_refresh(struct peer *peer)
{
	struct request *r = rpc_own_request(peer->rpc, METHOD_SESSION_WHOAMI, peer->rpc->refresh,
					    rpc_refreshed);

	if (!r) {
		connection_close(peer->connection, "no memory");
		return;
	}
	r->peer = peer;
	r->session = &peer->session;
	r->user_id = peer->session.user_id;
	r->session_id = peer->session.session_id;
	list_push_back(&peer->requests, &r->node);
	peer->in_flight++;
	connection_hold(peer->connection);
	request_run(r);
}

void rpc_session_changed(struct rpc *rpc, int64_t change_id, int64_t user_id, int64_t session_id)
{
	struct list_node *next;

	if (!rpc_change_is_new(rpc, change_id)) {
		return;
	}
	for (struct list_node *node = list_first(&rpc->peers); node; node = next) {
		struct peer *peer = LIST_OWNER(node, struct peer, node);

		next = list_next(&rpc->peers, node);
		if (peer->session.user_id == user_id &&
		    (session_id == 0 || peer->session.session_id == session_id)) {
			rpc_session_refresh(peer);
		}
	}
}
