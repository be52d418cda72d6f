/* Sessions, step by step. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <sodium.h>

#include "server/base/clock.h"
#include "server/domain/login.h"
#include "server/rpc/password.h"
#include "tests/unit/step.h"

static const char shown[] = "session_id=71,user_id=9,name=moi-focal,display_name=Focal "
			    "point,home=FED-MOI,home_entity_id=1,"
			    "expires_at=2026-01-01T12:00:00Z,expires_ms=1767268800000,last_login="
			    "2025-12-31T08:00:00Z,failures_since=2";
static const char granted[] = "role=focal_point,entity=FED-MOI,jurisdiction=,starts=2025-01-01,"
			      "ends=,basis=own,order_number=,order_date=;"
			      "role=national_team,entity=,jurisdiction=,starts=2025-01-01,ends="
			      "2026-06-30,basis=acting,order_number=17,order_date=2025-01-01";
static const char reached[] =
	"entity_id=2,entity=FED-MOH,jurisdiction=federal,roles=national_team;"
	"entity_id=1,entity=FED-MOI,jurisdiction=federal,roles=focal_point\\,national_team";

static int set_up(void **state)
{
	struct step_fixture *f = calloc(1, sizeof *f);

	step_init(f);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	step_fini(*state);
	free(*state);
	return 0;
}

static void a_session_is_loaded_with_reach_and_contexts(void **state)
{
	struct step_fixture *f = *state;
	const struct reach *reach;

	step_begin(f, METHOD_SESSION_WHOAMI, session_refresh, NULL);
	assert_string_equal(step_sent(f), "session_show session_grants session_reach");
	fake_rows(&f->r.unit, 0, shown);
	fake_rows(&f->r.unit, 1, granted);
	fake_rows(&f->r.unit, 2, reached);
	step_on(f);
	assert_int_equal(f->r.error.code, ERROR_NONE);
	assert_int_equal(f->session.roles, ROLE_BIT_FOCAL_POINT | ROLE_BIT_NATIONAL_TEAM);
	assert_int_equal(f->session.national_roles, ROLE_BIT_NATIONAL_TEAM);
	assert_int_equal(f->session.expires_ms, 1767268800000);
	assert_string_equal(f->session.context_read, "{2,1}");
	assert_string_equal(f->session.context_write, "{1}");
	assert_int_equal(f->session.used_ms, 1); /* a reload is no use */
	reach = session_reach(&f->session, "FED-MOI");
	assert_non_null(reach);
	assert_int_equal(reach->entity_id, 1);
	assert_int_equal(reach->roles, ROLE_BIT_FOCAL_POINT | ROLE_BIT_NATIONAL_TEAM);
	assert_int_equal(reach->jurisdiction, INAP__V1__JURISDICTION__JURISDICTION_FEDERAL);
	assert_null(session_reach(&f->session, "KRG-MOI"));
}

static void an_admin_writes_the_systems_chain_and_reaches_nothing(void **state)
{
	struct step_fixture *f = *state;

	step_begin(f, METHOD_SESSION_WHOAMI, session_refresh, NULL);
	fake_rows(&f->r.unit, 0, shown);
	fake_rows(&f->r.unit, 1,
		  "role=admin,entity=,jurisdiction=federal,starts=2025-01-01,ends=,basis=own,order_"
		  "number=,order_date=");
	step_on(f);
	assert_int_equal(f->session.roles, ROLE_BIT_ADMIN);
	assert_int_equal(f->session.national_roles, 0);
	assert_string_equal(f->session.context_read, "{}");
	assert_string_equal(f->session.context_write, "{0}");
	assert_int_equal(f->session.reach_count, 0);
}

