/* Login, enrolment and a new password, step by step. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <sodium.h>

#include "server/domain/login.h"
#include "server/rpc/password.h"
#include "tests/unit/step.h"

static const char right[] = "violet anvil tumbles";
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

/* A hash of `right`, with fake_rows' own signs taken as they stand. */
static const char *stored(void)
{
	static char escaped[2 * PASSWORD_HASH_BYTES];
	struct password_job job;
	char *out = escaped;

	password_job_init(&job, &(struct password_cost){ 1, 1 });
	password_job_make(&job, right);
	password_work(&job);
	for (const char *c = job.made; *c; c++) {
		if (*c == ',') {
			*out++ = '\\';
		}
		*out++ = *c;
	}
	*out = '\0';
	return escaped;
}

struct login_body {
	Inap__V1__SessionLogin message;
	char password[64];
};

static void login_as(struct step_fixture *f, struct login_body *body, const char *password)
{
	inap__v1__session_login__init(&body->message);
	snprintf(body->password, sizeof body->password, "%s", password);
	body->message.user = (char *)(uintptr_t) "moi-focal";
	body->message.password = body->password;
	f->session = (struct session){ 0 };
	step_begin(f, METHOD_SESSION_LOGIN, session_login, &body->message);
}

static void login_read(struct step_fixture *f, int user_id, const char *hash, int delay_s)
{
	char row[400];

	assert_string_equal(step_sent(f), "login_user");
	snprintf(row, sizeof row, "user_id=%d,password_hash=%s,delay_s=%d", user_id, hash, delay_s);
	fake_rows(&f->r.unit, 0, row);
	step_on(f);
}

static void the_right_password_makes_a_session(void **state)
{
	struct step_fixture *f = *state;
	const Inap__V1__SessionLoginReply *reply;
	struct login_body body;
	uint8_t hash[32];

	login_as(f, &body, right);
	login_read(f, 9, stored(), 0);
	assert_string_equal(body.password, ""); /* what was typed is gone */
	step_work(f);
	assert_string_equal(
		step_sent(f),
		"auth_head_lock session_make session_show session_grants session_reach");
	assert_string_equal(f->r.unit.context_write, "{0}");
	assert_true(f->r.unit.once);
	assert_string_equal(fake_parameter(&f->r.unit, 1, 0), "9");
	assert_string_equal(fake_parameter(&f->r.unit, 1, 3), "12");
	assert_string_equal(fake_parameter(&f->r.unit, 1, 6), "login");
	memcpy(hash, fake_parameter(&f->r.unit, 1, 2), sizeof hash);
	fake_rows(&f->r.unit, 1, "session_id=71,receipt=\\\\x00");
	fake_rows(&f->r.unit, 2, shown);
	fake_rows(&f->r.unit, 3, granted);
	fake_rows(&f->r.unit, 4, reached);
	step_on(f);
	reply = step_reply(f, &inap__v1__session_login_reply__descriptor);
	assert_int_equal(reply->token.len, 32);
	sha256_of(reply->token.data, 32, f->r.body_hash);
	assert_memory_equal(f->r.body_hash, hash, sizeof hash); /* only its hash was stored */
	assert_string_equal(reply->state->user, "moi-focal");
	assert_string_equal(reply->state->home, "FED-MOI");
	assert_string_equal(reply->state->last_login, "2025-12-31T08:00:00Z");
	assert_int_equal(reply->state->failures_since, 2);
	assert_int_equal(reply->state->n_grants, 2);
	assert_int_equal(reply->state->grants[1]->role, INAP__V1__ROLE__ROLE_NATIONAL_TEAM);
	assert_int_equal(reply->state->grants[1]->basis, INAP__V1__BASIS__BASIS_ACTING);
	assert_int_equal(f->session.session_id, 71);
	assert_int_equal(f->session.user_id, 9);
	assert_int_equal(f->worked, 1);
}

