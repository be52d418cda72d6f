/* round.list, and what changes a round: add, open, close, extend, outage; without a server. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/domain/round.h"
#include "inap/v1/extension.pb-c.h"
#include "inap/v1/plan.pb-c.h"
#include "tests/unit/cramped.h"
#include "tests/unit/step.h"

#define ROUND                                                                                      \
	"plan=INAP-II,round=2024Q4,opens_at=2024-10-01T00:00:00Z,due_at=2025-01-20T20:59:59Z,"     \
	"closes_at=,state=open,periods=2024Q4\\,2024S2\\,2024,surveys=PV-3.5,expected=48,"         \
	"yearly_due_at=2025-02-27T20:59:59Z,extended=t"
#define TOLD ROUND ",due_moved_from=2025-01-18,yearly_moved_from=NULL,receipt=\\\\x0b0c0d"

static struct step_fixture f;
static Inap__V1__RoundAdd add;
static Inap__V1__RoundChange change;

static char *text(const char *s)
{
	return (char *)(uintptr_t)s;
}

static int begin(void **state)
{
	(void)state;
	step_init(&f);
	inap__v1__round_add__init(&add);
	add.round = text("2024Q4");
	add.due_on = text("2025-01-20");
	inap__v1__round_change__init(&change);
	change.round = text("2024Q4");
	return 0;
}

static int end(void **state)
{
	(void)state;
	step_fini(&f);
	return 0;
}

/* What a write is answered with: no fault, and the round as it was logged. */
static void written(void)
{
	fake_rows(&f.r.unit, 1, "fault=NULL");
	fake_rows(&f.r.unit, 2, TOLD);
}

static void assert_round(const Inap__V1__Round *round)
{
	assert_string_equal(round->plan, "INAP-II");
	assert_string_equal(round->round, "2024Q4");
	assert_string_equal(round->due_at, "2025-01-20T20:59:59Z");
	assert_string_equal(round->closes_at, "");
	assert_string_equal(round->state, "open");
	assert_int_equal(round->n_periods, 3);
	assert_string_equal(round->periods[0], "2024Q4");
	assert_string_equal(round->periods[1], "2024S2");
	assert_string_equal(round->periods[2], "2024");
	assert_int_equal(round->n_surveys, 1);
	assert_string_equal(round->surveys[0], "PV-3.5");
	assert_int_equal(round->expected, 48);
	assert_string_equal(round->yearly_due_at, "2025-02-27T20:59:59Z");
	assert_true(round->extended);
}

static void list(const char *plan, const char *round)
{
	static Inap__V1__RoundList body;

	inap__v1__round_list__init(&body);
	body.plan = text(plan);
	body.round = text(round);
	step_begin(&f, METHOD_ROUND_LIST, round_list, &body.base);
	assert_string_equal(step_sent(&f), "round_scope round_list round_due_changes");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 0), plan);
	assert_string_equal(fake_parameter(&f.r.unit, 1, 1), round);
}

static void listed_sent(void)
{
	list("", "");
	fake_rows(&f.r.unit, 0, "plan_there=t");
	fake_rows(&f.r.unit, 1,
		  ROUND ";plan=INAP-II,round=2024Q3,opens_at=a,due_at=b,closes_at=c,state=closed,"
			"periods=2024Q3,surveys=,expected=34,yearly_due_at=NULL,extended=f");
}

static void rounds_are_listed(void **state)
{
	const Inap__V1__RoundListReply *reply;

	(void)state;
	listed_sent();
	step_on(&f);
	reply = step_reply(&f, &inap__v1__round_list_reply__descriptor);
	assert_int_equal(reply->n_rounds, 2);
	assert_round(reply->rounds[0]);
	assert_int_equal(reply->rounds[1]->n_periods, 1);
	assert_int_equal(reply->rounds[1]->n_surveys, 0);
	assert_string_equal(reply->rounds[1]->closes_at, "c");
	assert_int_equal(reply->receipt.len, 0);
}

