/* round.extend-one and round.excuse without a server. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/domain/due.h"
#include "inap/v1/extension.pb-c.h"
#include "tests/unit/cramped.h"
#include "tests/unit/step.h"

#define TOLD                                                                                       \
	"plan=INAP-II,entity=FED-MOI,round=2024Q4,state=draft,due_at=2025-01-26T20:59:59Z,"        \
	"extended=t,due_moved_from=2025-01-24,excused=t,excused_note=moved,receipt=\\\\x0b0c0d"

static struct step_fixture f;
static Inap__V1__EntityRef entity;
static Inap__V1__RoundExtendOne extend;
static Inap__V1__RoundExcuse excuse;

static char *text(const char *s)
{
	return (char *)(uintptr_t)s;
}

static int begin(void **state)
{
	(void)state;
	step_init(&f);
	f.reach.entity_id = 41;
	inap__v1__entity_ref__init(&entity);
	entity.entity = text("FED-MOI");
	inap__v1__round_extend_one__init(&extend);
	extend.entity = &entity;
	extend.round = text("2024Q4");
	extend.due_on = text("2025-01-24");
	extend.note = text("the archive burned");
	inap__v1__round_excuse__init(&excuse);
	excuse.entity = &entity;
	excuse.round = text("2024Q4");
	excuse.note = text("moved");
	return 0;
}

static int end(void **state)
{
	(void)state;
	step_fini(&f);
	return 0;
}

static void extend_sent(void)
{
	step_begin(&f, METHOD_ROUND_EXTEND_ONE, round_extend_one, &extend.base);
	fake_rows(&f.r.unit, 1, "fault=NULL");
	fake_rows(&f.r.unit, 2, TOLD);
}

static void excuse_sent(void)
{
	step_begin(&f, METHOD_ROUND_EXCUSE, round_excuse, &excuse.base);
	fake_rows(&f.r.unit, 1, "fault=NULL");
	fake_rows(&f.r.unit, 2, TOLD);
}

static void assert_told(void)
{
	const Inap__V1__ReportDueReply *reply =
		step_reply(&f, &inap__v1__report_due_reply__descriptor);

	assert_string_equal(reply->report->entity, "FED-MOI");
	assert_string_equal(reply->report->round, "2024Q4");
	assert_int_equal(reply->state, INAP__V1__STATE__STATE_DRAFT);
	assert_string_equal(reply->due_at, "2025-01-26T20:59:59Z");
	assert_string_equal(reply->due_moved_from, "2025-01-24");
	assert_true(reply->extended && reply->excused);
	assert_string_equal(reply->excused_note, "moved");
	assert_int_equal(reply->receipt.len, 3);
}

static void one_report_is_extended_in_one_trip(void **state)
{
	(void)state;
	extend_sent();
	assert_string_equal(step_sent(&f), "head_lock due_one due_told");
	assert_string_equal(fake_parameter(&f.r.unit, 0, 0), "{41}");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 0), "41");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 2), "2024Q4");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 3), "2025-01-24");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 4), "the archive burned");
	step_on(&f);
	assert_told();
}

static void one_report_is_excused_or_back(void **state)
{
	(void)state;
	excuse_sent();
	assert_string_equal(step_sent(&f), "head_lock excuse due_told");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 3), "f");
	step_on(&f);
	assert_told();
	excuse.back = true;
	excuse.note = text(""); /* the end of an excuse explains itself */
	excuse_sent();
	assert_string_equal(fake_parameter(&f.r.unit, 1, 3), "t");
	step_on(&f);
	assert_told();
}

static void assert_at_once(enum error_code code, const char *argument, const char *value)
{
	assert_int_equal(f.at, STEP_DONE);
	step_refused(&f, code);
	step_argument(&f, argument, value);
	assert_int_equal(f.r.units, 0);
}

