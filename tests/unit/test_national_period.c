/* national.summary of a period without a server: its rounds, its filters, what is refused. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "server/domain/national.h"
#include "inap/v1/national.pb-c.h"
#include "tests/unit/step.h"

#define HEAD  "plan=INAP-II,round=NULL,as_of=x,federal=t,kurdistan=t,iraq=t,"
#define LABEL "code=XA-1.1,name_en=Seats,name_ar=NULL,name_ckb=NULL,pillar=PA"
#define SENT  "national_head national_totals national_part_list national_labels"

static struct step_fixture f;
static Inap__V1__NationalSummary body;

static int setup(void **state)
{
	(void)state;
	inap__v1__national_summary__init(&body);
	step_init(&f);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	step_fini(&f);
	return 0;
}

static void begin(void)
{
	step_begin(&f, METHOD_NATIONAL_SUMMARY, national_summary, &body);
	assert_string_equal(step_sent(&f), SENT);
}

/* The head says what is there. */
static void answer(const char *there)
{
	char head[256];

	snprintf(head, sizeof head, HEAD "%s", there);
	fake_rows(&f.r.unit, 0, head);
	fake_rows(&f.r.unit, 3, LABEL);
	step_on(&f);
}

static void a_period_is_asked_with_its_filters(void **state)
{
	(void)state;
	body.indicator = "XA-1.1"; /* no series over a split: that is a round's */
	body.period = "2024Q1..2024Q3";
	body.pillar = "PA";
	body.entity = "FED-A";
	body.table = "sex";
	begin();
	assert_string_equal(fake_parameter(&f.r.unit, 0, 4), "2024Q1..2024Q3");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 6), "t"); /* a table has cells */
	for (unsigned entry = 1; entry <= 2; entry++) { /* the totals and who gave what, alike */
		assert_string_equal(fake_parameter(&f.r.unit, entry, 7), "2024Q1..2024Q3");
		assert_string_equal(fake_parameter(&f.r.unit, entry, 8), "PA");
		assert_string_equal(fake_parameter(&f.r.unit, entry, 9), "FED-A");
		assert_string_equal(fake_parameter(&f.r.unit, entry, 10), "sex");
	}
}

static void its_rounds_and_the_quarters_without_one_are_told(void **state)
{
	const Inap__V1__NationalSummaryReply *reply;

	(void)state;
	body.period = "2024Q1..2024Q3";
	begin();
	answer("period_there=t,rounds=2024Q1\\,2024Q3,unopened=2024Q2,pillar_there=t,"
	       "entity_there=t,table_there=t");
	reply = step_reply(&f, &inap__v1__national_summary_reply__descriptor);
	assert_string_equal(reply->round, "");
	assert_string_equal(reply->period, "2024Q1..2024Q3");
	assert_int_equal(reply->n_rounds, 2);
	assert_string_equal(reply->rounds[1], "2024Q3");
	assert_int_equal(reply->n_unopened, 1);
	assert_string_equal(reply->unopened[0], "2024Q2");
}

static void what_is_not_there_is_named(void **state)
{
	static const struct {
		const char *there;
		enum error_code code;
		const char *name, *value;
	} cases[] = {
		{ "period_there=f,rounds=NULL,unopened=NULL,pillar_there=t,entity_there=t,"
		  "table_there=t",
		  ERROR_BAD_ARGUMENT, "field", "period" },
		{ "period_there=t,rounds=NULL,unopened=2024Q3,pillar_there=t,entity_there=t,"
		  "table_there=t",
		  ERROR_NOT_FOUND, "name", "2024Q3" },
		{ "period_there=t,rounds=2024Q3,unopened=NULL,pillar_there=f,entity_there=f,"
		  "table_there=t",
		  ERROR_NOT_FOUND, "what", "pillar" },
		{ "period_there=t,rounds=2024Q3,unopened=NULL,pillar_there=t,entity_there=f,"
		  "table_there=f",
		  ERROR_NOT_FOUND, "what", "entity" },
		{ "period_there=t,rounds=2024Q3,unopened=NULL,pillar_there=t,entity_there=t,"
		  "table_there=f",
		  ERROR_NOT_FOUND, "what", "table" },
	};

	(void)state;
	body.period = "2024Q3";
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		begin();
		answer(cases[i].there);
		step_refused(&f, cases[i].code);
		step_argument(&f, cases[i].name, cases[i].value);
	}
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_period_is_asked_with_its_filters),
		TEST(its_rounds_and_the_quarters_without_one_are_told),
		TEST(what_is_not_there_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
