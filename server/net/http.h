/**
 * Health over HTTP: GET /healthz and /readyz, one request per connection, on loopback.
 *
 * Ownership  of the daemon; http_close() frees it after its last handle closed.
 * Errors     a sentence naming the address.
 * Limits     HTTP_CLIENTS_MAX at once, HTTP_REQUEST_BYTES a request, HTTP_DEADLINE_MS for all of
 * it. Threads    loop thread only.
 */
#ifndef INAP_NET_HTTP_H
#define INAP_NET_HTTP_H

#include <uv.h>

#include "server/base/error.h"

enum { HTTP_CLIENTS_MAX = 16, HTTP_REQUEST_BYTES = 4096, HTTP_DEADLINE_MS = 5000 };

struct http;

struct http_options {
	const char *address;                         /* host:port, loopback only */
	unsigned deadline_ms;                        /* HTTP_DEADLINE_MS but in tests */
	bool (*ready)(void *data, const char **why); /* why: a static sentence if not */
	void *data;
};

/** *port (may be NULL) is the one taken, for port 0. */
struct http *http_new(uv_loop_t *loop, const struct http_options *options, unsigned *port,
		      struct error *error) __attribute__((warn_unused_result));
void http_close(struct http *http, void (*closed)(void *data), void *data);

#endif