static void a_session_with_too_many_entities_stays_as_it_was(void **state)
{
	struct step_fixture *f = *state;
	char *rows = calloc(SESSION_REACH_MAX + 1, 80);

	assert_non_null(rows);
	for (int i = 0; i <= SESSION_REACH_MAX; i++) {
		sprintf(rows + strlen(rows),
			"entity_id=%d,entity=E-%04d,jurisdiction=federal,roles=coordinator;", i + 1,
			i);
	}
	step_begin(f, METHOD_SESSION_WHOAMI, session_refresh, NULL);
	fake_rows(&f->r.unit, 0, shown);
	fake_rows(&f->r.unit, 2, rows);
	free(rows);
	step_on(f);
	step_refused(f, ERROR_TOO_LARGE);
	assert_int_equal(f->session.session_id, 70);
	assert_int_equal(f->session.reach_count, 0);
}

static void a_session_that_is_over_is_not_reloaded(void **state)
{
	struct step_fixture *f = *state;

	step_begin(f, METHOD_SESSION_WHOAMI, session_refresh, NULL);
	step_on(f);
	step_refused(f, ERROR_LOGIN_REQUIRED);
}

static void a_token_is_taken_up_by_its_hash(void **state)
{
	struct step_fixture *f = *state;
	Inap__V1__SessionResume body = INAP__V1__SESSION_RESUME__INIT;
	const Inap__V1__SessionState *reply;
	uint8_t token[32] = { 1, 2, 3 }, hash[32];

	sha256_of(token, sizeof token, hash);
	body.token.data = token;
	body.token.len = sizeof token;
	f->session = (struct session){ 0 };
	step_begin(f, METHOD_SESSION_RESUME, session_resume, &body);
	assert_string_equal(step_sent(f), "session_use session_show session_grants session_reach");
	assert_memory_equal(fake_parameter(&f->r.unit, 1, 0), hash, sizeof hash);
	assert_string_equal(fake_parameter(&f->r.unit, 1, 2), "30");
	fake_rows(&f->r.unit, 1, shown);
	fake_rows(&f->r.unit, 2, granted);
	fake_rows(&f->r.unit, 3, reached);
	step_on(f);
	reply = step_reply(f, &inap__v1__session_state__descriptor);
	assert_int_equal(reply->n_grants, 2);
	assert_int_equal(f->session.session_id, 71);
	assert_true(f->session.used_ms > 0);

	step_begin(f, METHOD_SESSION_RESUME, session_resume, &body);
	step_on(f);
	step_refused(f, ERROR_LOGIN_REQUIRED);
	body.token.len = 31;
	step_begin(f, METHOD_SESSION_RESUME, session_resume, &body);
	step_refused(f, ERROR_BAD_ARGUMENT);
}

static void a_client_that_is_gone_gets_no_session(void **state)
{
	struct step_fixture *f = *state;
	Inap__V1__SessionResume body = INAP__V1__SESSION_RESUME__INIT;
	uint8_t token[32] = { 0 };

	body.token.data = token;
	body.token.len = sizeof token;
	step_begin(f, METHOD_SESSION_RESUME, session_resume, &body);
	f->r.session = NULL;
	fake_rows(&f->r.unit, 1, shown);
	step_on(f);
	step_reply(f, &inap__v1__session_state__descriptor);
	assert_int_equal(f->session.session_id, 70); /* untouched */
}

static void whoami_tells_the_session(void **state)
{
	struct step_fixture *f = *state;
	Inap__V1__Empty body = INAP__V1__EMPTY__INIT;
	const Inap__V1__SessionState *reply;

	step_begin(f, METHOD_SESSION_WHOAMI, session_whoami, &body);
	assert_string_equal(step_sent(f), "session_show session_grants");
	assert_null(fake_parameter(&f->r.unit, 0, 0));
	assert_string_equal(fake_parameter(&f->r.unit, 0, 1), "70");
	fake_rows(&f->r.unit, 0, shown);
	fake_rows(&f->r.unit, 1, granted);
	step_on(f);
	reply = step_reply(f, &inap__v1__session_state__descriptor);
	assert_string_equal(reply->grants[0]->entity, "FED-MOI");
	step_begin(f, METHOD_SESSION_WHOAMI, session_whoami, &body);
	step_on(f);
	step_refused(f, ERROR_LOGIN_REQUIRED);
}

