/* Tests of values between wire and database, and of dates. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "server/rpc/value.h"
#include "server/rpc/words.h"

static struct request request;

static int setup(void **state)
{
	(void)state;
	arena_init(&request.arena, 1 << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_fini(&request.arena);
	arena_spare_free();
	return 0;
}

static const struct {
	const char *name;
	const char *number, *denominator, *text;
} columns[] = {
	[VALUE_CLEARED] = { "cleared", NULL, NULL, NULL },
	[VALUE_NUMBER] = { "number", "123456789012345678.00000000000000000001", NULL, NULL },
	[VALUE_YES] = { "yes", NULL, NULL, NULL },
	[VALUE_NO] = { "no", NULL, NULL, NULL },
	[VALUE_TEXT] = { "text", NULL, NULL, "two lines\nof words" },
	[VALUE_RATIO] = { "ratio", "12", "90.50", NULL },
	[VALUE_NUMERATOR] = { "numerator", "12", NULL, NULL },
	[VALUE_DENOMINATOR] = { "denominator", NULL, "90", NULL },
	[VALUE_NOT_APPLICABLE] = { "not_applicable", NULL, NULL, NULL },
	[VALUE_NOT_COLLECTED] = { "not_collected", NULL, NULL, NULL },
	[VALUE_WITHHELD] = { "withheld", NULL, NULL, NULL },
	[VALUE_NOT_AVAILABLE] = { "not_available", NULL, NULL, NULL },
};
enum { KINDS = sizeof columns / sizeof *columns };

static void assert_same(const char *a, const char *b)
{
	assert_int_equal(a == NULL, b == NULL);
	if (a)
		assert_string_equal(a, b);
}

static void every_kind_comes_back_as_it_went(void **state)
{
	(void)state;
	for (int kind = 1; kind < KINDS; kind++) {
		struct value_parts parts;
		const char *bad;
		const Inap__V1__Value *value =
			value_make(&request, kind, columns[kind].number, columns[kind].denominator,
				   columns[kind].text);

		assert_non_null(value);
		assert_true(value_read(value, &parts, &bad));
		assert_int_equal(parts.kind, kind);
		assert_same(parts.number, columns[kind].number);
		assert_same(parts.denominator, columns[kind].denominator);
		assert_same(parts.text, columns[kind].text);
		assert_string_equal(value_kind_name(kind), columns[kind].name);
	}
}

static void what_is_cleared_or_unknown_is_no_message(void **state)
{
	(void)state;
	assert_null(value_make(&request, VALUE_CLEARED, NULL, NULL, NULL));
	assert_null(value_make(&request, VALUE_NOT_AVAILABLE + 1, NULL, NULL, NULL));
	assert_null(value_make(&request, -1, NULL, NULL, NULL));
	assert_false(arena_failed(&request.arena));
	assert_string_equal(value_kind_name(VALUE_CLEARED), "cleared");
	assert_string_equal(value_kind_name(-1), "nothing");
	assert_string_equal(value_kind_name(KINDS), "nothing");
	request.arena.bytes_max = request.arena.used;
	assert_null(value_make(&request, VALUE_NUMBER, "1", NULL, NULL));
	assert_true(arena_failed(&request.arena));
}

static void a_ratio_needs_room_for_both_halves(void **state)
{
	(void)state;
	request.arena.bytes_max = sizeof(Inap__V1__Value) + 16;
	assert_null(value_make(&request, VALUE_RATIO, "1", "2", NULL));
	assert_true(arena_failed(&request.arena));
}

static void assert_bad(const Inap__V1__Value *value, const char *text)
{
	struct value_parts parts;
	const char *bad = NULL;

	assert_false(value_read(value, &parts, &bad));
	assert_string_equal(bad, text);
}

static void what_is_no_value_is_refused_with_the_text_at_fault(void **state)
{
	Inap__V1__Ratio ratio = INAP__V1__RATIO__INIT;
	Inap__V1__Value value = INAP__V1__VALUE__INIT;
	Inap__V1__Cleared cleared = INAP__V1__CLEARED__INIT;
	struct value_parts parts;
	const char *bad;

	(void)state;
	assert_bad(NULL, "");
	assert_bad(&value, "");
	value.kind_case = INAP__V1__VALUE__KIND_NUMBER;
	value.number = (char *)(uintptr_t) "1,5";
	assert_bad(&value, "1,5");
	value.kind_case = INAP__V1__VALUE__KIND_NUMERATOR;
	assert_bad(&value, "1,5");
	value.kind_case = INAP__V1__VALUE__KIND_DENOMINATOR;
	assert_bad(&value, "1,5");
	value.kind_case = INAP__V1__VALUE__KIND_RATIO;
	value.ratio = &ratio;
	ratio.numerator = (char *)(uintptr_t) "1";
	ratio.denominator = (char *)(uintptr_t) "many";
	assert_bad(&value, "many");
	ratio.numerator = (char *)(uintptr_t) "none";
	assert_bad(&value, "none");
	value.kind_case = INAP__V1__VALUE__KIND_BLANK;
	value.blank = INAP__V1__BLANK__BLANK_UNSPECIFIED;
	assert_bad(&value, "");
	value.kind_case = INAP__V1__VALUE__KIND_CLEARED;
	value.cleared = &cleared;
	assert_true(value_read(&value, &parts, &bad));
	assert_int_equal(parts.kind, VALUE_CLEARED);
}

static void dates_are_days_that_exist(void **state)
{
	static const char *const good[] = { "2024-01-31", "2024-02-29", "2000-02-29",
					    "1900-12-31", "2024-04-30", "9999-06-30" };
	static const char *const bad[] = {
		"",           "2024",       "2024-1-31",   "2024-02-30", "2023-02-29", "1900-02-29",
		"2024-04-31", "2024-13-01", "2024-00-10",  "2024-01-00", "1899-01-01", "2024-01-32",
		"2024/01/31", "2024-01-3x", "2024-01-311", " 2024-01-1"
	};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		if (!date_valid(good[i]))
			fail_msg("%s is a day", good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (date_valid(bad[i]))
			fail_msg("'%s' is no day", bad[i]);
}

static void words_are_never_null(void **state)
{
	struct reach reach = { .entity = "FED-MOI" };
	const Inap__V1__Name *name = words_name(&request, "Interior", NULL, "x");
	const Inap__V1__ReportRef *ref = words_ref(&request, NULL, "FED-MOI", "2024Q3");

	(void)state;
	assert_string_equal(name->en, "Interior");
	assert_string_equal(name->ar, "");
	assert_string_equal(ref->plan, "");
	assert_string_equal(ref->round, "2024Q3");
	request.reach = &reach;
	request.round = "2024Q3";
	assert_string_equal(words_report(&request), "FED-MOI/2024Q3");
	request.arena.bytes_max = request.arena.used;
	assert_string_equal(words_report(&request), "2024Q3"); /* a refusal still needs a name */
	assert_null(words_name(&request, "a", "b", "c"));
	assert_null(words_ref(&request, "a", "b", "c"));
}

