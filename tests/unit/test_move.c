/* Tests of the moves of a report: what each sends, how each is answered, every refusal. */
#include "tests/unit/fake_rpc.h"

#include "inap/v1/report.pb-c.h"

#define TEXT(s) ((char *)(uintptr_t)(s))
#define SENT    "head_lock report_move report_totals report_moved move_stale"

enum { ENTRY_MOVE = 1, ENTRY_MOVED = 3, ENTRY_BLOCKS = 5, EVERY_ROLE = 0x1e };

static Inap__V1__ReportRef reference;
static Inap__V1__ReportMove plain;
static Inap__V1__ReportSubmit submit;
static Inap__V1__ReviewReturn give_back;
static Inap__V1__ReviewPointAdd point;
static Inap__V1__ReportAnswer answer;
static Inap__V1__ReviewWithdraw take_back;
static Inap__V1__ReportAskCells ask;
static char *cells[] = { TEXT("PR-1.1"), TEXT("PR-2.1:age_band=18-29,sex=F") };

static int setup(void **state)
{
	inap__v1__report_ref__init(&reference);
	reference.plan = TEXT("INAP-II");
	reference.entity = TEXT("FED-MOI");
	reference.round = TEXT("2024Q3");
	inap__v1__report_move__init(&plain);
	inap__v1__report_submit__init(&submit);
	inap__v1__review_return__init(&give_back);
	inap__v1__review_point_add__init(&point);
	inap__v1__report_answer__init(&answer);
	inap__v1__review_withdraw__init(&take_back);
	inap__v1__report_ask_cells__init(&ask);
	take_back.report = ask.report = &reference;
	take_back.point = 3;
	ask.cells = cells;
	ask.n_cells = 2;
	ask.note = TEXT("they follow from PR-1.2");
	plain.report = submit.report = give_back.report = point.report = answer.report = &reference;
	plain.base_revision = submit.base_revision = give_back.base_revision = 4;
	point.base_revision = answer.base_revision = take_back.base_revision = ask.base_revision =
		4;
	return fake_setup(state);
}

/* What a move sends, by hand from DESIGN.md section 7: parameters of report_move by their place. */
struct expected {
	enum method_number method;
	const ProtobufCMessage *body;
	unsigned role;
	const char *from, *to, *action, *claim, *eyes, *roles, *freeze;
};

