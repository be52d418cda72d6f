/* Tests of reading a report: show, check. */
#include "tests/unit/fake_rpc.h"

#include "inap/v1/report.pb-c.h"

#define TEXT(s) ((char *)(uintptr_t)(s))
#define SHOW_SENT                                                                                  \
	"report_head report_values report_asked report_labels report_points report_previous "      \
	"report_sections report_office report_consultations report_activities report_budgets"
#define HEAD(state, revision, claimed_by) HEAD_AT(state, revision, claimed_by, "t")
#define HEAD_AT(state, revision, claimed_by, latest)                                               \
	"round_id=1,plan=INAP-II,name_en=Interior,name_ar=\xd8\xaf,name_ckb=NULL,state=" state     \
	",revision=" revision                                                                      \
	",ready=t,submitted_at=NULL,due_at=2024-10-15T20:59:59Z,claimed_by=" claimed_by            \
	",letter_number=1325/"                                                                     \
	"7,letter_date=2024-10-09,note=NULL,latest=" latest                                        \
	",respond_by=2024-10-20T20:59:59Z,lock=closed,"                                            \
	"extended=t,yearly_due_at=NULL,excused=t,excused_note=moved"
#define VALUE(cell, kind, number, denominator, text, hidden)                                       \
	"cell=" cell ",period=2024Q3,kind=" kind ",number=" number ",denominator=" denominator     \
	",value=" text ",note=why,expected_on=NULL,revision=3,by=noor,at=2024-10-01T07:30:00Z,"    \
	"via=import,verified=agreed,hidden=" hidden
#define POINT(kind, target)                                                                        \
	"point=1,target_kind=" kind ",target=" target                                              \
	",code=unclear,question=why?,state=open,answer=NULL,answer_text=NULL,by=zaid,at=x,turn=1," \
	"revision=5,answered_by=NULL,answered_at=NULL"

enum { HEAD_ENTRY, VALUES, ASKED, LABELS, POINTS, PREVIOUS, SECTIONS, OFFICE_ENTRY, CONSULTATIONS };
enum { READERS = 0x3e };

static Inap__V1__ReportRef reference;
static Inap__V1__ReportShow show;
static Inap__V1__ReportCheck check;

static int setup(void **state)
{
	inap__v1__report_ref__init(&reference);
	reference.entity = TEXT("FED-MOI");
	reference.round = TEXT("2024Q3");
	inap__v1__report_show__init(&show);
	inap__v1__report_check__init(&check);
	show.report = check.report = &reference;
	return fake_setup(state);
}

static void showing_sends_its_statements_for_the_callers_roles(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_APPROVER | ROLE_BIT_OBSERVER);

	(void)state;
	fake_request(c, METHOD_REPORT_SHOW, 1, &show.base);
	fake_waits(SHOW_SENT);
	assert_int_equal(fake_unit->lane, LANE_READ);
	assert_false(fake_unit->write);
	for (unsigned i = 0; i < 10; i++) {
		assert_string_equal(fake_parameter(fake_unit, i, 0), "7");
		assert_string_equal(fake_parameter(fake_unit, i, 1), "");
		assert_string_equal(fake_parameter(fake_unit, i, 2), "2024Q3");
	}
	/* what an observer holds does not count for this method */
	assert_string_equal(fake_parameter(fake_unit, HEAD_ENTRY, 3), "4");
	assert_string_equal(fake_parameter(fake_unit, VALUES, 3), "4");
	assert_string_equal(fake_parameter(fake_unit, POINTS, 3), "4");
	assert_string_equal(fake_parameter(fake_unit, PREVIOUS, 3), "4");
	assert_null(fake_parameter(fake_unit, HEAD_ENTRY, 4));
	assert_null(fake_parameter(fake_unit, VALUES, 4));
	fake_answer();
	assert_argument(fake_refused(c, 1, ERROR_NOT_FOUND), "name", "FED-MOI/2024Q3");
	show.at_case = INAP__V1__REPORT_SHOW__AT_REVISION;
	show.revision = 3;
	fake_request(c, METHOD_REPORT_SHOW, 2, &show.base);
	assert_string_equal(fake_parameter(fake_unit, HEAD_ENTRY, 4), "3");
	assert_string_equal(fake_parameter(fake_unit, VALUES, 4), "3");
	fake_answer();
	assert_argument(fake_refused(c, 2, ERROR_NOT_FOUND), "name", "FED-MOI/2024Q3@3");
}

