/* Tests of lists of reports: report.list, review.queue, todo.list. */
#include "tests/unit/fake_rpc.h"

#include "inap/v1/report.pb-c.h"
#include "inap/v1/session.pb-c.h"

#define TEXT(s) ((char *)(uintptr_t)(s))
#define ROW(entity, jurisdiction)                                                                  \
	"plan=INAP-II,entity=" entity                                                              \
	",round=2024Q3,name_en=Interior,name_ar=NULL,name_ckb=NULL,state=submitted,revision=5,"    \
	"ready=f,due_at=2024-10-15T20:59:59Z,submitted_at=NULL,on_time=t,claimed_by=NULL,"         \
	"jurisdiction=" jurisdiction ",answered=40,asked=62,claimed_until=NULL,"                   \
	"extended=t,yearly_due_at=2024-12-31T20:59:59Z,excused=f"
#define WAITS(plan, what)                                                                          \
	"plan=" plan ",entity=FED-MOI,round=2024Q3,name_en=Interior,name_ar=NULL,name_ckb=NULL,"   \
	"state=draft,due_at=NULL,what=" what ",count=3,ready=t,extended=t,offered=2"

enum { READERS = 0x3e };

static void a_list_asks_for_the_methods_roles_only(void **state)
{
	struct connection *c =
		fake_user(ROLE_BIT_FOCAL_POINT | ROLE_BIT_COORDINATOR | ROLE_BIT_OBSERVER);
	Inap__V1__ReportList in = INAP__V1__REPORT_LIST__INIT;
	Inap__V1__ReviewQueue queue = INAP__V1__REVIEW_QUEUE__INIT;

	(void)state;
	in.round = TEXT("2024Q3");
	fake_request(c, METHOD_REPORT_LIST, 1, &in.base);
	fake_waits("report_list");
	assert_string_equal(fake_parameter(fake_unit, 0, 0), "");
	assert_string_equal(fake_parameter(fake_unit, 0, 1), "2024Q3");
	assert_string_equal(fake_parameter(fake_unit, 0, 2), "41");
	assert_string_equal(fake_parameter(fake_unit, 0, 3), "10");
	assert_string_equal(fake_parameter(fake_unit, 0, 4), "f");
	fake_answer();
	assert_int_equal(((const Inap__V1__ReportListReply *)fake_reply(c, METHOD_REPORT_LIST, 1))
				 ->n_reports,
			 0);
	queue.plan = TEXT("INAP-II");
	fake_request(c, METHOD_REVIEW_QUEUE, 2, &queue.base);
	fake_waits("report_list");
	assert_string_equal(fake_parameter(fake_unit, 0, 0), "INAP-II");
	assert_string_equal(fake_parameter(fake_unit, 0, 3), "8");
	assert_string_equal(fake_parameter(fake_unit, 0, 4), "t");
	fake_answer();
	fake_reply(c, METHOD_REVIEW_QUEUE, 2);
}

static void a_line_says_where_a_report_stands(void **state)
{
	struct connection *c = fake_user(READERS);
	Inap__V1__ReportList in = INAP__V1__REPORT_LIST__INIT;
	const Inap__V1__ReportListReply *reply;

	(void)state;
	fake_request(c, METHOD_REPORT_LIST, 1, &in.base);
	fake_rows(fake_unit, 0, ROW("FED-MOI", "federal") ";" ROW("KRG-MOI", "kurdistan"));
	fake_answer();
	reply = fake_reply(c, METHOD_REPORT_LIST, 1);
	assert_int_equal(reply->n_reports, 2);
	assert_string_equal(reply->reports[0]->report->plan, "INAP-II");
	assert_string_equal(reply->reports[1]->report->entity, "KRG-MOI");
	assert_string_equal(reply->reports[0]->name->en, "Interior");
	assert_int_equal(reply->reports[0]->state, INAP__V1__STATE__STATE_SUBMITTED);
	assert_int_equal(reply->reports[0]->revision, 5);
	assert_true(reply->reports[0]->on_time);
	assert_string_equal(reply->reports[0]->submitted_at, "");
	assert_int_equal(reply->reports[0]->jurisdiction,
			 INAP__V1__JURISDICTION__JURISDICTION_FEDERAL);
	assert_int_equal(reply->reports[1]->jurisdiction,
			 INAP__V1__JURISDICTION__JURISDICTION_KURDISTAN);
	assert_int_equal(reply->reports[0]->answered, 40);
	assert_int_equal(reply->reports[0]->asked, 62);
}

