/* Numbers as a ministry types them: what is taken, what is refused and with which way out. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "proto/number.h"

struct taken {
	const char *typed;
	const char *text;
	bool percent;
};

/* The table "Number entry" of the platform notes, and what follows from it. */
static const struct taken taken[] = {
	{ "1234.5", "1234.5", false },
	{ "١٢٣٤٫٥", "1234.5", false },
	{ "۱۲۳۴٫۵", "1234.5", false },
	{ "12٫5", "12.5", false },
	{ "1,234.5", "1234.5", false },
	{ "١٬٢٣٤٬٥٦٧٫٢٥", "1234567.25", false },
	{ "١٬٢٣٤٫٥", "1234.5", false },
	{ "١٬٢٣٤", "1234", false },
	{ "1\u00a0234.5", "1234.5", false },
	{ "1\u202f234\u202f567", "1234567", false },
	{ "1,234٫5", "1234.5", false },
	{ "\u22125", "-5", false },
	{ "\u061c-٥", "-5", false },
	{ "\u200f\u202b-\u206812.50\u2069\u202c", "-12.50", false },
	{ "\ufeff42", "42", false },
	{ "12.5%", "12.5", true },
	{ "12.5 %", "12.5", true },
	{ "٪١٢", "12", true },
	{ "١٢٪", "12", true },
	{ "-%5", "-5", true },
	{ "%-5", "-5", true },
	{ "1,234,567", "1234567", false },
	{ "1,234,567.80", "1234567.80", false },
	{ "  7\t\r\n", "7", false },
	{ "+5", "5", false },
	{ "007", "7", false },
	{ "-007.10", "-7.10", false },
	{ "00", "0", false },
	{ "0.50", "0.50", false },
	{ "-0", "0", false },
	{ "-0.00", "0.00", false },
	{ "1.234", "1.234", false },
	{ "0000000000000000000000001", "1", false },
	{ "123456789012345678", "123456789012345678", false },
	{ "-123456789012345678.12345678901234567890", "-123456789012345678.12345678901234567890",
	  false },
	{ "0.12345678901234567890", "0.12345678901234567890", false },
	{ "999.999999999999999999", "999.999999999999999999", false },
};

struct refused {
	const char *typed;
	enum number_fault fault;
	const char *hint;
};

