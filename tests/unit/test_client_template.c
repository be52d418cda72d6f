/* Forms to fill in: what is written is what is read back, in every language. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/form/package.h"
#include "client/form/template.h"
#include "client/form/value.h"
#include "client/i18n.h"
#include "tests/unit/client_app.h"

static struct app *app;
static struct template template;

/* ---- a report of a few cells */

static Inap__V1__AskedCell asked[6];
static Inap__V1__AskedCell *asked_list[6];
static Inap__V1__ReportValue held[6];
static Inap__V1__ReportValue *held_list[6];
static Inap__V1__Value values[6];
static Inap__V1__Ratio ratio = INAP__V1__RATIO__INIT;
static Inap__V1__ReportShowReply show;

static char *say(const char *text)
{
	return pool_strdup(&app->pool, text);
}

static Inap__V1__Value *cell_add(const char *code, const char *unit)
{
	size_t i = show.n_asked;

	inap__v1__asked_cell__init(&asked[i]);
	inap__v1__report_value__init(&held[i]);
	inap__v1__value__init(&values[i]);
	asked[i].cell = held[i].cell = say(code);
	asked[i].indicator = pool_strndup(&app->pool, code, strcspn(code, ":"));
	asked[i].unit = say(unit);
	asked[i].part = say("whole");
	asked[i].period = say("2024Q3");
	asked[i].value_kind = say("in_period");
	held[i].value = &values[i];
	asked_list[i] = &asked[i];
	held_list[i] = &held[i];
	show.n_asked = show.n_values = i + 1;
	return &values[i];
}

static void number_add(const char *code, const char *number)
{
	Inap__V1__Value *value = cell_add(code, "decimal");

	value->kind_case = INAP__V1__VALUE__KIND_NUMBER;
	value->number = say(number);
}

static void text_add(const char *code, const char *text)
{
	Inap__V1__Value *value = cell_add(code, "text");

	value->kind_case = INAP__V1__VALUE__KIND_TEXT;
	value->text = say(text);
}

static void blank_add(const char *code, const char *unit, Inap__V1__Blank blank)
{
	Inap__V1__Value *value = cell_add(code, unit);

	value->kind_case = INAP__V1__VALUE__KIND_BLANK;
	value->blank = blank;
}

static int set_up(void **state)
{
	(void)state;
	app = client_app_new();
	inap__v1__report_show_reply__init(&show);
	show.asked = asked_list;
	show.values = held_list;
	template = (struct template){ .app = app, .report = "FED-A/2024Q3", .show = &show };
	template.meta = (struct sheet_meta){ true, "1", "FED-A/2024Q3", "TEST", "7", "en", "now" };
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	language_set(LANGUAGE_EN);
	client_app_free(app);
	return 0;
}

/* The form written and read back. */
static void again(struct sheet *sheet)
{
	char *path = pool_printf(&app->pool, "%s/form.xlsx", client_app_folder());
	size_t length;
	char *bytes;

	assert_true(template_book(&template, path));
	bytes = sheet_bytes(app, path, &length);
	assert_non_null(bytes);
	assert_true(sheet_read(app, path, bytes, length, sheet));
}

/* ---- */

static void values_come_back_as_they_are(void **state)
{
	struct sheet sheet;

	(void)state;
	number_add("AA-1.1", "12.50");
	number_add("AA-1.2", "12345678901234567.5");
	text_add("TX-1.1", "=1+1 _x0041_ <&>\n\"so\"\tسطر");
	text_add("TX-1.2", "@withheld");
	blank_add("TX-1.3", "text", INAP__V1__BLANK__BLANK_WITHHELD);
	cell_add("AA-1.4", "percent")->kind_case = INAP__V1__VALUE__KIND_RATIO;
	values[5].ratio = &ratio;
	ratio.numerator = say("1");
	ratio.denominator = say("3");
	held[0].note = say("by hand");
	held[1].expected_on = say("2030-01-31");
	again(&sheet);
	assert_int_equal(sheet.count, 6);
	assert_string_equal(sheet.lines[0].cell, "AA-1.1");
	assert_string_equal(sheet.lines[0].value, "12.5");
	assert_string_equal(sheet.lines[0].note, "by hand");
	assert_string_equal(sheet.lines[0].column, "F");
	assert_string_equal(sheet.lines[1].value, "12345678901234567.5");
	assert_string_equal(sheet.lines[1].expected_on, "2030-01-31");
	assert_string_equal(sheet.lines[2].value, values[2].text);
	assert_null(sheet.lines[2].fault);
	assert_string_equal(sheet.lines[3].value, "\"@withheld\"");
	assert_string_equal(sheet.lines[4].value, "@withheld");
	assert_string_equal(sheet.lines[5].value, "1/3");
	assert_true(sheet.meta.present);
	assert_string_equal(sheet.meta.report, "FED-A/2024Q3");
	assert_string_equal(sheet.meta.revision, "7");
	assert_string_equal(sheet.meta.plan, "TEST");
}

/* What a form writes for a blank, its reader takes for that blank; its headings are found. The
 * catalogues are not here: the end-to-end test has the words. */
