/* What the server says in English is found among the reasons; right-to-left tables keep their
 * columns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/cmd/find.h"
#include "client/i18n.h"
#include "client/out/fold.h"
#include "client/out/order.h"
#include "client/out/render.h"
#include "client/out/view.h"
#include "client/reason.h"
#include "client/words.h"
#include "tests/unit/client_app.h"

static struct app *app;

static int set_up(void **state)
{
	(void)state;
	app = client_app_new();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	language_set(LANGUAGE_EN);
	client_app_free(app);
	return 0;
}

static void a_word_is_found_however_its_letters_are_typed(void **state)
{
	static const struct {
		const char *text, *word;
		bool held;
	} cases[] = {
		{ "Ministry of Health", "HEALTH", true },
		{ "Ministry of Health", "wealth", false },
		{ "PA-1.1", "PA-\u0661.\u06f1", true },
		/* yeh and kaf of the one keyboard and of the other; teh marbuta and heh */
		{ "\u0627\u0644\u0643\u0647\u0631\u0628\u0627\u0621", "\u0627\u0644\u06a9\u0647",
		  true },
		{ "\u06a9\u06c6\u06cc\u06d5", "\u0643\u06c6\u064a\u06d5", true },
		{ "\u0648\u0632\u0627\u0631\u0629", "\u0648\u0632\u0627\u0631\u0647", true },
		/* a vowel mark and a stretched line do not count; an alef with hamza is an alef */
		{ "\u0623\u0645\u064f\u0646", "\u0627\u0645\u0640\u0646", true },
		/* Kurdish: the vowel is no heh, but is what was typed before it had a code point */
		{ "\u0648\u06d5\u0632", "\u0648\u0647\u0632", false },
		{ "\u0648\u06d5\u0632", "\u0648\u0647\u200c\u0632", true },
		{ "\u0647\u06ce\u0632", "\u06be\u06ce\u0632", true },
		{ "\u0647\u06ce\u0632", "\u0647\u06cc\u0632", false },
		{ "", "x", false },
		{ "x", "", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if (text_holds(&app->pool, cases[i].text, cases[i].word) != cases[i].held)
			fail_msg("case %zu", i);
}

static void a_reason_is_found_with_anything_in_its_places(void **state)
{
	static const char *const known[] = {
		"is missing",
		"your own grant ends on 2026-01-31",
		"write 1234 or 1.234",
		"write 12.5",
		"'x' is none of a, b",
		"there is no entity FED-XX",
		"entity FED-MOI stands twice",
		"PR-1.1 is no ratio: it has no numerator",
	};

	(void)state;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		assert_string_equal(reason_said(&app->pool, known[i]), known[i]);
}

static void what_no_row_says_is_no_reason(void **state)
{
	static const char *const unknown[] = {
		"",
		"is missing!",
		"is missin",
		"your own grant ends on ",
		"my own grant ends on 2026-01-31",
		"something else",
	};

	(void)state;
	for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
		assert_null(reason_said(&app->pool, unknown[i]));
}

static void only_places_for_words_are_translated(void **state)
{
	struct pool *pool = &app->pool;

	(void)state;
	assert_string_equal(word_in_place(pool, "state", "in_review"), "in review");
	assert_string_equal(word_in_place(pool, "user", "draft"), "draft");
	assert_string_equal(word_in_place(pool, "name", "in_review"), "in_review");
	assert_string_equal(word_in_place(pool, "field", "grant.role"), "role");
	assert_string_equal(word_in_place(pool, "field", "cells[3].odd"), "cells[3].odd");
	assert_string_equal(word_in_place(pool, "action", "report.submit"),
			    "sign a report and submit it");
	assert_string_equal(word_in_place(pool, "action", "report.sub"), "report.sub");
	assert_string_equal(word_in_place(pool, "given", "is_missing"), "is_missing");
}

static const char *rendered(const struct view *view, enum out_format format)
{
	char *bytes = NULL;
	size_t length = 0;
	FILE *stream = open_memstream(&bytes, &length);
	const char *copy;

	view_render(view, format, stream);
	fclose(stream);
	copy = pool_strndup(&app->pool, bytes, length);
	free(bytes);
	return copy;
}

static struct view *states(void)
{
	static const struct column columns[] = {
		{ "state", "الحالة", COLUMN_CODE },
		{ "report", "التقرير", COLUMN_CODE },
		{ "revision", "النسخة", COLUMN_NUMBER },
		{ "name", "الاسم", COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 4);

	view_code(view, "مسودة");
	view_code(view, "FED-MOI/2024Q3");
	view_number(view, 12);
	view_text(view, "وزارة الداخلية");
	view_code(view, "");
	view_code(view, "KRG-JC/2024Q3");
	view_number(view, 3);
	view_text(view, "Council");
	return view;
}

static void right_to_left_text_is_one_column_the_last(void **state)
{
	(void)state;
	language_set(LANGUAGE_AR);
	assert_string_equal(rendered(states(), OUT_TABLE),
			    "1: التقرير\n2: النسخة\n"
			    "1               2 \n"
			    "FED-MOI/2024Q3 12 الحالة: مسودة؛ الاسم: وزارة الداخلية\n"
			    "KRG-JC/2024Q3   3 الاسم: Council\n");
}

static void a_card_begins_with_a_code(void **state)
{
	(void)state;
	language_set(LANGUAGE_AR);
	assert_string_equal(rendered(states(), OUT_CARD),
			    "FED-MOI/2024Q3\n  الحالة: مسودة\n  النسخة: 12\n"
			    "  الاسم: وزارة الداخلية\n"
			    "\nKRG-JC/2024Q3\n  النسخة: 3\n  الاسم: Council\n");
}

static void arabic_letters_and_digits_are_right_to_left(void **state)
{
	(void)state;
	assert_true(text_is_right_to_left("x ڕ"));
	assert_true(text_is_right_to_left("١٢"));
	assert_false(text_is_right_to_left("12 FED-MOI … é"));
	assert_false(text_is_right_to_left(""));
}

static void text_is_folded_between_words(void **state)
{
	struct pool *pool = &app->pool;

	(void)state;
	assert_int_equal(text_width("مُعاد"), 4); /* the mark above takes no place */
	assert_string_equal(text_fold(pool, "one two three", 7), "one two\nthree");
	assert_string_equal(text_fold(pool, "one two three", 6), "one\ntwo\nthree");
	assert_string_equal(text_fold(pool, "one two three", 13), "one two three");
	assert_string_equal(text_fold(pool, "one two three", 0), "one two three");
	assert_string_equal(text_fold(pool, "longest a b", 3), "longest\na b");
	assert_string_equal(text_fold(pool, "مُعاد للتصحيح", 11), "مُعاد\nللتصحيح");
	assert_string_equal(text_fold(pool, "مُعاد للتصحيح", 12), "مُعاد للتصحيح");
	assert_string_equal(text_fold(pool, "", 3), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_word_is_found_however_its_letters_are_typed,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_reason_is_found_with_anything_in_its_places,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_no_row_says_is_no_reason, set_up, tear_down),
		cmocka_unit_test_setup_teardown(only_places_for_words_are_translated, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(right_to_left_text_is_one_column_the_last, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_card_begins_with_a_code, set_up, tear_down),
		cmocka_unit_test_setup_teardown(text_is_folded_between_words, set_up, tear_down),
		cmocka_unit_test(arabic_letters_and_digits_are_right_to_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