static void shown_sent(void)
{
	list("", "2024Q4");
	fake_rows(&f.r.unit, 0, "plan_there=t");
	fake_rows(&f.r.unit, 1, ROUND);
	fake_rows(
		&f.r.unit, 2,
		"entity=,kind=outage,due_before=a,due_after=b,yearly_before=NULL,yearly_after=NULL,"
		"outage_from=c,outage_to=d,note=no network,by=sec,at=e");
}

static void one_round_says_what_moved_its_dates(void **state)
{
	const Inap__V1__RoundListReply *reply;
	const Inap__V1__DueChange *moved;

	(void)state;
	shown_sent();
	step_on(&f);
	reply = step_reply(&f, &inap__v1__round_list_reply__descriptor);
	assert_int_equal(reply->rounds[0]->n_changes, 1);
	moved = reply->rounds[0]->changes[0];
	assert_string_equal(moved->kind, "outage");
	assert_string_equal(moved->due_before, "a");
	assert_string_equal(moved->due_after, "b");
	assert_string_equal(moved->yearly_after, "");
	assert_string_equal(moved->outage_to, "d");
	assert_string_equal(moved->by, "sec");
}

static void what_is_not_there_is_not_found(void **state)
{
	const Inap__V1__RoundListReply *reply;

	(void)state;
	list("INAP-X", "");
	fake_rows(&f.r.unit, 0, "plan_there=f");
	step_on(&f);
	step_refused(&f, ERROR_NOT_FOUND);
	step_argument(&f, "what", "plan");
	step_argument(&f, "name", "INAP-X");

	list("", "2024Q4");
	fake_rows(&f.r.unit, 0, "plan_there=t");
	step_on(&f);
	step_refused(&f, ERROR_NOT_FOUND);
	step_argument(&f, "what", "round");
	step_argument(&f, "name", "2024Q4");

	list("", ""); /* before the first plan there are simply none */
	fake_rows(&f.r.unit, 0, "plan_there=f");
	step_on(&f);
	reply = step_reply(&f, &inap__v1__round_list_reply__descriptor);
	assert_int_equal(reply->n_rounds, 0);
}

static void a_round_is_made_in_one_trip(void **state)
{
	char *surveys[] = { text("PV-3.5") };
	const Inap__V1__RoundListReply *reply;

	(void)state;
	add.surveys = surveys;
	add.n_surveys = 1;
	step_begin(&f, METHOD_ROUND_ADD, round_add, &add.base);
	assert_string_equal(step_sent(&f), "system_head_lock round_add round_told");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 1), "2024Q4");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 2), "");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 3), "2025-01-20");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 6), "{\"PV-3.5\"}");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 7), "7");
	written();
	step_on(&f);
	reply = step_reply(&f, &inap__v1__round_list_reply__descriptor);
	assert_int_equal(reply->n_rounds, 1);
	assert_round(reply->rounds[0]);
	assert_string_equal(reply->rounds[0]->due_moved_from, "2025-01-18");
	assert_string_equal(reply->rounds[0]->yearly_moved_from, "");
	assert_int_equal(reply->receipt.len, 3);
	assert_int_equal(reply->receipt.data[0], 0x0b);
}

static void a_round_that_is_tried_leaves_no_receipt(void **state)
{
	const Inap__V1__RoundListReply *reply;

	(void)state;
	add.dry_run = true;
	step_begin(&f, METHOD_ROUND_ADD, round_add, &add.base);
	assert_true(f.r.unit.dry);
	written();
	step_on(&f);
	reply = step_reply(&f, &inap__v1__round_list_reply__descriptor);
	assert_true(reply->dry_run);
	assert_round(reply->rounds[0]);
	assert_int_equal(reply->receipt.len, 0);
}

static void faults_of_sql_are_refusals(void **state)
{
	(void)state;
	step_begin(&f, METHOD_ROUND_ADD, round_add, &add.base);
	fake_rows(&f.r.unit, 1, "fault=EXISTS|what\\=round|name\\=2024Q4");
	step_on(&f);
	step_refused(&f, ERROR_EXISTS);
	step_argument(&f, "name", "2024Q4");

	step_begin(&f, METHOD_ROUND_CLOSE, round_close, &change.base);
	fake_rows(&f.r.unit, 1,
		  "fault=WRONG_STATE|report\\=2024Q4|state\\=planned|action\\=round.close");
	step_on(&f);
	step_refused(&f, ERROR_WRONG_STATE);
	step_argument(&f, "state", "planned");
}

