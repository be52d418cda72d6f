/* Tests of report.activity: what is refused before any statement, what is sent, how it is shown. */
#include "tests/unit/fake_rpc.h"

#include "inap/v1/report.pb-c.h"

#define TEXT(s) ((char *)(uintptr_t)(s))
#define ROW(code, status, percent)                                                                 \
	"code=" code                                                                               \
	",name_en=Survey,name_ar=NULL,name_ckb=NULL,under=PA-O2.1,lead=FED-MOI,leads=t,"           \
	"status=" status ",percent=" percent                                                       \
	",starts_on=2024-07-01,ends_on=NULL,places=IQ-BG\\,IQ-BA,partners=NULL,delay=NULL,"        \
	"new_date=NULL,no_budget_line=f,in_kind=t,note=why,revision=4,by=noor,at=x,"               \
	"previous_round=2024Q2,previous_status=delayed,previous_percent=20"
#define NONE(code)                                                                                 \
	"code=" code                                                                               \
	",name_en=Units,name_ar=NULL,name_ckb=NULL,under=PR-O2.1,lead=FED-MOI,leads=f,"            \
	"status=NULL,percent=NULL,starts_on=NULL,ends_on=NULL,places=NULL,partners=NULL,"          \
	"delay=NULL,new_date=NULL,no_budget_line=f,in_kind=f,note=NULL,revision=NULL,by=NULL,"     \
	"at=NULL,previous_round=NULL,previous_status=NULL,previous_percent=NULL"
#define DONE                                                                                       \
	"fault=NULL,now_revision=6,now_state=draft,was=draft,state=draft,revision=7,"              \
	"receipt=\\\\xaabb,replayed=t"

static Inap__V1__ReportRef reference;
static Inap__V1__ReportActivity body;
static Inap__V1__ActivityStatus status;
static Inap__V1__BudgetLine federal, donor, *budget[2] = { &federal, &donor };
static char *places[2];

static int setup(void **state)
{
	inap__v1__report_ref__init(&reference);
	reference.entity = TEXT("FED-MOI");
	reference.round = TEXT("2024Q3");
	inap__v1__budget_line__init(&federal);
	inap__v1__budget_line__init(&donor);
	federal.source = TEXT("federal");
	federal.planned = TEXT("5000000.50");
	donor.source = TEXT("donor");
	inap__v1__activity_status__init(&status);
	status.activity = TEXT("PA-O2.1-A1");
	status.status = TEXT("on_track");
	status.percent = TEXT("40.0");
	status.places = places;
	places[0] = TEXT("IQ-BG");
	places[1] = TEXT("IQ-BA");
	status.n_places = 2;
	status.budget = budget;
	status.n_budget = 2;
	inap__v1__report_activity__init(&body);
	body.report = &reference;
	body.base_revision = 6;
	body.status = &status;
	return fake_setup(state);
}

static void a_status_is_one_statement_under_the_entitys_head(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);
	const Inap__V1__ReportMoveReply *reply;

	(void)state;
	fake_request(c, METHOD_REPORT_ACTIVITY, 1, &body.base);
	fake_waits("head_lock report_activity");
	assert_string_equal(fake_parameter(fake_unit, 0, 0), "{7}");
	assert_string_equal(fake_parameter(fake_unit, 1, 4), "PA-O2.1-A1");
	assert_string_equal(fake_parameter(fake_unit, 1, 6), "40.0");
	assert_string_equal(fake_parameter(fake_unit, 1, 9), "{\"IQ-BG\",\"IQ-BA\"}");
	assert_string_equal(fake_parameter(fake_unit, 1, 13), "{\"federal\",\"donor\"}");
	assert_string_equal(fake_parameter(fake_unit, 1, 14), "{\"5000000.50\",\"\"}");
	fake_rows(fake_unit, 1, DONE);
	fake_answer();
	reply = fake_reply(c, METHOD_REPORT_ACTIVITY, 1);
	assert_int_equal(reply->revision, 7);
	assert_true(reply->replayed);
	fake_request(c, METHOD_REPORT_ACTIVITY, 2, &body.base);
	fake_answer();
	assert_argument(fake_refused(c, 2, ERROR_NOT_FOUND), "what", "report");
	fake_request(c, METHOD_REPORT_ACTIVITY, 3, &body.base);
	((struct request *)fake_unit->owner)->at = 9;
	fake_answer();
	fake_refused(c, 3, ERROR_INTERNAL);
}

static void wants(enum error_code code)
{
	static uint32_t id = 100;
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);

	fake_request(c, METHOD_REPORT_ACTIVITY, ++id, &body.base);
	assert_null(fake_unit);
	fake_refused(c, id, code);
}

static void a_percentage_goes_with_its_status(void **state)
{
	(void)state;
	status.percent = TEXT("100.1");
	wants(ERROR_NUMBER_RANGE);
	status.percent = TEXT("-1");
	wants(ERROR_NUMBER_RANGE);
	status.percent = TEXT("1e1");
	wants(ERROR_NUMBER_BAD);
	status.status = TEXT("completed");
	status.percent = TEXT("99.99");
	wants(ERROR_ACTIVITY_BAD);
	status.percent = TEXT("");
	wants(ERROR_ACTIVITY_BAD);
	status.status = TEXT("not_started");
	status.percent = TEXT("1");
	wants(ERROR_ACTIVITY_BAD);
	status.status = TEXT("done");
	wants(ERROR_ACTIVITY_BAD);
	body.status = NULL;
	wants(ERROR_BAD_ARGUMENT);
}

