/* What people type into cells: codes, values, * and rest, halves, cells given twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/form/cell.h"
#include "client/form/form.h"
#include "client/form/only.h"
#include "client/form/value.h"
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
	client_app_free(app);
	return 0;
}

static const char *canonical(const char *typed)
{
	struct cell cell;
	const char *rest;

	if (!cell_parse(app, typed, &cell, &rest) || *rest)
		return NULL;
	return cell_code(app, &cell);
}

static void a_cell_code_has_one_form(void **state)
{
	(void)state;
	assert_string_equal(canonical("PA-1.1"), "PA-1.1");
	assert_string_equal(canonical("pa-1.1:sex=F,age_band=18-29"),
			    "PA-1.1:age_band=18-29,sex=F");
	assert_string_equal(canonical(" PA-1.1 : sex = F "), "PA-1.1:sex=F");
	assert_string_equal(canonical("PR-2.2.n"), "PR-2.2");
	assert_string_equal(canonical("PR-2.2.d:governorate=IQ-BG"), "PR-2.2:governorate=IQ-BG");
	assert_string_equal(canonical("PA-1.1:age_band=60+,sex=F"), "PA-1.1:age_band=60+,sex=F");
	assert_null(canonical(""));
	assert_null(canonical("PA-1.1:"));
	assert_null(canonical("PA-1.1:sex"));
	assert_null(canonical("PA-1.1:sex="));
	assert_null(canonical("PA-1.1:sex=F,sex=M"));
	assert_null(canonical("1.1"));
	assert_null(canonical("PA-1.1;x"));
}

static void an_argument_splits_at_its_value(void **state)
{
	struct cell cell;
	const char *rest;

	(void)state;
	assert_true(cell_parse(app, "PR-1.3:governorate=*=@not_collected", &cell, &rest));
	assert_string_equal(rest, "=@not_collected");
	assert_true(cell.wild);
	assert_false(cell.rest);
	assert_true(cell_parse(app, "PR-1.3:governorate=rest=0", &cell, &rest));
	assert_true(cell.rest);
	assert_true(cell_parse(app, "PR-2.2.n=\"a=b\"", &cell, &rest));
	assert_string_equal(rest, "=\"a=b\"");
	assert_int_equal(cell.half, 'n');
}

/* Reads a value; the problem's code where it is refused. */
static const char *refusal(const char *typed, const char *unit, struct value_read *read)
{
	const struct value_want want = { .cell = "PA-1.1", .unit = unit, .expected_on = "" };
	struct failure_field problem = { .code = "" };

	return value_parse(app, typed, &want, read, &problem) ? NULL : problem.code;
}

static void values_are_read_by_what_the_cell_wants(void **state)
{
	struct value_read read;

	(void)state;
	assert_null(refusal("\xd9\xa1\xd9\xa2\xd9\xab\xd9\xa5", "count", &read)); /* ١٢٫٥ */
	assert_string_equal(read.value->number, "12.5");
	assert_null(refusal("123456789012345678.123", "decimal", &read));
	assert_string_equal(read.value->number, "123456789012345678.123");
	assert_null(refusal("12/40", "percent", &read));
	assert_string_equal(read.value->ratio->numerator, "12");
	assert_string_equal(read.value->ratio->denominator, "40");
	assert_null(refusal("yes", "yes_no", &read));
	assert_true(read.value->yes_no);
	assert_null(refusal("لا", "yes_no", &read));
	assert_int_equal(read.value->kind_case, INAP__V1__VALUE__KIND_YES_NO);
	assert_false(read.value->yes_no);
	assert_null(refusal("بەڵێ", "", &read));
	assert_true(read.value->yes_no);
	assert_null(refusal("yes", "text", &read));
	assert_string_equal(read.value->text, "yes");
	assert_null(refusal("a\r\nb", "text", &read));
	assert_string_equal(read.value->text, "a\nb");
	assert_null(refusal("\"12\"", "", &read));
	assert_string_equal(read.value->text, "12");
	assert_null(refusal("", "count", &read));
	assert_int_equal(read.value->kind_case, INAP__V1__VALUE__KIND_CLEARED);
	assert_null(refusal("e\xcc\x81", "text", &read)); /* e and an accent, composed */
	assert_string_equal(read.value->text, "\xc3\xa9");
}