/* What a wrong password, an unknown user and a disabled one have in common: everything. */
static void failed_login(struct step_fixture *f, int user_id, const char *hash)
{
	struct login_body body;

	login_as(f, &body, "violet anvil tumbled");
	login_read(f, user_id, hash, 0);
	step_work(f);
	assert_string_equal(step_sent(f), "auth_head_lock login_failed");
	assert_string_equal(fake_parameter(&f->r.unit, 1, 2), "login.failed");
	assert_string_equal(fake_parameter(&f->r.unit, 1, 3), "0");
	fake_rows(&f->r.unit, 1, "failures=1,receipt=\\\\x00");
	step_on(f);
	step_refused(f, ERROR_LOGIN_FAILED);
	assert_int_equal(f->r.error.count, 0);
	assert_int_equal(f->session.user_id, 0);
}

static void a_wrong_password_an_unknown_and_a_disabled_user_look_alike(void **state)
{
	struct step_fixture *f = *state;

	failed_login(f, 9, stored());
	assert_string_equal(fake_parameter(&f->r.unit, 1, 0), "9");
	failed_login(f, 0, "NULL");
	assert_string_equal(fake_parameter(&f->r.unit, 1, 0), "0");
	failed_login(f, 9, "NULL");
	assert_int_equal(f->worked, 3); /* argon2 ran each time */
}

static void a_delay_is_judged_before_anything_is_hashed(void **state)
{
	struct step_fixture *f = *state;
	struct login_body body;

	login_as(f, &body, right);
	login_read(f, 9, stored(), 64);
	step_refused(f, ERROR_LOGIN_DELAYED);
	step_argument(f, "seconds", "64");
	assert_int_equal(f->worked, 0);
	assert_string_equal(body.password, "");
}

static void in_a_burst_right_and_wrong_are_told_to_wait(void **state)
{
	struct step_fixture *f = *state;
	struct login_body body;

	login_as(f, &body, right);
	login_read(f, 9, stored(), 0);
	step_work(f);
	step_on(f); /* no row: attempts are not judged now */
	step_refused(f, ERROR_LOGIN_DELAYED);
	assert_int_equal(f->session.user_id, 0);
	login_as(f, &body, "violet anvil tumbled");
	login_read(f, 9, stored(), 0);
	step_work(f);
	step_on(f);
	step_refused(f, ERROR_LOGIN_DELAYED);
	step_argument(f, "seconds", "1");
}

static void no_worker_means_busy_and_no_secret_is_kept(void **state)
{
	struct step_fixture *f = *state;
	struct login_body body;
	const struct password_job *job;

	f->busy = true;
	login_as(f, &body, right);
	login_read(f, 9, stored(), 0);
	step_refused(f, ERROR_BUSY);
	job = f->r.job_argument;
	assert_int_equal(job->given[0], 0);
}

static void one_time_codes_are_not_in_force(void **state)
{
	struct step_fixture *f = *state;
	Inap__V1__SessionLogin body = INAP__V1__SESSION_LOGIN__INIT;

	body.otp = (char *)(uintptr_t) "123456";
	step_begin(f, METHOD_SESSION_LOGIN, session_login, &body);
	step_refused(f, ERROR_BAD_ARGUMENT);
	step_argument(f, "field", "otp");
}

struct enrol_body {
	Inap__V1__SessionEnrol message;
	char code[ENROL_CODE_BYTES];
	char password[64];
};

static void enrol_with(struct step_fixture *f, struct enrol_body *body, const char *password)
{
	inap__v1__session_enrol__init(&body->message);
	snprintf(body->password, sizeof body->password, "%s", password);
	body->message.user = (char *)(uintptr_t) "moi-focal";
	body->message.password = body->password;
	body->message.code = body->code;
	f->session = (struct session){ 0 };
	step_begin(f, METHOD_SESSION_ENROL, session_enrol, &body->message);
}