static const struct expected moves[] = {
	{ METHOD_REPORT_READY, &plain.base, ROLE_BIT_FOCAL_POINT, "{draft,returned}", "", "ready",
	  "any", "none", "{focal_point,approver}", "" },
	{ METHOD_REPORT_HAND_BACK, &plain.base, ROLE_BIT_APPROVER, "{draft,returned}", "",
	  "hand-back", "any", "none", "{approver}", "" },
	{ METHOD_REPORT_SUBMIT, &submit.base, ROLE_BIT_APPROVER, "{draft,returned}", "submitted",
	  "submit", "any", "typist", "{approver}", "submitted" },
	{ METHOD_REPORT_WITHDRAW, &plain.base, ROLE_BIT_APPROVER, "{submitted}", "back", "withdraw",
	  "any", "none", "{approver}", "" },
	{ METHOD_REPORT_ANSWER, &answer.base, ROLE_BIT_FOCAL_POINT, "{returned}", "", "answer",
	  "any", "none", "{focal_point,approver}", "" },
	{ METHOD_REVIEW_CLAIM, &plain.base, ROLE_BIT_COORDINATOR, "{submitted}", "in_review",
	  "claim", "any", "none", "{coordinator}", "" },
	{ METHOD_REVIEW_RELEASE, &plain.base, ROLE_BIT_COORDINATOR, "{in_review}", "submitted",
	  "release", "mine", "none", "{coordinator}", "" },
	{ METHOD_REVIEW_POINT, &point.base, ROLE_BIT_COORDINATOR, "{submitted,in_review,returned}",
	  "held", "point", "mine", "none", "{coordinator}", "" },
	{ METHOD_REVIEW_WITHDRAW, &take_back.base, ROLE_BIT_COORDINATOR,
	  "{submitted,in_review,returned}", "", "withdraw-point", "mine", "none", "{coordinator}",
	  "" },
	{ METHOD_REPORT_ASK_CELLS, &ask.base, ROLE_BIT_FOCAL_POINT, "{returned}", "", "ask-cells",
	  "any", "none", "{focal_point}", "" },
	{ METHOD_REVIEW_RETURN, &give_back.base, ROLE_BIT_COORDINATOR, "{submitted,in_review}",
	  "returned", "return", "mine", "none", "{coordinator}", "" },
	{ METHOD_REVIEW_ENDORSE, &plain.base, ROLE_BIT_COORDINATOR, "{submitted,in_review}",
	  "endorsed", "endorse", "mine", "house", "{coordinator}", "endorsed" },
	{ METHOD_REVIEW_ACCEPT, &plain.base, ROLE_BIT_SECRETARIAT, "{endorsed}", "accepted",
	  "accept", "any", "house", "{secretariat}", "accepted" },
	{ METHOD_REVIEW_SEND_BACK, &plain.base, ROLE_BIT_SECRETARIAT, "{endorsed,accepted}",
	  "in_review", "send-back", "any", "none", "{secretariat}", "" },
	{ METHOD_REPORT_ASK_RESTATEMENT, &ask.base, ROLE_BIT_APPROVER, "{accepted}", "",
	  "ask-restatement", "any", "none", "{approver}", "" },
	{ METHOD_EDITION_RESTATE, &plain.base, ROLE_BIT_SECRETARIAT, "{accepted}", "returned",
	  "restate", "any", "none", "{secretariat}", "" },
};

static void assert_sent(const struct expected *move)
{
	const char *const values[] = {
		"7",      "INAP-II",    "2024Q3",    "4",        move->from,
		move->to, move->action, move->claim, move->eyes, move->roles
	};

	fake_waits(move->method == METHOD_REPORT_SUBMIT ? SENT " report_blocks" : SENT);
	assert_string_equal(fake_parameter(fake_unit, 0, 0),
			    move->method == METHOD_REVIEW_SEND_BACK ? "{0,7}" : "{7}");
	for (unsigned i = 0; i < sizeof values / sizeof *values; i++)
		assert_string_equal(fake_parameter(fake_unit, ENTRY_MOVE, i), values[i]);
	assert_string_equal(fake_parameter(fake_unit, ENTRY_MOVE, 11), "41");
	assert_string_equal(fake_parameter(fake_unit, ENTRY_MOVE, 19), move->freeze);
	/* what explains a refusal judges by the same */
	for (unsigned i = 0; i < 5; i++)
		assert_string_equal(fake_parameter(fake_unit, ENTRY_MOVED, i), values[i]);
	for (unsigned i = 5; i < 9; i++)
		assert_string_equal(fake_parameter(fake_unit, ENTRY_MOVED, i), values[i + 1]);
	assert_string_equal(fake_parameter(fake_unit, ENTRY_MOVED, 9), "41");
	assert_true(fake_unit->write && fake_unit->lane == LANE_WRITE);
	assert_int_equal(fake_unit->route, FAKE_ENTITY);
}

static void every_move_is_one_unit_fed_from_its_row(void **state)
{
	struct connection *c = fake_user(EVERY_ROLE);

	(void)state;
	plain.note = TEXT("because");
	point.text = TEXT("why so few?");
	answer.answer = TEXT("corrected");
	for (uint32_t i = 0; i < sizeof moves / sizeof *moves; i++) {
		const Inap__V1__ReportMoveReply *reply;

		fake_request(c, moves[i].method, i + 1, moves[i].body);
		assert_sent(&moves[i]);
		fake_rows(fake_unit, ENTRY_MOVE, "revision=5");
		fake_rows(fake_unit, ENTRY_MOVED,
			  "fault=NULL,state=submitted,revision=5,was=draft,receipt=\\\\x00ff10,"
			  "claimed_by=NULL,points=0,problems=0,lock=NULL,numbers=NULL");
		fake_answer();
		reply = fake_reply(c, moves[i].method, i + 1);
		assert_int_equal(reply->from, INAP__V1__STATE__STATE_DRAFT);
		assert_int_equal(reply->to, INAP__V1__STATE__STATE_SUBMITTED);
		assert_int_equal(reply->revision, 5);
		assert_int_equal(reply->receipt.len, 3);
		assert_memory_equal(reply->receipt.data, "\x00\xff\x10", 3);
		assert_false(reply->replayed);
		assert_actions(reply, "withdraw claim point withdraw_point return endorse");
	}
}

