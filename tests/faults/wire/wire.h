/**
 * A raw connection to the daemon: bytes out, frames in. For tests only.
 *
 * Ownership  wire_open() gives it, wire_close() takes it (NULL is fine). A frame's body lives until
 * the next wire_read(). Errors     what went wrong is said on stderr; a connection that ended stays
 * ended. Limits     a frame of at most WIRE_BODY_MAX. Threads    one at a time per connection.
 */
#ifndef INAP_TESTS_FAULTS_WIRE_WIRE_H
#define INAP_TESTS_FAULTS_WIRE_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

#include "proto/frame.h"

struct wire;

enum { WIRE_BODY_MAX = 8 << 20 };

enum wire_result {
	WIRE_FRAME,  /* *out is a frame */
	WIRE_SILENT, /* nothing whole in time */
	WIRE_CLOSED  /* the other side closed, or the connection broke */
};

/** Connects and, with TLS, shakes hands. Server: HOST:PORT, plain:HOST:PORT or unix:PATH. NULL: not
 * reached. */
struct wire *wire_open(const char *server, const char *ca);
void wire_close(struct wire *wire);

/** Sends bytes as they are; false: the connection broke, or took nothing for ten seconds. */
bool wire_send(struct wire *wire, const uint8_t *bytes, size_t length);
/** Sends a frame; its length is that of the body at frame->body. */
bool wire_send_frame(struct wire *wire, const struct frame *frame);
/** Sends a message as a request's body. */
bool wire_request(struct wire *wire, unsigned method, uint32_t id, const uint8_t *key,
		  const ProtobufCMessage *message);
/** The next frame. */
enum wire_result wire_read(struct wire *wire, struct frame *out, int timeout_ms);
/** The answer to a request, other frames passed over. */
enum wire_result wire_answer(struct wire *wire, uint32_t id, struct frame *out, int timeout_ms);

/** Milliseconds of the monotonic clock. */
int64_t wire_clock_ms(void);
/** The code of an error frame, "-" of another; lives until the next call of this thread. */
const char *wire_code(const struct frame *frame);

#endif
