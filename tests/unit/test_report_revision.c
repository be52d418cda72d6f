/* Tests of what stood in a report when: diff, history, trail. */
#include "tests/unit/fake_rpc.h"

#include "inap/v1/report.pb-c.h"
#include "inap/v1/revision.pb-c.h"

#define TEXT(s) ((char *)(uintptr_t)(s))
#define CHANGE(cell)                                                                               \
	"cell=" cell ",b_kind=11,b_number=NULL,b_denominator=NULL,b_text=NULL,b_note=later,"       \
	"b_expected_on=2024-11-30,kind=6,number=4,denominator=NULL,value=NULL,note=n,"             \
	"expected_on=NULL,by=noor,at=x,via=import,reason=a new sheet,revision=5"
#define FIRST                                                                                      \
	"cell=PR-1.1,b_kind=0,b_number=NULL,b_denominator=NULL,b_text=NULL,b_note=NULL,"           \
	"b_expected_on=NULL,kind=0,number=NULL,denominator=NULL,value=NULL,note=NULL,"             \
	"expected_on=NULL,by=noor,at=x,via=set,reason=NULL,revision=1"

static Inap__V1__ReportRef reference;
static Inap__V1__ReportDiff diff;
static Inap__V1__ReportHistory history;
static Inap__V1__ReportTrail trail;

static int setup(void **state)
{
	inap__v1__report_ref__init(&reference);
	reference.entity = TEXT("FED-MOI");
	reference.round = TEXT("2024Q3");
	inap__v1__report_diff__init(&diff);
	inap__v1__report_history__init(&history);
	inap__v1__report_trail__init(&trail);
	diff.report = history.report = trail.report = &reference;
	return fake_setup(state);
}

/* diff */

static void diffed(const char *span, const char *changes)
{
	fake_rows(fake_unit, 0, "seen=6");
	fake_rows(fake_unit, 1, span);
	fake_rows(fake_unit, 2, changes);
	fake_answer();
}

static void a_diff_compares_two_revisions(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);
	const Inap__V1__ReportDiffReply *reply;
	const Inap__V1__CellChange *change;

	(void)state;
	fake_request(c, METHOD_REPORT_DIFF, 1, &diff.base);
	fake_waits("revision_seen revision_span revision_changes report_sections_diff "
		   "report_activities_diff");
	for (unsigned i = 1; i < 5; i++) {
		assert_string_equal(fake_parameter(fake_unit, i, 3), "2");
		for (unsigned j = 4; j < 8; j++)
			assert_null(fake_parameter(fake_unit, i, j));
	}
	diffed("from_revision=2,to_revision=6", CHANGE("PR-1.1"));
	reply = fake_reply(c, METHOD_REPORT_DIFF, 1);
	assert_int_equal(reply->from, 2);
	assert_int_equal(reply->to, 6);
	assert_int_equal(reply->n_changes, 1);
	change = reply->changes[0];
	assert_int_equal(change->before->blank, INAP__V1__BLANK__BLANK_NOT_AVAILABLE);
	assert_string_equal(change->before_note, "later");
	assert_string_equal(change->before_expected_on, "2024-11-30");
	assert_string_equal(change->after->numerator, "4");
	assert_string_equal(change->note, "n");
	assert_string_equal(change->expected_on, "");
	assert_string_equal(change->by, "noor");
	assert_int_equal(change->via, INAP__V1__VIA__VIA_IMPORT);
	assert_string_equal(change->reason, "a new sheet");
	assert_int_equal(change->revision, 5);
}

