/* The life of a connection: made, opened, finished, closed, freed. */
#include "server/net/connection.h"

#include <assert.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/log.h"
#include "server/net/inner.h"

/* A peer that vanished without a word is noticed by the kernel within a minute. */
enum {
	KEEPALIVE_IDLE_S = 30,
	KEEPALIVE_INTERVAL_S = 10,
	KEEPALIVE_PROBES = 3,
	USER_TIMEOUT_MS = 20000
};

static const char *const connection_states[] = { "handshake", "open", "finishing", "closing" };
static const struct machine_move connection_moves[] = {
	{ CONNECTION_HANDSHAKE, CONNECTION_OPEN },
	{ CONNECTION_HANDSHAKE, CONNECTION_FINISHING }, /* an alert is still to be sent */
	{ CONNECTION_HANDSHAKE, CONNECTION_CLOSING },
	{ CONNECTION_OPEN, CONNECTION_FINISHING },
	{ CONNECTION_OPEN, CONNECTION_CLOSING },
	{ CONNECTION_FINISHING, CONNECTION_CLOSING },
};

static bool connection_holds(const void *owner, int state)
{
	const struct connection *c = owner;

	switch (state) {
	case CONNECTION_HANDSHAKE:
		return !c->opened && !c->logged_in;
	case CONNECTION_OPEN:
		return c->opened && !c->why && c->ops->ready(c->transport);
	case CONNECTION_FINISHING:
		return c->why != NULL;
	default:
		return c->why != NULL && !list_linked(&c->dirty) && !list_linked(&c->resumed);
	}
}

static const struct machine_kind connection_kind = {
	.name = "connection",
	.states = connection_states,
	.state_count = 4,
	.moves = connection_moves,
	.move_count = sizeof(connection_moves) / sizeof(connection_moves[0]),
	.invariant = connection_holds,
};

enum connection_state connection_at(const struct connection *c)
{
	return (enum connection_state)c->machine.state;
}

static void connection_go(struct connection *c, enum connection_state state)
{
	machine_go(&c->machine, (int)state);
	c->since_ms = (int64_t)uv_now(c->net->loop);
}

static void connection_free(struct connection *c)
{
	struct net *net = c->net;

	list_remove(&c->node);
	if (c->opened) {
		net->handler.closed(c, c->why);
	} else if (c->accepted) {
		/* no layer above knows of it: scanners, wrong versions, refused certificates */
		log_event(LOG_LEVEL_INFO, "handshake_failed", "peer", c->peer, "why", c->why, NULL);
	}
	c->ops->free(c->transport);
	buffer_fini(&c->in);
	buffer_fini(&c->out);
	buffer_fini(&c->wire);
	net->counters.open--;
	net->counters.before_login -= c->logged_in ? 0 : 1;
	free(c);
	net_gone(net);
}

static void connection_closed_cb(uv_handle_t *handle)
{
	struct connection *c = handle->data;

	if (--c->handles == 0) {
		connection_free(c);
	}
}

/* Replies are small and wait for nobody; a peer that vanished is given up in bounded time. */
static void connection_tune(struct connection *c)
{
	const struct {
		int option;
		unsigned value;
	} options[] = {
		{ TCP_KEEPINTVL, KEEPALIVE_INTERVAL_S },
		{ TCP_KEEPCNT, KEEPALIVE_PROBES },
		{ TCP_USER_TIMEOUT, USER_TIMEOUT_MS },
	};
	uv_os_fd_t descriptor;

	uv_tcp_nodelay(&c->socket.tcp, 1);
	uv_tcp_keepalive(&c->socket.tcp, 1, KEEPALIVE_IDLE_S);
	if (uv_fileno(&c->socket.handle, &descriptor) != 0) {
		return;
	}
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		setsockopt(descriptor, IPPROTO_TCP, options[i].option, &options[i].value,
			   sizeof(options[i].value));
	}
}

static void connection_name(struct connection *c, const struct connection_source *source)
{
	char host[ADDRESS_TEXT_BYTES];
	int length = (int)sizeof(c->address);

	if (!source->pipe) {
		uv_tcp_getpeername(&c->socket.tcp, (struct sockaddr *)&c->address, &length);
	}
	snprintf(c->peer, sizeof(c->peer), "%s%s", source->label, address_host(&c->address, host));
}

static struct connection *connection_new(struct net *net, const struct connection_source *source)
{
	struct connection *c = calloc(1, sizeof(*c));
	size_t body_all = (size_t)net->limits.in_flight_per_connection * (BODY_LARGE_BYTES + 64);

