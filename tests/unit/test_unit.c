/* Units without a server: parameters, rows, arrays, the fake store, arenas at their cap. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "server/store/array.h"
#include "server/store/parameter.h"
#include "server/store/unit.h"
#include "tests/unit/fake_store.h"

static const char *const types_in[] = { "bigint", "text", "bytea", "boolean", "integer" };
static const char *const names_out[] = { "n", "state", "receipt", "late" };
static const char *const types_out[] = { "bigint", "text", "bytea", "boolean" };
static const struct statement move = {
	.name = "move",
	.text = "SELECT 1",
	.lanes = "bulk,write",
	.parameters = 5,
	.types_in = types_in,
	.columns = 4,
	.names_out = names_out,
	.types_out = types_out,
};
static const struct statement lock = { .name = "lock", .text = "SELECT 1", .lanes = "write" };

struct fixture {
	struct arena arena;
	struct unit unit;
};

static int setup(void **state)
{
	static struct fixture f;

	arena_init(&f.arena, 1 << 20);
	unit_init(&f.unit, &f.arena, LANE_WRITE);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	unit_reset(&f->unit);
	arena_fini(&f->arena);
	return 0;
}

static void parameters_are_copied_and_formatted(void **state)
{
	struct fixture *f = *state;
	struct parameter *p = parameter_array(&f->unit, 5);
	char text[] = "draft";
	uint8_t data[] = { 0, 255, 7 };

	assert_non_null(p);
	parameter_bigint(&f->unit, &p[0], INT64_MIN);
	parameter_text(&f->unit, &p[1], text);
	parameter_bytea(&f->unit, &p[2], (struct bytes){ data, sizeof data });
	parameter_boolean(&f->unit, &p[3], true);
	parameter_integer(&f->unit, &p[4], -7);
	unit_add(&f->unit, &move, p);
	text[0] = 'x';
	data[0] = 9;

	assert_string_equal(fake_parameter(&f->unit, 0, 0), "-9223372036854775808");
	assert_string_equal(fake_parameter(&f->unit, 0, 1), "draft");
	assert_memory_equal(fake_parameter(&f->unit, 0, 2), "\0\xff\x07", 3);
	assert_int_equal(f->unit.entries[0].parameters[2].length, 3);
	assert_true(f->unit.entries[0].parameters[2].binary);
	assert_string_equal(fake_parameter(&f->unit, 0, 3), "t");
	assert_string_equal(fake_parameter(&f->unit, 0, 4), "-7");
	assert_false(f->unit.broken);
}

static void null_is_null_and_empty_is_not(void **state)
{
	struct fixture *f = *state;
	struct parameter *p = parameter_array(&f->unit, 5);

	assert_non_null(p);
	parameter_text(&f->unit, &p[0], NULL);
	parameter_text(&f->unit, &p[1], "");
	parameter_bytea(&f->unit, &p[2], (struct bytes){ NULL, 0 });
	parameter_bytea(&f->unit, &p[3], (struct bytes){ (const uint8_t *)"", 0 });
	unit_add(&f->unit, &move, p);
	assert_null(fake_parameter(&f->unit, 0, 0));
	assert_string_equal(fake_parameter(&f->unit, 0, 1), "");
	assert_null(fake_parameter(&f->unit, 0, 2));
	assert_non_null(fake_parameter(&f->unit, 0, 3));
	assert_null(fake_parameter(&f->unit, 0, 4));
}

static void one_statement_too_many_breaks_the_unit(void **state)
{
	struct fixture *f = *state;

	for (unsigned i = 0; i < UNIT_STATEMENTS_MAX; i++)
		unit_add(&f->unit, &lock, NULL);
	assert_false(f->unit.broken);
	unit_add(&f->unit, &lock, NULL);
	assert_true(f->unit.broken);
	assert_int_equal(f->unit.count, UNIT_STATEMENTS_MAX);
	unit_reset(&f->unit);
	assert_false(f->unit.broken);
	assert_int_equal(f->unit.count, 0);
	assert_int_equal(f->unit.lane, LANE_WRITE);
}

/* Every allocation that may meet the cap, one cap after the other. */
static void an_arena_at_its_cap_breaks_the_unit(void **state)
{
	static const uint8_t large[20000];
	char text[20000];

	(void)state;
	memset(text, 'x', sizeof text);
	text[sizeof text - 1] = '\0';
	for (int what = 0; what < 4; what++) {
		struct arena arena;
		struct unit unit;
		struct parameter *p, one = { .value = NULL };

		arena_init(&arena, 16384);
		unit_init(&unit, &arena, LANE_READ);
		if (what == 0) {
			while ((p = parameter_array(&unit, UNIT_PARAMETERS_MAX)) != NULL)
				assert_false(unit.broken);
		} else if (what == 1) {
			parameter_text(&unit, &one, text);
		} else if (what == 2) {
			parameter_bytea(&unit, &one, (struct bytes){ large, sizeof large });
		} else {
			char rows[20100];

			memset(text, 'a', sizeof text - 1);
			snprintf(rows, sizeof rows, "n=1,state=a,late=t,receipt=\\\\x%s", text);
			unit_add(&unit, &move, &one);
			fake_rows(&unit, 0, rows);
			while (unit_bytea(&unit, 0, 0, 2).data != NULL)
				assert_false(unit.broken);
		}
		assert_true(unit.broken);
		unit_reset(&unit);
		arena_fini(&arena);
	}
}