static const struct refused refused[] = {
	{ "", NUMBER_EMPTY, "write a number, or a blank such as @not_collected" },
	{ " \u00a0\u200f", NUMBER_EMPTY, "write a number, or a blank such as @not_collected" },
	{ "12,5", NUMBER_COMMA, "write 12.5" },
	{ "١٢,٥", NUMBER_COMMA, "write 12.5" },
	{ "-12,50", NUMBER_COMMA, "write -12.50" },
	{ "1.234,5", NUMBER_COMMA, "write 1234.5" },
	{ "1.234,567", NUMBER_COMMA, "write 1234.567" },
	{ "0,123", NUMBER_COMMA, "write 0.123" },
	{ "1234,567", NUMBER_COMMA, "write 1234.567" },
	{ "١٢،٥", NUMBER_COMMA, "write 12.5" },
	{ "1,234", NUMBER_AMBIGUOUS, "write 1234 or 1.234" },
	{ "-1,234", NUMBER_AMBIGUOUS, "write -1234 or -1.234" },
	{ "١,٢٣٤", NUMBER_AMBIGUOUS, "write 1234 or 1.234" },
	{ "12,34,5", NUMBER_GROUPS, "write the digits without thousands signs, as in 1234.5" },
	{ "1,2,3", NUMBER_GROUPS, "write the digits without thousands signs, as in 1234.5" },
	{ ",,", NUMBER_CHARACTER, "write digits and at most one point, as in 1234.5" },
	{ "12,34.5", NUMBER_GROUPS, "write the digits without thousands signs, as in 1234.5" },
	{ "1234,567.8", NUMBER_GROUPS, "write the digits without thousands signs, as in 1234.5" },
	{ "1,234\u00a0567", NUMBER_GROUPS, "write 1234567" },
	{ "1\u00a0234,5", NUMBER_COMMA, "write 1234.5" },
	{ "1٬234,567", NUMBER_AMBIGUOUS, "write 1234567 or 1234.567" },
	{ "12.345,6,7", NUMBER_GROUPS, "write the digits without thousands signs, as in 1234.5" },
	{ "12345.6,7", NUMBER_COMMA, "write a point before decimals, as in 1234.5" },
	{ "1\u00a0234.5,6", NUMBER_GROUPS,
	  "write the digits without thousands signs, as in 1234.5" },
	{ "0٬123", NUMBER_GROUPS, "write the digits without thousands signs, as in 1234.5" },
	{ "12 5", NUMBER_CHARACTER, "write digits and at most one point, as in 1234.5" },
	{ "1.234\u00a0567", NUMBER_GROUPS,
	  "write the digits without thousands signs, as in 1234.5" },
	{ "1٬23", NUMBER_GROUPS, "write the digits without thousands signs, as in 1234.5" },
	{ "1.234.567", NUMBER_GROUPS, "write 1234567" },
	{ "1.2.3", NUMBER_GROUPS, "write the digits without thousands signs, as in 1234.5" },
	{ "12.", NUMBER_POINT, "write 12" },
	{ "١٢٫", NUMBER_POINT, "write 12" },
	{ ".5", NUMBER_POINT, "write 0.5" },
	{ "-.5", NUMBER_POINT, "write -0.5" },
	{ "٥-", NUMBER_SIGN, "write -5" },
	{ "5.5-", NUMBER_SIGN, "write -5.5" },
	{ "5+", NUMBER_SIGN, "write 5" },
	{ "1,5-", NUMBER_SIGN, "write the minus before the number, as in -5" },
	{ "1٢3", NUMBER_SCRIPTS, "write 123" },
	{ "٤۴", NUMBER_SCRIPTS, "write 44" },
	{ "1.٢", NUMBER_SCRIPTS, "write all digits in one script" },
	{ "1e5", NUMBER_EXPONENT, "write all digits, without e" },
	{ "1.5E-3", NUMBER_EXPONENT, "write all digits, without e" },
	{ "e5", NUMBER_CHARACTER, "write digits and at most one point, as in 1234.5" },
	{ "5e", NUMBER_CHARACTER, "write digits and at most one point, as in 1234.5" },
	{ "0x10", NUMBER_CHARACTER, "write digits and at most one point, as in 1234.5" },
	{ "NaN", NUMBER_CHARACTER, "write digits and at most one point, as in 1234.5" },
	{ "inf", NUMBER_CHARACTER, "write digits and at most one point, as in 1234.5" },
	{ "-", NUMBER_CHARACTER, "write digits and at most one point, as in 1234.5" },
	{ "%", NUMBER_CHARACTER, "write digits and at most one point, as in 1234.5" },
	{ ".", NUMBER_CHARACTER, "write digits and at most one point, as in 1234.5" },
	{ "--5", NUMBER_CHARACTER, "write digits and at most one point, as in 1234.5" },
	{ "%5%", NUMBER_CHARACTER, "write digits and at most one point, as in 1234.5" },
	{ "1d5", NUMBER_CHARACTER, "write digits and at most one point, as in 1234.5" },
	{ "5\u066d", NUMBER_CHARACTER, "write digits and at most one point, as in 1234.5" },
	{ "5\xff", NUMBER_CHARACTER, "write digits and at most one point, as in 1234.5" },
	{ "5\x01", NUMBER_CHARACTER, "write digits and at most one point, as in 1234.5" },
	{ "1 234", NUMBER_CHARACTER, "write 1234" },
	{ "1234567890123456789", NUMBER_LONG,
	  "write at most 18 digits before the point and 20 after it" },
	{ "1,234,567,890,123,456,789", NUMBER_LONG,
	  "write at most 18 digits before the point and 20 after it" },
	{ "0.123456789012345678901", NUMBER_LONG,
	  "write at most 18 digits before the point and 20 after it" },
	{ "123456789012345678901234567890123456789012345678901234567890", NUMBER_LONG,
	  "write at most 18 digits before the point and 20 after it" },
};

static void numbers_are_taken_as_people_write_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
		struct number number;
		enum number_fault fault = number_read(taken[i].typed, &number);
		if (fault != NUMBER_OK)
			fail_msg("'%s' was refused: %d", taken[i].typed, (int)fault);
		assert_string_equal(number.text, taken[i].text);
		assert_int_equal(number.percent, taken[i].percent);
		assert_true(number_valid(number.text));
		assert_string_equal(number_hint_text(fault, &number), "");
	}
}