static void an_answer_without_its_row_is_our_bug(void **state)
{
	(void)state;
	step_begin(&f, METHOD_ROUND_ADD, round_add, &add.base);
	step_on(&f);
	step_refused(&f, ERROR_INTERNAL);
	step_begin(&f, METHOD_ROUND_OPEN, round_open, &change.base);
	step_on(&f);
	step_refused(&f, ERROR_INTERNAL);
	step_begin(&f, METHOD_ROUND_OPEN, round_open, &change.base);
	fake_rows(&f.r.unit, 1, "fault=NULL");
	step_on(&f);
	step_refused(&f, ERROR_INTERNAL);
}

/* Refused before anything is asked of the store. */
static void assert_date_refused(enum error_code code, const char *argument, const char *value)
{
	assert_int_equal(f.at, STEP_DONE);
	step_refused(&f, code);
	step_argument(&f, argument, value);
	assert_int_equal(f.r.units, 0);
}

static void dates_are_checked_first(void **state)
{
	(void)state;
	add.due_on = text("");
	step_begin(&f, METHOD_ROUND_ADD, round_add, &add.base);
	assert_date_refused(ERROR_BAD_ARGUMENT, "field", "due_on");
	add.due_on = text("2025-02-29");
	step_begin(&f, METHOD_ROUND_ADD, round_add, &add.base);
	assert_date_refused(ERROR_DATE_BAD, "text", "2025-02-29");
	add.due_on = text("2025-01-20");
	add.opens_on = text("tomorrow");
	step_begin(&f, METHOD_ROUND_ADD, round_add, &add.base);
	assert_date_refused(ERROR_DATE_BAD, "text", "tomorrow");
	add.opens_on = text("");
	add.closes_on = text("2025-13-01");
	step_begin(&f, METHOD_ROUND_ADD, round_add, &add.base);
	assert_date_refused(ERROR_DATE_BAD, "text", "2025-13-01");
	change.closes_on = text("soon");
	step_begin(&f, METHOD_ROUND_CLOSE, round_close, &change.base);
	assert_date_refused(ERROR_DATE_BAD, "text", "soon");
}

static void each_change_takes_its_own_words(void **state)
{
	(void)state;
	change.due_on = text("2025-01-20");
	step_begin(&f, METHOD_ROUND_OPEN, round_open, &change.base);
	assert_date_refused(ERROR_BAD_ARGUMENT, "field", "due_on");
	step_begin(&f, METHOD_ROUND_CLOSE, round_close, &change.base);
	assert_date_refused(ERROR_BAD_ARGUMENT, "field", "due_on");
	step_begin(&f, METHOD_ROUND_EXTEND, round_extend, &change.base);
	assert_date_refused(ERROR_BAD_ARGUMENT, "field", "note");
	change.note = text("the link was down");
	change.due_on = text("");
	step_begin(&f, METHOD_ROUND_EXTEND, round_extend, &change.base);
	assert_date_refused(ERROR_BAD_ARGUMENT, "field", "due_on");
	change.yearly_due_on = text("2025-02-27"); /* alone is enough */
	step_begin(&f, METHOD_ROUND_EXTEND, round_extend, &change.base);
	assert_string_equal(fake_parameter(&f.r.unit, 1, 4), "2025-02-27");
	step_begin(&f, METHOD_ROUND_CLOSE, round_close, &change.base);
	assert_date_refused(ERROR_BAD_ARGUMENT, "field", "yearly_due_on");
	change.yearly_due_on = text("");
	change.closes_on = text("2025-02-20");
	step_begin(&f, METHOD_ROUND_OPEN, round_open, &change.base);
	assert_date_refused(ERROR_BAD_ARGUMENT, "field", "closes_on");
	step_begin(&f, METHOD_ROUND_EXTEND, round_extend, &change.base);
	assert_date_refused(ERROR_BAD_ARGUMENT, "field", "closes_on");
}