static void each_move_brings_what_it_was_given_and_null_for_the_rest(void **state)
{
	struct connection *c = fake_user(EVERY_ROLE);

	(void)state;
	fake_request(c, METHOD_REPORT_WITHDRAW, 1, &plain.base);
	for (unsigned i = 14; i <= 18; i++)
		if (i != 17)
			assert_null(fake_parameter(fake_unit, ENTRY_MOVE, i));
	assert_null(fake_parameter(fake_unit, ENTRY_MOVE, 10)); /* an empty note is none */
	assert_string_equal(fake_parameter(fake_unit, ENTRY_MOVE, 17), "0");
	fake_answer();
	submit.note = TEXT("the census changed");
	submit.letter_number = TEXT("1325/7");
	submit.letter_date = TEXT("2024-10-09");
	fake_request(c, METHOD_REPORT_SUBMIT, 2, &submit.base);
	assert_string_equal(fake_parameter(fake_unit, ENTRY_MOVE, 10), "the census changed");
	assert_string_equal(fake_parameter(fake_unit, ENTRY_MOVED, 10), "the census changed");
	assert_string_equal(fake_parameter(fake_unit, ENTRY_MOVE, 14), "1325/7");
	assert_string_equal(fake_parameter(fake_unit, ENTRY_MOVE, 15), "2024-10-09");
	fake_answer();
	give_back.note = TEXT("too high");
	give_back.code = TEXT("mismatch");
	fake_request(c, METHOD_REVIEW_RETURN, 3, &give_back.base);
	assert_string_equal(fake_parameter(fake_unit, ENTRY_MOVE, 10), "too high");
	assert_string_equal(fake_parameter(fake_unit, ENTRY_MOVE, 16), "mismatch");
	fake_answer();
	answer.point = 3;
	answer.answer = TEXT("confirmed");
	answer.text = TEXT("two stations closed");
	fake_request(c, METHOD_REPORT_ANSWER, 4, &answer.base);
	assert_string_equal(fake_parameter(fake_unit, ENTRY_MOVE, 10), "two stations closed");
	assert_string_equal(fake_parameter(fake_unit, ENTRY_MOVE, 17), "3");
	assert_string_equal(fake_parameter(fake_unit, ENTRY_MOVED, 13), "3");
	assert_string_equal(fake_parameter(fake_unit, ENTRY_MOVE, 18), "confirmed");
	fake_answer();
	point.target = TEXT("report");
	point.text = TEXT("why?");
	point.code = TEXT("unclear");
	fake_request(c, METHOD_REVIEW_POINT, 5, &point.base);
	assert_string_equal(fake_parameter(fake_unit, ENTRY_MOVE, 10), "why?");
	assert_string_equal(fake_parameter(fake_unit, ENTRY_MOVE, 16), "unclear");
	fake_answer();
	for (uint32_t id = 1; id <= 5; id++)
		fake_refused(c, id, ERROR_NOT_FOUND);
}

static void a_replay_says_so_and_gives_the_first_answer(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_APPROVER);
	const Inap__V1__ReportMoveReply *reply;

	(void)state;
	fake_request(c, METHOD_REPORT_WITHDRAW, 1, &plain.base);
	fake_rows(fake_unit, ENTRY_MOVED,
		  "fault=NULL,state=draft,revision=5,was=submitted,receipt=\\\\xaa,claimed_by=NULL,"
		  "points=0,problems=0,lock=NULL,numbers=NULL");
	fake_answer();
	reply = fake_reply(c, METHOD_REPORT_WITHDRAW, 1);
	assert_true(reply->replayed);
	assert_int_equal(reply->to, INAP__V1__STATE__STATE_DRAFT);
	assert_actions(reply, "ready hand_back submit");
}