static void blanks_want_a_date_only_where_it_helps(void **state)
{
	struct value_read read;

	(void)state;
	assert_null(refusal("@not_collected", "count", &read));
	assert_int_equal(read.value->blank, INAP__V1__BLANK__BLANK_NOT_COLLECTED);
	assert_string_equal(refusal("@not_available", "count", &read), "DATE_MISSING");
	assert_null(refusal("@not_available:2024-11-30", "count", &read));
	assert_string_equal(read.expected_on, "2024-11-30");
	assert_string_equal(refusal("@not_available:30/11/2024", "count", &read), "DATE_BAD");
	assert_null(refusal("@not_available:٢٠٢٤-١١-٣٠", "count", &read));
	assert_string_equal(read.expected_on, "2024-11-30");
	assert_string_equal(refusal("@gone", "count", &read), "CELL_KIND");
}

/* A text that looks like a blank stands in quotes in a file; other quotes are its own. */
static void a_filed_text_is_not_taken_for_a_blank(void **state)
{
	static const char *const texts[] = {
		"@withheld", "\"@withheld\"", "@not_available:soon", "\"all of it\"", "@home",
		"\"",        "\"@withheld"
	};
	struct value_want want = { "OE-9", "text", 0, "", true };
	struct failure_field problem = { .code = "" };
	struct value_read read;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		const char *filed = value_wants_quotes(texts[i])
					    ? pool_printf(&app->pool, "\"%s\"", texts[i])
					    : texts[i];

		assert_true(value_parse(app, filed, &want, &read, &problem));
		assert_int_equal(read.value->kind_case, INAP__V1__VALUE__KIND_TEXT);
		assert_string_equal(read.value->text, texts[i]);
	}
	assert_true(value_wants_quotes(texts[0]) && value_wants_quotes(texts[1]));
	assert_false(value_wants_quotes(texts[3]) || value_wants_quotes(texts[4]));
	want.filed = false;
	assert_true(value_parse(app, "\"  \"", &want, &read, &problem));
	assert_int_equal(read.value->kind_case, INAP__V1__VALUE__KIND_CLEARED);
}

static void what_is_no_value_is_refused_by_name(void **state)
{
	struct value_read read;

	(void)state;
	assert_string_equal(refusal("1,234", "count", &read), "NUMBER_BAD");
	assert_string_equal(refusal("maybe", "yes_no", &read), "CELL_KIND");
	assert_string_equal(refusal("abc", "count", &read), "NUMBER_BAD");
	assert_string_equal(refusal("12/x", "percent", &read), "NUMBER_BAD");
	assert_string_equal(refusal("\xff\xfe", "text", &read), "BAD_TEXT");
}

/* A report that asks for PA-1.1 and three sexes of it (one answered), a text, a half. */
static Inap__V1__ReportShowReply *asked_report(void)
{
	static char *const cells[] = { "PA-1.1",       "PA-1.1:sex=F",
				       "PA-1.1:sex=M", "PA-1.1:sex=unknown",
				       "OE-9",         "PR-2.2" };
	static char *const units[] = { "count", "count", "count", "count", "text", "percent" };
	static char *const indicators[] = {
		"PA-1.1", "PA-1.1", "PA-1.1", "PA-1.1", "OE-9", "PR-2.2"
	};
	Inap__V1__ReportShowReply *show = pool_alloc(&app->pool, sizeof *show);

	inap__v1__report_show_reply__init(show);
	show->asked = pool_alloc(&app->pool, 6 * sizeof *show->asked);
	for (show->n_asked = 0; show->n_asked < 6; show->n_asked++) {
		Inap__V1__AskedCell *asked = pool_alloc(&app->pool, sizeof *asked);

		inap__v1__asked_cell__init(asked);
		asked->cell = cells[show->n_asked];
		asked->unit = units[show->n_asked];
		asked->indicator = indicators[show->n_asked];
		asked->part = pool_strdup(&app->pool, show->n_asked == 5 ? "numerator" : "whole");
		show->asked[show->n_asked] = asked;
	}
	show->values = pool_alloc(&app->pool, sizeof *show->values);
	show->values[0] = pool_alloc(&app->pool, sizeof **show->values);
	inap__v1__report_value__init(show->values[0]);
	show->values[0]->cell = cells[1];
	show->values[0]->value = pool_alloc(&app->pool, sizeof(Inap__V1__Value));
	inap__v1__value__init(show->values[0]->value);
	show->values[0]->value->kind_case = INAP__V1__VALUE__KIND_NUMBER;
	show->values[0]->value->number = pool_strdup(&app->pool, "7");
	show->n_values = 1;
	return show;
}