static void a_change_names_its_action(void **state)
{
	const Inap__V1__RoundListReply *reply;

	(void)state;
	change.due_on = text("2025-02-20");
	change.note = text("the link was down");
	step_begin(&f, METHOD_ROUND_EXTEND, round_extend, &change.base);
	assert_string_equal(step_sent(&f), "system_head_lock round_change round_told");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 2), "round.extend");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 3), "2025-02-20");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 6), "the link was down");
	written();
	step_on(&f);
	reply = step_reply(&f, &inap__v1__round_list_reply__descriptor);
	assert_round(reply->rounds[0]);
	assert_int_equal(reply->receipt.len, 3);

	change.due_on = change.note = text("");
	step_begin(&f, METHOD_ROUND_OPEN, round_open, &change.base);
	assert_string_equal(fake_parameter(&f.r.unit, 1, 2), "round.open");
	change.closes_on = text("2025-02-20");
	step_begin(&f, METHOD_ROUND_CLOSE, round_close, &change.base);
	assert_string_equal(fake_parameter(&f.r.unit, 1, 2), "round.close");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 5), "2025-02-20");
}

static void an_outage_names_its_hours(void **state)
{
	Inap__V1__RoundOutage outage = INAP__V1__ROUND_OUTAGE__INIT;
	const Inap__V1__RoundListReply *reply;

	(void)state;
	outage.round = text("2024Q4");
	outage.from_at = text("2025-01-18T05:00:00Z");
	outage.to_at = text("2025-01-19T25:00:00Z");
	outage.note = text("no network");
	step_begin(&f, METHOD_ROUND_OUTAGE, round_outage, &outage.base);
	assert_date_refused(ERROR_DATE_BAD, "text", "2025-01-19T25:00:00Z");
	outage.to_at = text("");
	step_begin(&f, METHOD_ROUND_OUTAGE, round_outage, &outage.base);
	assert_date_refused(ERROR_BAD_ARGUMENT, "field", "to_at");
	outage.to_at = text("2025-01-19T05:00:00Z");
	outage.note = text("");
	step_begin(&f, METHOD_ROUND_OUTAGE, round_outage, &outage.base);
	assert_date_refused(ERROR_BAD_ARGUMENT, "field", "note");
	outage.note = text("no network");
	step_begin(&f, METHOD_ROUND_OUTAGE, round_outage, &outage.base);
	assert_string_equal(step_sent(&f), "outage_lock outage_add round_told");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 2), "2025-01-18T05:00:00Z");
	written();
	step_on(&f);
	reply = step_reply(&f, &inap__v1__round_list_reply__descriptor);
	assert_round(reply->rounds[0]);
	step_begin(&f, METHOD_ROUND_OUTAGE, round_outage, &outage.base);
	step_on(&f);
	step_refused(&f, ERROR_INTERNAL);
}

static void opened_sent(void)
{
	step_begin(&f, METHOD_ROUND_OPEN, round_open, &change.base);
	written();
}

static void a_reply_that_does_not_fit_is_refused(void **state)
{
	(void)state;
	cramped(&f, listed_sent);
	cramped(&f, shown_sent);
	cramped(&f, opened_sent);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(rounds_are_listed, begin, end),
		cmocka_unit_test_setup_teardown(one_round_says_what_moved_its_dates, begin, end),
		cmocka_unit_test_setup_teardown(what_is_not_there_is_not_found, begin, end),
		cmocka_unit_test_setup_teardown(a_round_is_made_in_one_trip, begin, end),
		cmocka_unit_test_setup_teardown(a_round_that_is_tried_leaves_no_receipt, begin,
						end),
		cmocka_unit_test_setup_teardown(faults_of_sql_are_refusals, begin, end),
		cmocka_unit_test_setup_teardown(an_answer_without_its_row_is_our_bug, begin, end),
		cmocka_unit_test_setup_teardown(dates_are_checked_first, begin, end),
		cmocka_unit_test_setup_teardown(each_change_takes_its_own_words, begin, end),
		cmocka_unit_test_setup_teardown(a_change_names_its_action, begin, end),
		cmocka_unit_test_setup_teardown(an_outage_names_its_hours, begin, end),
		cmocka_unit_test_setup_teardown(a_reply_that_does_not_fit_is_refused, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