/* Asks for a move and answers that it did not happen, the report standing as this row says. */
static const Inap__V1__Error *fault(enum method_number method, const ProtobufCMessage *body,
				    const char *moved, enum error_code code)
{
	struct connection *c = fake.connections;

	fake_request(c, method, 1, body);
	fake_rows(fake_unit, ENTRY_MOVED, moved);
	if (method == METHOD_REPORT_SUBMIT)
		fake_rows(fake_unit, ENTRY_BLOCKS,
			  "cell=PR-1.1,rule=unanswered_total,severity=BLOCK,"
			  "code=UNANSWERED_TOTAL,unanswered=1,asked=1" NO_SIDES ";"
			  "cell=PR-2.1:sex,rule=unanswered_table,severity=EXPLAIN,"
			  "code=UNANSWERED_TABLE,unanswered=2,asked=9" NO_SIDES ";"
			  "cell=PA-2.1,rule=WOMEN,severity=EXPLAIN,code=RULE_BROKEN,"
			  "unanswered=NULL,asked=NULL,name_en=Women,name_ar=NULL,name_ckb=NULL,"
			  "op=<>,left_term=PA-2.1.n,right_term=PA-2.2,left_value=40,"
			  "right_value=41");
	fake_answer();
	return fake_refused(c, 1, code);
}

#define STANDS(fault, state, claimed_by)                                                           \
	"fault=" fault ",state=" state ",revision=6,was=NULL,receipt=NULL,claimed_by=" claimed_by  \
	",points=3,problems=2,lock=closes 2024-11-01,numbers=NULL"

static void a_stale_revision_names_both_revisions(void **state)
{
	const Inap__V1__Error *error;

	(void)state;
	fake_user(EVERY_ROLE);
	error = fault(METHOD_REPORT_WITHDRAW, &plain.base,
		      STANDS("STALE_REVISION", "submitted", "NULL"), ERROR_STALE_REVISION);
	assert_argument(error, "report", "FED-MOI/2024Q3");
	assert_argument(error, "revision", "6");
	assert_argument(error, "base", "4");
	assert_int_equal(error->revision, 6);
	assert_actions(error, "withdraw claim point withdraw_point return endorse");
}

static void a_wrong_state_names_state_and_action(void **state)
{
	const Inap__V1__Error *error;

	(void)state;
	fake_user(ROLE_BIT_APPROVER);
	error = fault(METHOD_REPORT_HAND_BACK, &plain.base,
		      STANDS("WRONG_STATE", "submitted", "NULL"), ERROR_WRONG_STATE);
	assert_argument(error, "report", "FED-MOI/2024Q3");
	assert_argument(error, "state", "submitted");
	assert_argument(error, "action", "hand-back");
	assert_actions(error, "withdraw");
}

static void a_claim_names_who_holds_it(void **state)
{
	const Inap__V1__Error *error;

	(void)state;
	fake_user(ROLE_BIT_COORDINATOR);
	error = fault(METHOD_REVIEW_ENDORSE, &plain.base, STANDS("CLAIMED", "in_review", "zaid"),
		      ERROR_CLAIMED);
	assert_argument(error, "report", "FED-MOI/2024Q3");
	assert_argument(error, "by", "zaid");
	assert_actions(error, "");
	error = fault(METHOD_REVIEW_ENDORSE, &plain.base, STANDS("CLAIMED", "in_review", "NULL"),
		      ERROR_CLAIMED);
	assert_argument(error, "by", "");
	error = fault(METHOD_REVIEW_RELEASE, &plain.base,
		      STANDS("NOT_CLAIMED", "in_review", "zaid"), ERROR_NOT_CLAIMED);
	assert_argument(error, "report", "FED-MOI/2024Q3");
	/* who holds the claim may go on, whatever the refusal was for */
	error = fault(METHOD_REVIEW_ENDORSE, &plain.base,
		      STANDS("STALE_REVISION", "in_review", "ada"), ERROR_STALE_REVISION);
	assert_actions(error, "release point withdraw_point return endorse");
	error = fault(METHOD_REVIEW_ENDORSE, &plain.base,
		      STANDS("STALE_REVISION", "in_review", "zaid"), ERROR_STALE_REVISION);
	assert_actions(error, "");
}