static void a_report_is_shown_as_of_a_day(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_APPROVER);

	(void)state;
	show.at_case = INAP__V1__REPORT_SHOW__AT_AS_OF;
	show.as_of = TEXT("2024-10-20");
	fake_request(c, METHOD_REPORT_SHOW, 1, &show.base);
	assert_null(fake_parameter(fake_unit, HEAD_ENTRY, 4));
	assert_string_equal(fake_parameter(fake_unit, HEAD_ENTRY, 5), "2024-10-20");
	assert_string_equal(fake_parameter(fake_unit, VALUES, 5), "2024-10-20");
	fake_answer();
	assert_argument(fake_refused(c, 1, ERROR_NOT_FOUND), "name", "FED-MOI/2024Q3@2024-10-20");
	show.as_of = TEXT("2024-02-30");
	fake_request(c, METHOD_REPORT_SHOW, 2, &show.base);
	assert_argument(fake_refused(c, 2, ERROR_DATE_BAD), "text", "2024-02-30");
}

/* clang-format off */
static const char *const values =
	VALUE("A", "1", "12345678901234567890.50", "NULL", "NULL", "f") ";"
	VALUE("B", "2", "NULL", "NULL", "NULL", "f") ";"
	VALUE("C", "3", "NULL", "NULL", "NULL", "f") ";"
	VALUE("D", "4", "NULL", "NULL", "a\\,b", "f") ";"
	VALUE("E", "5", "1", "2", "NULL", "f") ";"
	VALUE("F", "6", "1", "NULL", "NULL", "f") ";"
	VALUE("G", "7", "NULL", "2", "NULL", "f") ";"
	VALUE("H", "8", "NULL", "NULL", "NULL", "f") ";"
	VALUE("I", "11", "NULL", "NULL", "NULL", "f") ";"
	VALUE("J", "1", "77", "NULL", "NULL", "t");
/* clang-format on */

static void rows_of_show(const char *head)
{
	fake_rows(fake_unit, HEAD_ENTRY, head);
	fake_rows(fake_unit, VALUES, values);
	fake_rows(
		fake_unit, ASKED,
		"cell=A,period=2024Q3,part=whole,unit_code=count,value_kind=in_period,"
		"may_withhold=t,total=t,indicator=PR-1.1,table_code=NULL,ratio=f,"
		"unit_label=NULL,overlap=f,locked=f,breaks_at=NULL,breaks_parts=NULL;"
		"cell=E,period=2024S2,part=numerator,unit_code=percent,value_kind=at_period_end,"
		"may_withhold=f,total=f,indicator=PR-2.2,table_code=sex,ratio=t,"
		"unit_label=hours,overlap=t,locked=t,breaks_at=2025Q2,breaks_parts=IQ-HA\\,IQ-SU");
	fake_rows(fake_unit, LABELS,
		  "code=PR-1.1,name_en=Women in the police,name_ar=NULL,name_ckb=x");
	fake_rows(fake_unit, CONSULTATIONS,
		  "cell=A,by=FED-MOH,answer=contested,said=no,at=2024-10-09T00:00:00Z,revision=3,"
		  "current=t,point=4");
	fake_rows(fake_unit, POINTS,
		  POINT("report", "NULL") ";" POINT("cell", "PR-1.1") ";" POINT("table", ""));
	fake_rows(fake_unit, PREVIOUS,
		  "cell=E,period=2024S1,kind=6,number=40.0,denominator=NULL,value=NULL,note=old,"
		  "may_confirm=t,carried=t,source=NULL;"
		  "cell=A,period=2024Q2,kind=1,number=7,denominator=NULL,value=NULL,note=NULL,"
		  "may_confirm=f,carried=f,source=PR-1.1");
}

