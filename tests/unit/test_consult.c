/* consult.list and report.consult without a server. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/domain/consult.h"
#include "inap/v1/consult.pb-c.h"
#include "tests/unit/cramped.h"
#include "tests/unit/step.h"

#define CELL(answer, said)                                                                         \
	"plan=INAP-II,entity=FED-MOI,round=2024Q3,by=FED-MOH,cell=PA-1.2,period=2024Q3,kind=1,"    \
	"number=58,denominator=NULL,value=NULL,unit_code=count,value_kind=at_period_end,"          \
	"revision=4,answer=" answer ",said=" said ",total=t,name_en=Centres,name_ar=NULL,"         \
	"name_ckb=NULL"
#define SAID(fault) "fault=" fault ",by=FED-MOH,cell=PA-1.2,answer=contested,point=3,receipt="

static struct step_fixture f;
static Inap__V1__ConsultList list;
static Inap__V1__ReportConsult consult;
static Inap__V1__ReportRef report;

static char *text(const char *s)
{
	return (char *)(uintptr_t)s;
}

static int begin(void **state)
{
	(void)state;
	step_init(&f);
	inap__v1__consult_list__init(&list);
	inap__v1__report_ref__init(&report);
	report.entity = text("FED-MOI");
	report.round = text("2024Q3");
	inap__v1__report_consult__init(&consult);
	consult.report = &report;
	consult.cell = text("PA-1.2");
	consult.base_revision = 4;
	consult.contest = true;
	consult.text = text("our list has 61");
	return 0;
}

static int end(void **state)
{
	(void)state;
	step_fini(&f);
	return 0;
}

static void listed(void)
{
	step_begin(&f, METHOD_CONSULT_LIST, consult_list, &list.base);
	fake_rows(&f.r.unit, 0, CELL("NULL", "NULL") ";" CELL("contested", "no"));
}

static void values_are_listed_with_what_was_said(void **state)
{
	const Inap__V1__ConsultListReply *reply;

	(void)state;
	listed();
	assert_string_equal(step_sent(&f), "consult_list");
	assert_string_equal(fake_parameter(&f.r.unit, 0, 0), "7");
	step_on(&f);
	reply = step_reply(&f, &inap__v1__consult_list_reply__descriptor);
	assert_int_equal(reply->n_cells, 2);
	assert_string_equal(reply->cells[0]->report->entity, "FED-MOI");
	assert_string_equal(reply->cells[0]->value->number, "58");
	assert_string_equal(reply->cells[0]->answer, "");
	assert_string_equal(reply->cells[1]->answer, "contested");
	assert_string_equal(reply->cells[1]->text, "no");
	assert_int_equal(reply->cells[1]->revision, 4);
}

static void consulted(void)
{
	step_begin(&f, METHOD_REPORT_CONSULT, report_consult, &consult.base);
	fake_rows(&f.r.unit, 0, SAID("NULL") "\\\\x0102");
}

static void a_contest_is_one_trip_and_names_its_point(void **state)
{
	const Inap__V1__ReportConsultReply *reply;

	(void)state;
	consulted();
	assert_string_equal(step_sent(&f), "report_consult");
	assert_string_equal(fake_parameter(&f.r.unit, 0, 0), "FED-MOI");
	assert_string_equal(fake_parameter(&f.r.unit, 0, 3), "PA-1.2");
	assert_string_equal(fake_parameter(&f.r.unit, 0, 4), "4");
	assert_string_equal(fake_parameter(&f.r.unit, 0, 5), "contested");
	step_on(&f);
	reply = step_reply(&f, &inap__v1__report_consult_reply__descriptor);
	assert_string_equal(reply->by, "FED-MOH");
	assert_int_equal(reply->point, 3);
	assert_int_equal(reply->receipt.len, 2);
	consult.contest = false;
	consulted();
	assert_string_equal(fake_parameter(&f.r.unit, 0, 5), "confirmed");
}

static void refusals_come_from_the_database(void **state)
{
	(void)state;
	step_begin(&f, METHOD_REPORT_CONSULT, report_consult, &consult.base);
	fake_rows(&f.r.unit, 0, SAID("NOT_FOUND|what\\=report|name\\=FED-MOI/2024Q3") "NULL");
	step_on(&f);
	step_refused(&f, ERROR_NOT_FOUND);
	step_argument(&f, "name", "FED-MOI/2024Q3");
	step_begin(&f, METHOD_REPORT_CONSULT, report_consult, &consult.base);
	step_on(&f); /* no row */
	step_refused(&f, ERROR_INTERNAL);
	step_begin(&f, METHOD_REPORT_CONSULT, report_consult, &consult.base);
	fake_rows(&f.r.unit, 0, SAID("NULL") "NULL"); /* no receipt */
	step_on(&f);
	step_refused(&f, ERROR_INTERNAL);
	consult.report = NULL;
	step_begin(&f, METHOD_REPORT_CONSULT, report_consult, &consult.base);
	step_refused(&f, ERROR_BAD_ARGUMENT);
	assert_int_equal(f.r.units, 0);
}

static void replies_that_do_not_fit_are_refused(void **state)
{
	(void)state;
	cramped(&f, listed);
	cramped(&f, consulted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(values_are_listed_with_what_was_said, begin, end),
		cmocka_unit_test_setup_teardown(a_contest_is_one_trip_and_names_its_point, begin,
						end),
		cmocka_unit_test_setup_teardown(refusals_come_from_the_database, begin, end),
		cmocka_unit_test_setup_teardown(replies_that_do_not_fit_are_refused, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