static void four_eyes_say_why(void **state)
{
	static const char *const whys[][2] = {
		{ STANDS("FOUR_EYES:typed", "draft", "NULL"),
		  "whoever typed figures does not sign them" },
		{ STANDS("FOUR_EYES:house", "submitted", "NULL"),
		  "nobody passes the report of the own house" },
		{ STANDS("FOUR_EYES:wrote", "submitted", "NULL"),
		  "you typed or signed this report" },
		{ STANDS("FOUR_EYES:endorsed", "endorsed", "NULL"), "you endorsed this report" },
		{ STANDS("FOUR_EYES:other", "endorsed", "NULL"), "four eyes" },
	};

	(void)state;
	fake_user(EVERY_ROLE);
	for (size_t i = 0; i < sizeof whys / sizeof *whys; i++)
		assert_argument(
			fault(METHOD_REVIEW_ACCEPT, &plain.base, whys[i][0], ERROR_FOUR_EYES),
			"why", whys[i][1]);
}

static void points_count_what_is_open(void **state)
{
	const Inap__V1__Error *error;

	(void)state;
	fake_user(EVERY_ROLE);
	error = fault(METHOD_REVIEW_ENDORSE, &plain.base,
		      STANDS("POINTS_OPEN", "submitted", "NULL"), ERROR_POINTS_OPEN);
	assert_argument(error, "report", "FED-MOI/2024Q3");
	assert_argument(error, "count", "3");
	fault(METHOD_REVIEW_RETURN, &give_back.base, STANDS("NO_POINTS", "submitted", "NULL"),
	      ERROR_NO_POINTS);
	answer.answer = TEXT("corrected");
	error = fault(METHOD_REPORT_ANSWER, &answer.base,
		      STANDS("NOT_FOUND:point", "returned", "NULL"), ERROR_NOT_FOUND);
	assert_argument(error, "what", "review point");
	assert_argument(error, "name", "FED-MOI/2024Q3");
}

static void an_incomplete_report_names_its_problems(void **state)
{
	const Inap__V1__Error *error;

	(void)state;
	fake_user(ROLE_BIT_APPROVER);
	error = fault(METHOD_REPORT_SUBMIT, &submit.base, STANDS("INCOMPLETE", "draft", "NULL"),
		      ERROR_INCOMPLETE);
	assert_argument(error, "report", "FED-MOI/2024Q3");
	assert_argument(error, "count", "2");
	assert_int_equal(error->n_fields, 3);
	assert_string_equal(error->fields[0]->cell, "PR-1.1");
	assert_string_equal(error->fields[0]->path, "PR-1.1");
	assert_string_equal(error->fields[0]->code, "UNANSWERED_TOTAL");
	assert_argument(error->fields[0], "cell", "PR-1.1");
	assert_string_equal(error->fields[1]->message, "EXPLAIN");
	assert_argument(error->fields[1], "count", "2");
	assert_argument(error->fields[1], "total", "9");
	assert_string_equal(error->fields[2]->code, "RULE_BROKEN");
	assert_argument(error->fields[2], "name", "Women");
	assert_argument(error->fields[2], "left", "PA-2.1.n");
	assert_argument(error->fields[2], "right_value", "41");
	assert_actions(error, "ready hand_back submit");
	error = fault(METHOD_REPORT_SUBMIT, &submit.base, STANDS("EXPLAIN_NEEDED", "draft", "NULL"),
		      ERROR_EXPLAIN_NEEDED);
	assert_argument(error, "count", "2");
	assert_int_equal(error->n_fields, 3);
}

