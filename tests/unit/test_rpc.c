/* Tests of the rpc core: resumes and what waits behind them, clients that go, sessions that change,
 * the daemon's own requests. */
#include "tests/unit/fake_rpc.h"

#include <stdlib.h>

#include "server/base/clock.h"
#include "server/rpc/dispatch.h"
#include "inap/v1/report.pb-c.h"
#include "inap/v1/session.pb-c.h"

#define TEXT(s) ((char *)(uintptr_t)(s))
#define SHOW_ROW                                                                                   \
	"session_id=5,user_id=41,name=ada,display_name=Ada,home=FED-MOI,home_entity_id=7,"         \
	"expires_at=2030-01-01T00:00:00Z,expires_ms=9999999999999,last_login=NULL,failures_since=" \
	"0"
#define GRANT_ROW(role)                                                                            \
	"role=" role ",entity=FED-MOI,jurisdiction=,starts=2024-01-01,ends=NULL,basis=own,"        \
	"order_number=NULL,order_date=NULL"

static Inap__V1__ReportRef reference;
static Inap__V1__ReportShow show;
static Inap__V1__ReportMove move;
static Inap__V1__SessionResume resume;
static uint8_t token[32];

static int setup(void **state)
{
	inap__v1__report_ref__init(&reference);
	reference.entity = TEXT("FED-MOI");
	reference.round = TEXT("2024Q3");
	inap__v1__report_show__init(&show);
	show.report = &reference;
	inap__v1__report_move__init(&move);
	move.report = &reference;
	inap__v1__session_resume__init(&resume);
	resume.token.data = token;
	resume.token.len = sizeof token;
	return fake_setup(state);
}

static struct connection *stranger(void)
{
	struct connection *c = fake_connect();
	struct frame frame;

	assert_true(fake_next(c, &frame));
	return c;
}

/* The rows of a session that is alive. */
static void alive(unsigned entry)
{
	fake_rows(fake_unit, entry, SHOW_ROW);
	fake_rows(fake_unit, entry + 1, GRANT_ROW("approver"));
	fake_rows(fake_unit, entry + 2,
		  "entity_id=7,entity=FED-MOI,jurisdiction=federal,roles=approver");
}

static void what_waits_behind_a_resume_goes_on_with_its_session(void **state)
{
	struct connection *c = stranger();
	Inap__V1__Hello hello = INAP__V1__HELLO__INIT;

	(void)state;
	hello.protocol = 1;
	fake_request(c, METHOD_HELLO, 1, &hello.base);
	fake_reply(c, METHOD_HELLO, 1);
	fake_request(c, METHOD_SESSION_RESUME, 2, &resume.base);
	fake_request(c, METHOD_REPORT_SHOW, 3, &show.base);
	fake_waits("session_use session_show session_grants session_reach");
	fake_silence(c); /* held: not even refused */
	assert_int_equal(c->held, 1);
	assert_int_equal(c->in_flight, 1);
	alive(1);
	fake_answer();
	fake_reply(c, METHOD_SESSION_RESUME, 2);
	assert_true(c->logged_in);
	assert_int_equal(c->held, 0);
	assert_int_equal(c->in_flight, 0);
	fake_silence(c);
	fake_turn(c);
	fake_waits("report_head report_values report_asked report_labels report_points "
		   "report_previous report_sections report_office "
		   "report_consultations report_activities report_budgets");
	assert_string_equal(fake_unit->context_read, "{7}");
	fake_answer();
	fake_refused(c, 3, ERROR_NOT_FOUND);
	assert_false(c->finishing);
}

static void what_waits_behind_a_refused_resume_must_log_in_and_it_closes(void **state)
{
	struct connection *c = stranger();

	(void)state;
	fake_request(c, METHOD_SESSION_RESUME, 2, &resume.base);
	fake_request(c, METHOD_REPORT_SHOW, 3, &show.base);
	fake_request(c, METHOD_SESSION_RESUME, 4, &resume.base); /* no second try */
	fake_answer();
	fake_refused(c, 2, ERROR_LOGIN_REQUIRED);
	assert_false(c->finishing);
	fake_turn(c);
	fake_refused(c, 3, ERROR_LOGIN_REQUIRED);
	fake_refused(c, 4, ERROR_LOGIN_REQUIRED);
	assert_null(fake_unit);
	assert_true(c->finishing);
	assert_string_equal(c->why, "resume refused");
}

