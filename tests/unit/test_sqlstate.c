/* The table of SQLSTATEs: what each becomes, and what our own functions may raise. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <fcntl.h>
#include <unistd.h>

#include <cmocka.h>

#include "server/base/log.h"
#include "server/store/sqlstate.h"

struct fixture {
	struct arena arena;
	struct unit unit;
};

static int setup(void **state)
{
	static struct fixture f;

	arena_init(&f.arena, 1 << 16);
	unit_init(&f.unit, &f.arena, LANE_WRITE);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	arena_fini(&f->arena);
	return 0;
}

static void every_class_has_its_error(void **state)
{
	struct fixture *f = *state;
	static const struct {
		const char *state;
		enum error_code code;
		enum sqlstate_action action;
	} rows[] = {
		{ "40001", ERROR_BUSY, SQLSTATE_AGAIN },
		{ "40P01", ERROR_BUSY, SQLSTATE_AGAIN },
		{ "40003", ERROR_UNAVAILABLE, SQLSTATE_FAIL },
		{ "57014", ERROR_DEADLINE, SQLSTATE_FAIL },
		{ "57P01", ERROR_UNAVAILABLE, SQLSTATE_LOST },
		{ "57P03", ERROR_UNAVAILABLE, SQLSTATE_LOST },
		{ "08006", ERROR_UNAVAILABLE, SQLSTATE_LOST },
		{ "25006", ERROR_UNAVAILABLE, SQLSTATE_LOST },
		{ "53100", ERROR_UNAVAILABLE, SQLSTATE_FAIL },
		{ "53300", ERROR_UNAVAILABLE, SQLSTATE_FAIL },
		{ "58030", ERROR_UNAVAILABLE, SQLSTATE_FAIL },
		{ "55P03", ERROR_BUSY, SQLSTATE_FAIL },
		{ "22P02", ERROR_INTERNAL, SQLSTATE_FAIL },
		{ "22001", ERROR_INTERNAL, SQLSTATE_FAIL },
		{ "23514", ERROR_INTERNAL, SQLSTATE_FAIL },
		{ "26000", ERROR_INTERNAL, SQLSTATE_FAIL },
		{ "42501", ERROR_INTERNAL, SQLSTATE_FAIL },
		{ "P0001", ERROR_INTERNAL, SQLSTATE_FAIL },
		{ "XX000", ERROR_INTERNAL, SQLSTATE_FAIL },
	};

	f->unit.queued_us = 1000000;
	f->unit.deadline_ms = 6000;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct sqlstate_report report = { .state = rows[i].state, .message = "m" };

		assert_int_equal(sqlstate_action(rows[i].state), rows[i].action);
		sqlstate_set(&f->unit, &report);
		assert_int_equal(f->unit.error.code, rows[i].code);
		assert_string_equal(f->unit.sqlstate, rows[i].state);
		if (rows[i].code == ERROR_DEADLINE)
			assert_string_equal(error_argument(&f->unit.error, "ms"), "5000");
		if (rows[i].code == ERROR_BUSY)
			assert_string_equal(error_argument(&f->unit.error, "seconds"), "1");
	}
	assert_int_equal(sqlstate_action(NULL), SQLSTATE_LOST);
	sqlstate_set(&f->unit, &(struct sqlstate_report){ .state = NULL });
	assert_int_equal(f->unit.error.code, ERROR_UNAVAILABLE);
}

static void a_doubled_row_exists_and_a_doubled_key_is_reused(void **state)
{
	struct fixture *f = *state;
	struct sqlstate_report report = {
		.state = "23505",
		.detail = "Key (name)=(FED-MOI (old)) already exists.",
		.table = "entity",
		.constraint = "entity_code_key",
	};

	sqlstate_set(&f->unit, &report);
	assert_int_equal(f->unit.error.code, ERROR_EXISTS);
	assert_string_equal(error_argument(&f->unit.error, "what"), "entity");
	assert_string_equal(error_argument(&f->unit.error, "name"), "FED-MOI (old)");
	report.detail = NULL;
	report.table = NULL;
	sqlstate_set(&f->unit, &report);
	assert_string_equal(error_argument(&f->unit.error, "what"), "row");
	assert_string_equal(error_argument(&f->unit.error, "name"), "?");
	report.constraint = "log_key";
	sqlstate_set(&f->unit, &report);
	assert_int_equal(f->unit.error.code, ERROR_KEY_REUSED);
}

static void our_own_functions_raise_codes_with_arguments(void **state)
{
	struct fixture *f = *state;
	struct sqlstate_report report = {
		.state = "INPLN",
		.message = "plan refused",
		.detail = "PLAN_BAD|place=indicators[3]|why=a%7Cb is 50%25 = half%7",
	};

	assert_int_equal(sqlstate_action(report.state), SQLSTATE_FAIL);
	sqlstate_set(&f->unit, &report);
	assert_int_equal(f->unit.error.code, ERROR_PLAN_BAD);
	assert_int_equal(f->unit.error.count, 2);
	assert_string_equal(error_argument(&f->unit.error, "place"), "indicators[3]");
	assert_string_equal(error_argument(&f->unit.error, "why"), "a|b is 50% = half%7");
	report.detail = "PLAN_BAD";
	sqlstate_set(&f->unit, &report);
	assert_int_equal(f->unit.error.code, ERROR_PLAN_BAD);
	assert_int_equal(f->unit.error.count, 0);
}

static void what_is_raised_wrongly_is_our_bug(void **state)
{
	struct fixture *f = *state;
	static const char *const details[] = { "NO_SUCH_CODE|a=b", "", "PLAN_BAD|place", NULL };

	for (size_t i = 0; i < sizeof details / sizeof *details; i++) {
		struct sqlstate_report report = { .state = "IN001", .detail = details[i] };

		sqlstate_set(&f->unit, &report);
		assert_int_equal(f->unit.error.code, ERROR_INTERNAL);
		assert_int_equal(f->unit.error.count, 0);
	}
	/* More arguments than an error holds: the first ones count. */
	sqlstate_set(&f->unit,
		     &(struct sqlstate_report){ .state = "INPLN",
						.detail = "PLAN_BAD|a=1|b=2|c=3|d=4|e=5|f=6|g=7" });
	assert_int_equal(f->unit.error.code, ERROR_PLAN_BAD);
	assert_int_equal(f->unit.error.count, ERROR_ARGUMENTS_MAX);
	assert_string_equal(error_argument(&f->unit.error, "f"), "6");
}

