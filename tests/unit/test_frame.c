/* The frame codec: byte by byte, glued together, too long, and the exact bytes of the header. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "proto/frame.h"

static const struct frame example = { .length = 5,
				      .method = 0x0129,
				      .kind = FRAME_REQUEST,
				      .flags = 0x80,
				      .id = 0x01020304,
				      .time_ms = 0xfffefdfc,
				      .key = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
					       16 } };

static void assert_example(const struct frame *frame)
{
	assert_int_equal(frame->length, 5);
	assert_int_equal(frame->method, 0x0129);
	assert_int_equal(frame->kind, FRAME_REQUEST);
	assert_int_equal(frame->flags, 0x80);
	assert_int_equal(frame->id, 0x01020304);
	assert_int_equal(frame->time_ms, 0xfffefdfc);
	assert_memory_equal(frame->key, example.key, FRAME_KEY_BYTES);
}

static void example_put(uint8_t *out)
{
	frame_header_pack(out, &example);
	memcpy(out + FRAME_HEADER_BYTES, "hello", 5);
}

static void the_header_is_these_bytes(void **state)
{
	static const uint8_t expected[FRAME_HEADER_BYTES] = { 0, 0,  0,  5,  0x01, 0x29, 1,    0x80,
							      1, 2,  3,  4,  0xff, 0xfe, 0xfd, 0xfc,
							      1, 2,  3,  4,  5,    6,    7,    8,
							      9, 10, 11, 12, 13,   14,   15,   16 };
	uint8_t out[FRAME_HEADER_BYTES];

	(void)state;
	frame_header_pack(out, &example);
	assert_memory_equal(out, expected, sizeof expected);
}

static void kinds_have_the_numbers_of_the_protocol(void **state)
{
	(void)state;
	assert_int_equal(FRAME_REQUEST, 1);
	assert_int_equal(FRAME_REPLY, 2);
	assert_int_equal(FRAME_PART, 3);
	assert_int_equal(FRAME_ERROR, 4);
	assert_int_equal(FRAME_PING, 6);
	assert_int_equal(FRAME_PONG, 7);
	assert_int_equal(FRAME_HELLO, 8);
}

static void a_frame_fed_byte_by_byte_is_whole_at_its_last(void **state)
{
	uint8_t bytes[FRAME_HEADER_BYTES + 5];
	struct frame frame;
	size_t consumed = 99;

	(void)state;
	example_put(bytes);
	for (size_t have = 0; have < sizeof bytes; have++) {
		assert_int_equal(frame_next(bytes, have, 5, &frame, &consumed), FRAME_MORE);
		assert_int_equal(consumed, 0);
	}
	assert_int_equal(frame_next(bytes, sizeof bytes, 5, &frame, &consumed), FRAME_WHOLE);
	assert_int_equal(consumed, sizeof bytes);
	assert_ptr_equal(frame.body, bytes + FRAME_HEADER_BYTES);
	assert_example(&frame);
}

static void glued_frames_come_one_after_another_from_any_address(void **state)
{
	enum { WHOLE = FRAME_HEADER_BYTES + 5, FRAMES = 3 };
	uint8_t bytes[1 + FRAMES * WHOLE + 7] = { 0 };
	const uint8_t *at = bytes + 1; /* odd on purpose */
	size_t have = sizeof bytes - 1, consumed = 0;
	struct frame frame;

	(void)state;
	for (size_t i = 0; i < FRAMES; i++)
		example_put(bytes + 1 + i * WHOLE);
	for (size_t i = 0; i < FRAMES; i++) {
		assert_int_equal(frame_next(at, have, 4096, &frame, &consumed), FRAME_WHOLE);
		assert_int_equal(consumed, WHOLE);
		assert_example(&frame);
		assert_memory_equal(frame.body, "hello", 5);
		at += consumed;
		have -= consumed;
	}
	assert_int_equal(frame_next(at, have, 4096, &frame, &consumed), FRAME_MORE);
}

static void a_body_over_the_limit_is_refused_with_its_header_known(void **state)
{
	uint8_t bytes[FRAME_HEADER_BYTES];
	struct frame frame;
	size_t consumed = 99;

	(void)state;
	frame_header_pack(bytes, &example);
	assert_int_equal(frame_next(bytes, sizeof bytes, 4, &frame, &consumed), FRAME_TOO_LONG);
	assert_int_equal(consumed, 0);
	assert_null(frame.body);
	assert_example(&frame);

	memset(bytes, 0xff, 4);
	assert_int_equal(frame_next(bytes, sizeof bytes, 1048576, &frame, &consumed),
			 FRAME_TOO_LONG);
	assert_int_equal(frame.length, UINT32_MAX);
	assert_int_equal(frame_next(bytes, sizeof bytes, UINT32_MAX, &frame, &consumed),
			 FRAME_MORE);
}

static void an_empty_body_is_a_whole_frame(void **state)
{
	uint8_t bytes[FRAME_HEADER_BYTES];
	struct frame frame = { .kind = FRAME_PING, .id = 7 };
	size_t consumed = 0;

	(void)state;
	frame_header_pack(bytes, &frame);
	assert_int_equal(frame_next(bytes, sizeof bytes, 0, &frame, &consumed), FRAME_WHOLE);
	assert_int_equal(consumed, FRAME_HEADER_BYTES);
	assert_int_equal(frame.kind, FRAME_PING);
	assert_int_equal(frame.length, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_header_is_these_bytes),
		cmocka_unit_test(kinds_have_the_numbers_of_the_protocol),
		cmocka_unit_test(a_frame_fed_byte_by_byte_is_whole_at_its_last),
		cmocka_unit_test(glued_frames_come_one_after_another_from_any_address),
		cmocka_unit_test(a_body_over_the_limit_is_refused_with_its_header_known),
		cmocka_unit_test(an_empty_body_is_a_whole_frame),
	};

	return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
