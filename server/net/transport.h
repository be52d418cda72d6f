/**
 * A transport: between the bytes on the wire and those of the protocol; plain or TLS.
 *
 * Ownership  `self` is the connection's, given back with free().
 * Errors     TRANSPORT_FAILED or false; why() says it in a static sentence. What a failed transport
 *            still has to say (an alert) is sealed once more.
 * Limits     open() gives at most what it was given; seal() stops near TRANSPORT_SEAL_BYTES.
 * Threads    loop thread only.
 */
#ifndef INAP_NET_TRANSPORT_H
#define INAP_NET_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/buffer.h"

enum { TRANSPORT_SEAL_BYTES = 128 * 1024 };

enum transport_state {
	TRANSPORT_GOES_ON,
	TRANSPORT_ENDED, /* the peer said goodbye */
	TRANSPORT_FAILED
};

/** Takes plaintext; false: no more of it is wanted. */
typedef bool transport_take(void *data, const uint8_t *bytes, size_t count);

struct transport_sink {
	transport_take *take;
	void *data;
};

struct transport_ops {
	/** Opens bytes from the wire and gives the plaintext, in order, to the sink. */
	enum transport_state (*open)(void *self, const uint8_t *bytes, size_t count,
				     const struct transport_sink *sink);
	/** Moves plaintext, and what the transport itself has to say, onto the wire. */
	bool (*seal)(void *self, struct buffer *plain, struct buffer *wire);
	/** The last words. */
	bool (*goodbye)(void *self, struct buffer *wire);
	/** True once plaintext may flow. */
	bool (*ready)(const void *self);
	const char *(*why)(const void *self);
	void (*free)(void *self);
};

/** No transport at all: for the Unix socket and loopback; self is NULL. */
extern const struct transport_ops transport_plain;

#endif