static void words_of_every_language_are_read_back(void **state)
{
	(void)state;
	for (int language = LANGUAGE_EN; language <= LANGUAGE_CKB; language++) {
		language_set((enum language)language);
		show.n_asked = show.n_values = 0;
		for (int blank = INAP__V1__BLANK__BLANK_NOT_APPLICABLE;
		     blank <= INAP__V1__BLANK__BLANK_NOT_AVAILABLE; blank++)
			blank_add(pool_printf(&app->pool, "AA-1.%d", blank), "count",
				  (Inap__V1__Blank)blank);
		for (size_t i = 0; i < show.n_asked; i++) {
			struct template_cell cell;
			const char *word;

			template_cell(&template, &asked[i], &cell);
			word = template_entry(app, &cell);
			if (value_blank_by_name(word) != values[i].blank)
				fail_msg("language %d: %s", language, word);
		}
		struct sheet sheet;
		again(&sheet);
		assert_int_equal(sheet.count, 4);
	}
}

static void names_stand_beside_the_codes(void **state)
{
	Inap__V1__Name sex = INAP__V1__NAME__INIT, women = INAP__V1__NAME__INIT;
	Inap__V1__Category category = INAP__V1__CATEGORY__INIT, *categories[] = { &category };
	Inap__V1__Dimension dimension = INAP__V1__DIMENSION__INIT, *dimensions[] = { &dimension };
	Inap__V1__CategoryListReply reply = INAP__V1__CATEGORY_LIST_REPLY__INIT;
	struct template_cell cell;

	(void)state;
	sex.en = say("Sex");
	sex.ar = say("الجنس");
	women.en = say("Women");
	category.code = say("F");
	category.name = &women;
	dimension.code = say("sex");
	dimension.name = &sex;
	dimension.categories = categories;
	dimension.n_categories = 1;
	reply.dimensions = dimensions;
	reply.n_dimensions = 1;
	template.categories = &reply;
	number_add("AA-1.1:row=9,sex=F", "1");
	template_cell(&template, &asked[0], &cell);
	assert_string_equal(cell.what, "row: 9; Sex: Women");
	assert_string_equal(cell.kind, "in this quarter");
	language_set(LANGUAGE_AR);
	template_cell(&template, &asked[0], &cell);
	assert_string_equal(cell.what, "row: \u200e9\u200e; الجنس: \u200eWomen\u200e");
	asked[0].part = say("numerator");
	template_cell(&template, &asked[0], &cell);
	assert_string_equal(cell.code, "AA-1.1.n:row=9,sex=F");
}

/* How often a text stands in a part of the form that `again` has written. */
struct counting {
	const char *text;
	size_t found;
};

static bool count_text(void *data, const char *bytes, size_t length)
{
	struct counting *counting = data;
	const char *at = bytes;

	while ((at = memmem(at, length - (size_t)(at - bytes), counting->text,
			    strlen(counting->text)))) {
		counting->found++;
		at++;
	}
	return true;
}

static size_t times_in(const char *part, const char *text)
{
	const char *path = pool_printf(&app->pool, "%s/form.xlsx", client_app_folder());
	struct counting counting = { .text = text };
	size_t length;
	const char *bytes = sheet_bytes(app, path, &length);
	struct package *package = package_open(app, path, bytes, length);

	assert_non_null(package);
	assert_true(package_read(package, part, count_text, &counting));
	package_close(package);
	return counting.found;
}

/* A locked entry has no rules of what may be typed, a remark, and comes back all the same. */
static void a_locked_entry_is_marked_and_comes_back(void **state)
{
	struct template_cell cell;
	struct sheet sheet;

	(void)state;
	number_add("AA-1.1", "12");
	number_add("AA-1.2", "13");
	again(&sheet);
	assert_int_equal(times_in("xl/worksheets/sheet1.xml", "type=\"date\""), 2);
	assert_int_equal(times_in("xl/sharedStrings.xml", "Grey cells are locked"), 0);
	asked[0].locked = asked[0].overlap = true;
	held[0].expected_on = say("2030-01-31");
	template_cell(&template, &asked[0], &cell);
	assert_string_equal(cell.kind,
			    "in this quarter; answers may overlap; locked, stays as it is");
	template_cell(&template, &asked[1], &cell);
	assert_string_equal(cell.kind, "in this quarter");
	again(&sheet);
	assert_int_equal(sheet.count, 2);
	assert_string_equal(sheet.lines[0].value, "12");
	assert_string_equal(sheet.lines[0].expected_on, "2030-01-31");
	assert_int_equal(times_in("xl/worksheets/sheet1.xml", "type=\"date\""), 1);
	assert_int_equal(times_in("xl/sharedStrings.xml", "Grey cells are locked"), 1);
}

static void a_file_that_cannot_be_written_is_said(void **state)
{
	(void)state;
	number_add("AA-1.1", "1");
	assert_false(template_book(&template, "/nowhere/form.xlsx"));
	assert_int_equal(app->failure.code, ERROR_FILE_BAD);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(values_come_back_as_they_are),
		TEST(words_of_every_language_are_read_back),
		TEST(names_stand_beside_the_codes),
		TEST(a_locked_entry_is_marked_and_comes_back),
		TEST(a_file_that_cannot_be_written_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
