/* national.recompute without a server: totals that differ from a sum over the log. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/domain/national.h"
#include "inap/v1/national.pb-c.h"
#include "tests/unit/step.h"

#define ROW(allowed, cell, jurisdiction, state, fault, compared)                                   \
	"plan=INAP-II,round=2024Q3,allowed=" allowed ",cell=" cell ",jurisdiction=" jurisdiction   \
	",state=" state ",fault=" fault ",compared=" compared
#define SAME      ROW("t", "NULL", "NULL", "NULL", "NULL", "120")
#define DIFFERENT ROW("t", "XA-1.1", "federal", "accepted", "figure", "120") ";"

static struct step_fixture f;

static int begin(void **state)
{
	static Inap__V1__NationalRecompute body;

	(void)state;
	inap__v1__national_recompute__init(&body);
	step_init(&f);
	step_begin(&f, METHOD_NATIONAL_RECOMPUTE, national_recompute, &body);
	assert_string_equal(step_sent(&f), "national_differences");
	assert_int_equal(f.r.unit.lane, LANE_BULK);
	return 0;
}

static int end(void **state)
{
	(void)state;
	step_fini(&f);
	return 0;
}

static const Inap__V1__NationalRecomputeReply *replied(const char *rows)
{
	fake_rows(&f.r.unit, 0, rows);
	step_on(&f);
	return step_reply(&f, &inap__v1__national_recompute_reply__descriptor);
}

static void totals_that_agree_are_counted(void **state)
{
	const Inap__V1__NationalRecomputeReply *reply = replied(SAME);

	(void)state;
	assert_int_equal(reply->totals, 120);
	assert_int_equal(reply->differences, 0);
	assert_int_equal(reply->n_cells, 0);
}

static void all_differences_are_counted_and_the_first_twenty_named(void **state)
{
	char rows[8192] = "";
	const Inap__V1__NationalRecomputeReply *reply;

	(void)state;
	for (int i = 0; i < 21; i++)
		strcat(rows, DIFFERENT);
	strcat(rows, SAME);
	reply = replied(rows);
	assert_int_equal(reply->differences, 21);
	assert_int_equal(reply->n_cells, 20);
	assert_string_equal(reply->cells[19], "XA-1.1 federal accepted: figure");
}

static void who_may_not_is_told_so(void **state)
{
	(void)state;
	fake_rows(&f.r.unit, 0, ROW("f", "NULL", "NULL", "NULL", "NULL", "0"));
	step_on(&f);
	step_refused(&f, ERROR_FORBIDDEN);
	step_argument(&f, "action", "national.recompute");
}

static void a_plan_that_is_not_there_is_named(void **state)
{
	(void)state;
	fake_rows(&f.r.unit, 0,
		  "plan=NULL,round=NULL,allowed=t,cell=NULL,jurisdiction=NULL,state=NULL,"
		  "fault=NULL,compared=0");
	step_on(&f);
	step_refused(&f, ERROR_NOT_FOUND);
	step_argument(&f, "what", "plan");
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(totals_that_agree_are_counted),
		TEST(all_differences_are_counted_and_the_first_twenty_named),
		TEST(who_may_not_is_told_so),
		TEST(a_plan_that_is_not_there_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