static struct form form_new(void)
{
	return (struct form){
		.app = app, .show = asked_report(), .report = "FED-MOI/2024Q3", .expected_on = ""
	};
}

static void a_star_is_the_whole_table_and_what_is_named_wins(void **state)
{
	struct form form = form_new();
	Inap__V1__CellValue **cells;
	size_t count;

	(void)state;
	form_add_argument(&form, "PA-1.1:sex=*=0", 1);
	form_add_argument(&form, "PA-1.1:sex=M=5", 2);
	cells = form_cells(&form, &count);
	assert_int_equal(form.problems_count, 0);
	assert_int_equal(count, 3);
	assert_string_equal(cells[0]->cell, "PA-1.1:sex=F");
	assert_string_equal(cells[1]->cell, "PA-1.1:sex=M");
	assert_string_equal(cells[1]->value->number, "5");
	assert_string_equal(cells[2]->value->number, "0");
}

static void rest_leaves_what_is_answered(void **state)
{
	struct form form = form_new();
	Inap__V1__CellValue **cells;
	size_t count;

	(void)state;
	form_add_argument(&form, "PA-1.1:sex=M=5", 1);
	form_add_argument(&form, "PA-1.1:sex=rest=0", 2);
	cells = form_cells(&form, &count);
	assert_int_equal(count, 2);
	assert_string_equal(cells[0]->cell, "PA-1.1:sex=M");
	assert_string_equal(cells[0]->value->number, "5");
	assert_string_equal(cells[1]->cell, "PA-1.1:sex=unknown");
}

/* A report that asks for PR-2.1 crossed by age band and sex, two by two. */
static struct form crossed_form(void)
{
	static char *const cells[] = { "PR-2.1:age_band=0-17,sex=F", "PR-2.1:age_band=0-17,sex=M",
				       "PR-2.1:age_band=60+,sex=F", "PR-2.1:age_band=60+,sex=M" };
	Inap__V1__ReportShowReply *show = pool_alloc(&app->pool, sizeof *show);
	struct form form = { .app = app, .report = "FED-MOI/2024Q3", .expected_on = "" };

	inap__v1__report_show_reply__init(show);
	show->asked = pool_alloc(&app->pool, 4 * sizeof *show->asked);
	for (show->n_asked = 0; show->n_asked < 4; show->n_asked++) {
		Inap__V1__AskedCell *asked = pool_alloc(&app->pool, sizeof *asked);

		inap__v1__asked_cell__init(asked);
		asked->cell = cells[show->n_asked];
		asked->unit = pool_strdup(&app->pool, "count");
		asked->part = pool_strdup(&app->pool, "whole");
		show->asked[show->n_asked] = asked;
	}
	form.show = show;
	return form;
}

/* What an argument expands to, as CELL=NUMBER one after another. */
static const char *expanded(struct form *form)
{
	const char *text = "";
	size_t count;
	Inap__V1__CellValue **cells = form_cells(form, &count);

	for (size_t i = 0; i < count; i++)
		text = pool_printf(&app->pool, "%s%s%s=%s", text, i ? " " : "",
				   strchr(cells[i]->cell, ':') + 1, cells[i]->value->number);
	return text;
}

static void wildcards_cross_and_stand_beside_fixed_categories(void **state)
{
	struct form form = crossed_form();

	(void)state;
	form_add_argument(&form, "PR-2.1:sex=F,age_band=*=3", 1);
	assert_string_equal(expanded(&form), "age_band=0-17,sex=F=3 age_band=60+,sex=F=3");
	form_add_argument(&form, "PR-2.1:age_band=rest,sex=rest=0", 2);
	assert_string_equal(expanded(&form), "age_band=0-17,sex=F=3 age_band=0-17,sex=M=0 "
					     "age_band=60+,sex=F=3 age_band=60+,sex=M=0");
	form = crossed_form();
	form_add_argument(&form, "PR-2.1:age_band=0-17,sex=F=7", 1);
	form_add_argument(&form, "PR-2.1:sex=rest,age_band=0-17=1", 2);
	form_add_argument(&form, "PR-2.1:age_band=*,sex=*=2", 3);
	assert_int_equal(form.problems_count, 0);
	form = crossed_form();
	form_add_argument(&form, "PR-2.1:age_band=*=1", 1); /* another table */
	form_add_argument(&form, "PR-2.1:age_band=*,sex=X=1", 2);
	assert_int_equal(form.problems_count, 2);
	assert_string_equal(form.problems[1].code, "CELL_NOT_ASKED");
}

