/* Login, enrolment and a new password: two units, and between them a worker that hashes. */
#include "server/domain/login.h"

#include <string.h>

#include "server/rpc/password.h"
#include "server/rpc/rpc.h"
#include "inap/v1/session.pb-c.h"
#include "sql/login.h"

/* What login, enrol and passwd keep between their units. */
struct login {
	struct password_job job;
	const char *peer;
	int64_t user_id;
	bool matches; /* enrol: the code is right */
	uint8_t name_hash[PASSWORD_SHA256_BYTES];
	uint8_t code_hash[PASSWORD_SHA256_BYTES];
	uint8_t token[PASSWORD_SHA256_BYTES];
	uint8_t token_hash[PASSWORD_SHA256_BYTES];
};

static struct bytes sha256_bytes(const uint8_t hash[PASSWORD_SHA256_BYTES])
{
	return (struct bytes){ hash, PASSWORD_SHA256_BYTES };
}

static struct login *login_new(struct request *r, const char *name)
{
	const struct rpc_settings *settings = &r->rpc->settings;
	struct login *login = request_alloc(r, sizeof *login);

	if (!login) {
		return NULL;
	}
	r->state = login;
	password_job_init(&login->job, &(struct password_cost){ settings->password_passes,
								settings->password_memory_mib });
	login->peer = r->peer ? arena_strdup(&r->arena, connection_peer(r->peer->connection)) : "";
	sha256_of(name, strlen(name), login->name_hash);
	login_write_alone(r);
	return login;
}

static enum step login_delayed(struct request *r, int64_t seconds)
{
	error_set(&r->error, ERROR_LOGIN_DELAYED, NULL);
	error_argf(&r->error, "seconds", "%lld", (long long)seconds);
	return request_refuse(r);
}

static enum step login_hash(struct request *r, int next)
{
	struct login *login = r->state;
	enum step step = request_work(r, password_work, &login->job, next);

	if (step == STEP_DONE) {
		password_job_fini(&login->job); /* refused: nothing was hashed */
	}
	return step;
}

static enum step login_fail_send(struct request *r, const char *action, int next)
{
	struct login *login = r->state;

	request_unit_again(r);
	sql_auth_head_lock(&r->unit);
	sql_login_failed(&r->unit, login->user_id, sha256_bytes(login->name_hash), action,
			 r->user_id, login->peer);
	return request_send(r, next);
}

/* Right or wrong, what came while attempts are not judged is told to wait. */
static enum step login_fail_reply(struct request *r)
{
	return unit_rows(&r->unit, 1) == 0 ? login_delayed(r, 1)
					   : request_fail(r, ERROR_LOGIN_FAILED, NULL);
}

/* After the lock and, at an enrolment, the new password. */
static enum step login_make_send(struct request *r, const char *hash, const char *action, int next)
{
	const struct rpc_settings *settings = &r->rpc->settings;
	struct login *login = r->state;
	struct bytes token;

	token_new(login->token, login->token_hash);
	token = sha256_bytes(login->token_hash);
	sql_session_make(&r->unit, login->user_id, hash, token, (int32_t)settings->absolute_hours,
			 (int32_t)settings->idle_minutes, login->peer, action);
	sql_session_show(&r->unit, token, 0, 0);
	sql_session_grants(&r->unit, token, 0);
	sql_session_reach(&r->unit, token, 0);
	return request_send(r, next);
}

/* entry: of session_make in the unit. */
static enum step login_make_reply(struct request *r, unsigned entry)
{
	struct login *login = r->state;
	Inap__V1__SessionLoginReply *reply;

	if (unit_rows(&r->unit, entry) == 0 || unit_rows(&r->unit, entry + 1) == 0) {
		return login_delayed(r, 1);
	}
	reply = request_alloc(r, sizeof *reply);
	if (!reply ||
	    (r->session && !session_load(r, r->session, entry + 1, entry + 2, entry + 3))) {
		return request_full(r);
	}
	inap__v1__session_login_reply__init(reply);
	reply->token.data = login->token;
	reply->token.len = sizeof login->token;
	reply->state = login_state(r, entry + 1, entry + 2);
	return request_reply(r, &reply->base);
}

enum step session_login(struct request *r)
{
	enum { START, READ, VERIFIED, FAILED, MADE };
	const Inap__V1__SessionLogin *in = request_body(r);
	struct login *login = r->state;
	struct sql_login_user_row row;

	switch (r->at) {
	case START:
		if (*in->otp) {
			return request_fail(r, ERROR_BAD_ARGUMENT, "field", "otp", "why",
					    "one-time codes are not in force", NULL);
		}
		login = login_new(r, in->user);
		if (!login) {
			return request_full(r);
		}
		sql_login_user(&r->unit, in->user, sha256_bytes(login->name_hash));
		return request_send(r, READ);
	case READ:
		sql_login_user_row(&r->unit, 0, 0, &row);
		login->user_id = row.user_id;
		if (row.delay_s > 0) {
			password_forget(in->password);
			return login_delayed(r, row.delay_s);
		}
		password_job_verify(&login->job, row.password_hash, in->password);
		password_forget(in->password);
		return login_hash(r, VERIFIED);
	case VERIFIED:
		password_job_fini(&login->job);
		if (!login->job.matches) {
			return login_fail_send(r, "login.failed", FAILED);
		}
		request_unit_again(r);
		sql_auth_head_lock(&r->unit);
		return login_make_send(r, login->job.stored, "login", MADE);
	case FAILED:
		return login_fail_reply(r);
	case MADE:
		return login_make_reply(r, 1);
	}
	return request_bug(r);
}

