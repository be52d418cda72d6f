/* Tests of the arena. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "server/base/arena.h"

static void pieces_are_aligned_zeroed_and_apart(void **state)
{
	static const unsigned char zeros[5000];
	struct arena arena;

	(void)state;
	arena_init(&arena, 1 << 20);
	for (size_t size = 0; size < 5000; size += 37) {
		unsigned char *piece = arena_alloc(&arena, size);

		assert_non_null(piece);
		assert_int_equal((uintptr_t)piece % 16, 0);
		assert_memory_equal(piece, zeros, size);
		memset(piece, 0xff, size);
	}
	assert_false(arena_failed(&arena));
	arena_fini(&arena);
}

static void a_reset_arena_hands_out_clean_memory_again(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, 1 << 20);
	for (int turn = 0; turn < 3; turn++) {
		char *small = arena_alloc(&arena, 100);
		char *large = arena_alloc(&arena, 100000);

		assert_int_equal(small[50], 0);
		assert_int_equal(large[99999], 0);
		memset(small, 'x', 100);
		memset(large, 'x', 100000);
		arena_reset(&arena);
		assert_int_equal(arena.used, 0);
		assert_non_null(arena.first); /* one block stays */
	}
	arena_fini(&arena);
	assert_null(arena.first);
}

static void a_lone_large_block_is_not_kept(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, 1 << 20);
	assert_non_null(arena_alloc(&arena, 100000));
	arena_reset(&arena);
	assert_null(arena.first);
	arena_fini(&arena);
}

static void the_cap_is_met_exactly_and_marks_the_arena(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, 64);
	assert_non_null(arena_alloc(&arena, 48));
	assert_null(arena_alloc(&arena, 17));
	assert_true(arena_failed(&arena));
	assert_non_null(arena_alloc(&arena, 16));
	assert_null(arena_alloc(&arena, 1));
	arena_reset(&arena);
	assert_false(arena_failed(&arena));
	assert_non_null(arena_alloc(&arena, 64));
	arena_fini(&arena);
}

static void sizes_that_overflow_are_refused(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, SIZE_MAX);
	assert_null(arena_array(&arena, SIZE_MAX / 2, 3));
	assert_true(arena_failed(&arena));
	arena_reset(&arena);
	assert_null(arena_alloc(&arena, SIZE_MAX));
	assert_true(arena_failed(&arena));
	arena_reset(&arena);
	assert_null(arena_alloc(&arena, SIZE_MAX - 32)); /* fits the cap, not the machine */
	assert_true(arena_failed(&arena));
	arena_fini(&arena);
}

static void texts_and_bytes_are_copies(void **state)
{
	struct arena arena;
	char text[] = "FED-MOI";
	char *copy;

	(void)state;
	arena_init(&arena, 4096);
	copy = arena_strdup(&arena, text);
	text[0] = 'X';
	assert_string_equal(copy, "FED-MOI");
	assert_null(arena_strdup(&arena, NULL));
	assert_non_null(arena_memdup(&arena, NULL, 0));
	assert_string_equal(arena_printf(&arena, "%s/%dQ%d", "FED-MOI", 2024, 3), "FED-MOI/2024Q3");
	assert_null(arena_printf(&arena, "%5000d", 1));
	assert_true(arena_failed(&arena));
	arena_fini(&arena);
}

static void many_small_pieces_grow_over_blocks(void **state)
{
	struct arena arena;
	int *first = NULL;

	(void)state;
	arena_init(&arena, 1 << 20);
	first = arena_array(&arena, 10, sizeof(int));
	first[9] = 1325;
	for (int i = 0; i < 20000; i++) {
		assert_non_null(arena_alloc(&arena, 32));
	}
	assert_int_equal(first[9], 1325);
	assert_int_equal(arena.used, 48 + 20000 * 32);
	arena_fini(&arena);
	arena_spare_free();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_are_aligned_zeroed_and_apart),
		cmocka_unit_test(a_reset_arena_hands_out_clean_memory_again),
		cmocka_unit_test(a_lone_large_block_is_not_kept),
		cmocka_unit_test(the_cap_is_met_exactly_and_marks_the_arena),
		cmocka_unit_test(sizes_that_overflow_are_refused),
		cmocka_unit_test(texts_and_bytes_are_copies),
		cmocka_unit_test(many_small_pieces_grow_over_blocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