static void rows_are_read_by_type(void **state)
{
	struct fixture *f = *state;
	struct parameter none[5] = { { .value = NULL } };
	struct bytes receipt;

	unit_add(&f->unit, &move, none);
	fake_rows(&f->unit, 0,
		  "n=5,state=submitted,receipt=\\\\x00ff1a,late=t;"
		  "late=f,n=NULL,state=a\\,b\\;c\\\\d,receipt=NULL;n=-1,state=,receipt=\\\\x,late="
		  "NULL");
	assert_int_equal(unit_rows(&f->unit, 0), 3);
	assert_int_equal(unit_bigint(&f->unit, 0, 0, 0), 5);
	assert_string_equal(unit_text(&f->unit, 0, 0, 1), "submitted");
	assert_true(unit_boolean(&f->unit, 0, 0, 3));
	assert_true(unit_null(&f->unit, 0, 1, 0));
	assert_int_equal(unit_bigint(&f->unit, 0, 1, 0), 0);
	assert_string_equal(unit_text(&f->unit, 0, 1, 1), "a,b;c\\d");
	assert_null(unit_bytea(&f->unit, 0, 1, 2).data);
	assert_false(unit_boolean(&f->unit, 0, 1, 3));
	assert_int_equal(unit_bigint(&f->unit, 0, 2, 0), -1);
	assert_string_equal(unit_text(&f->unit, 0, 2, 1), "");
	receipt = unit_bytea(&f->unit, 0, 2, 2);
	assert_non_null(receipt.data);
	assert_int_equal(receipt.length, 0);
	assert_null(unit_text(&f->unit, 0, 2, 3));
	assert_false(unit_boolean(&f->unit, 0, 2, 3));
}

static void bytea_is_decoded(void **state)
{
	struct fixture *f = *state;
	struct parameter none[5] = { { .value = NULL } };
	struct bytes receipt;

	unit_add(&f->unit, &move, none);
	fake_rows(&f->unit, 0, "n=5,state=submitted,receipt=\\\\x00ff9a,late=t");
	receipt = unit_bytea(&f->unit, 0, 0, 2);
	assert_int_equal(receipt.length, 3);
	assert_memory_equal(receipt.data, "\x00\xff\x9a", 3);
}

static unsigned dones;

static void done(struct unit *unit)
{
	(void)unit;
	dones++;
}

static void the_fake_names_what_was_sent_and_ends_it(void **state)
{
	struct fixture *f = *state;
	struct parameter none[5] = { { .value = NULL } };
	char sent[64];

	dones = 0;
	f->unit.done = done;
	unit_add(&f->unit, &lock, NULL);
	unit_add(&f->unit, &move, none);
	fake_sent(&f->unit, sent, sizeof sent);
	assert_string_equal(sent, "lock move");
	assert_true(fake_send(NULL, &f->unit));
	fake_done();
	assert_int_equal(f->unit.outcome, UNIT_DONE);
	assert_int_equal(unit_rows(&f->unit, 0), 0);
	assert_true(fake_send(NULL, &f->unit));
	fake_fail(UNIT_FAILED, ERROR_UNAVAILABLE);
	assert_int_equal(f->unit.error.code, ERROR_UNAVAILABLE);
	assert_int_equal(dones, 2);
	fake_busy = true;
	assert_false(fake_send(NULL, &f->unit));
	assert_int_equal(f->unit.error.code, ERROR_BUSY);
	fake_busy = false;
}