/* A weak password is refused before anything is read: the refusal tells nothing of the user. */
static enum step enrol_start(struct request *r, const Inap__V1__SessionEnrol *in, int next)
{
	const char *why = password_refused(in->password, in->user);
	struct login *login;

	if (why) {
		password_forget(in->password);
		return request_fail(r, ERROR_PASSWORD_WEAK, "why", why, NULL);
	}
	login = login_new(r, in->user);
	if (!login) {
		return request_full(r);
	}
	if (!enrol_code_hash(in->code, login->code_hash)) {
		memset(login->code_hash, 0, sizeof login->code_hash); /* nobody's */
	}
	password_forget(in->code);
	sql_enrol_user(&r->unit, in->user, sha256_bytes(login->name_hash),
		       sha256_bytes(login->code_hash));
	return request_send(r, next);
}

enum step session_enrol(struct request *r)
{
	enum { START, READ, HASHED, FAILED, MADE };
	const Inap__V1__SessionEnrol *in = request_body(r);
	struct login *login = r->state;
	struct sql_enrol_user_row row;

	switch (r->at) {
	case START:
		return enrol_start(r, in, READ);
	case READ:
		sql_enrol_user_row(&r->unit, 0, 0, &row);
		login->user_id = row.user_id;
		login->matches = row.matches;
		if (row.delay_s > 0) {
			password_forget(in->password);
			return login_delayed(r, row.delay_s);
		}
		password_job_make(&login->job, in->password);
		password_forget(in->password);
		return login_hash(r, HASHED);
	case HASHED:
		password_job_fini(&login->job);
		if (login->job.failed) {
			return request_fail(r, ERROR_BUSY, "seconds", "2", NULL);
		}
		if (!login->matches) {
			return login_fail_send(r, "enrol.failed", FAILED);
		}
		request_unit_again(r);
		sql_auth_head_lock(&r->unit);
		sql_enrol_set(&r->unit, login->user_id, sha256_bytes(login->code_hash),
			      login->job.made);
		return login_make_send(r, login->job.made, "enrol", MADE);
	case FAILED:
		return login_fail_reply(r);
	case MADE:
		return login_make_reply(r, 2);
	}
	return request_bug(r);
}

static enum step passwd_start(struct request *r, const Inap__V1__SessionPasswd *in, int next)
{
	const char *why = password_refused(in->new_password, r->session->user);
	struct login *login;

	if (!why && strcmp(in->old_password, in->new_password) == 0) {
		why = "it is the one you have";
	}
	if (why) {
		password_forget(in->old_password);
		password_forget(in->new_password);
		return request_fail(r, ERROR_PASSWORD_WEAK, "why", why, NULL);
	}
	login = login_new(r, r->session->user);
	if (!login) {
		return request_full(r);
	}
	login->user_id = r->user_id;
	sql_passwd_user(&r->unit, r->user_id);
	return request_send(r, next);
}

static enum step passwd_read(struct request *r, const Inap__V1__SessionPasswd *in, int next)
{
	struct login *login = r->state;
	struct sql_passwd_user_row row;
	enum step step = STEP_DONE;

	if (unit_rows(&r->unit, 0) == 0) {
		request_fail(r, ERROR_LOGIN_REQUIRED, NULL);
	} else {
		sql_passwd_user_row(&r->unit, 0, 0, &row);
		if (row.delay_s > 0) {
			login_delayed(r, row.delay_s);
		} else {
			password_job_verify(&login->job, row.password_hash, in->old_password);
			password_job_make(&login->job, in->new_password);
			step = login_hash(r, next);
		}
	}
	password_forget(in->old_password);
	password_forget(in->new_password);
	return step;
}

enum step session_passwd(struct request *r)
{
	enum { START, READ, HASHED, FAILED, SET };
	const Inap__V1__SessionPasswd *in = request_body(r);
	struct login *login = r->state;

	switch (r->at) {
	case START:
		return passwd_start(r, in, READ);
	case READ:
		return passwd_read(r, in, HASHED);
	case HASHED:
		password_job_fini(&login->job);
		if (login->job.failed) {
			return request_fail(r, ERROR_BUSY, "seconds", "2", NULL);
		}
		if (!login->job.matches) {
			return login_fail_send(r, "passwd.failed", FAILED);
		}
		request_unit_again(r);
		sql_auth_head_lock(&r->unit);
		sql_passwd_set(&r->unit, r->user_id, r->session_id, login->job.stored,
			       login->job.made);
		return request_send(r, SET);
	case FAILED:
		return login_fail_reply(r);
	case SET:
		return unit_rows(&r->unit, 1) == 0 ? login_delayed(r, 1) : login_reply_empty(r);
	}
	return request_bug(r);
}