static void points_go_where_they_are_meant(void **state)
{
	struct connection *c = fake_user(EVERY_ROLE);
	const Inap__V1__ReportMoveReply *reply;

	(void)state;
	point.target = TEXT("cell:PR-2.1:age_band=18-29,sex=F");
	point.text = TEXT("more than all");
	fake_request(c, METHOD_REVIEW_POINT, 1, &point.base);
	assert_string_equal(fake_parameter(fake_unit, ENTRY_MOVE, 20),
			    "{\"cell:PR-2.1:age_band=18-29,sex=F\"}");
	assert_string_equal(fake_parameter(fake_unit, ENTRY_MOVED, 14),
			    "{\"cell:PR-2.1:age_band=18-29,sex=F\"}");
	fake_rows(fake_unit, ENTRY_MOVE, "revision=5");
	fake_rows(fake_unit, ENTRY_MOVED,
		  "fault=NULL,state=in_review,revision=5,was=submitted,receipt=\\\\xaa,"
		  "claimed_by=ada,points=2,problems=0,lock=NULL,numbers=2\\,3");
	fake_answer();
	reply = fake_reply(c, METHOD_REVIEW_POINT, 1);
	assert_int_equal(reply->n_points, 2);
	assert_int_equal(reply->points[0], 2);
	assert_int_equal(reply->points[1], 3);
	fake_request(c, METHOD_REPORT_ASK_CELLS, 2, &ask.base);
	assert_string_equal(fake_parameter(fake_unit, ENTRY_MOVE, 20),
			    "{\"cell:PR-1.1\",\"cell:PR-2.1:age_band=18-29,sex=F\"}");
	assert_string_equal(fake_parameter(fake_unit, ENTRY_MOVE, 10), "they follow from PR-1.2");
	fake_answer();
	fake_refused(c, 2, ERROR_NOT_FOUND);
	fake_request(c, METHOD_REVIEW_WITHDRAW, 3, &take_back.base);
	assert_string_equal(fake_parameter(fake_unit, ENTRY_MOVE, 17), "3");
	assert_string_equal(fake_parameter(fake_unit, ENTRY_MOVE, 20), "{}");
	fake_answer();
	fake_refused(c, 3, ERROR_NOT_FOUND);
	/* all that the entity asked for needs no question of its own */
	point.target = TEXT("asked");
	point.text = TEXT("");
	fake_request(c, METHOD_REVIEW_POINT, 4, &point.base);
	assert_string_equal(fake_parameter(fake_unit, ENTRY_MOVE, 20), "{\"asked\"}");
	fake_answer();
	fake_refused(c, 4, ERROR_NOT_FOUND);
}

static void a_target_that_the_report_does_not_have_is_named(void **state)
{
	static const char *const strays[][3] = {
		{ "NOT_FOUND:cell:PR-9.9", "asked cell", "PR-9.9" },
		{ "NOT_FOUND:table:PR-1.1:sex", "asked table", "PR-1.1:sex" },
		{ "NOT_FOUND:activity:XX-A1", "activity", "XX-A1" },
		{ "NOT_FOUND:narrative:poems", "narrative section", "poems" },
		{ "NOT_FOUND:asked", "asked cell", "FED-MOI/2024Q3" },
		{ "NOT_FOUND:moon", "target of a review point", "moon" },
	};
	const Inap__V1__Error *error;

	(void)state;
	fake_user(EVERY_ROLE);
	point.text = TEXT("why?");
	for (size_t i = 0; i < sizeof strays / sizeof *strays; i++) {
		char moved[256];

		snprintf(moved, sizeof moved,
			 "fault=%s,state=submitted,revision=6,was=NULL,receipt=NULL,"
			 "claimed_by=NULL,points=3,problems=2,lock=NULL,numbers=NULL",
			 strays[i][0]);
		error = fault(METHOD_REVIEW_POINT, &point.base, moved, ERROR_NOT_FOUND);
		assert_argument(error, "what", strays[i][1]);
		assert_argument(error, "name", strays[i][2]);
	}
}

