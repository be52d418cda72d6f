/* What people and scripts are shown: sentences, tables, CSV, the promised JSON, refusals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/cmd/national.h"
#include "client/cmd/report.h"
#include "client/i18n.h"
#include "client/out/clock.h"
#include "client/out/json.h"
#include "client/out/render.h"
#include "client/out/value.h"
#include "client/out/asked.h"
#include "client/out/view.h"
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

static void places_are_filled_by_name_and_never_as_formats(void **state)
{
	(void)state;
	assert_string_equal(sentence(&app->pool, "{a} and {b}", "b", "two", "a", "one", NULL),
			    "one and two");
	assert_string_equal(sentence(&app->pool, "{a} %s %n {x}", "a", "{b}%s", "b", "no", NULL),
			    "{b}%s %s %n {x}");
	assert_string_equal(sentence(&app->pool, "{name}", "name", "a\033[31mb\xe2\x80\xae", NULL),
			    "a\\x1b[31mb\\u202e");
	assert_string_equal(sentence(&app->pool, "open {", "a", "1", NULL), "open {");
}

static void arabic_digits_are_for_figures_not_for_codes(void **state)
{
	(void)state;
	digits_set(true);
	assert_string_equal(sentence(&app->pool, "{report}: {count}", "report", "FED-MOI/2024Q3",
				     "count", "12", NULL),
			    "FED-MOI/2024Q3: ١٢");
	assert_string_equal(clock_day(app, "2024-10-15T20:59:59Z"), "٢٠٢٤-١٠-١٥");
	digits_set(false);
	assert_string_equal(clock_moment(app, "2024-10-15T20:59:59Z"), "2024-10-15 23:59");
	assert_string_equal(clock_moment(app, "2024-10-15T21:00:00Z"), "2024-10-16 00:00");
	assert_string_equal(clock_moment(app, "soon"), "soon");
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

static struct view *two_rows(void)
{
	static const struct column columns[] = {
		{ "code", "CODE", COLUMN_CODE },
		{ "value", "VALUE", COLUMN_NUMBER },
		{ "name", "NAME", COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 3);

	view_code(view, "FED-MOI");
	view_figure(view, "12.5");
	view_text(view, "=cmd()");
	view_code(view, "FED-MOH");
	view_figure(view, "-3");
	view_text(view, "وزارة\033 \"x\"");
	return view;
}

static void a_view_has_four_forms(void **state)
{
	(void)state;
	assert_string_equal(rendered(two_rows(), OUT_TABLE), "CODE    VALUE NAME\n"
							     "FED-MOI  12.5 =cmd()\n"
							     "FED-MOH    -3 وزارة\\x1b \"x\"\n");
	assert_string_equal(rendered(two_rows(), OUT_CARD),
			    "FED-MOI\n  VALUE: 12.5\n  NAME: =cmd()\n"
			    "\nFED-MOH\n  VALUE: -3\n"
			    "  NAME: وزارة\\x1b \"x\"\n");
	assert_string_equal(rendered(two_rows(), OUT_PLAIN),
			    "FED-MOI\t12.5\t=cmd()\nFED-MOH\t-3\tوزارة\\x1b \"x\"\n");
	assert_string_equal(rendered(two_rows(), OUT_CSV),
			    "code,value,name\r\nFED-MOI,12.5,\"'=cmd()\"\r\n"
			    "FED-MOH,-3,\"وزارة\\x1b \"\"x\"\"\"\r\n");
}

/* What the server would take comes out of a CSV file as it went in: guards, marks and all. */
static void csv_keeps_what_is_stored(void **state)
{
	static const struct column columns[] = { { "note", "NOTE", COLUMN_TEXT } };
	struct view *view = view_new(app, columns, 1);

	(void)state;
	view_text(view, "'=cmd()");
	view_text(view, "'tis");
	view_text(view, "\xe2\x81\xa7one\xe2\x81\xa9"); /* an isolate and its partner */
	view_text(view, "\xe2\x80\xaeone");             /* no stored text turns its direction */
	assert_string_equal(rendered(view, OUT_CSV),
			    "note\r\n\"''=cmd()\"\r\n'tis\r\n\xe2\x81\xa7one\xe2\x81\xa9\r\n"
			    "\\u202eone\r\n");
}

static Inap__V1__AskedCell asked_cell(const char *period, const char *kind)
{
	Inap__V1__AskedCell asked = INAP__V1__ASKED_CELL__INIT;

	asked.period = pool_strdup(&app->pool, period);
	asked.value_kind = pool_strdup(&app->pool, kind);
	asked.unit = pool_strdup(&app->pool, "decimal");
	return asked;
}