static void an_array_of_one_is_read_back_as_it_was(void **state)
{
	struct fixture *f = *state;
	const char *at = "{plain,\"a \\\"b\\\" \\\\ c\",7}";

	assert_string_equal(array_of_text(&f->arena, "a,\"b"), "{\"a,\\\"b\"}");
	assert_string_equal(array_of_text(&f->arena, NULL), "{NULL}");
	assert_string_equal(array_of_bigint(&f->arena, -5), "{-5}");
	assert_string_equal(
		array_of_bytea(&f->arena, (struct bytes){ (const uint8_t *)"\x01\xab", 2 }),
		"{\"\\\\x01ab\"}");
	assert_string_equal(array_next(&f->arena, &at), "plain");
	assert_string_equal(array_next(&f->arena, &at), "a \"b\" \\ c");
	assert_string_equal(array_next(&f->arena, &at), "7");
	assert_string_equal(at, "}");
}

static void arrays_are_postgresql_literals(void **state)
{
	struct fixture *f = *state;
	struct array a;

	array_begin(&a, &f->arena);
	assert_string_equal(array_end(&a), "{}");

	array_begin(&a, &f->arena);
	array_add_text(&a, "plain");
	array_add_text(&a, NULL);
	array_add_text(&a, "");
	array_add_text(&a, "say \"no\\yes\", {so}");
	array_add_text(&a, "NULL");
	assert_string_equal(array_end(&a),
			    "{\"plain\",NULL,\"\",\"say \\\"no\\\\yes\\\", {so}\",\"NULL\"}");

	array_begin(&a, &f->arena);
	array_add_bigint(&a, INT64_MAX);
	array_add_null(&a);
	array_add_bigint(&a, -1);
	assert_string_equal(array_end(&a), "{9223372036854775807,NULL,-1}");

	array_begin(&a, &f->arena);
	array_add_bytea(&a, (struct bytes){ (const uint8_t *)"\x00\xfe", 2 });
	array_add_bytea(&a, (struct bytes){ NULL, 0 });
	array_add_bytea(&a, (struct bytes){ (const uint8_t *)"", 0 });
	assert_string_equal(array_end(&a), "{\"\\\\x00fe\",NULL,\"\\\\x\"}");
}

static void arrays_grow_and_stop_at_the_cap(void **state)
{
	struct fixture *f = *state;
	struct arena small;
	struct array a;
	const char *end;

	array_begin(&a, &f->arena);
	for (int i = 0; i < 1000; i++)
		array_add_bigint(&a, 1000 + i);
	end = array_end(&a);
	assert_int_equal(strlen(end), 1000 * 5 + 1);
	assert_string_equal(end + strlen(end) - 6, ",1999}");

	arena_init(&small, 8192);
	array_begin(&a, &small);
	for (int i = 0; i < 3000; i++) {
		array_add_bigint(&a, i);
		array_add_text(&a, "x");
		array_add_bytea(&a, (struct bytes){ (const uint8_t *)"x", 1 });
	}
	assert_null(array_end(&a));
	assert_true(arena_failed(&small));
	arena_fini(&small);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(parameters_are_copied_and_formatted),
		TEST(null_is_null_and_empty_is_not),
		TEST(one_statement_too_many_breaks_the_unit),
		TEST(an_arena_at_its_cap_breaks_the_unit),
		TEST(rows_are_read_by_type),
		TEST(bytea_is_decoded),
		TEST(the_fake_names_what_was_sent_and_ends_it),
		TEST(arrays_are_postgresql_literals),
		TEST(an_array_of_one_is_read_back_as_it_was),
		TEST(arrays_grow_and_stop_at_the_cap),
	};
#undef TEST

	return cmocka_run_group_tests(tests, NULL, NULL);
}