static void a_closed_round_says_which_lock(void **state)
{
	const Inap__V1__Error *error;

	(void)state;
	fake_user(ROLE_BIT_APPROVER);
	error = fault(METHOD_REPORT_SUBMIT, &submit.base, STANDS("ROUND_NOT_OPEN", "draft", "NULL"),
		      ERROR_ROUND_NOT_OPEN);
	assert_argument(error, "round", "2024Q3");
	assert_argument(error, "why", "closes 2024-11-01");
	assert_int_equal(error->n_fields, 0);
}

static void what_is_not_there_says_nothing_of_it(void **state)
{
	struct connection *c;
	const Inap__V1__Error *error;

	(void)state;
	c = fake_user(EVERY_ROLE);
	error = fault(METHOD_REPORT_WITHDRAW, &plain.base, STANDS("NOT_FOUND", "submitted", "NULL"),
		      ERROR_NOT_FOUND);
	assert_argument(error, "what", "report");
	assert_argument(error, "name", "FED-MOI/2024Q3");
	assert_int_equal(error->revision, 0);
	assert_int_equal(error->n_actions, 0);
	error = fault(METHOD_REPORT_WITHDRAW, &plain.base,
		      STANDS("KEY_REUSED", "submitted", "NULL"), ERROR_KEY_REUSED);
	assert_int_equal(error->revision, 0);
	fake_request(c, METHOD_REPORT_WITHDRAW, 1, &plain.base);
	fake_answer(); /* no such report: no row at all */
	assert_argument(fake_refused(c, 1, ERROR_NOT_FOUND), "name", "FED-MOI/2024Q3");
}

static void a_fault_that_no_row_knows_is_our_own_bug(void **state)
{
	(void)state;
	fake_user(ROLE_BIT_APPROVER);
	fault(METHOD_REPORT_WITHDRAW, &plain.base, STANDS("NO_SUCH_CODE", "submitted", "NULL"),
	      ERROR_INTERNAL);
	fault(METHOD_REPORT_WITHDRAW, &plain.base, STANDS("LOCKED:odd", "submitted", "NULL"),
	      ERROR_INTERNAL);
	/* neither moved nor refused nor known */
	fault(METHOD_REPORT_WITHDRAW, &plain.base,
	      "fault=NULL,state=submitted,revision=6,was=NULL,receipt=NULL,claimed_by=NULL,"
	      "points=0,problems=0,lock=NULL,numbers=NULL",
	      ERROR_INTERNAL);
}

static void refused(enum method_number method, const ProtobufCMessage *body, enum error_code code,
		    const char *field)
{
	struct connection *c = fake.connections;
	const Inap__V1__Error *error;

	fake_request(c, method, 1, body);
	error = fake_refused(c, 1, code);
	assert_argument(error, code == ERROR_DATE_BAD ? "text" : "field", field);
	assert_null(fake_unit); /* before anything was sent */
}

static void what_needs_no_database_is_refused_before_it(void **state)
{
	(void)state;
	fake_user(EVERY_ROLE);
	refused(METHOD_REVIEW_SEND_BACK, &plain.base, ERROR_BAD_ARGUMENT, "note");
	submit.letter_date = TEXT("2024-02-30");
	refused(METHOD_REPORT_SUBMIT, &submit.base, ERROR_DATE_BAD, "2024-02-30");
	point.text = TEXT("why?");
	point.text = TEXT("");
	point.target = TEXT("cell:PR-1.1");
	refused(METHOD_REVIEW_POINT, &point.base, ERROR_BAD_ARGUMENT, "text");
	ask.note = TEXT("");
	refused(METHOD_REPORT_ASK_CELLS, &ask.base, ERROR_BAD_ARGUMENT, "note");
	ask.n_cells = 0;
	refused(METHOD_REPORT_ASK_CELLS, &ask.base, ERROR_BAD_ARGUMENT, "cells");
	answer.answer = TEXT("");
	refused(METHOD_REPORT_ANSWER, &answer.base, ERROR_BAD_ARGUMENT, "answer");
	answer.answer = TEXT("maybe");
	refused(METHOD_REPORT_ANSWER, &answer.base, ERROR_BAD_ARGUMENT, "answer");
	answer.answer = TEXT("confirmed");
	refused(METHOD_REPORT_ANSWER, &answer.base, ERROR_BAD_ARGUMENT, "text");
}