static void what_is_missing_is_refused_at_once(void **state)
{
	(void)state;
	extend.due_on = text("");
	step_begin(&f, METHOD_ROUND_EXTEND_ONE, round_extend_one, &extend.base);
	assert_at_once(ERROR_BAD_ARGUMENT, "field", "due_on");
	extend.due_on = text("2025-02-30");
	step_begin(&f, METHOD_ROUND_EXTEND_ONE, round_extend_one, &extend.base);
	assert_at_once(ERROR_DATE_BAD, "text", "2025-02-30");
	extend.due_on = text("2025-02-20");
	extend.note = text("");
	step_begin(&f, METHOD_ROUND_EXTEND_ONE, round_extend_one, &extend.base);
	assert_at_once(ERROR_BAD_ARGUMENT, "field", "note");
	excuse.note = text("");
	step_begin(&f, METHOD_ROUND_EXCUSE, round_excuse, &excuse.base);
	assert_at_once(ERROR_BAD_ARGUMENT, "field", "note");
}

static void faults_of_sql_are_refusals(void **state)
{
	(void)state;
	step_begin(&f, METHOD_ROUND_EXTEND_ONE, round_extend_one, &extend.base);
	fake_rows(&f.r.unit, 1, "fault=NOT_FOUND|what\\=report|name\\=FED-MOI/2024Q4");
	step_on(&f);
	step_refused(&f, ERROR_NOT_FOUND);
	step_argument(&f, "name", "FED-MOI/2024Q4");
	step_begin(&f, METHOD_ROUND_EXCUSE, round_excuse, &excuse.base);
	fake_rows(&f.r.unit, 1, "fault=EXISTS|what\\=excuse|name\\=FED-MOI/2024Q4");
	step_on(&f);
	step_refused(&f, ERROR_EXISTS);
}

static void an_answer_without_its_row_is_our_bug(void **state)
{
	(void)state;
	step_begin(&f, METHOD_ROUND_EXTEND_ONE, round_extend_one, &extend.base);
	step_on(&f);
	step_refused(&f, ERROR_INTERNAL);
	step_begin(&f, METHOD_ROUND_EXCUSE, round_excuse, &excuse.base);
	step_on(&f);
	step_refused(&f, ERROR_INTERNAL);
	step_begin(&f, METHOD_ROUND_EXCUSE, round_excuse, &excuse.base);
	fake_rows(&f.r.unit, 1, "fault=NULL");
	step_on(&f);
	step_refused(&f, ERROR_INTERNAL);
}

static void a_reply_that_does_not_fit_is_refused(void **state)
{
	(void)state;
	cramped(&f, extend_sent);
	cramped(&f, excuse_sent);
}

static void what_is_tried_leaves_no_receipt(void **state)
{
	const Inap__V1__ReportDueReply *reply;

	(void)state;
	extend.dry_run = excuse.dry_run = true;
	extend_sent();
	assert_true(f.r.unit.dry);
	step_on(&f);
	reply = step_reply(&f, &inap__v1__report_due_reply__descriptor);
	assert_true(reply->dry_run);
	assert_int_equal(reply->receipt.len, 0);
	excuse_sent();
	assert_true(f.r.unit.dry);
	step_on(&f);
	reply = step_reply(&f, &inap__v1__report_due_reply__descriptor);
	assert_true(reply->dry_run);
	assert_int_equal(reply->receipt.len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_tried_leaves_no_receipt, begin, end),
		cmocka_unit_test_setup_teardown(one_report_is_extended_in_one_trip, begin, end),
		cmocka_unit_test_setup_teardown(one_report_is_excused_or_back, begin, end),
		cmocka_unit_test_setup_teardown(what_is_missing_is_refused_at_once, begin, end),
		cmocka_unit_test_setup_teardown(faults_of_sql_are_refusals, begin, end),
		cmocka_unit_test_setup_teardown(an_answer_without_its_row_is_our_bug, begin, end),
		cmocka_unit_test_setup_teardown(a_reply_that_does_not_fit_is_refused, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