static void what_has_two_meanings_or_none_is_refused_with_the_way_out(void **state)
{
	bool seen[NUMBER_FAULTS] = { false };

	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
		struct number number;
		char hint[NUMBER_HINT_BYTES];
		enum number_fault fault = number_read(refused[i].typed, &number);
		if (fault != refused[i].fault)
			fail_msg("'%s' gave %d, not %d", refused[i].typed, (int)fault,
				 (int)refused[i].fault);
		assert_string_equal(number.text, "");
		assert_string_equal(number_hint(fault, &number, hint), refused[i].hint);
		if (number.one[0] != '\0')
			assert_true(number_valid(number.one));
		seen[fault] = true;
	}
	for (int fault = NUMBER_OK + 1; fault < NUMBER_FAULTS; fault++)
		assert_true(seen[fault]);
}

static void an_endless_line_is_refused(void **state)
{
	char typed[1000];
	struct number number;

	(void)state;
	memset(typed, '1', sizeof typed);
	typed[sizeof typed - 1] = '\0';
	assert_int_equal(number_read(typed, &number), NUMBER_LONG);
}

static void hints_can_be_translated(void **state)
{
	struct number number;

	(void)state;
	assert_string_equal(number_hint_text(number_read("1,234", &number), &number),
			    "write {one} or {other}");
	assert_string_equal(number.one, "1234");
	assert_string_equal(number.other, "1.234");
	assert_string_equal(number_hint_text(number_read("12,5", &number), &number), "write {one}");
}

static void the_form_that_travels_is_exact(void **state)
{
	static const char *const good[] = {
		"0", "-0", "5", "007", "-5.0", "123456789012345678", "1.12345678901234567890"
	};
	static const char *const bad[] = { "",
					   "-",
					   "+5",
					   ".5",
					   "5.",
					   "1.2.3",
					   "1,2",
					   " 5",
					   "5 ",
					   "1e5",
					   "--5",
					   "٥",
					   "5x",
					   "1.x",
					   "1234567890123456789",
					   "1.123456789012345678901" };

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_true(number_valid(good[i]));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(number_valid(bad[i]));
}

static void sign_zero_and_whole_are_told_from_the_text(void **state)
{
	(void)state;
	assert_int_equal(number_sign("5"), 1);
	assert_int_equal(number_sign("-0.001"), -1);
	assert_int_equal(number_sign("-0.00"), 0);
	assert_true(number_is_zero("000.0"));
	assert_false(number_is_zero("0.01"));
	assert_true(number_is_whole("12"));
	assert_true(number_is_whole("12.00"));
	assert_false(number_is_whole("12.01"));
}

static void comparison_is_exact(void **state)
{
	/* ascending, by pairs that are equal */
	static const char *const order[][2] = {
		{ "-100", "-0100.0" },
		{ "-99.5", "-99.50" },
		{ "-0.1", "-0.10" },
		{ "0", "-0.000" },
		{ "0.00000000000000000001", "00.00000000000000000001" },
		{ "1.5", "1.50" },
		{ "1.51", "01.51" },
		{ "9", "9.0" },
		{ "10", "010" },
		{ "123456789012345677", "123456789012345677.0" },
		{ "123456789012345678", "123456789012345678.00" },
	};
	enum { N = sizeof order / sizeof order[0] };

	(void)state;
	for (int i = 0; i < N; i++) {
		assert_int_equal(number_compare(order[i][0], order[i][1]), 0);
		for (int j = 0; j < N; j++) {
			int got = number_compare(order[i][0], order[j][1]);
			assert_int_equal((got > 0) - (got < 0), (i > j) - (i < j));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_taken_as_people_write_them),
		cmocka_unit_test(what_has_two_meanings_or_none_is_refused_with_the_way_out),
		cmocka_unit_test(an_endless_line_is_refused),
		cmocka_unit_test(hints_can_be_translated),
		cmocka_unit_test(the_form_that_travels_is_exact),
		cmocka_unit_test(sign_zero_and_whole_are_told_from_the_text),
		cmocka_unit_test(comparison_is_exact),
	};

	return cmocka_run_group_tests_name("number", tests, NULL, NULL);
}
