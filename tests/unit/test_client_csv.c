/* CSV files as people have them: other people's nasty ones, headers in three languages, cp1256. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "client/form/csv.h"
#include "client/form/sheet.h"
#include "tests/unit/client_app.h"

#define SPECTRUM "../shared/data/nasty/csv"

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

static bool read_text(const char *text, struct sheet *sheet)
{
	return sheet_read(app, "q3.csv", text, strlen(text), sheet);
}

static void a_header_may_stand_in_any_order_and_language(void **state)
{
	struct sheet sheet;

	(void)state;
	assert_true(read_text("note;value;cell\r\nwhy;12;PA-1.1\r\n", &sheet));
	assert_int_equal(sheet.count, 1);
	assert_string_equal(sheet.lines[0].cell, "PA-1.1");
	assert_string_equal(sheet.lines[0].value, "12");
	assert_string_equal(sheet.lines[0].note, "why");
	assert_int_equal(sheet.lines[0].row, 2);
	assert_string_equal(sheet.lines[0].column, "B");
	assert_true(read_text("\xef\xbb\xbf"
			      "الخلية,القيمة\nPA-1.1,١٢\n",
			      &sheet));
	assert_string_equal(sheet.lines[0].value, "١٢");
	assert_true(read_text("خانە\tبەها\tتێبینی\nPA-1.1\t3\tx\n", &sheet));
	assert_string_equal(sheet.lines[0].note, "x");
	assert_true(read_text("Cell,VALUE\nPA-1.1,1", &sheet));
	assert_int_equal(sheet.count, 1);
}

static void the_separator_is_found_outside_quotes(void **state)
{
	(void)state;
	assert_int_equal(csv_separator("a,b;c,d\nx;y;z;;;", 16), ',');
	assert_int_equal(csv_separator("\"a,b,c\";d", 9), ';');
	assert_int_equal(csv_separator("a\tb", 3), '\t');
	assert_int_equal(csv_separator("", 0), ',');
}

static void a_missing_header_names_what_is_missing(void **state)
{
	struct sheet sheet;

	(void)state;
	assert_false(read_text("PA-1.1,12\n", &sheet));
	assert_int_equal(app->failure.code, ERROR_CSV_NO_HEADER);
	assert_string_equal(failure_sentence(app),
			    "'q3.csv' has no header row with a column for the cell and one for the "
			    "value; missing: cell, value");
	assert_false(read_text("Year,Value\n2015,3\n", &sheet));
	assert_string_equal(app->failure.places[1].value, "cell");
	assert_false(read_text("", &sheet));
	assert_int_equal(app->failure.code, ERROR_CSV_NO_HEADER);
}

static void an_unknown_column_is_refused_by_name(void **state)
{
	struct sheet sheet;

	(void)state;
	assert_false(read_text("cell,value,colour\nPA-1.1,1,red\n", &sheet));
	assert_int_equal(app->failure.code, ERROR_CSV_COLUMN);
	assert_string_equal(app->failure.places[1].value, "colour");
}

static void rows_are_counted_as_a_person_sees_them(void **state)
{
	struct sheet sheet;

	(void)state;
	assert_true(read_text("cell,value,note\r\nA-1,1,\"two\r\nlines\"\r\n\r\nA-2,2,\r\n,,\r\n",
			      &sheet));
	assert_int_equal(sheet.count, 2);
	assert_int_equal(sheet.lines[0].row, 2);
	assert_int_equal(sheet.lines[1].row, 5);
	assert_string_equal(sheet.lines[0].note, "two\r\nlines");
}

static void windows_arabic_is_recognised(void **state)
{
	/* "cell,value,note" and a note "نعم" in cp1256 */
	static const char bytes[] = "cell,value,note\r\nPA-1.1,1,\xe4\xda\xe3\r\n";
	struct sheet sheet;

	(void)state;
	assert_true(read_text(bytes, &sheet));
	assert_string_equal(sheet.lines[0].note, "نعم");
}

static void a_formula_guard_is_not_part_of_the_text(void **state)
{
	struct sheet sheet;

	(void)state;
	assert_true(read_text("cell,value\nOE-9,\"'=1+1\"\nOE-8,'tis\nOE-7,''=1\n", &sheet));
	assert_string_equal(sheet.lines[0].value, "=1+1");
	assert_string_equal(sheet.lines[2].value, "'=1");
	assert_string_equal(sheet.lines[1].value, "'tis");
}

static void what_is_no_csv_is_refused(void **state)
{
	struct sheet sheet;

	(void)state;
	assert_false(read_text("cell,value\nPA-1.1,\"open\n", &sheet));
	assert_int_equal(app->failure.code, ERROR_FILE_BAD);
	assert_false(sheet_read(app, "x.xlsx", "PK\x03\x04zz", 6, &sheet));
	assert_int_equal(app->failure.code, ERROR_FILE_BAD);
	assert_false(sheet_read(app, "x", "cell,value\nA-1,\0", 16, &sheet));
	assert_int_equal(app->failure.code, ERROR_FILE_BAD);
}

/* A record of the file is an object of the expected JSON: same keys, same texts but for CR LF. */
static void compare(const struct csv_table *table, const json_t *expected, const char *name)
{
	assert_int_equal(table->count, json_array_size(expected) + 1);
	for (size_t i = 0; i < json_array_size(expected); i++) {
		const json_t *row = json_array_get(expected, i);

		for (size_t j = 0; j < table->records[0].count; j++) {
			const char *key = table->records[0].fields[j];
			const json_t *value = json_object_get(row, key);

			if (!json_is_string(value))
				fail_msg("%s: no %s", name, key);
			assert_string_equal(table->records[i + 1].fields[j],
					    json_string_value(value));
		}
	}
}

static void other_peoples_nasty_files_read_as_expected(void **state)
{
	static const char *const names[] = {
		"comma_in_quotes", "empty",         "empty_crlf",
		"escaped_quotes",  "json",          "location_coordinates",
		"newlines",        "newlines_crlf", "quotes_and_newlines",
		"simple",          "simple_crlf",   "utf8"
	};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *csv = pool_printf(&app->pool, SPECTRUM "/%s.csv", names[i]);
		const char *wanted =
			pool_printf(&app->pool, SPECTRUM "/expected/%s.json", names[i]);
		json_t *expected = json_load_file(wanted, 0, NULL);
		struct csv_table table;
		struct sheet sheet;
		size_t length;
		char *bytes;

		if (!expected) {
			print_message("%s is not there: skipped\n", wanted);
			skip();
		}
		bytes = sheet_bytes(app, csv, &length);
		assert_non_null(bytes);
		assert_true(csv_read(app, csv, bytes, length, &table));
		if (json_is_array(expected)) /* one is a single object, of another phone number */
			compare(&table, expected, names[i]);
		else
			assert_string_equal(table.records[1].fields[1],
					    json_string_value(json_object_get(
						    expected, "Location Coordinates")));
		json_decref(expected);
		assert_false(sheet_read(app, csv, bytes, length, &sheet));
		assert_int_equal(app->failure.code, ERROR_CSV_NO_HEADER);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_header_may_stand_in_any_order_and_language,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_separator_is_found_outside_quotes, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_missing_header_names_what_is_missing, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(an_unknown_column_is_refused_by_name, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(rows_are_counted_as_a_person_sees_them, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(windows_arabic_is_recognised, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_formula_guard_is_not_part_of_the_text, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(what_is_no_csv_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(other_peoples_nasty_files_read_as_expected, set_up,
						tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