static void a_large_request_behind_a_refused_resume_must_log_in_too(void **state)
{
	static uint8_t body[METHOD_BODY_SMALL + 1];
	struct connection *c = stranger();
	struct frame frame = {
		.method = METHOD_REPORT_SAVE, .kind = FRAME_REQUEST, .id = 3, .length = sizeof body
	};

	(void)state;
	fake_request(c, METHOD_SESSION_RESUME, 2, &resume.base);
	fake_put(c, frame, body);
	fake_answer();
	fake_refused(c, 2, ERROR_LOGIN_REQUIRED);
	fake_turn(c);
	fake_refused(c, 3, ERROR_LOGIN_REQUIRED);
	assert_true(c->finishing);
}

static void a_resume_that_the_pool_refuses_closes_too(void **state)
{
	struct connection *c = stranger();

	(void)state;
	fake_busy = true;
	fake_request(c, METHOD_SESSION_RESUME, 2, &resume.base);
	fake_refused(c, 2, ERROR_BUSY);
	assert_int_equal(c->held, 0);
	fake_turn(c);
	assert_true(c->finishing);
}

static void the_client_may_go_while_its_resume_is_out(void **state)
{
	struct connection *c = stranger();

	(void)state;
	fake_request(c, METHOD_SESSION_RESUME, 2, &resume.base);
	fake_gone(c);
	assert_true(list_empty(&fake.rpc.peers));
	alive(1);
	fake_answer();
	assert_int_equal(fake.rpc.in_flight, 0);
	assert_int_equal(buffer_length(&c->out) - c->read, 0);
}

static void the_client_may_go_while_its_units_are_out(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_APPROVER | ROLE_BIT_NATIONAL_TEAM);
	Inap__V1__ReportList list = INAP__V1__REPORT_LIST__INIT;
	Inap__V1__ReportCheck check = INAP__V1__REPORT_CHECK__INIT;

	(void)state;
	fake.rpc.settings.in_flight_per_user = 9;
	check.report = &reference;
	fake_request(c, METHOD_REPORT_SHOW, 1, &show.base);
	fake_request(c, METHOD_REPORT_WITHDRAW, 2, &move.base);
	fake_request(c, METHOD_REPORT_LIST, 3, &list.base);
	fake_request(c, METHOD_REPORT_CHECK, 4, &check.base);
	assert_int_equal(fake.rpc.in_flight, 4);
	fake_gone(c);
	fake_rows(
		fake_unit, 0,
		"round_id=1,plan=INAP-II,name_en=Interior,name_ar=NULL,name_ckb=NULL,"
		"state=in_review,revision=4,ready=f,submitted_at=NULL,due_at=NULL,claimed_by=zaid,"
		"letter_number=NULL,letter_date=NULL,note=NULL,latest=t,respond_by=NULL,lock=NULL,"
		"extended=f,yearly_due_at=NULL,excused=f,excused_note=NULL");
	fake_answer();
	fake_rows(fake_unit, 3,
		  "fault=CLAIMED,state=in_review,revision=4,was=NULL,receipt=NULL,claimed_by=zaid,"
		  "points=0,problems=0,lock=NULL,numbers=NULL");
	fake_answer();
	fake_lost(UNIT_FAILED, ERROR_UNAVAILABLE);
	assert_int_equal(fake.rpc.in_flight, 1);
}

static void requests_and_their_arenas_are_reused(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_APPROVER);
	const struct request *first;

	(void)state;
	fake_request(c, METHOD_REPORT_SHOW, 1, &show.base);
	first = fake_unit->owner;
	fake_answer();
	fake_refused(c, 1, ERROR_NOT_FOUND);
	fake_request(c, METHOD_REPORT_SHOW, 2, &show.base);
	assert_ptr_equal(fake_unit->owner, first);
	assert_null(first->refusal);
	assert_int_equal(first->error.code, ERROR_NONE);
	fake_answer();
	fake_refused(c, 2, ERROR_NOT_FOUND);
}

static void no_more_requests_are_kept_than_the_cap(void **state)
{
	struct request *taken[RPC_FREE_REQUESTS + 3];

	(void)state;
	for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
		taken[i] = rpc_request_take(&fake.rpc);
	assert_int_equal(fake.rpc.in_flight, RPC_FREE_REQUESTS + 3);
	for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
		rpc_request_give(taken[i]);
	assert_int_equal(fake.rpc.free_count, RPC_FREE_REQUESTS);
	assert_int_equal(fake.rpc.in_flight, 0);
}

