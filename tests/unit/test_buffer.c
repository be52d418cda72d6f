/* Tests of the buffer and of hex digits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "server/base/buffer.h"
#include "server/base/hex.h"

static void bytes_come_out_in_the_order_they_went_in(void **state)
{
	struct buffer buffer;
	uint8_t in = 0;
	uint8_t out = 0;

	(void)state;
	buffer_init(&buffer, 4096);
	srand(1325);
	for (int i = 0; i < 20000; i++) {
		uint8_t piece[64];
		size_t n = (size_t)rand() % sizeof(piece);
		size_t take;

		for (size_t k = 0; k < n; k++) {
			piece[k] = (uint8_t)(in + k);
		}
		if (buffer_append(&buffer, piece, n)) {
			in = (uint8_t)(in + n);
		}
		take = (size_t)rand() % (buffer_length(&buffer) + 1);
		for (size_t k = 0; k < take; k++) {
			assert_int_equal(buffer_bytes(&buffer)[k], out++);
		}
		buffer_consume(&buffer, take);
	}
	buffer_fini(&buffer);
}

static void the_maximum_counts_unread_bytes_only(void **state)
{
	struct buffer buffer;
	uint8_t bytes[100] = { 0 };

	(void)state;
	buffer_init(&buffer, 150);
	assert_true(buffer_append(&buffer, bytes, 100));
	assert_false(buffer_append(&buffer, bytes, 51));
	assert_int_equal(buffer_length(&buffer), 100);
	assert_true(buffer_append(&buffer, bytes, 50));
	buffer_consume(&buffer, 60);
	assert_true(buffer_append(&buffer, bytes, 60));
	assert_null(buffer_reserve(&buffer, SIZE_MAX));
	buffer_fini(&buffer);
}

static void an_empty_buffer_holds_no_memory(void **state)
{
	struct buffer buffer;

	(void)state;
	buffer_init(&buffer, 1 << 20);
	assert_null(buffer_bytes(&buffer));
	assert_true(buffer_append(&buffer, "", 0));
	assert_null(buffer.data);
	assert_true(buffer_append(&buffer, "abc", 3));
	buffer_consume(&buffer, 3);
	assert_null(buffer.data);
	assert_true(buffer_append(&buffer, "abc", 3));
	buffer_truncate(&buffer, 0);
	assert_null(buffer.data);
	buffer_fini(&buffer);
}

static void a_half_made_append_can_be_undone(void **state)
{
	struct buffer buffer;
	uint8_t *room;

	(void)state;
	buffer_init(&buffer, 1 << 20);
	assert_true(buffer_append(&buffer, "xabc", 4));
	buffer_consume(&buffer, 1);
	room = buffer_reserve(&buffer, 2000);
	assert_non_null(room);
	memset(room, 'z', 2000);
	buffer_commit(&buffer, 2000);
	assert_int_equal(buffer_length(&buffer), 2003);
	buffer_truncate(&buffer, 3);
	assert_int_equal(buffer_length(&buffer), 3);
	assert_memory_equal(buffer_bytes(&buffer), "abc", 3);
	buffer_fini(&buffer);
}

static void moving_hands_the_bytes_over(void **state)
{
	struct buffer from;
	struct buffer to;
	const uint8_t *bytes;

	(void)state;
	buffer_init(&from, 100);
	buffer_init(&to, 7);
	assert_true(buffer_append(&from, "abcdefghij", 10));
	bytes = buffer_bytes(&from);
	buffer_move(&to, &from);
	assert_ptr_equal(buffer_bytes(&to), bytes);
	assert_int_equal(buffer_length(&from), 0);
	assert_int_equal(from.max, 100);
	assert_int_equal(to.max, 7);
	assert_false(buffer_append(&to, "k", 1));
	buffer_fini(&to);
	buffer_fini(&from);
}

static void hex_goes_there_and_back(void **state)
{
	const unsigned char bytes[] = { 0x00, 0x7f, 0x80, 0xff, 0x13, 0x25 };
	unsigned char back[6];
	char text[13];

	(void)state;
	hex_encode(bytes, 6, text);
	assert_string_equal(text, "007f80ff1325");
	assert_true(hex_decode("007F80fF1325", back, 6));
	assert_memory_equal(back, bytes, 6);
	assert_false(hex_decode("007f80ff132", back, 6));
	assert_false(hex_decode("007f80ff13255", back, 6));
	assert_false(hex_decode("007f80ff132g", back, 6));
	assert_false(hex_decode("007f80ff13/5", back, 6));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_come_out_in_the_order_they_went_in),
		cmocka_unit_test(the_maximum_counts_unread_bytes_only),
		cmocka_unit_test(an_empty_buffer_holds_no_memory),
		cmocka_unit_test(a_half_made_append_can_be_undone),
		cmocka_unit_test(moving_hands_the_bytes_over),
		cmocka_unit_test(hex_goes_there_and_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