static void a_table_that_is_not_asked_is_named(void **state)
{
	struct form form = form_new();

	(void)state;
	form_add_argument(&form, "PA-1.1:governorate=*=0", 1);
	assert_int_equal(form.problems_count, 1);
	assert_string_equal(form.problems[0].code, "CELL_NOT_ASKED");
	form_add_argument(&form, "no cell", 2);
	assert_string_equal(form.problems[1].code, "CELL_UNKNOWN");
}

static void zero_answers_total_and_tables(void **state)
{
	struct form form = form_new();
	size_t count;

	(void)state;
	assert_true(form_zero(&form, "pa-1.1"));
	form_cells(&form, &count);
	assert_int_equal(count, 4);
	assert_false(form_zero(&form, "OE-9"));
	assert_int_equal(app->failure.code, ERROR_CELL_KIND);
	assert_false(form_zero(&form, "PA-7"));
	assert_int_equal(app->failure.code, ERROR_CELL_NOT_ASKED);
}

static void nil_answers_what_is_left_and_says_what_it_cannot(void **state)
{
	struct form form = form_new();
	Inap__V1__CellValue **cells;
	struct form_left left;
	size_t count;

	(void)state;
	form_nil(&form, &left);
	cells = form_cells(&form, &count);
	assert_int_equal(left.cells_count, 1);
	assert_string_equal(left.cells[0], "OE-9");
	assert_int_equal(left.tables_count, 0);
	assert_int_equal(count, 4);
	assert_string_equal(cells[3]->cell, "PR-2.2");
	assert_int_equal(cells[3]->value->kind_case, INAP__V1__VALUE__KIND_NUMERATOR);
	assert_string_equal(cells[3]->value->numerator, "0");
}

static void two_halves_are_one_ratio(void **state)
{
	struct form form = form_new();
	Inap__V1__CellValue **cells;
	size_t count;

	(void)state;
	form_add_argument(&form, "PR-2.2.d=40", 1);
	form_add_argument(&form, "PR-2.2.n=12", 2);
	cells = form_cells(&form, &count);
	assert_int_equal(form.problems_count, 0);
	assert_int_equal(count, 1);
	assert_string_equal(cells[0]->value->ratio->numerator, "12");
	assert_string_equal(cells[0]->value->ratio->denominator, "40");
}

static void a_cell_given_twice_names_both_rows(void **state)
{
	const struct form_line first = { "PA-1.1", "1", "", "", 3, "B", NULL, NULL };
	const struct form_line second = { "pa-1.1", "2", "", "", 9, "B", NULL, NULL };
	struct form form = form_new();
	size_t count;

	(void)state;
	form_add(&form, &first);
	form_add(&form, &second);
	form_cells(&form, &count);
	assert_int_equal(form.problems_count, 1);
	assert_string_equal(form.problems[0].code, "CELL_TWICE");
	form_fail(&form);
	assert_string_equal(field_sentence(app, &app->failure.fields[0]),
			    "PA-1.1 is given twice: row 3 and row 9");
}

/* ---- a part of a file */