/* Who signed or received it. */
#define OFFICE(signer, receiver)                                                                   \
	"signed_by=" signer ",signed_at=y,basis=delegated,order_number=NULL,order_date=NULL,"      \
	"single_number=12,single_date=2024-01-02,received_by=" receiver ",received_at=z,"          \
	"claimed_until=w,lapsed_by=NULL,published=false,asked=false"

static const Inap__V1__ReportShowReply *shown_of(unsigned roles, const char *head,
						 const char *office)
{
	struct connection *c = fake_user(roles);

	fake_request(c, METHOD_REPORT_SHOW, 1, &show.base);
	rows_of_show(head);
	fake_rows(fake_unit, OFFICE_ENTRY, office);
	fake_answer();
	return fake_reply(c, METHOD_REPORT_SHOW, 1);
}

static const Inap__V1__ReportShowReply *shown(unsigned roles, const char *head)
{
	struct connection *c = fake_user(roles);

	fake_request(c, METHOD_REPORT_SHOW, 1, &show.base);
	rows_of_show(head);
	fake_answer();
	return fake_reply(c, METHOD_REPORT_SHOW, 1);
}

static void a_report_shows_its_head(void **state)
{
	const Inap__V1__ReportShowReply *reply =
		shown(ROLE_BIT_APPROVER, HEAD("draft", "6", "NULL"));

	(void)state;
	assert_string_equal(reply->report->plan, "INAP-II");
	assert_string_equal(reply->report->entity, "FED-MOI");
	assert_string_equal(reply->report->round, "2024Q3");
	assert_string_equal(reply->name->en, "Interior");
	assert_string_equal(reply->name->ckb, "");
	assert_int_equal(reply->state, INAP__V1__STATE__STATE_DRAFT);
	assert_int_equal(reply->revision, 6);
	assert_true(reply->ready);
	assert_string_equal(reply->submitted_at, "");
	assert_string_equal(reply->due_at, "2024-10-15T20:59:59Z");
	assert_true(reply->extended && reply->excused);
	assert_string_equal(reply->excused_note, "moved");
	assert_string_equal(reply->yearly_due_at, "");
	assert_string_equal(reply->claimed_by, "");
	assert_string_equal(reply->respond_by, "2024-10-20T20:59:59Z");
	assert_string_equal(reply->lock, "closed");
	assert_string_equal(reply->letter_number, "1325/7");
	assert_actions(reply, "ready hand_back submit");
}

static void actions_know_the_claim_and_the_revision(void **state)
{
	(void)state;
	assert_actions(shown(ROLE_BIT_COORDINATOR, HEAD("in_review", "6", "zaid")), "");
	assert_actions(shown(ROLE_BIT_COORDINATOR, HEAD("in_review", "6", "ada")),
		       "release point withdraw_point return endorse");
	/* of an old revision nothing can be done */
	assert_actions(shown(ROLE_BIT_APPROVER, HEAD_AT("draft", "5", "NULL", "f")), "");
	/* a returned report shows a reviewer what was submitted, and can be acted on */
	assert_actions(shown(ROLE_BIT_COORDINATOR, HEAD("returned", "5", "NULL")),
		       "point withdraw_point");
}

static void a_signature_tells_its_basis_and_paper_its_receiver(void **state)
{
	const Inap__V1__ReportShowReply *reply =
		shown_of(ROLE_BIT_APPROVER, HEAD("submitted", "6", "NULL"), OFFICE("ada", "NULL"));

	(void)state;
	assert_string_equal(reply->signed_->by, "ada");
	assert_int_equal(reply->signed_->basis, INAP__V1__BASIS__BASIS_DELEGATED);
	assert_string_equal(reply->signed_->single_number, "12");
	assert_string_equal(reply->received_by, "");
	assert_actions(reply, "withdraw");
	reply = shown_of(ROLE_BIT_APPROVER, HEAD("submitted", "6", "NULL"), OFFICE("NULL", "zaid"));
	assert_null(reply->signed_);
	assert_string_equal(reply->received_by, "zaid");
	assert_string_equal(reply->claimed_until, "w");
	assert_actions(reply, "withdraw contest");
}