	if (!c) {
		return NULL;
	}
	c->net = net;
	c->ops = source->ops;
	c->transport = source->transport;
	c->number = ++net->numbers;
	c->body_max = BODY_SMALL_BYTES;
	c->handles = 2;
	buffer_init(&c->in, BODY_LARGE_BYTES + FRAME_HEADER_BYTES + NET_INPUT_BYTES);
	/* whatever is in flight when reading stops may still be answered in full */
	buffer_init(&c->out, net->limits.out_high_bytes + body_all);
	buffer_init(&c->wire, SIZE_MAX);
	uv_timer_init(net->loop, &c->timer);
	if (source->pipe) {
		uv_pipe_init(net->loop, &c->socket.pipe, 0);
	} else {
		uv_tcp_init(net->loop, &c->socket.tcp);
	}
	c->socket.handle.data = c;
	c->timer.data = c;
	c->write.data = c;
	c->shutdown.data = c;
	c->since_ms = (int64_t)uv_now(net->loop);
	machine_init(&c->machine, &connection_kind, c, CONNECTION_HANDSHAKE);
	list_push_back(&net->connections, &c->node);
	net->counters.open++;
	net->counters.before_login++;
	return c;
}

void connection_accept(struct net *net, uv_stream_t *listener,
		       const struct connection_source *source)
{
	struct connection *c = connection_new(net, source);
	int code;

	if (!c) {
		source->ops->free(source->transport);
		return;
	}
	code = uv_accept(listener, &c->socket.stream);
	if (code) {
		connection_close(c, uv_strerror(code));
		return;
	}
	connection_name(c, source);
	if (!net_room(net, &c->address)) {
		net_refused(net, c);
		connection_close(c, "too many connections");
		return;
	}
	net->counters.accepted++;
	c->accepted = true;
	if (!source->pipe) {
		connection_tune(c);
	}
	flow_start(c);
}

void connection_open(struct connection *c)
{
	c->opened = true;
	connection_go(c, CONNECTION_OPEN);
	c->active_ms = c->since_ms;
	c->net->handler.opened(c);
}

void connection_data_set(struct connection *c, void *data)
{
	c->data = data;
}

void *connection_data(const struct connection *c)
{
	return c->data;
}

struct buffer *connection_out(struct connection *c)
{
	return &c->out;
}

void connection_flush_later(struct connection *c)
{
	if (connection_closing(c)) {
		return;
	}
	net_flush_later(c);
	if (flow_backlog(c) > c->net->limits.out_high_bytes) {
		c->choked = true;
		flow_adjust(c);
	}
}

void connection_resume_later(struct connection *c)
{
	if (connection_at(c) == CONNECTION_OPEN && !list_linked(&c->resumed)) {
		list_push_back(&c->net->resumed, &c->resumed);
		net_flush_later(c); /* wakes the turn */
	}
}

void connection_hold(struct connection *c)
{
	c->held++;
	flow_adjust(c);
}

void connection_release(struct connection *c)
{
	assert(c->held > 0);
	c->held--;
	c->active_ms = (int64_t)uv_now(c->net->loop);
	connection_resume_later(c);
}

void connection_request_begins(struct connection *c)
{
	c->in_flight++;
	flow_adjust(c);
}

void connection_request_ends(struct connection *c)
{
	assert(c->in_flight > 0);
	c->in_flight--;
	c->active_ms = (int64_t)uv_now(c->net->loop);
	if (c->in_flight == 0 && c->net->draining) {
		connection_finish(c, "the server stops");
		return;
	}
	connection_resume_later(c);
}

void connection_logged_in(struct connection *c, bool logged_in)
{
	if (c->logged_in == logged_in) {
		return;
	}
	c->logged_in = logged_in;
	c->body_max = logged_in ? BODY_LARGE_BYTES : BODY_SMALL_BYTES;
	c->since_ms = (int64_t)uv_now(c->net->loop);
	c->active_ms = c->since_ms;
	if (logged_in) {
		c->net->counters.before_login--;
	} else {
		c->net->counters.before_login++;
	}
	deadline_arm(c);
}

void connection_finish(struct connection *c, const char *why)
{
	if (!machine_may(&c->machine, CONNECTION_FINISHING)) {
		return;
	}
	c->why = why;
	connection_go(c, CONNECTION_FINISHING);
	list_remove(&c->resumed);
	flow_adjust(c);
	net_flush_later(c);
	deadline_arm(c);
}

void connection_finish_later(struct connection *c, const char *why)
{
	if (connection_at(c) == CONNECTION_OPEN) {
		c->ending = why;
		connection_resume_later(c);
	}
}

void connection_close(struct connection *c, const char *why)
{
	if (connection_at(c) == CONNECTION_CLOSING) {
		return;
	}
	c->why = c->why ? c->why : why;
	list_remove(&c->dirty);
	list_remove(&c->resumed);
	connection_go(c, CONNECTION_CLOSING);
	uv_close(&c->socket.handle, connection_closed_cb);
	uv_close((uv_handle_t *)&c->timer, connection_closed_cb);
}

bool connection_closing(const struct connection *c)
{
	return connection_at(c) >= CONNECTION_FINISHING;
}

const char *connection_peer(const struct connection *c)
{
	return c->peer;
}

uint64_t connection_number(const struct connection *c)
{
	return c->number;
}
