/**
 * A listener: a bound socket that hands arriving peers to the net.
 *
 * Ownership  of its net; gone with net_drain() or net_close().
 * Errors     a sentence naming the address.
 * Limits     the caps of config_limits, judged per arrival; at EMFILE libuv's reserve descriptor
 *            accepts and closes, so the loop does not spin.
 * Threads    loop thread only.
 */
#ifndef INAP_NET_LISTENER_H
#define INAP_NET_LISTENER_H

#include "server/net/net.h"
#include "server/net/tls.h"

struct listener_options {
	struct tls *tls; /* NULL: plain, and then only a loopback address is taken */
	bool reuse_port; /* share the port with another process of the same user */
	unsigned backlog;
};

/** Binds host:port; *port (may be NULL) is the one taken, for port 0. */
bool listener_tcp(struct net *net, const char *address, const struct listener_options *options,
		  unsigned *port, struct error *error) __attribute__((warn_unused_result));
/** Binds a Unix socket, mode 0660; a socket there that nobody answers is replaced. */
bool listener_unix(struct net *net, const char *path, unsigned backlog, struct error *error)
	__attribute__((warn_unused_result));
void listener_close_all(struct net *net);

#endif
