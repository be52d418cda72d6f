/**
 * Protobuf's wire format, one field at a time, strictly.
 *
 * Ownership  a field points into the bytes that were given.
 * Errors     a static English reason; the cursor is then of no further use.
 * Threads    any.
 */
#ifndef INAP_PROTO_WIRE_H
#define INAP_PROTO_WIRE_H

#include <stddef.h>
#include <stdint.h>

enum wire_type { WIRE_VARINT = 0, WIRE_64 = 1, WIRE_BYTES = 2, WIRE_32 = 5 };

struct wire {
	const uint8_t *at;
	size_t left;
};

struct wire_field {
	uint32_t number;
	enum wire_type type;
	uint64_t varint;      /* WIRE_VARINT */
	const uint8_t *bytes; /* WIRE_BYTES: the content; else NULL */
	size_t length;        /* WIRE_BYTES */
};

/** Takes the next field off a cursor that has bytes left; NULL, or why it is malformed. */
const char *wire_field_next(struct wire *wire, struct wire_field *field);
/** Takes a varint (at most ten bytes, at most 64 bits); NULL, or why it is malformed. */
const char *wire_varint_next(struct wire *wire, uint64_t *value);

#endif