static void an_entry_cell_says_what_it_counts(void **state)
{
	static const struct column columns[] = { { "kind", "KIND", COLUMN_TEXT } };
	Inap__V1__AskedCell asked = asked_cell("2024Q3", "in_period");
	struct view *view = view_new(app, columns, 1);

	(void)state;
	assert_string_equal(asked_kind(&asked), "in this quarter");
	assert_string_equal(asked_unit(&asked), "decimal");
	view_asked_kind(view, &asked);
	asked.overlap = true;
	view_asked_kind(view, &asked);
	view_asked_kind(view, NULL);
	assert_string_equal(rendered(view, OUT_TABLE),
			    "KIND\nin this quarter\nin this quarter; answers may overlap\n\n");
	asked = asked_cell("2024S2", "at_period_end");
	asked.unit_label = pool_strdup(&app->pool, "hours per person");
	assert_string_equal(asked_kind(&asked), "at the end of the half-year");
	assert_string_equal(asked_unit(&asked), "hours per person");
	asked = asked_cell("2024", "year_to_date");
	assert_string_equal(asked_kind(&asked), "in this year");
	asked = asked_cell("2024Q4", "cumulative_since_start");
	assert_string_equal(asked_kind(&asked), "since the plan began, all in all");
}

static Inap__V1__Value number(const char *text)
{
	Inap__V1__Value value = INAP__V1__VALUE__INIT;

	value.kind_case = INAP__V1__VALUE__KIND_NUMBER;
	value.number = pool_strdup(&app->pool, text);
	return value;
}

static json_t *parsed(void)
{
	return json_loads(client_app_output(app), 0, NULL);
}

/* The keys of an object, in the order they were given. */
static const char *keys(const json_t *object)
{
	const char *text = "", *key;
	json_t *value, *copy = json_deep_copy(object);

	json_object_foreach(copy, key, value) text =
		pool_printf(&app->pool, "%s%s%s", text, text[0] ? " " : "", key);
	json_decref(copy);
	return text;
}

static void report_show_keeps_its_promised_keys(void **state)
{
	Inap__V1__ReportShowReply show = INAP__V1__REPORT_SHOW_REPLY__INIT;
	Inap__V1__ReportValue value = INAP__V1__REPORT_VALUE__INIT, *values[] = { &value };
	Inap__V1__AskedCell one = INAP__V1__ASKED_CELL__INIT, two = INAP__V1__ASKED_CELL__INIT;
	Inap__V1__AskedCell *asked[] = { &one, &two };
	Inap__V1__Action actions[] = { INAP__V1__ACTION__ACTION_HAND_BACK };
	Inap__V1__Value held = number("123456789012345678.123");
	struct target target = { .id = "FED-MOI/2024Q3" };
	json_t *answer, *first;

	(void)state;
	app->config.format = OUT_JSON;
	target.ref.entity = one.cell = pool_strdup(&app->pool, "PA-1.1");
	target.ref.round = two.cell = pool_strdup(&app->pool, "PA-1.2");
	value.cell = one.cell;
	value.value = &held;
	show.values = values;
	show.asked = asked;
	show.actions = actions;
	show.n_values = show.n_actions = 1;
	show.n_asked = 2;
	show.state = INAP__V1__STATE__STATE_IN_REVIEW;
	report_render(app, &target, &show, false);
	answer = parsed();
	assert_string_equal(keys(answer),
			    "report entity round state revision ready submitted_at "
			    "due_at letter signed received_by received_at claimed_by "
			    "claimed_until lapsed_by extended yearly_due_at excused excused_note "
			    "actions values asked unanswered points consultations previous "
			    "respond_by lock open narrative activities");
	assert_string_equal(json_string_value(json_object_get(answer, "state")), "in_review");
	assert_true(json_is_null(json_object_get(answer, "submitted_at")));
	assert_string_equal(
		json_string_value(json_array_get(json_object_get(answer, "actions"), 0)),
		"hand_back");
	first = json_array_get(json_object_get(answer, "values"), 0);
	assert_string_equal(keys(first), "cell period value note revision by at via");
	assert_string_equal(json_string_value(json_object_get(first, "value")),
			    "123456789012345678.123");
	assert_int_equal(json_array_size(json_object_get(answer, "unanswered")), 1);
	first = json_array_get(json_object_get(answer, "asked"), 1);
	assert_string_equal(keys(first),
			    "cell period part unit unit_label value_kind ratio overlap breaks_at");
	json_decref(answer);
}