static void every_kind_of_value_is_shown(void **state)
{
	const Inap__V1__ReportShowReply *reply =
		shown(ROLE_BIT_APPROVER, HEAD("draft", "6", "NULL"));
	Inap__V1__ReportValue **v = reply->values;

	(void)state;
	assert_int_equal(reply->n_values, 10);
	assert_string_equal(v[0]->value->number, "12345678901234567890.50");
	assert_string_equal(v[0]->period, "2024Q3");
	assert_string_equal(v[0]->note, "why");
	assert_string_equal(v[0]->expected_on, "");
	assert_string_equal(v[0]->by, "noor");
	assert_int_equal(v[0]->revision, 3);
	assert_int_equal(v[0]->via, INAP__V1__VIA__VIA_IMPORT);
	assert_true(v[1]->value->yes_no);
	assert_int_equal(v[2]->value->kind_case, INAP__V1__VALUE__KIND_YES_NO);
	assert_false(v[2]->value->yes_no);
	assert_string_equal(v[3]->value->text, "a,b");
	assert_string_equal(v[4]->value->ratio->numerator, "1");
	assert_string_equal(v[4]->value->ratio->denominator, "2");
	assert_string_equal(v[5]->value->numerator, "1");
	assert_string_equal(v[6]->value->denominator, "2");
	assert_int_equal(v[7]->value->blank, INAP__V1__BLANK__BLANK_NOT_APPLICABLE);
	assert_int_equal(v[8]->value->blank, INAP__V1__BLANK__BLANK_NOT_AVAILABLE);
}

static void a_hidden_value_says_only_that_it_is(void **state)
{
	const Inap__V1__ReportShowReply *reply =
		shown(ROLE_BIT_NATIONAL_TEAM, HEAD("accepted", "6", "NULL"));
	const Inap__V1__ReportValue *hidden = reply->values[9];

	(void)state;
	assert_string_equal(hidden->cell, "J");
	assert_true(hidden->hidden);
	assert_null(hidden->value);
	assert_string_equal(hidden->note, "");
	assert_string_equal(hidden->by, "");
	assert_int_equal(hidden->revision, 0);
	assert_false(reply->values[0]->hidden);
	assert_string_equal(reply->values[0]->verified, "agreed");
	assert_string_equal(hidden->verified, "");
}

static void the_answer_of_the_period_before_stands_beside_what_is_asked(void **state)
{
	const Inap__V1__ReportShowReply *reply =
		shown(ROLE_BIT_APPROVER, HEAD("draft", "6", "NULL"));

	(void)state;
	assert_string_equal(reply->asked[0]->previous->number, "7");
	assert_string_equal(reply->asked[0]->previous_period, "2024Q2");
	assert_string_equal(reply->asked[0]->previous_note, "");
	assert_false(reply->asked[0]->may_confirm);
	assert_string_equal(reply->asked[1]->previous->numerator, "40.0");
	assert_string_equal(reply->asked[1]->previous_period, "2024S1");
	assert_string_equal(reply->asked[1]->previous_note, "old");
	assert_true(reply->asked[1]->may_confirm);
	assert_false(reply->asked[0]->carried);
	assert_string_equal(reply->asked[0]->previous_cell, "PR-1.1");
	assert_true(reply->asked[1]->carried);
	assert_string_equal(reply->asked[1]->previous_cell, "");
}

