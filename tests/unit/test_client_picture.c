/* The figures of the national picture for other programs: what a plan's author wrote runs in no
 * spreadsheet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/picture/export.h"
#include "tests/unit/client_app.h"

static struct app *app;
static struct picture picture;

static int set_up(void **state)
{
	static Inap__V1__Name name = INAP__V1__NAME__INIT;
	static Inap__V1__Indicator indicator = INAP__V1__INDICATOR__INIT, *indicators[1];
	static Inap__V1__IndicatorListReply list = INAP__V1__INDICATOR_LIST_REPLY__INIT;
	static Inap__V1__Plan plan = INAP__V1__PLAN__INIT;
	static Inap__V1__Value value = INAP__V1__VALUE__INIT;
	static Inap__V1__Total total = INAP__V1__TOTAL__INIT, *totals[1];
	static Inap__V1__NationalSummaryReply cells = INAP__V1__NATIONAL_SUMMARY_REPLY__INIT;

	(void)state;
	app = client_app_new();
	name.en = pool_strdup(&app->pool, "=1+1");
	indicator.code = total.indicator = total.cell = pool_strdup(&app->pool, "PA-1.1");
	indicator.name = &name;
	indicators[0] = &indicator;
	list.indicators = indicators;
	list.n_indicators = 1;
	plan.code = pool_strdup(&app->pool, "INAP-II");
	value.kind_case = INAP__V1__VALUE__KIND_NUMBER;
	value.number = pool_strdup(&app->pool, "-12");
	total.value = &value;
	total.jurisdiction = INAP__V1__JURISDICTION__JURISDICTION_IRAQ;
	total.period = pool_strdup(&app->pool, "2024Q4");
	totals[0] = &total;
	cells.totals = totals;
	cells.n_totals = 1;
	picture = (struct picture){ .app = app,
				    .plan = &plan,
				    .indicators = &list,
				    .rounds = { { .code = "2024Q4" } },
				    .rounds_count = 1,
				    .cells = &cells };
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	client_app_free(app);
	return 0;
}

static void a_name_like_a_formula_is_guarded_and_a_figure_below_zero_is_not(void **state)
{
	const char *output;

	(void)state;
	assert_true(picture_csv(&picture, app->out.stream));
	output = client_app_output(app);
	assert_int_equal(strncmp(output, "\xef\xbb\xbfplan,round,", 14), 0);
	assert_non_null(strstr(output, ",edition,name\r\nINAP-II,2024Q4,2024Q4,PA-1.1,PA-1.1,iraq,"
				       "-12,,,,shown,,,,,,,,,,\"'=1+1\"\r\n"));
}

static void a_workbook_that_cannot_be_made_is_said(void **state)
{
	(void)state;
	assert_true(picture_book(&picture, app->out.stream));
	assert_int_equal(strncmp(client_app_output(app), "PK", 2), 0);
	/* A text that no cell takes would be left out without a word. */
	picture.indicators->indicators[0]->name->en = pool_alloc(&app->pool, 40000);
	memset(picture.indicators->indicators[0]->name->en, 'a', 39999);
	assert_false(picture_book(&picture, app->out.stream));
	assert_int_equal(app->failure.code, ERROR_FILE_BAD);
	assert_string_equal(app->failure.places[1].value, "the workbook could not be written");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_name_like_a_formula_is_guarded_and_a_figure_below_zero_is_not, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(a_workbook_that_cannot_be_made_is_said, set_up,
						tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
