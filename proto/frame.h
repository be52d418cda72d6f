/**
 * The frame codec: a 32-byte header and a body, big-endian. Pure: bytes in, whole frames out.
 *
 * Ownership  a frame's body points into the bytes that were given; nothing is copied.
 * Errors     a body longer than allowed is FRAME_TOO_LONG, seen before anything is allocated for
 * it. Kind, flags and method are not judged here. Limits     body_max of the caller: 4 KiB before
 * login, 1 MiB after. Threads    any.
 */
#ifndef INAP_PROTO_FRAME_H
#define INAP_PROTO_FRAME_H

#include <stddef.h>
#include <stdint.h>

enum { FRAME_HEADER_BYTES = 32, FRAME_KEY_BYTES = 16 };

/** What a frame is. Kind 5 is reserved; received, it is MALFORMED. */
enum frame_kind {
	FRAME_REQUEST = 1,
	FRAME_REPLY = 2,
	FRAME_PART = 3,
	FRAME_ERROR = 4,
	FRAME_PING = 6,
	FRAME_PONG = 7,
	FRAME_HELLO = 8
};

struct frame {
	uint32_t length; /* bytes of the body */
	uint16_t method; /* number of methods.def */
	uint8_t kind;    /* enum frame_kind, unchecked */
	uint8_t flags;   /* must be 0, unchecked */
	uint32_t id;
	uint32_t time_ms;             /* request: deadline, 0 = the method's; answer: retry-after */
	uint8_t key[FRAME_KEY_BYTES]; /* request: idempotency key; answer: trace id */
	const uint8_t *body;          /* NULL unless the frame is whole */
};

enum frame_next_result {
	FRAME_MORE,    /* no whole frame yet; *consumed is 0 */
	FRAME_WHOLE,   /* *out is the first frame, *consumed its bytes, header included */
	FRAME_TOO_LONG /* *out has the header, for an error; the rest of the bytes means nothing */
};

/** Looks at the first frame of `have` bytes. */
enum frame_next_result frame_next(const uint8_t *bytes, size_t have, uint32_t body_max,
				  struct frame *out, size_t *consumed);
/** Writes the header of a frame whose body follows elsewhere. */
void frame_header_pack(uint8_t out[FRAME_HEADER_BYTES], const struct frame *frame);

#endif