static void logging_out_ends_the_session_here_too(void **state)
{
	struct step_fixture *f = *state;
	Inap__V1__Empty body = INAP__V1__EMPTY__INIT;

	step_begin(f, METHOD_SESSION_LOGOUT, session_logout, &body);
	assert_string_equal(step_sent(f), "auth_head_lock session_end");
	assert_string_equal(fake_parameter(&f->r.unit, 1, 0), "7");
	assert_string_equal(fake_parameter(&f->r.unit, 1, 1), "70");
	assert_string_equal(f->r.unit.context_write, "{0}");
	step_on(f);
	step_reply(f, &inap__v1__empty__descriptor);
	assert_int_equal(f->session.user_id, 0);
}

static void sessions_are_listed_or_refused_as_judged(void **state)
{
	struct step_fixture *f = *state;
	Inap__V1__SessionList body = INAP__V1__SESSION_LIST__INIT;
	const Inap__V1__SessionListReply *reply;

	step_begin(f, METHOD_SESSION_LIST, session_list, &body);
	assert_string_equal(step_sent(f), "session_judge session_list");
	assert_string_equal(fake_parameter(&f->r.unit, 0, 1), "session.list");
	fake_rows(&f->r.unit, 0, "fault=NULL");
	fake_rows(&f->r.unit, 1,
		  "id=70,name=moi-focal,created_at=a,last_used=b,expires_at=c,peer=tls:192.0.2.1,"
		  "this_one=t;"
		  "id=69,name=moi-focal,created_at=d,last_used=e,expires_at=f,peer=,this_one=f");
	step_on(f);
	reply = step_reply(f, &inap__v1__session_list_reply__descriptor);
	assert_int_equal(reply->n_sessions, 2);
	assert_int_equal(reply->sessions[0]->id, 70);
	assert_true(reply->sessions[0]->this_one);
	assert_false(reply->sessions[1]->this_one);
	assert_string_equal(reply->sessions[0]->peer, "tls:192.0.2.1");
	step_begin(f, METHOD_SESSION_LIST, session_list, &body);
	fake_rows(&f->r.unit, 0, "fault=NOT_FOUND|what\\=user|name\\=krg-focal");
	step_on(f);
	step_refused(f, ERROR_NOT_FOUND);
	step_argument(f, "name", "krg-focal");
}

static void revoking_counts_and_may_end_ones_own(void **state)
{
	struct step_fixture *f = *state;
	Inap__V1__SessionRevoke body = INAP__V1__SESSION_REVOKE__INIT;
	const Inap__V1__SessionRevokeReply *reply;

	step_begin(f, METHOD_SESSION_REVOKE, session_revoke, &body);
	assert_string_equal(step_sent(f), "auth_head_lock session_revoke");
	fake_rows(&f->r.unit, 1, "fault=NULL,revoked=3,this_one=f,receipt=\\\\x00");
	step_on(f);
	reply = step_reply(f, &inap__v1__session_revoke_reply__descriptor);
	assert_int_equal(reply->revoked, 3);
	assert_int_equal(f->session.user_id, 7);
	body.id = 70;
	step_begin(f, METHOD_SESSION_REVOKE, session_revoke, &body);
	fake_rows(&f->r.unit, 1, "fault=NULL,revoked=1,this_one=t,receipt=\\\\x00");
	step_on(f);
	step_reply(f, &inap__v1__session_revoke_reply__descriptor);
	assert_int_equal(f->session.user_id, 0);
	step_begin(f, METHOD_SESSION_REVOKE, session_revoke, &body);
	fake_rows(&f->r.unit, 1,
		  "fault=NOT_FOUND|what\\=session|name\\=70,revoked=0,this_one=f,receipt=NULL");
	step_on(f);
	step_refused(f, ERROR_NOT_FOUND);
	body.id = UINT64_MAX;
	step_begin(f, METHOD_SESSION_REVOKE, session_revoke, &body);
	step_refused(f, ERROR_BAD_ARGUMENT);
}

