/* Fuzz target: any bytes as a stream of frames, glued and byte by byte, must give the same frames.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "proto/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { BODY_MAX = 4096 };

/* The same frame must appear exactly when its last byte does, and its header must pack to the same
 * bytes. */
static void frame_check(const uint8_t *at, const struct frame *frame, size_t consumed)
{
	uint8_t header[FRAME_HEADER_BYTES];
	struct frame again;
	size_t none = 1;

	assert(consumed == FRAME_HEADER_BYTES + (size_t)frame->length);
	assert(frame->body == at + FRAME_HEADER_BYTES);
	frame_header_pack(header, frame);
	assert(memcmp(header, at, sizeof header) == 0);
	for (size_t have = consumed - 1; have > 0 && have + 3 > consumed; have--) {
		assert(frame_next(at, have, BODY_MAX, &again, &none) == FRAME_MORE);
		assert(none == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct frame frame;
	size_t consumed = 0;

	while (frame_next(data, size, BODY_MAX, &frame, &consumed) == FRAME_WHOLE) {
		assert(consumed <= size && frame.length <= BODY_MAX);
		frame_check(data, &frame, consumed);
		data += consumed;
		size -= consumed;
	}
	assert(consumed == 0);
	return 0;
}
