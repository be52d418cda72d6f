/**
 * The network: every listener and connection of the daemon on one loop.
 *
 * Replies are gathered during a loop turn and written once at its end (prepare). Connections that
 * may go on (released, answered, drained enough) get their waiting frames at the start of the next
 * turn (idle), never from inside the call that released them.
 *
 * Ownership  of the daemon; net_close() frees it after its last handle closed.
 * Errors     a sentence in *error at start; later none.
 * Limits     config_limits, copied.
 * Threads    loop thread only.
 */
#ifndef INAP_NET_NET_H
#define INAP_NET_NET_H

#include <uv.h>

#include "server/base/config.h"
#include "server/base/error.h"
#include "server/net/connection.h"

struct net;

struct net_counters {
	uint64_t accepted;
	uint64_t refused; /* at one of the caps */
	uint64_t frames;  /* whole ones received, pings among them */
	uint64_t bytes_in;
	uint64_t bytes_out;
	uint64_t expired; /* closed by a deadline */
	unsigned open;
	unsigned before_login;
};

struct net *net_new(uv_loop_t *loop, const struct config_limits *limits,
		    const struct connection_handler *handler, struct error *error)
	__attribute__((warn_unused_result));
struct net_counters net_counters(const struct net *net);
/** Stops listening and reading; each connection ends once its last request is answered; drained()
 *  is called when none is left, unless net_close() comes first. */
void net_drain(struct net *net, void (*drained)(void *data), void *data);
/** Closes everything now; closed() after the last handle, then the net is gone. */
void net_close(struct net *net, void (*closed)(void *data), void *data);

#endif
