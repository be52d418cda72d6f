/* The frame codec: 32-byte headers, big-endian, read and written byte by byte (no alignment). */
#include "proto/frame.h"

#include <string.h>

static uint32_t u32_get(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	       (uint32_t)bytes[3];
}

static void u32_put(uint8_t *out, uint32_t value)
{
	out[0] = (uint8_t)(value >> 24);
	out[1] = (uint8_t)(value >> 16);
	out[2] = (uint8_t)(value >> 8);
	out[3] = (uint8_t)value;
}

enum frame_next_result frame_next(const uint8_t *bytes, size_t have, uint32_t body_max,
				  struct frame *out, size_t *consumed)
{
	*consumed = 0;
	if (have < FRAME_HEADER_BYTES)
		return FRAME_MORE;

	out->length = u32_get(bytes);
	out->method = (uint16_t)(bytes[4] << 8 | bytes[5]);
	out->kind = bytes[6];
	out->flags = bytes[7];
	out->id = u32_get(bytes + 8);
	out->time_ms = u32_get(bytes + 12);
	memcpy(out->key, bytes + 16, FRAME_KEY_BYTES);
	out->body = NULL;

	if (out->length > body_max)
		return FRAME_TOO_LONG;
	/* Subtracted, not added: a 32-bit size_t must not wrap. */
	if (have - FRAME_HEADER_BYTES < out->length)
		return FRAME_MORE;
	out->body = bytes + FRAME_HEADER_BYTES;
	*consumed = FRAME_HEADER_BYTES + (size_t)out->length;
	return FRAME_WHOLE;
}

void frame_header_pack(uint8_t out[FRAME_HEADER_BYTES], const struct frame *frame)
{
	u32_put(out, frame->length);
	out[4] = (uint8_t)(frame->method >> 8);
	out[5] = (uint8_t)frame->method;
	out[6] = frame->kind;
	out[7] = frame->flags;
	u32_put(out + 8, frame->id);
	u32_put(out + 12, frame->time_ms);
	memcpy(out + 16, frame->key, FRAME_KEY_BYTES);
}