static void a_code_and_a_password_enrol(void **state)
{
	struct step_fixture *f = *state;
	struct enrol_body body;
	uint8_t hash[32];

	enrol_code_new(body.code, hash);
	enrol_with(f, &body, right);
	assert_string_equal(step_sent(f), "enrol_user");
	assert_memory_equal(fake_parameter(&f->r.unit, 0, 2), hash, sizeof hash);
	assert_string_equal(body.code, "");
	fake_rows(&f->r.unit, 0, "user_id=9,matches=t,delay_s=0");
	step_on(f);
	assert_string_equal(body.password, "");
	step_work(f);
	assert_string_equal(
		step_sent(f),
		"auth_head_lock enrol_set session_make session_show session_grants session_reach");
	assert_string_equal(fake_parameter(&f->r.unit, 1, 2), fake_parameter(&f->r.unit, 2, 1));
	assert_int_equal(
		crypto_pwhash_str_verify(fake_parameter(&f->r.unit, 1, 2), right, strlen(right)),
		0);
	assert_string_equal(fake_parameter(&f->r.unit, 2, 6), "enrol");
	fake_rows(&f->r.unit, 1, "user_id=9");
	fake_rows(&f->r.unit, 2, "session_id=71,receipt=\\\\x00");
	fake_rows(&f->r.unit, 3, shown);
	step_on(f);
	step_reply(f, &inap__v1__session_login_reply__descriptor);
	assert_int_equal(f->session.session_id, 71);
}

static void a_weak_password_is_refused_before_anything_is_read(void **state)
{
	struct step_fixture *f = *state;
	struct enrol_body body = { .code = "0000" };

	enrol_with(f, &body, "password12345678");
	step_refused(f, ERROR_PASSWORD_WEAK);
	assert_non_null(error_argument(&f->r.error, "why"));
	assert_string_equal(body.password, "");
}

static void a_wrong_code_costs_a_hash_and_counts(void **state)
{
	struct step_fixture *f = *state;
	struct enrol_body body = { .code = "no code at all" };

	enrol_with(f, &body, right);
	fake_rows(&f->r.unit, 0, "user_id=9,matches=f,delay_s=0");
	step_on(f);
	step_work(f);
	assert_string_equal(step_sent(f), "auth_head_lock login_failed");
	assert_string_equal(fake_parameter(&f->r.unit, 1, 2), "enrol.failed");
	fake_rows(&f->r.unit, 1, "failures=1,receipt=\\\\x00");
	step_on(f);
	step_refused(f, ERROR_LOGIN_FAILED);
	enrol_with(f, &body, right);
	fake_rows(&f->r.unit, 0, "user_id=0,matches=f,delay_s=2");
	step_on(f);
	step_refused(f, ERROR_LOGIN_DELAYED);
	assert_int_equal(f->worked, 1);
}

static void without_memory_to_hash_nothing_is_enrolled(void **state)
{
	struct step_fixture *f = *state;
	struct enrol_body body = { .code = "0000" };

	f->rpc.settings.password_passes = 0; /* libsodium refuses */
	enrol_with(f, &body, right);
	fake_rows(&f->r.unit, 0, "user_id=9,matches=t,delay_s=0");
	step_on(f);
	step_work(f);
	step_refused(f, ERROR_BUSY);
}

struct passwd_body {
	Inap__V1__SessionPasswd message;
	char before[64];
	char after[64];
};

static void passwd_with(struct step_fixture *f, struct passwd_body *body, const char *before,
			const char *after)
{
	inap__v1__session_passwd__init(&body->message);
	snprintf(body->before, sizeof body->before, "%s", before);
	snprintf(body->after, sizeof body->after, "%s", after);
	body->message.old_password = body->before;
	body->message.new_password = body->after;
	step_begin(f, METHOD_SESSION_PASSWD, session_passwd, &body->message);
}