/* The cells of a file that these parts keep, with blanks between; NULL: refused. */
static const char *kept(const char *part, const char *other)
{
	static const char *const codes[] = { "PA-1.1",
					     "PA-1.1:sex=F",
					     "PA-1.1.n",
					     "pa-1.1:sex=*",
					     "PA-1.10",
					     "PR-2.1:age_band=60+,sex=F",
					     "PR-2.1:sex=F,age_band=rest",
					     "no code!" };
	enum { LINES = sizeof codes / sizeof *codes };
	struct form_line lines[LINES] = { { .cell = "" } };
	struct sheet sheet = { .lines = lines, .count = LINES };
	char *parts[] = { pool_strdup(&app->pool, part), pool_strdup(&app->pool, other) };
	const char *out = "";
	size_t left = 0;

	for (size_t i = 0; i < LINES; i++)
		lines[i].cell = codes[i];
	failure_clear(&app->failure);
	if (!sheet_only(app, &sheet, parts, other ? 2 : 1, &left))
		return NULL;
	assert_int_equal(sheet.count + left, LINES);
	for (size_t i = 0; i < sheet.count; i++)
		out = pool_printf(&app->pool, "%s%s%s", out, i ? " " : "", lines[i].cell);
	return out;
}

static void a_part_of_a_file_is_an_indicator_or_a_table(void **state)
{
	(void)state;
	assert_string_equal(kept("PA-1.1", NULL),
			    "PA-1.1 PA-1.1:sex=F PA-1.1.n pa-1.1:sex=* no code!");
	assert_string_equal(kept("pa-1.1:sex", NULL), "PA-1.1:sex=F pa-1.1:sex=* no code!");
	assert_string_equal(
		kept("PR-2.1:sex,age_band", "PA-1.10"),
		"PA-1.10 PR-2.1:age_band=60+,sex=F PR-2.1:sex=F,age_band=rest no code!");
	/* what is no code is in every part: the file is not of it */
	assert_string_equal(kept("PR-9.9", NULL), "no code!");
	assert_null(kept("PA-1.1:sex=F", NULL));
	assert_int_equal(app->failure.code, ERROR_USAGE);
	assert_null(kept("PA-1.1.n", NULL));
	assert_null(kept("PA-1.1:", NULL));
	assert_null(kept("PA-1.1:sex,sex", NULL));
	assert_null(kept("", NULL));
}

static void nothing_of_a_part_is_said(void **state)
{
	struct form_line line = { .cell = "PA-1.1" };
	struct sheet sheet = { .lines = &line, .count = 1 };
	char *parts[] = { pool_strdup(&app->pool, "PA-1.2") };
	size_t left;

	(void)state;
	assert_false(sheet_only(app, &sheet, parts, 1, &left));
	assert_int_equal(app->failure.code, ERROR_USAGE);
	sheet.count = 1;
	assert_true(sheet_only(app, &sheet, NULL, 0, &left));
	assert_int_equal(sheet.count, 1);
	assert_int_equal(left, 0);
}

static void the_first_part_is_as_large_as_may_be(void **state)
{
	static const char *const codes[] = { "PA-1.1", "PA-1.1:row=1", "PA-1.1:row=2",
					     "PA-1.1:sex=F", "PR-2.1" };
	enum { CELLS = sizeof codes / sizeof *codes };
	Inap__V1__CellValue cells[CELLS], *list[CELLS];

	(void)state;
	for (size_t i = 0; i < CELLS; i++) {
		inap__v1__cell_value__init(&cells[i]);
		cells[i].cell = pool_strdup(&app->pool, codes[i]);
		list[i] = &cells[i];
	}
	assert_string_equal(only_first(app, list, CELLS, 4), "PA-1.1");
	assert_string_equal(only_first(app, list, CELLS, 3), "PA-1.1:row");
	assert_string_equal(only_first(app, list + 4, 1, 3), "PR-2.1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_cell_code_has_one_form, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_argument_splits_at_its_value, set_up, tear_down),
		cmocka_unit_test_setup_teardown(values_are_read_by_what_the_cell_wants, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(blanks_want_a_date_only_where_it_helps, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_filed_text_is_not_taken_for_a_blank, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(what_is_no_value_is_refused_by_name, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_star_is_the_whole_table_and_what_is_named_wins,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(rest_leaves_what_is_answered, set_up, tear_down),
		cmocka_unit_test_setup_teardown(wildcards_cross_and_stand_beside_fixed_categories,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_table_that_is_not_asked_is_named, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(zero_answers_total_and_tables, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nil_answers_what_is_left_and_says_what_it_cannot,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(two_halves_are_one_ratio, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_cell_given_twice_names_both_rows, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_part_of_a_file_is_an_indicator_or_a_table, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(nothing_of_a_part_is_said, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_first_part_is_as_large_as_may_be, set_up,
						tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