static void dates_are_in_order_and_a_delay_has_a_reason(void **state)
{
	(void)state;
	status.status = TEXT("delayed");
	wants(ERROR_ACTIVITY_BAD);
	status.delay = TEXT("no printer");
	status.ends_on = TEXT("2024-12-31");
	status.new_date = TEXT("2024-12-30");
	wants(ERROR_ACTIVITY_BAD);
	status.new_date = TEXT("2024-02-30");
	wants(ERROR_DATE_BAD);
	status.new_date = TEXT("");
	status.starts_on = TEXT("2025-01-01");
	wants(ERROR_ACTIVITY_BAD);
	places[1] = places[0];
	status.starts_on = TEXT("");
	wants(ERROR_ACTIVITY_BAD);
}

static void money_has_a_source_and_no_sign(void **state)
{
	(void)state;
	federal.spent = TEXT("-1");
	wants(ERROR_ACTIVITY_BAD);
	federal.spent = TEXT("1,5");
	wants(ERROR_NUMBER_BAD);
	federal.spent = TEXT("");
	status.no_budget_line = true;
	wants(ERROR_ACTIVITY_BAD);
	donor.source = TEXT("world");
	status.no_budget_line = false;
	wants(ERROR_NOT_FOUND);
	donor.source = TEXT("federal");
	wants(ERROR_ACTIVITY_BAD);
}

static void activities_are_shown_with_their_money(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);
	Inap__V1__ReportShow show = INAP__V1__REPORT_SHOW__INIT;
	Inap__V1__ReportDiff diff = INAP__V1__REPORT_DIFF__INIT;
	const Inap__V1__ReportShowReply *shown;
	const Inap__V1__ReportDiffReply *compared;

	(void)state;
	show.report = diff.report = &reference;
	fake_request(c, METHOD_REPORT_SHOW, 1, &show.base);
	fake_rows(fake_unit, 0,
		  "round_id=1,plan=INAP-II,name_en=Interior,name_ar=NULL,name_ckb=NULL,state=draft,"
		  "revision=6,ready=f,submitted_at=NULL,due_at=x,claimed_by=NULL,"
		  "letter_number=NULL,letter_date=NULL,note=NULL,latest=t,respond_by=NULL,"
		  "lock=NULL,extended=f,yearly_due_at=NULL,excused=f,excused_note=NULL");
	fake_rows(fake_unit, 9,
		  ROW("A1", "on_track", "40.0") ";" NONE("A2") ";" ROW("A3", "completed", "100"));
	fake_rows(fake_unit, 10,
		  "code=A1,source=federal,planned=5,allocated=NULL,spent=2;"
		  "code=A1,source=donor,planned=NULL,allocated=NULL,spent=1;"
		  "code=A3,source=krg,planned=7,allocated=NULL,spent=NULL");
	fake_answer();
	shown = fake_reply(c, METHOD_REPORT_SHOW, 1);
	assert_int_equal(shown->n_activities, 3);
	assert_string_equal(shown->activities[0]->status->percent, "40.0");
	assert_int_equal(shown->activities[0]->status->n_places, 2);
	assert_true(shown->activities[0]->status->in_kind);
	assert_string_equal(shown->activities[0]->previous_round, "2024Q2");
	assert_string_equal(shown->activities[0]->previous_status, "delayed");
	assert_string_equal(shown->activities[0]->previous_percent, "20");
	assert_string_equal(shown->activities[1]->previous_status, "");
	assert_int_equal(shown->activities[0]->status->n_budget, 2);
	assert_string_equal(shown->activities[0]->status->budget[1]->source, "donor");
	assert_string_equal(shown->activities[0]->by, "noor");
	assert_null(shown->activities[1]->status);
	assert_false(shown->activities[1]->leads);
	assert_int_equal(shown->activities[2]->status->n_budget, 1);
	assert_string_equal(shown->activities[2]->status->budget[0]->planned, "7");
	fake_request(c, METHOD_REPORT_DIFF, 2, &diff.base);
	fake_rows(fake_unit, 0, "seen=6");
	fake_rows(fake_unit, 1, "from_revision=2,to_revision=6");
	fake_rows(fake_unit, 4,
		  "code=A1,fields=percent,before=on_track,after=on_track,percent_before=NULL,"
		  "percent_after=40,by=noor,at=x,revision=4");
	fake_answer();
	compared = fake_reply(c, METHOD_REPORT_DIFF, 2);
	assert_int_equal(compared->n_activities, 1);
	assert_string_equal(compared->activities[0]->fields, "percent");
	assert_string_equal(compared->activities[0]->percent_before, "");
}

static bool writes(struct connection *c, size_t cap)
{
	struct frame frame;

	fake_arena(cap);
	fake_request(c, METHOD_REPORT_ACTIVITY, 1, &body.base);
	if (fake_unit) {
		fake_rows(fake_unit, 1, DONE);
		fake_answer();
	}
	assert_true(fake_next(c, &frame));
	return frame.kind == FRAME_REPLY;
}

static void writing_in_an_arena_of_any_size(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);
	size_t cap = 0;

	(void)state;
	while (!writes(c, cap))
		assert_in_range(cap += 16, 0, 65536);
	assert_true(cap > 256);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, fake_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_status_is_one_statement_under_the_entitys_head),
		TEST(a_percentage_goes_with_its_status),
		TEST(dates_are_in_order_and_a_delay_has_a_reason),
		TEST(money_has_a_source_and_no_sign),
		TEST(activities_are_shown_with_their_money),
		TEST(writing_in_an_arena_of_any_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