static void a_hidden_total_gives_nothing_away(void **state)
{
	Inap__V1__NationalSummaryReply reply = INAP__V1__NATIONAL_SUMMARY_REPLY__INIT;
	Inap__V1__Total total = INAP__V1__TOTAL__INIT, *totals[] = { &total };
	Inap__V1__Coverage coverage = INAP__V1__COVERAGE__INIT;
	Inap__V1__Value value = number("4");
	json_t *answer, *first;

	(void)state;
	total.value = &value;
	total.coverage = &coverage;
	total.percent = pool_strdup(&app->pool, "40.0");
	total.hidden = true;
	reply.totals = totals;
	reply.n_totals = 1;
	answer = summary_json(&reply);
	assert_string_equal(keys(answer), "round edition min_state as_of totals");
	first = json_array_get(json_object_get(answer, "totals"), 0);
	assert_true(json_is_true(json_object_get(first, "hidden")));
	assert_null(json_object_get(first, "value"));
	assert_null(json_object_get(first, "percent"));
	assert_string_equal(keys(json_object_get(first, "coverage")),
			    "expected valued withheld not_available not_collected not_applicable "
			    "excused unanswered missing under_correction weight_missing rate");
	json_decref(answer);
	summary_render(app, &reply, 0);
	assert_null(strstr(client_app_output(app), " 4 "));
	assert_non_null(strstr(client_app_output(app), "hidden"));
}

static void every_kind_of_value_has_its_keys(void **state)
{
	Inap__V1__Value value = INAP__V1__VALUE__INIT;
	Inap__V1__Ratio ratio = INAP__V1__RATIO__INIT;
	json_t *object = json_object();

	(void)state;
	json_put_value(object, NULL);
	assert_int_equal(json_object_size(object), 0);
	value.kind_case = INAP__V1__VALUE__KIND_RATIO;
	value.ratio = &ratio;
	ratio.numerator = ratio.denominator = pool_strdup(&app->pool, "12");
	json_put_value(object, &value);
	assert_string_equal(keys(object), "numerator denominator");
	json_object_clear(object);
	value.kind_case = INAP__V1__VALUE__KIND_BLANK;
	value.blank = INAP__V1__BLANK__BLANK_NOT_AVAILABLE;
	json_put_value(object, &value);
	assert_string_equal(json_string_value(json_object_get(object, "blank")), "not_available");
	json_object_clear(object);
	value.kind_case = INAP__V1__VALUE__KIND_YES_NO;
	value.yes_no = true;
	json_put_value(object, &value);
	assert_string_equal(json_string_value(json_object_get(object, "value")), "yes");
	json_decref(object);
}

static void a_failure_has_its_promised_keys_and_status(void **state)
{
	json_t *error;

	(void)state;
	fail_with(app, ERROR_STALE_REVISION, "report", "FED-MOI/2024Q3", "revision", "5", "base",
		  "4", NULL);
	error = failure_json(app);
	assert_string_equal(keys(error), "code message arguments fields revision actions trace");
	assert_string_equal(json_string_value(json_object_get(error, "message")),
			    "FED-MOI/2024Q3 is at revision 5, you saw 4");
	assert_int_equal(failure_exit(&app->failure), 7);
	json_decref(error);
	app->failure.code = ERROR_NONE;
	app->failure.name = "OF_TOMORROW";
	assert_int_equal(failure_exit(&app->failure), 1);
	assert_string_equal(failure_sentence(app), "the server refused it: OF_TOMORROW");
}

static void ndjson_is_one_line_an_element(void **state)
{
	(void)state;
	app->config.format = OUT_NDJSON;
	out_json(app, json_pack("[{s:i},{s:i}]", "a", 1, "a", 2));
	assert_string_equal(client_app_output(app), "{\"a\":1}\n{\"a\":2}\n");
}

static void an_empty_list_is_an_empty_list(void **state)
{
	(void)state;
	app->config.format = OUT_JSON;
	out_json(app, json_array());
	assert_string_equal(client_app_output(app), "[]\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(places_are_filled_by_name_and_never_as_formats,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(arabic_digits_are_for_figures_not_for_codes, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_view_has_four_forms, set_up, tear_down),
		cmocka_unit_test_setup_teardown(csv_keeps_what_is_stored, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_entry_cell_says_what_it_counts, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(report_show_keeps_its_promised_keys, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_hidden_total_gives_nothing_away, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(every_kind_of_value_has_its_keys, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_failure_has_its_promised_keys_and_status, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(ndjson_is_one_line_an_element, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_empty_list_is_an_empty_list, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