static void answers_that_nobody_reads_close_the_connection(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_APPROVER);

	(void)state;
	c->out.max = buffer_length(&c->out);
	fake_request(c, METHOD_REPORT_SHOW, 1, &show.base);
	fake_answer();
	assert_true(c->closing);
	assert_string_equal(c->why, "its answers are not read");
	fake_turn(c);
	assert_int_equal(c->closed, 1);
}

static void a_connection_whose_hello_finds_no_room_closes(void **state)
{
	struct connection *c = stranger();

	(void)state;
	c->out.max = 0;
	buffer_consume(&c->out, buffer_length(&c->out));
	c->read = 0;
	rpc_handler.closed(c, "again");
	rpc_handler.opened(c);
	assert_true(c->closing);
	fake_turn(c);
}

/* Changes of sessions */

static void a_change_reloads_the_session_once(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_APPROVER);
	struct connection *other = fake_user(ROLE_BIT_APPROVER);

	(void)state;
	other->peer->session.user_id = FAKE_USER + 1;
	rpc_session_changed(&fake.rpc, 100, FAKE_USER, 0);
	fake_waits("session_show session_grants session_reach");
	assert_string_equal(fake_parameter(fake_unit, 0, 1), "5");
	assert_int_equal(c->held, 1);
	assert_int_equal(other->held, 0);
	fake_request(c, METHOD_REPORT_WITHDRAW, 1, &move.base);
	fake_silence(c); /* waits for what it may */
	fake_rows(fake_unit, 0, SHOW_ROW);
	fake_rows(fake_unit, 1, GRANT_ROW("focal_point"));
	fake_rows(fake_unit, 2,
		  "entity_id=7,entity=FED-MOI,jurisdiction=federal,roles=focal_point");
	fake_answer();
	assert_int_equal(c->held, 0);
	assert_false(c->finishing);
	assert_int_equal(c->peer->session.roles, ROLE_BIT_FOCAL_POINT);
	assert_int_equal(c->peer->in_flight, 0);
	fake_turn(c);
	fake_refused(c, 1, ERROR_FORBIDDEN); /* the approver's role was revoked */
	rpc_session_changed(&fake.rpc, 100, FAKE_USER, 0);
	assert_null(fake_unit); /* seen already */
	rpc_session_changed(&fake.rpc, 101, FAKE_USER, 0);
	assert_non_null(fake_unit);
	alive(0);
	fake_answer();
	assert_int_equal(c->peer->session.roles, ROLE_BIT_APPROVER);
}

static void a_change_of_one_session_leaves_the_others(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_APPROVER);

	(void)state;
	rpc_session_changed(&fake.rpc, 1, FAKE_USER, FAKE_SESSION + 1);
	assert_null(fake_unit);
	rpc_session_changed(&fake.rpc, 2, FAKE_USER + 1, FAKE_SESSION);
	assert_null(fake_unit);
	rpc_session_changed(&fake.rpc, 3, FAKE_USER, FAKE_SESSION);
	assert_non_null(fake_unit);
	alive(0);
	fake_answer();
	assert_false(c->finishing);
}

static void an_ended_session_closes_its_connection(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_APPROVER);

	(void)state;
	rpc_session_changed(&fake.rpc, 1, FAKE_USER, 0);
	fake_request(c, METHOD_REPORT_SHOW, 1, &show.base);
	fake_answer();
	assert_true(c->finishing);
	assert_string_equal(c->why, "the session ended");
	assert_int_equal(c->peer->session.user_id, 0);
	assert_null(c->peer->session.reach);
	fake_turn(c);
	fake_silence(c); /* nothing more is taken from it */
}

static void a_session_that_cannot_be_reloaded_is_over(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_APPROVER);

	(void)state;
	rpc_session_changed(&fake.rpc, 1, FAKE_USER, 0);
	fake_lost(UNIT_FAILED, ERROR_UNAVAILABLE);
	assert_true(c->finishing);
	assert_int_equal(c->peer->session.user_id, 0);
}

static void the_client_may_go_while_its_session_is_reloaded(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_APPROVER);

	(void)state;
	rpc_session_changed(&fake.rpc, 1, FAKE_USER, 0);
	fake_gone(c);
	alive(0);
	fake_answer();
	assert_int_equal(fake.rpc.in_flight, 0);
}

