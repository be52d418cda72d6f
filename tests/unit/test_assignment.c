/* assignment.change without a server. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/domain/assignment.h"
#include "inap/v1/assignment.pb-c.h"
#include "tests/unit/cramped.h"
#include "tests/unit/step.h"

#define CHANGED                                                                                    \
	"fault=NULL,entity=FED-MOI,indicator=PA-1.1,part=whole,from=2024Q4,to=NULL,"               \
	"covers=governorate\\=IQ-NI\\,sex\\=F,before=12,cells=13,warnings=NULL,receipt=\\\\x0102"
#define REFUSED                                                                                    \
	"entity=NULL,indicator=NULL,part=NULL,from=NULL,to=NULL,covers=NULL,before=NULL,"          \
	"cells=NULL,warnings=NULL,receipt=NULL"

static struct step_fixture f;
static Inap__V1__AssignmentChange change;

static char *text(const char *s)
{
	return (char *)(uintptr_t)s;
}

static int begin(void **state)
{
	(void)state;
	step_init(&f);
	inap__v1__assignment_change__init(&change);
	change.entity = text("FED-MOI");
	change.indicator = text("PA-1.1");
	change.part = text("whole");
	change.from = text("2024Q4");
	return 0;
}

static int end(void **state)
{
	(void)state;
	step_fini(&f);
	return 0;
}

static void sent(void)
{
	step_begin(&f, METHOD_ASSIGNMENT_CHANGE, assignment_change, &change.base);
	assert_string_equal(step_sent(&f), "system_head_lock assignment_change");
}

static void an_assignment_is_made_in_one_trip(void **state)
{
	static char *covers[] = { "+IQ-NI", "sex=F" };
	const Inap__V1__AssignmentReply *reply;

	(void)state;
	change.covers = covers;
	change.n_covers = 2;
	sent();
	assert_string_equal(fake_parameter(&f.r.unit, 1, 4), "{\"+IQ-NI\",\"sex=F\"}");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 5), "2024Q4");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 6), "f");
	fake_rows(&f.r.unit, 1, CHANGED);
	step_on(&f);
	reply = step_reply(&f, &inap__v1__assignment_reply__descriptor);
	assert_string_equal(reply->entity, "FED-MOI");
	assert_string_equal(reply->to, "");
	assert_int_equal(reply->n_covers, 2);
	assert_string_equal(reply->covers[0], "governorate=IQ-NI");
	assert_int_equal(reply->before, 12);
	assert_int_equal(reply->cells, 13);
	assert_int_equal(reply->receipt.len, 2);
}

static void an_end_names_its_last_quarter(void **state)
{
	(void)state;
	change.part = text("");
	change.from = text("");
	change.to = text("2024Q4");
	sent();
	assert_string_equal(fake_parameter(&f.r.unit, 1, 5), "2024Q4");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 6), "t");
}

static void half_an_end_is_refused(void **state)
{
	(void)state;
	change.to = text("2025Q4");
	step_begin(&f, METHOD_ASSIGNMENT_CHANGE, assignment_change, &change.base);
	step_refused(&f, ERROR_BAD_ARGUMENT);
	step_argument(&f, "field", "to");
	assert_int_equal(f.r.units, 0);
	change.part = change.to = text("");
	step_begin(&f, METHOD_ASSIGNMENT_CHANGE, assignment_change, &change.base);
	step_refused(&f, ERROR_BAD_ARGUMENT);
	step_argument(&f, "field", "part");
}

static void a_dry_run_leaves_no_receipt(void **state)
{
	const Inap__V1__AssignmentReply *reply;

	(void)state;
	change.dry_run = true;
	sent();
	assert_true(f.r.unit.dry);
	fake_rows(&f.r.unit, 1, CHANGED);
	step_on(&f);
	reply = step_reply(&f, &inap__v1__assignment_reply__descriptor);
	assert_true(reply->dry_run);
	assert_int_equal(reply->receipt.len, 0);
}

static void a_fault_of_the_database_is_the_refusal(void **state)
{
	(void)state;
	sent();
	fake_rows(&f.r.unit, 1, "fault=ROUND_NOT_OPEN|round\\=2024Q1|why\\=closed," REFUSED);
	step_on(&f);
	step_refused(&f, ERROR_ROUND_NOT_OPEN);
	step_argument(&f, "round", "2024Q1");
	sent();
	step_on(&f); /* no row */
	step_refused(&f, ERROR_INTERNAL);
	sent();
	fake_rows(&f.r.unit, 1, "fault=NULL," REFUSED); /* no receipt */
	step_on(&f);
	step_refused(&f, ERROR_INTERNAL);
}

static void changed(void)
{
	sent();
	fake_rows(&f.r.unit, 1, CHANGED);
}

static void a_reply_that_does_not_fit_is_refused(void **state)
{
	(void)state;
	cramped(&f, changed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_assignment_is_made_in_one_trip, begin, end),
		cmocka_unit_test_setup_teardown(an_end_names_its_last_quarter, begin, end),
		cmocka_unit_test_setup_teardown(half_an_end_is_refused, begin, end),
		cmocka_unit_test_setup_teardown(a_dry_run_leaves_no_receipt, begin, end),
		cmocka_unit_test_setup_teardown(a_fault_of_the_database_is_the_refusal, begin, end),
		cmocka_unit_test_setup_teardown(a_reply_that_does_not_fit_is_refused, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