static void passwd_read(struct step_fixture *f, const char *hash, int delay_s)
{
	char row[400];

	assert_string_equal(step_sent(f), "passwd_user");
	snprintf(row, sizeof row, "name=moi-focal,password_hash=%s,delay_s=%d", hash, delay_s);
	fake_rows(&f->r.unit, 0, row);
	step_on(f);
}

static void a_new_password_replaces_the_one_that_was_verified(void **state)
{
	struct step_fixture *f = *state;
	struct passwd_body body;

	passwd_with(f, &body, right, "gentle copper rivers");
	passwd_read(f, stored(), 0);
	assert_string_equal(body.before, "");
	assert_string_equal(body.after, "");
	step_work(f);
	assert_string_equal(step_sent(f), "auth_head_lock passwd_set");
	assert_string_equal(fake_parameter(&f->r.unit, 1, 1), "70");
	assert_int_equal(
		crypto_pwhash_str_verify(fake_parameter(&f->r.unit, 1, 2), right, strlen(right)),
		0);
	assert_int_equal(crypto_pwhash_str_verify(fake_parameter(&f->r.unit, 1, 3),
						  "gentle copper rivers", 20),
			 0);
	fake_rows(&f->r.unit, 1, "ended=2,receipt=\\\\x00");
	step_on(f);
	step_reply(f, &inap__v1__empty__descriptor);
	assert_int_equal(f->worked, 1);
}

static void a_wrong_old_password_changes_nothing(void **state)
{
	struct step_fixture *f = *state;
	struct passwd_body body;

	passwd_with(f, &body, "not the old one", "gentle copper rivers");
	passwd_read(f, stored(), 0);
	step_work(f);
	assert_string_equal(step_sent(f), "auth_head_lock login_failed");
	assert_string_equal(fake_parameter(&f->r.unit, 1, 2), "passwd.failed");
	assert_string_equal(fake_parameter(&f->r.unit, 1, 3), "7");
	fake_rows(&f->r.unit, 1, "failures=1,receipt=\\\\x00");
	step_on(f);
	step_refused(f, ERROR_LOGIN_FAILED);
}

static void passwd_is_refused_where_it_may_not_be(void **state)
{
	struct step_fixture *f = *state;
	struct passwd_body body;

	passwd_with(f, &body, right, right);
	step_refused(f, ERROR_PASSWORD_WEAK);
	step_argument(f, "why", "it is the one you have");
	passwd_with(f, &body, right, "short");
	step_refused(f, ERROR_PASSWORD_WEAK);
	assert_string_equal(body.before, "");
	passwd_with(f, &body, right, "gentle copper rivers");
	passwd_read(f, stored(), 3);
	step_refused(f, ERROR_LOGIN_DELAYED);
	passwd_with(f, &body, right, "gentle copper rivers");
	step_on(f); /* disabled meanwhile: no row */
	step_refused(f, ERROR_LOGIN_REQUIRED);
	passwd_with(f, &body, right, "gentle copper rivers");
	passwd_read(f, stored(), 0);
	step_work(f);
	step_on(f); /* changed meanwhile: no row */
	step_refused(f, ERROR_LOGIN_DELAYED);
	assert_string_equal(body.after, "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_right_password_makes_a_session),
		TEST(a_wrong_password_an_unknown_and_a_disabled_user_look_alike),
		TEST(a_delay_is_judged_before_anything_is_hashed),
		TEST(in_a_burst_right_and_wrong_are_told_to_wait),
		TEST(no_worker_means_busy_and_no_secret_is_kept),
		TEST(one_time_codes_are_not_in_force),
		TEST(a_code_and_a_password_enrol),
		TEST(a_weak_password_is_refused_before_anything_is_read),
		TEST(a_wrong_code_costs_a_hash_and_counts),
		TEST(without_memory_to_hash_nothing_is_enrolled),
		TEST(a_new_password_replaces_the_one_that_was_verified),
		TEST(a_wrong_old_password_changes_nothing),
		TEST(passwd_is_refused_where_it_may_not_be),
	};

	if (sodium_init() < 0) {
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