static void asked_labels_and_points_are_listed(void **state)
{
	const Inap__V1__ReportShowReply *reply =
		shown(ROLE_BIT_APPROVER, HEAD("returned", "6", "NULL"));

	(void)state;
	assert_int_equal(reply->n_asked, 2);
	assert_string_equal(reply->asked[0]->unit, "count");
	assert_string_equal(reply->asked[0]->value_kind, "in_period");
	assert_true(reply->asked[0]->total);
	assert_true(reply->asked[0]->may_withhold);
	assert_string_equal(reply->asked[0]->table, "");
	assert_string_equal(reply->asked[1]->part, "numerator");
	assert_string_equal(reply->asked[1]->table, "sex");
	assert_false(reply->asked[0]->ratio);
	assert_false(reply->asked[0]->locked);
	assert_true(reply->asked[1]->locked);
	assert_true(reply->asked[1]->ratio);
	assert_string_equal(reply->asked[1]->indicator, "PR-2.2");
	assert_string_equal(reply->asked[0]->unit_label, "");
	assert_string_equal(reply->asked[1]->unit_label, "hours");
	assert_false(reply->asked[0]->overlap);
	assert_true(reply->asked[1]->overlap);
	assert_string_equal(reply->asked[1]->breaks_at, "2025Q2");
	assert_string_equal(reply->asked[1]->breaks_parts, "IQ-HA,IQ-SU");
	assert_int_equal(reply->n_consultations, 1);
	assert_string_equal(reply->consultations[0]->answer, "contested");
	assert_true(reply->consultations[0]->current);
	assert_int_equal(reply->consultations[0]->point, 4);
	assert_int_equal(reply->n_indicators, 1);
	assert_string_equal(reply->indicators[0]->name->en, "Women in the police");
	assert_string_equal(reply->indicators[0]->name->ar, "");
	assert_int_equal(reply->n_points, 3);
	assert_string_equal(reply->points[0]->target, "report");
	assert_string_equal(reply->points[1]->target, "cell:PR-1.1");
	assert_string_equal(reply->points[2]->target, "table");
	assert_string_equal(reply->points[0]->text, "why?");
	assert_string_equal(reply->points[0]->answer, "");
}

/* check */

#define NO_RULE NO_SIDES ",cells=PR-1.1,explained=f,note=NULL"

static const char *const problems =
	"revision=6,cell=PR-1.1,rule=unanswered_total,severity=BLOCK,code=UNANSWERED_TOTAL,"
	"unanswered=1,asked=1" NO_RULE ";"
	"revision=6,cell=PR-2.1,rule=unanswered_table,severity=EXPLAIN,code=UNANSWERED_TABLE,"
	"unanswered=3,asked=9" NO_RULE;

static const char *const broken =
	"revision=6,cell=PA-2.1,rule=WOMEN,severity=EXPLAIN,code=RULE_BROKEN,unanswered=NULL,"
	"asked=NULL,name_en=Women,name_ar=A,name_ckb=NULL,op=<>,left_term=PA-2.1.n,"
	"right_term=PA-2.2,left_value=40,right_value=41,cells=PA-2.1 PA-2.2,explained=t,note=leave";

static void a_broken_rule_has_its_words_and_both_sides(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);
	const Inap__V1__ReportCheckReply *reply;
	const Inap__V1__Problem *problem;

	(void)state;
	fake_request(c, METHOD_REPORT_CHECK, 1, &check.base);
	fake_rows(fake_unit, 0, broken);
	fake_answer();
	reply = fake_reply(c, METHOD_REPORT_CHECK, 1);
	assert_int_equal(reply->n_problems, 1);
	problem = reply->problems[0];
	assert_string_equal(problem->rule, "WOMEN");
	assert_string_equal(problem->op, "<>");
	assert_string_equal(problem->left, "40");
	assert_string_equal(problem->right, "41");
	assert_int_equal(problem->n_cells, 2);
	assert_string_equal(problem->cells[0], "PA-2.1");
	assert_string_equal(problem->cells[1], "PA-2.2");
	assert_true(problem->explained);
	assert_string_equal(problem->note, "leave");
	assert_argument(problem, "name", "Women");
	assert_argument(problem, "name_ar", "A");
	assert_argument(problem, "left", "PA-2.1.n");
	assert_argument(problem, "right", "PA-2.2");
	assert_argument(problem, "left_value", "40");
	assert_argument(problem, "right_value", "41");
	/* what is not there has no place: name_ckb, count, total */
	assert_int_equal(problem->n_arguments, 8);
}