static void a_diff_takes_revisions_or_days(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);

	(void)state;
	diff.from = 3;
	diff.to_day = TEXT("2024-10-20");
	fake_request(c, METHOD_REPORT_DIFF, 1, &diff.base);
	for (unsigned i = 1; i < 4; i++) {
		assert_string_equal(fake_parameter(fake_unit, i, 4), "3");
		assert_null(fake_parameter(fake_unit, i, 5));
		assert_null(fake_parameter(fake_unit, i, 6));
		assert_string_equal(fake_parameter(fake_unit, i, 7), "2024-10-20");
	}
	diffed("from_revision=3,to_revision=-1", "");
	assert_argument(fake_refused(c, 1, ERROR_NOT_FOUND), "name", "FED-MOI/2024Q3@2024-10-20");
	fake_request(c, METHOD_REPORT_DIFF, 2, &diff.base);
	diffed("from_revision=-1,to_revision=4", "");
	assert_argument(fake_refused(c, 2, ERROR_NOT_FOUND), "name", "FED-MOI/2024Q3@3");
	fake_request(c, METHOD_REPORT_DIFF, 3, &diff.base);
	fake_answer();
	assert_argument(fake_refused(c, 3, ERROR_NOT_FOUND), "name", "FED-MOI/2024Q3");
	diff.to = 5;
	fake_request(c, METHOD_REPORT_DIFF, 4, &diff.base);
	assert_argument(fake_refused(c, 4, ERROR_BAD_ARGUMENT), "field", "to");
	diff.from_day = TEXT("20 October");
	fake_request(c, METHOD_REPORT_DIFF, 5, &diff.base);
	assert_argument(fake_refused(c, 5, ERROR_DATE_BAD), "text", "20 October");
	diff.from = 0;
	diff.from_start = true;
	diff.from_day = diff.to_day = TEXT("");
	fake_request(c, METHOD_REPORT_DIFF, 6, &diff.base);
	assert_string_equal(fake_parameter(fake_unit, 1, 4), "0");
	diffed("from_revision=0,to_revision=5", "");
	fake_reply(c, METHOD_REPORT_DIFF, 6);
}

/* history */

static const char *const entries =
	"seq=11,revision=1,action=save,state=draft,by=noor,at=x,via=set,note=NULL,cells=4,"
	"hash=\\\\xaabb,readable=f,subject=NULL,basis=NULL,order_number=NULL,order_date=NULL,"
	"single_number=NULL,single_date=NULL,extensions=3\\,41;"
	"seq=12,revision=2,action=submit,state=NULL,by=ada,at=y,via=,note=signed,cells=NULL,"
	"hash=NULL,readable=t,subject=narrative:results,basis=acting,order_number=118,"
	"order_date=2024-09-01,single_number=NULL,single_date=NULL,extensions=NULL";

static void history_lists_the_log(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);
	const Inap__V1__ReportHistoryReply *reply;

	(void)state;
	fake_request(c, METHOD_REPORT_HISTORY, 1, &history.base);
	fake_waits("revision_history revision_seen");
	fake_rows(fake_unit, 0, entries);
	fake_rows(fake_unit, 1, "seen=6");
	fake_answer();
	reply = fake_reply(c, METHOD_REPORT_HISTORY, 1);
	assert_int_equal(reply->n_entries, 2);
	assert_int_equal(reply->entries[0]->seq, 11);
	assert_int_equal(reply->entries[0]->cells, 4);
	assert_int_equal(reply->entries[0]->via, INAP__V1__VIA__VIA_SET);
	assert_int_equal(reply->entries[0]->state, INAP__V1__STATE__STATE_DRAFT);
	assert_int_equal(reply->entries[0]->hash.len, 2);
	assert_memory_equal(reply->entries[0]->hash.data, "\xaa\xbb", 2);
	assert_false(reply->entries[0]->readable);
	assert_int_equal(reply->entries[1]->state, INAP__V1__STATE__STATE_UNSPECIFIED);
	assert_int_equal(reply->entries[1]->via, INAP__V1__VIA__VIA_UNSPECIFIED);
	assert_string_equal(reply->entries[1]->note, "signed");
	assert_int_equal(reply->entries[1]->hash.len, 0);
	assert_true(reply->entries[1]->readable);
	assert_string_equal(reply->entries[0]->subject, "");
	assert_string_equal(reply->entries[1]->subject, "narrative:results");
	assert_int_equal(reply->entries[0]->n_extensions, 2);
	assert_int_equal(reply->entries[0]->extensions[1], 41);
	assert_int_equal(reply->entries[1]->n_extensions, 0);
	assert_null(reply->entries[0]->signed_);
	assert_int_equal(reply->entries[1]->signed_->basis, INAP__V1__BASIS__BASIS_ACTING);
	assert_string_equal(reply->entries[1]->signed_->by, "ada");
	assert_string_equal(reply->entries[1]->signed_->order_number, "118");
	assert_string_equal(reply->entries[1]->signed_->single_number, "");
	fake_request(c, METHOD_REPORT_HISTORY, 2, &history.base);
	fake_answer(); /* not seen: there is no such report for this role */
	fake_refused(c, 2, ERROR_NOT_FOUND);
}

/* trail */

static const char *const trail_rows = FIRST ",shown=1,behind=2;" CHANGE(
	"PR-1.1") ",shown=5,behind=1;" CHANGE("PR-1.2") ",shown=5,behind=1";