static void every_connection_of_a_user_is_reloaded(void **state)
{
	struct connection *one = fake_user(ROLE_BIT_APPROVER);
	struct connection *two = fake_user(ROLE_BIT_APPROVER);

	(void)state;
	rpc_session_changed(&fake.rpc, 1, FAKE_USER, 0);
	fake_answer();
	fake_answer();
	assert_true(one->finishing);
	assert_true(two->finishing);
}

static void a_ring_of_changes_forgets_the_oldest_only(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_APPROVER);

	(void)state;
	rpc_session_changed(&fake.rpc, 1, FAKE_USER + 1, 0);
	for (int64_t id = 2; id <= RPC_CHANGES_SEEN; id++)
		rpc_session_changed(&fake.rpc, id, FAKE_USER + 1, 0);
	rpc_session_changed(&fake.rpc, 1, FAKE_USER, 0);
	assert_null(fake_unit);
	rpc_session_changed(&fake.rpc, RPC_CHANGES_SEEN + 1, FAKE_USER + 1, 0);
	rpc_session_changed(&fake.rpc, 1, FAKE_USER, 0);
	assert_non_null(fake_unit); /* forgotten: reloading again does no harm */
	alive(0);
	fake_answer();
	assert_false(c->finishing);
}

static void a_logout_lowers_the_limits_again(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_APPROVER);
	Inap__V1__Empty empty = INAP__V1__EMPTY__INIT;

	(void)state;
	fake_request(c, METHOD_SESSION_LOGOUT, 1, &empty.base);
	fake_waits("auth_head_lock session_end");
	assert_true(fake_unit->once);
	fake_answer();
	fake_reply(c, METHOD_SESSION_LOGOUT, 1);
	assert_false(c->logged_in);
	assert_false(c->finishing);
	fake_request(c, METHOD_REPORT_SHOW, 2, &show.base);
	fake_refused(c, 2, ERROR_LOGIN_REQUIRED);
}

/* The daemon's own requests */

static unsigned own_finished;
static enum error_code own_code;

static enum step own_step(struct request *r)
{
	return r->at == 9 ? request_fail(r, ERROR_NOT_FOUND, "what", "x", NULL) : STEP_DONE;
}

static void own_end(struct request *r)
{
	own_finished++;
	own_code = r->error.code;
	assert_null(r->peer);
	assert_string_equal(r->unit.context_read, "{}");
}

static void an_own_request_ends_with_its_callback(void **state)
{
	struct request *r;

	(void)state;
	own_finished = 0;
	r = rpc_own_request(&fake.rpc, METHOD_SESSION_WHOAMI, own_step, own_end);
	assert_non_null(r);
	assert_int_equal(fake.rpc.in_flight, 1);
	request_run(r);
	assert_int_equal(own_finished, 1);
	assert_int_equal(own_code, ERROR_NONE);
	r = rpc_own_request(&fake.rpc, METHOD_SESSION_WHOAMI, own_step, own_end);
	r->at = 9;
	request_run(r);
	assert_int_equal(own_finished, 2);
	assert_int_equal(own_code, ERROR_NOT_FOUND);
	assert_int_equal(fake.rpc.in_flight, 0);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, fake_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_waits_behind_a_resume_goes_on_with_its_session),
		TEST(what_waits_behind_a_refused_resume_must_log_in_and_it_closes),
		TEST(a_large_request_behind_a_refused_resume_must_log_in_too),
		TEST(a_resume_that_the_pool_refuses_closes_too),
		TEST(the_client_may_go_while_its_resume_is_out),
		TEST(the_client_may_go_while_its_units_are_out),
		TEST(requests_and_their_arenas_are_reused),
		TEST(no_more_requests_are_kept_than_the_cap),
		TEST(answers_that_nobody_reads_close_the_connection),
		TEST(a_connection_whose_hello_finds_no_room_closes),
		TEST(a_change_reloads_the_session_once),
		TEST(a_change_of_one_session_leaves_the_others),
		TEST(an_ended_session_closes_its_connection),
		TEST(a_session_that_cannot_be_reloaded_is_over),
		TEST(the_client_may_go_while_its_session_is_reloaded),
		TEST(every_connection_of_a_user_is_reloaded),
		TEST(a_ring_of_changes_forgets_the_oldest_only),
		TEST(a_logout_lowers_the_limits_again),
		TEST(an_own_request_ends_with_its_callback),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