static void checking_lists_problems_with_their_places(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);
	const Inap__V1__ReportCheckReply *reply;

	(void)state;
	fake_request(c, METHOD_REPORT_CHECK, 1, &check.base);
	fake_waits("report_problem_list");
	assert_string_equal(fake_parameter(fake_unit, 0, 3), "2");
	fake_rows(fake_unit, 0, problems);
	fake_answer();
	reply = fake_reply(c, METHOD_REPORT_CHECK, 1);
	assert_int_equal(reply->revision, 6);
	assert_int_equal(reply->n_problems, 2);
	assert_string_equal(reply->problems[0]->severity, "BLOCK");
	assert_string_equal(reply->problems[1]->code, "UNANSWERED_TABLE");
	assert_argument(reply->problems[1], "cell", "PR-2.1");
	assert_argument(reply->problems[1], "count", "3");
	assert_argument(reply->problems[1], "total", "9");
}

static void a_report_without_problems_still_has_its_revision(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);
	const Inap__V1__ReportCheckReply *reply;

	(void)state;
	fake_request(c, METHOD_REPORT_CHECK, 1, &check.base);
	fake_rows(fake_unit, 0,
		  "revision=6,cell=NULL,rule=NULL,severity=NULL,code=NULL,unanswered=NULL,asked="
		  "NULL" NO_RULE);
	fake_answer();
	reply = fake_reply(c, METHOD_REPORT_CHECK, 1);
	assert_int_equal(reply->revision, 6);
	assert_int_equal(reply->n_problems, 0);
	fake_request(c, METHOD_REPORT_CHECK, 2, &check.base);
	fake_answer();
	fake_refused(c, 2, ERROR_NOT_FOUND);
}

static void a_step_called_out_of_turn_is_our_own_bug(void **state)
{
	static const enum method_number methods[] = { METHOD_REPORT_SHOW, METHOD_REPORT_CHECK };
	struct connection *c = fake_user(READERS);

	(void)state;
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
		fake_request(c, methods[i], 1, &show.base); /* field 1 is the same of all */
		((struct request *)fake_unit->owner)->at = 9;
		fake_answer();
		fake_refused(c, 1, ERROR_INTERNAL);
	}
}

/* Every read, in arenas of any size: refused until it fits, then whole. */

static void rows_for(enum method_number method)
{
	if (method == METHOD_REPORT_SHOW)
		rows_of_show(HEAD("returned", "6", "zaid"));
	else
		fake_rows(fake_unit, 0, problems);
}

static bool reads(struct connection *c, enum method_number method, size_t cap)
{
	struct frame frame;

	fake_arena(cap);
	fake_request(c, method, 1, &show.base);
	if (fake_unit) {
		rows_for(method);
		fake_answer();
	}
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
	static const enum method_number methods[] = { METHOD_REPORT_SHOW, METHOD_REPORT_CHECK };
	struct connection *c = fake_user(READERS);

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
		TEST(showing_sends_its_statements_for_the_callers_roles),
		TEST(a_report_is_shown_as_of_a_day),
		TEST(a_report_shows_its_head),
		TEST(actions_know_the_claim_and_the_revision),
		TEST(a_signature_tells_its_basis_and_paper_its_receiver),
		TEST(every_kind_of_value_is_shown),
		TEST(a_hidden_value_says_only_that_it_is),
		TEST(the_answer_of_the_period_before_stands_beside_what_is_asked),
		TEST(asked_labels_and_points_are_listed),
		TEST(checking_lists_problems_with_their_places),
		TEST(a_broken_rule_has_its_words_and_both_sides),
		TEST(a_report_without_problems_still_has_its_revision),
		TEST(a_step_called_out_of_turn_is_our_own_bug),
		TEST(reading_in_an_arena_of_any_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