static void trailed(const char *changes, const char *cell)
{
	fake_rows(fake_unit, 0, "seen=6");
	fake_rows(fake_unit, 1, changes);
	fake_rows(fake_unit, 2, cell);
	fake_answer();
}

static void a_trail_goes_on_where_it_stopped(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);
	const Inap__V1__ReportTrailReply *reply;

	(void)state;
	trail.cell = TEXT("PR-1.1");
	trail.after = 4;
	fake_request(c, METHOD_REPORT_TRAIL, 1, &trail.base);
	fake_waits("revision_seen revision_trail revision_cell");
	assert_string_equal(fake_parameter(fake_unit, 1, 4), "PR-1.1");
	assert_string_equal(fake_parameter(fake_unit, 1, 5), "4");
	trailed(trail_rows, "known=t");
	reply = fake_reply(c, METHOD_REPORT_TRAIL, 1);
	assert_int_equal(reply->n_changes, 3);
	assert_null(reply->changes[0]->before);
	assert_null(reply->changes[0]->after);
	assert_string_equal(reply->changes[2]->cell, "PR-1.2");
	assert_true(reply->more);
	assert_int_equal(reply->after, 5);
	trail.cell = TEXT("");
	fake_request(c, METHOD_REPORT_TRAIL, 2, &trail.base);
	trailed("", "known=f");
	reply = fake_reply(c, METHOD_REPORT_TRAIL, 2);
	assert_int_equal(reply->n_changes, 0);
	assert_false(reply->more);
}

static void a_trail_of_what_is_no_cell_is_refused(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_COORDINATOR);

	(void)state;
	trail.cell = TEXT("PR-9.9");
	fake_request(c, METHOD_REPORT_TRAIL, 1, &trail.base);
	assert_string_equal(fake_parameter(fake_unit, 1, 3), "8");
	trailed("", "known=f");
	assert_argument(fake_refused(c, 1, ERROR_CELL_UNKNOWN), "cell", "PR-9.9");
	fake_request(c, METHOD_REPORT_TRAIL, 2, &trail.base);
	fake_answer();
	assert_argument(fake_refused(c, 2, ERROR_NOT_FOUND), "name", "FED-MOI/2024Q3");
}

static const enum method_number methods[] = { METHOD_REPORT_DIFF, METHOD_REPORT_HISTORY,
					      METHOD_REPORT_TRAIL };

static void a_step_called_out_of_turn_is_our_own_bug(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_APPROVER);

	(void)state;
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
		fake_request(c, methods[i], 1, &history.base); /* field 1 is the same of all */
		((struct request *)fake_unit->owner)->at = 9;
		fake_answer();
		fake_refused(c, 1, ERROR_INTERNAL);
	}
}

/* Every read, in arenas of any size: refused until it fits, then whole. */

static void rows_for(enum method_number method)
{
	switch (method) {
	case METHOD_REPORT_DIFF:
		diffed("from_revision=2,to_revision=6", CHANGE("PR-1.1"));
		break;
	case METHOD_REPORT_HISTORY:
		fake_rows(fake_unit, 0, entries);
		fake_rows(fake_unit, 1, "seen=6");
		fake_answer();
		break;
	default:
		trailed(trail_rows, "known=t");
		break;
	}
}

static bool reads(struct connection *c, enum method_number method, size_t cap)
{
	struct frame frame;

	fake_arena(cap);
	fake_request(c, method, 1, &history.base);
	if (fake_unit)
		rows_for(method);
	assert_true(fake_next(c, &frame));
	if (frame.kind == FRAME_ERROR) {
		const Inap__V1__Error *error =
			fake_unpack(&inap__v1__error__descriptor, frame.body, frame.length);

		assert_string_equal(error->code, "TOO_LARGE");
	}
	return frame.kind == FRAME_REPLY;
}

static void reading_in_an_arena_of_any_size(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_APPROVER);

	(void)state;
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
		size_t cap = 0;

		while (!reads(c, methods[i], cap))
			assert_in_range(cap += 16, 0, 65536);
		assert_true(cap > 512);
	}
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, fake_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_diff_compares_two_revisions),
		TEST(a_diff_takes_revisions_or_days),
		TEST(history_lists_the_log),
		TEST(a_trail_goes_on_where_it_stopped),
		TEST(a_trail_of_what_is_no_cell_is_refused),
		TEST(a_step_called_out_of_turn_is_our_own_bug),
		TEST(reading_in_an_arena_of_any_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