static void todo_names_the_plan_only_where_it_is_not_the_current(void **state)
{
	struct connection *c = fake_user(0);
	Inap__V1__Todo in = INAP__V1__TODO__INIT;
	const Inap__V1__TodoReply *reply;

	(void)state;
	fake_request(c, METHOD_TODO_LIST, 1, &in.base);
	fake_waits("todo_list event_todo remind_todo edition_todo");
	assert_string_equal(fake_parameter(fake_unit, 0, 0), "41");
	fake_rows(fake_unit, 0, WAITS("", "fill") ";" WAITS("INAP-I", "sign"));
	fake_rows(fake_unit, 1,
		  "number=12,decision=1,words=name a focal point,owner=FED-MOI,name_en=Interior,"
		  "name_ar=NULL,name_ckb=NULL,due_at=2024-10-31T20:59:59Z");
	fake_rows(fake_unit, 2,
		  "plan=,entity=FED-MOI,round=2024Q3,name_en=Interior,name_ar=NULL,name_ckb=NULL,"
		  "kind=late,day=2024-10-20,due_at=2024-10-15T20:59:59Z");
	fake_rows(fake_unit, 3,
		  "plan=,period=2024Q3,number=2,what=confirm,count=1,since=2024-11-01T08:00:00Z,"
		  "until=NULL;plan=INAP-I,period=2019,number=1,what=withdraw,count=0,"
		  "since=2024-11-02T08:00:00Z,until=2024-11-03T08:00:00Z");
	fake_answer();
	reply = fake_reply(c, METHOD_TODO_LIST, 1);
	assert_int_equal(reply->n_editions, 2);
	assert_string_equal(reply->editions[0]->edition, "2024Q3/2");
	assert_string_equal(reply->editions[0]->what, "confirm");
	assert_int_equal(reply->editions[0]->count, 1);
	assert_string_equal(reply->editions[1]->edition, "INAP-I:2019/1");
	assert_string_equal(reply->editions[1]->until, "2024-11-03T08:00:00Z");
	assert_int_equal(reply->n_entries, 2);
	assert_string_equal(reply->entries[0]->report, "FED-MOI/2024Q3");
	assert_string_equal(reply->entries[1]->report, "INAP-I:FED-MOI/2024Q3");
	assert_string_equal(reply->entries[1]->what, "sign");
	assert_int_equal(reply->entries[0]->offered, 2);
	assert_int_equal(reply->entries[0]->count, 3);
	assert_int_equal(reply->entries[0]->state, INAP__V1__STATE__STATE_DRAFT);
	assert_string_equal(reply->entries[0]->due_at, "");
	assert_true(reply->entries[0]->extended);
	assert_true(reply->entries[0]->ready);
	assert_int_equal(reply->n_notices, 1);
	assert_string_equal(reply->notices[0]->report, "FED-MOI/2024Q3");
	assert_string_equal(reply->notices[0]->kind, "late");
	assert_int_equal(reply->n_decisions, 1);
	assert_int_equal(reply->decisions[0]->number, 12);
	assert_string_equal(reply->decisions[0]->text, "name a focal point");
	assert_string_equal(reply->decisions[0]->owner, "FED-MOI");
}

static void a_step_called_out_of_turn_is_our_own_bug(void **state)
{
	static const enum method_number methods[] = { METHOD_REPORT_LIST, METHOD_REVIEW_QUEUE,
						      METHOD_TODO_LIST };
	struct connection *c = fake_user(READERS);
	Inap__V1__ReportList in = INAP__V1__REPORT_LIST__INIT;

	(void)state;
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
		fake_request(c, methods[i], 1, &in.base); /* empty: the same of all */
		((struct request *)fake_unit->owner)->at = 9;
		fake_answer();
		fake_refused(c, 1, ERROR_INTERNAL);
	}
}

static bool lists(struct connection *c, enum method_number method, size_t cap)
{
	Inap__V1__ReportList in = INAP__V1__REPORT_LIST__INIT;
	struct frame frame;

	fake_arena(cap);
	fake_request(c, method, 1, &in.base);
	if (fake_unit) {
		fake_rows(fake_unit, 0,
			  method == METHOD_TODO_LIST ? WAITS("INAP-I", "sign")
						     : ROW("FED-MOI", "federal"));
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

static void lists_in_an_arena_of_any_size(void **state)
{
	static const enum method_number methods[] = { METHOD_REPORT_LIST, METHOD_TODO_LIST };
	struct connection *c = fake_user(READERS);

	(void)state;
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
		size_t cap = 0;

		while (!lists(c, methods[i], cap))
			assert_in_range(cap += 16, 0, 65536);
		assert_true(cap > 256);
	}
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, fake_setup, fake_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_list_asks_for_the_methods_roles_only),
		TEST(a_line_says_where_a_report_stands),
		TEST(todo_names_the_plan_only_where_it_is_not_the_current),
		TEST(a_step_called_out_of_turn_is_our_own_bug),
		TEST(lists_in_an_arena_of_any_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