static void a_step_called_out_of_turn_is_our_own_bug(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_APPROVER);
	struct request *r;

	(void)state;
	fake_request(c, METHOD_REPORT_WITHDRAW, 1, &plain.base);
	r = fake_unit->owner;
	r->at = 9;
	fake_answer();
	fake_refused(c, 1, ERROR_INTERNAL);
}

/* A submission, moved or refused as incomplete, at every size of arena. */
static bool submits(struct connection *c, size_t cap, bool moves_it)
{
	struct frame frame;
	const Inap__V1__Error *error;
	bool reached;

	fake_arena(cap);
	fake_request(c, METHOD_REPORT_SUBMIT, 1, &submit.base);
	reached = fake_unit != NULL;
	if (reached) {
		fake_rows(fake_unit, ENTRY_MOVE, moves_it ? "revision=5" : "");
		fake_rows(fake_unit, ENTRY_MOVED,
			  moves_it ? "fault=NULL,state=submitted,revision=5,was=draft,"
				     "receipt=\\\\xaabbccdd,claimed_by=NULL,points=0,problems=0,"
				     "lock=NULL,numbers=NULL"
				   : STANDS("INCOMPLETE", "draft", "NULL"));
		fake_rows(fake_unit, ENTRY_BLOCKS,
			  moves_it ? ""
				   : "cell=PR-1.1,rule=unanswered_total,severity=BLOCK,"
				     "code=UNANSWERED_TOTAL,unanswered=1,asked=1" NO_SIDES);
		fake_answer();
	}
	assert_true(fake_next(c, &frame));
	if (frame.kind == FRAME_REPLY)
		return true;
	error = fake_unpack(&inap__v1__error__descriptor, frame.body, frame.length);
	if (strcmp(error->code, "TOO_LARGE") == 0)
		return false;
	assert_false(moves_it);
	assert_string_equal(error->code, "INCOMPLETE");
	return error->n_fields == 1 && error->fields[0]->n_arguments == 3 &&
	       error->n_arguments == 6;
}

static void a_submission_in_an_arena_of_any_size(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_APPROVER);

	(void)state;
	submit.letter_number = TEXT("1325/7");
	submit.letter_date = TEXT("2024-10-09");
	for (int moves_it = 0; moves_it < 2; moves_it++) {
		size_t cap = 0;

		while (!submits(c, cap, moves_it))
			assert_in_range(cap += 16, 0, 65536);
		assert_true(cap > 1024);
	}
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, fake_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_move_is_one_unit_fed_from_its_row),
		TEST(each_move_brings_what_it_was_given_and_null_for_the_rest),
		TEST(a_replay_says_so_and_gives_the_first_answer),
		TEST(a_stale_revision_names_both_revisions),
		TEST(a_wrong_state_names_state_and_action),
		TEST(a_claim_names_who_holds_it),
		TEST(four_eyes_say_why),
		TEST(points_count_what_is_open),
		TEST(an_incomplete_report_names_its_problems),
		TEST(points_go_where_they_are_meant),
		TEST(a_target_that_the_report_does_not_have_is_named),
		TEST(a_closed_round_says_which_lock),
		TEST(what_is_not_there_says_nothing_of_it),
		TEST(a_fault_that_no_row_knows_is_our_own_bug),
		TEST(what_needs_no_database_is_refused_before_it),
		TEST(a_step_called_out_of_turn_is_our_own_bug),
		TEST(a_submission_in_an_arena_of_any_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
