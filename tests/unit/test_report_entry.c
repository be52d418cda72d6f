/* Tests of what is written into a report beside cells: report.narrative, and how it is shown. */
#include "tests/unit/fake_rpc.h"

#include "inap/v1/report.pb-c.h"

#define TEXT(s)             ((char *)(uintptr_t)(s))
#define STANDS(fault, done) "fault=" fault ",now_revision=6,now_state=draft," done ",replayed=f"
#define DONE                                                                                       \
	"was=expected,state=draft,revision=7,"                                                     \
	"receipt=\\\\xaabb"
#define NOTHING "was=NULL,state=NULL,revision=NULL,receipt=NULL"

static Inap__V1__ReportRef reference;
static Inap__V1__ReportNarrative narrative;
static Inap__V1__NarrativeText texts[2], *list[2] = { &texts[0], &texts[1] };

static int setup(void **state)
{
	inap__v1__report_ref__init(&reference);
	reference.entity = TEXT("FED-MOI");
	reference.round = TEXT("2024Q3");
	inap__v1__report_narrative__init(&narrative);
	inap__v1__narrative_text__init(&texts[0]);
	inap__v1__narrative_text__init(&texts[1]);
	texts[0].section = TEXT("results");
	texts[0].text = TEXT("240 \"officers\"");
	texts[1].section = TEXT("obstacles");
	narrative.report = &reference;
	narrative.base_revision = 6;
	narrative.sections = list;
	narrative.n_sections = 2;
	return fake_setup(state);
}

static void words_are_one_statement_under_the_entitys_head(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);
	const Inap__V1__ReportMoveReply *reply;

	(void)state;
	fake_request(c, METHOD_REPORT_NARRATIVE, 1, &narrative.base);
	fake_waits("head_lock report_narrative");
	assert_true(fake_unit->write);
	assert_string_equal(fake_parameter(fake_unit, 0, 0), "{7}");
	assert_string_equal(fake_parameter(fake_unit, 1, 3), "6");
	assert_string_equal(fake_parameter(fake_unit, 1, 4), "{\"results\",\"obstacles\"}");
	assert_string_equal(fake_parameter(fake_unit, 1, 5), "{\"240 \\\"officers\\\"\",\"\"}");
	assert_null(fake_parameter(fake_unit, 1, 6));
	fake_rows(fake_unit, 1, STANDS("NULL", DONE));
	fake_answer();
	reply = fake_reply(c, METHOD_REPORT_NARRATIVE, 1);
	assert_int_equal(reply->from, INAP__V1__STATE__STATE_EXPECTED);
	assert_int_equal(reply->to, INAP__V1__STATE__STATE_DRAFT);
	assert_int_equal(reply->revision, 7);
	assert_memory_equal(reply->receipt.data, "\xaa\xbb", 2);
	assert_false(reply->replayed);
	assert_actions(reply, "save ready");
}

static void what_no_statement_need_see_is_refused_before(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);

	(void)state;
	texts[1].section = TEXT("results");
	fake_request(c, METHOD_REPORT_NARRATIVE, 1, &narrative.base);
	assert_null(fake_unit);
	assert_argument(fake_refused(c, 1, ERROR_BAD_ARGUMENT), "why", "each stands once");
	narrative.n_sections = 0;
	fake_request(c, METHOD_REPORT_NARRATIVE, 2, &narrative.base);
	assert_argument(fake_refused(c, 2, ERROR_BAD_ARGUMENT), "why", "is missing");
	assert_null(fake_unit);
}

static const Inap__V1__Error *refused(const char *row, enum error_code code)
{
	static uint32_t id = 10;
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);

	fake_request(c, METHOD_REPORT_NARRATIVE, ++id, &narrative.base);
	fake_rows(fake_unit, 1, row);
	fake_answer();
	return fake_refused(c, id, code);
}

static void a_refusal_says_what_stands_in_the_way_and_where_the_report_is(void **state)
{
	const Inap__V1__Error *error;

	(void)state;
	error = refused(STANDS("STALE_REVISION|revision=6|base=5", NOTHING), ERROR_STALE_REVISION);
	assert_argument(error, "report", "FED-MOI/2024Q3");
	assert_argument(error, "base", "5");
	assert_int_equal(error->revision, 6);
	assert_actions(error, "save ready");
	error = refused(STANDS("WRONG_STATE|state=submitted", NOTHING), ERROR_WRONG_STATE);
	assert_argument(error, "action", "report.narrative");
	assert_argument(error, "state", "submitted");
	error = refused(STANDS("ROUND_NOT_OPEN|why=closed", NOTHING), ERROR_ROUND_NOT_OPEN);
	assert_argument(error, "round", "2024Q3");
	error = refused(STANDS("CELL_LOCKED|cell=narrative:results|lock=returned", NOTHING),
			ERROR_CELL_LOCKED);
	assert_argument(error, "cell", "narrative:results");
	error = refused(STANDS("NOT_FOUND|what=report", NOTHING), ERROR_NOT_FOUND);
	assert_argument(error, "name", "FED-MOI/2024Q3");
	error = refused(STANDS("NOT_FOUND|what=section|name=summary", NOTHING), ERROR_NOT_FOUND);
	assert_argument(error, "name", "summary");
	assert_int_equal(error->revision, 0);
	refused(STANDS("KEY_REUSED", NOTHING), ERROR_KEY_REUSED);
	error = refused("", ERROR_NOT_FOUND);
	assert_argument(error, "what", "report");
}