/* Our own faults are logged, but never the value that PostgreSQL quotes in classes 22 and 23. */
static void the_log_has_the_state_but_not_the_value(void **state)
{
	struct fixture *f = *state;
	struct sqlstate_report report = {
		.state = "22P02",
		.message = "invalid input syntax for type bigint: \"hidden\"",
		.statement = "report_save",
		.constraint = "value_number_check",
	};
	char text[4096];
	ssize_t n;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	log_descriptor_set(ends[1]);
	sqlstate_set(&f->unit, &report);
	report.state = "XX000";
	report.message = "cache is broken";
	sqlstate_set(&f->unit, &report);
	log_descriptor_set(2);
	close(ends[1]);
	n = read(ends[0], text, sizeof text - 1);
	close(ends[0]);
	assert_true(n > 0);
	text[n] = '\0';
	assert_non_null(strstr(text, "22P02"));
	assert_non_null(strstr(text, "report_save"));
	assert_non_null(strstr(text, "value_number_check"));
	assert_null(strstr(text, "hidden"));
	assert_non_null(strstr(text, "cache is broken"));
}

static void an_arena_at_its_cap_makes_it_internal(void **state)
{
	struct fixture *f = *state;
	char detail[1 << 17];

	memset(detail, 'x', sizeof detail);
	memcpy(detail, "PLAN_BAD|why=", 13);
	detail[sizeof detail - 1] = '\0';
	sqlstate_set(&f->unit, &(struct sqlstate_report){ .state = "INPLN", .detail = detail });
	assert_int_equal(f->unit.error.code, ERROR_INTERNAL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(every_class_has_its_error),
		TEST(a_doubled_row_exists_and_a_doubled_key_is_reused),
		TEST(our_own_functions_raise_codes_with_arguments),
		TEST(what_is_raised_wrongly_is_our_bug),
		TEST(the_log_has_the_state_but_not_the_value),
		TEST(an_arena_at_its_cap_makes_it_internal),
	};
#undef TEST

	return cmocka_run_group_tests(tests, NULL, NULL);
}