static void a_poll_looks_back_as_long_as_it_was_blind(void **state)
{
	struct step_fixture *f = *state;
	int64_t before = clock_ms();

	f->rpc.changes_read_ms = before - 60 * 1000;
	step_begin(f, METHOD_SESSION_WHOAMI, session_poll, NULL);
	assert_string_equal(step_sent(f), "session_changes");
	assert_true(atoi(fake_parameter(&f->r.unit, 0, 0)) >= 70);
	fake_rows(&f->r.unit, 0, "change_id=5,user_id=9,session_id=0");
	step_on(f);
	assert_int_equal(f->at, STEP_DONE);
	assert_int_equal(f->r.error.code, ERROR_NONE);
	assert_int_equal(f->rpc.changes_seen[0], 5);
	assert_true(f->rpc.changes_read_ms >= before);
}

static void a_poll_writes_down_which_sessions_are_in_use(void **state)
{
	struct step_fixture *f = *state;
	struct peer peers[3] = { 0 };

	for (int i = 0; i < 3; i++) {
		peers[i].session.session_id = 70 + i;
		peers[i].session.touched_ms = 1000;
		peers[i].session.used_ms = i == 1 ? 2000 : 62000;
		list_push_back(&f->rpc.peers, &peers[i].node);
	}
	peers[2].session.session_id = 0; /* not logged in */
	step_begin(f, METHOD_SESSION_WHOAMI, session_poll, NULL);
	assert_string_equal(step_sent(f), "session_changes session_touch");
	assert_string_equal(fake_parameter(&f->r.unit, 1, 0), "{70}");
	assert_int_equal(peers[0].session.touched_ms, 62000);
	for (int i = 0; i < 3; i++) {
		list_remove(&peers[i].node);
	}
}

static void the_first_admin_is_made_once(void **state)
{
	struct step_fixture *f = *state;
	char *code;

	step_begin(f, METHOD_USER_ADD, session_first_admin, NULL);
	assert_string_equal(step_sent(f), "first_admin");
	code = f->r.state;
	assert_int_equal(strlen(code), ENROL_CODE_BYTES - 1);
	fake_rows(&f->r.unit, 0, "made=t");
	step_on(f);
	assert_int_equal(f->r.error.code, ERROR_NONE);
	assert_string_equal(code, ""); /* printed, and forgotten */
	step_begin(f, METHOD_USER_ADD, session_first_admin, NULL);
	fake_rows(&f->r.unit, 0, "made=f");
	step_on(f);
	step_refused(f, ERROR_EXISTS);
}

static void a_step_that_does_not_know_where_it_is_says_so(void **state)
{
	static request_step *const steps[] = { session_login,   session_enrol,      session_passwd,
					       session_resume,  session_whoami,     session_logout,
					       session_list,    session_revoke,     session_poll,
					       session_refresh, session_first_admin };
	struct step_fixture *f = *state;
	Inap__V1__Empty body = INAP__V1__EMPTY__INIT;

	step_begin(f, METHOD_SESSION_WHOAMI, session_whoami, &body);
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		f->r.at = 99;
		f->r.error.code = ERROR_NONE;
		assert_int_equal(steps[i](&f->r), STEP_DONE);
		assert_int_equal(f->r.error.code, ERROR_INTERNAL);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_session_is_loaded_with_reach_and_contexts),
		TEST(an_admin_writes_the_systems_chain_and_reaches_nothing),
		TEST(a_session_with_too_many_entities_stays_as_it_was),
		TEST(a_session_that_is_over_is_not_reloaded),
		TEST(a_token_is_taken_up_by_its_hash),
		TEST(a_client_that_is_gone_gets_no_session),
		TEST(whoami_tells_the_session),
		TEST(logging_out_ends_the_session_here_too),
		TEST(sessions_are_listed_or_refused_as_judged),
		TEST(revoking_counts_and_may_end_ones_own),
		TEST(a_poll_looks_back_as_long_as_it_was_blind),
		TEST(a_poll_writes_down_which_sessions_are_in_use),
		TEST(the_first_admin_is_made_once),
		TEST(a_step_that_does_not_know_where_it_is_says_so),
	};

	if (sodium_init() < 0) {
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