static void words_parted_by_commas_become_a_list(void **state)
{
	char **list;
	size_t count;

	(void)state;
	assert_true(words_split(&request, "sex,age_band,", &list, &count));
	assert_int_equal(count, 3);
	assert_string_equal(list[0], "sex");
	assert_string_equal(list[1], "age_band");
	assert_string_equal(list[2], "");
	assert_true(words_split(&request, "sex", &list, &count));
	assert_int_equal(count, 1);
	assert_true(words_split(&request, NULL, &list, &count));
	assert_int_equal(count, 0);
	request.arena.bytes_max = request.arena.used;
	assert_false(words_split(&request, "sex", &list, &count));
}

static void a_problem_names_the_places_that_it_has(void **state)
{
	const struct words_problem open = { .cell = "PR-1.1", .unanswered = 2, .asked = 9 };
	const struct words_problem broken = { .cell = "PR-1.1",
					      .names = { "Women", NULL, "K" },
					      .values = { "4", "5" } };
	size_t count;
	Inap__V1__Argument **places = words_problem(&request, &open, &count);

	(void)state;
	assert_int_equal(count, 3);
	assert_string_equal(places[0]->value, "PR-1.1");
	assert_string_equal(places[1]->name, "count");
	assert_string_equal(places[2]->value, "9");
	places = words_problem(&request, &broken, &count);
	assert_int_equal(count, 5);
	assert_string_equal(places[1]->name, "name");
	assert_string_equal(places[2]->name, "name_ckb");
	assert_string_equal(places[4]->name, "right_value");
	assert_string_equal(places[4]->value, "5");
	for (size_t room = 0; room < 128; room += 16) {
		request.arena.bytes_max = request.arena.used + room;
		assert_null(words_problem(&request, &open, &count));
		assert_int_equal(count, 0);
	}
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_kind_comes_back_as_it_went),
		TEST(what_is_cleared_or_unknown_is_no_message),
		TEST(a_ratio_needs_room_for_both_halves),
		TEST(what_is_no_value_is_refused_with_the_text_at_fault),
		TEST(dates_are_days_that_exist),
		TEST(words_are_never_null),
		TEST(words_parted_by_commas_become_a_list),
		TEST(a_problem_names_the_places_that_it_has),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
