/* The transport that is none: the bytes of the wire are those of the protocol. */
#include "server/net/transport.h"

static enum transport_state plain_open(void *self, const uint8_t *bytes, size_t count,
				       const struct transport_sink *sink)
{
	(void)self;
	sink->take(sink->data, bytes, count);
	return TRANSPORT_GOES_ON;
}

static bool plain_seal(void *self, struct buffer *plain, struct buffer *wire)
{
	size_t count = buffer_length(plain);

	(void)self;
	if (buffer_length(wire) == 0 && count <= TRANSPORT_SEAL_BYTES) {
		buffer_move(wire, plain);
		return true;
	}
	count = count < TRANSPORT_SEAL_BYTES ? count : TRANSPORT_SEAL_BYTES;
	if (!buffer_append(wire, buffer_bytes(plain), count)) {
		return false;
	}
	buffer_consume(plain, count);
	return true;
}

static bool plain_goodbye(void *self, struct buffer *wire)
{
	(void)self;
	(void)wire;
	return true;
}

static bool plain_ready(const void *self)
{
	(void)self;
	return true;
}

static const char *plain_why(const void *self)
{
	(void)self;
	return "out of memory";
}

static void plain_free(void *self)
{
	(void)self;
}

const struct transport_ops transport_plain = {
	.open = plain_open,
	.seal = plain_seal,
	.goodbye = plain_goodbye,
	.ready = plain_ready,
	.why = plain_why,
	.free = plain_free,
};