static void the_words_are_shown_with_who_wrote_them(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);
	Inap__V1__ReportShow show = INAP__V1__REPORT_SHOW__INIT;
	Inap__V1__ReportDiff diff = INAP__V1__REPORT_DIFF__INIT;
	const Inap__V1__ReportShowReply *shown;
	const Inap__V1__ReportDiffReply *compared;

	(void)state;
	show.report = diff.report = &reference;
	fake_request(c, METHOD_REPORT_SHOW, 1, &show.base);
	fake_rows(
		fake_unit, 0,
		"round_id=1,plan=INAP-II,name_en=Interior,name_ar=NULL,name_ckb=NULL,state=draft,"
		"revision=6,ready=f,submitted_at=NULL,due_at=x,claimed_by=NULL,"
		"letter_number=NULL,letter_date=NULL,note=NULL,latest=t,respond_by=NULL,lock=NULL,"
		"extended=f,yearly_due_at=NULL,excused=f,excused_note=NULL");
	fake_rows(fake_unit, 6, "section=results,content=done,revision=4,by=noor,at=x");
	fake_answer();
	shown = fake_reply(c, METHOD_REPORT_SHOW, 1);
	assert_int_equal(shown->n_narrative, 1);
	assert_string_equal(shown->narrative[0]->section, "results");
	assert_string_equal(shown->narrative[0]->text, "done");
	assert_int_equal(shown->narrative[0]->revision, 4);
	assert_string_equal(shown->narrative[0]->by, "noor");
	fake_request(c, METHOD_REPORT_DIFF, 2, &diff.base);
	fake_rows(fake_unit, 0, "seen=6");
	fake_rows(fake_unit, 1, "from_revision=2,to_revision=6");
	fake_rows(fake_unit, 3, "section=results,before=,after=done,by=noor,at=x,revision=4");
	fake_answer();
	compared = fake_reply(c, METHOD_REPORT_DIFF, 2);
	assert_int_equal(compared->n_narrative, 1);
	assert_string_equal(compared->narrative[0]->before, "");
	assert_string_equal(compared->narrative[0]->after, "done");
}

static void a_step_called_out_of_turn_is_our_own_bug(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);

	(void)state;
	fake_request(c, METHOD_REPORT_NARRATIVE, 1, &narrative.base);
	((struct request *)fake_unit->owner)->at = 9;
	fake_answer();
	fake_refused(c, 1, ERROR_INTERNAL);
}

static bool writes(struct connection *c, const char *row, size_t cap)
{
	struct frame frame;

	fake_arena(cap);
	fake_request(c, METHOD_REPORT_NARRATIVE, 1, &narrative.base);
	if (fake_unit) {
		fake_rows(fake_unit, 1, row);
		fake_answer();
	}
	assert_true(fake_next(c, &frame));
	if (frame.kind == FRAME_ERROR) {
		const Inap__V1__Error *error =
			fake_unpack(&inap__v1__error__descriptor, frame.body, frame.length);

		return strcmp(error->code, "TOO_LARGE") != 0;
	}
	return true;
}

static void writing_in_an_arena_of_any_size(void **state)
{
	static const char *const rows[] = { STANDS("NULL", DONE),
					    STANDS("STALE_REVISION|revision=6|base=5", NOTHING) };
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		size_t cap = 0;

		while (!writes(c, rows[i], cap))
			assert_in_range(cap += 16, 0, 65536);
		assert_true(cap > 256);
	}
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, fake_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(words_are_one_statement_under_the_entitys_head),
		TEST(what_no_statement_need_see_is_refused_before),
		TEST(a_refusal_says_what_stands_in_the_way_and_where_the_report_is),
		TEST(the_words_are_shown_with_who_wrote_them),
		TEST(a_step_called_out_of_turn_is_our_own_bug),
		TEST(writing_in_an_arena_of_any_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
