/* The network as a whole: the turn of the loop, caps, drain and close. */
#include "server/net/net.h"

#include <assert.h>
#include <signal.h>
#include <stdlib.h>

#include "server/base/log.h"
#include "server/net/inner.h"
#include "server/net/listener.h"

enum { REFUSED_LOG_MS = 1000 };

/* End of a turn: one write per connection, whatever was packed meanwhile. */
static void net_prepare_cb(uv_prepare_t *prepare)
{
	struct net *net = prepare->data;
	struct list_node *node;

	while ((node = list_pop_front(&net->dirty)) != NULL) {
		flow_flush(LIST_OWNER(node, struct connection, dirty));
	}
	if (list_empty(&net->resumed)) {
		uv_idle_stop(&net->idle);
	}
}

/* Start of a turn, before everybody's prepare: what goes on now still travels in this turn. */
static void net_idle_cb(uv_idle_t *idle)
{
	struct net *net = idle->data;
	struct list_node turn;
	struct list_node *node;

	/* those that come to it meanwhile wait for the next turn */
	list_init(&turn);
	while ((node = list_pop_front(&net->resumed)) != NULL) {
		list_push_back(&turn, node);
	}
	while ((node = list_pop_front(&turn)) != NULL) {
		flow_resume(LIST_OWNER(node, struct connection, resumed));
	}
}

struct net *net_new(uv_loop_t *loop, const struct config_limits *limits,
		    const struct connection_handler *handler, struct error *error)
{
	struct net *net = calloc(1, sizeof(*net));

	if (!net) {
		error_why(error, "out of memory");
		return NULL;
	}
	net->loop = loop;
	net->limits = *limits;
	net->handler = *handler;
	list_init(&net->connections);
	list_init(&net->dirty);
	list_init(&net->resumed);
	list_init(&net->listeners);
	signal(SIGPIPE, SIG_IGN); /* a peer that left is an error code, not the end of the daemon */
	uv_prepare_init(loop, &net->prepare);
	uv_idle_init(loop, &net->idle);
	net->prepare.data = net;
	net->idle.data = net;
	net->handles = 2;
	uv_prepare_start(&net->prepare, net_prepare_cb);
	uv_unref((uv_handle_t *)&net->prepare);
	return net;
}

struct net_counters net_counters(const struct net *net)
{
	return net->counters;
}

/* The idle handle keeps the loop from sleeping when something turns dirty behind our prepare. */
void net_flush_later(struct connection *c)
{
	struct net *net = c->net;

	if (connection_at(c) == CONNECTION_CLOSING) {
		return;
	}
	if (!list_linked(&c->dirty)) {
		list_push_back(&net->dirty, &c->dirty);
	}
	if (!uv_is_active((uv_handle_t *)&net->idle)) {
		uv_idle_start(&net->idle, net_idle_cb);
	}
}

/* The newcomer is counted already, hence <= and the look at others only where a source is known. */
bool net_room(const struct net *net, const struct sockaddr_storage *address)
{
	const struct config_limits *limits = &net->limits;
	unsigned same = 0;

	if (net->draining || net->counters.open > limits->connections ||
	    net->counters.before_login > limits->connections_before_login) {
		return false;
	}
	for (struct list_node *node = list_first(&net->connections); node;
	     node = list_next(&net->connections, node)) {
		const struct connection *c = LIST_OWNER(node, struct connection, node);

		if (!c->logged_in && address_same_source(address, &c->address)) {
			same++;
		}
	}
	return same <= limits->connections_before_login_per_source;
}

void net_refused(struct net *net, const struct connection *c)
{
	int64_t now = (int64_t)uv_now(net->loop);
	struct log_line line;

	net->counters.refused++;
	if (net->refused_ms != 0 && now - net->refused_ms < REFUSED_LOG_MS) {
		return;
	}
	net->refused_ms = now;
	log_begin(&line, LOG_LEVEL_WARNING, "connection_refused");
	log_text(&line, "peer", c->peer);
	log_number(&line, "refused", (int64_t)net->counters.refused);
	log_number(&line, "open", net->counters.open);
	log_number(&line, "before_login", net->counters.before_login);
	log_end(&line);
}

void net_gone(struct net *net)
{
	void (*closed)(void *data) = net->closed;
	void (*drained)(void *data) = net->drained;

	if (net->closing) {
		if (net->handles == 0 && list_empty(&net->connections)) {
			void *data = net->closed_data;

			free(net);
			closed(data);
		}
		return;
	}
	if (net->draining && drained && list_empty(&net->connections)) {
		net->drained = NULL;
		drained(net->drained_data);
	}
}

void net_drain(struct net *net, void (*drained)(void *data), void *data)
{
	struct list_node *node = list_first(&net->connections);

	net->draining = true;
	net->drained = drained;
	net->drained_data = data;
	listener_close_all(net);
	while (node) {
		struct connection *c = LIST_OWNER(node, struct connection, node);

		node = list_next(&net->connections, node);
		flow_adjust(c);
		if (c->in_flight == 0) {
			connection_finish(c, "the server stops");
		}
	}
	net_gone(net);
}

static void net_closed_cb(uv_handle_t *handle)
{
	struct net *net = handle->data;

	net->handles--;
	net_gone(net);
}

void net_close(struct net *net, void (*closed)(void *data), void *data)
{
	struct list_node *node = list_first(&net->connections);

	assert(!net->closing);
	net->closing = true;
	net->closed = closed;
	net->closed_data = data;
	listener_close_all(net);
	while (node) {
		struct connection *c = LIST_OWNER(node, struct connection, node);

		node = list_next(&net->connections, node);
		connection_close(c, "the server stops");
	}
	uv_close((uv_handle_t *)&net->prepare, net_closed_cb);
	uv_close((uv_handle_t *)&net->idle, net_closed_cb);
}
