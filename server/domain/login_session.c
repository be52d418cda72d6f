/* Sessions: taken up, looked at, ended; how they lie in memory; what the daemon does for them by
 * itself. */
#include "server/domain/login.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/enums.h"
#include "server/base/clock.h"
#include "server/rpc/grants.h"
#include "server/rpc/password.h"
#include "server/rpc/refusal.h"
#include "server/rpc/rpc.h"
#include "server/rpc/words.h"
#include "server/store/array.h"
#include "sql/login.h"

enum { TOUCH_MS = 60 * 1000, LOOKBACK_S = 10 };
enum {
	WRITING_ROLES = ROLE_BIT_FOCAL_POINT | ROLE_BIT_APPROVER | ROLE_BIT_COORDINATOR |
			ROLE_BIT_SECRETARIAT
};

static const struct bytes no_token = { NULL, 0 };

static void load_roles(struct request *r, struct session *session, unsigned entry_grants)
{
	for (size_t i = 0; i < unit_rows(&r->unit, entry_grants); i++) {
		struct sql_session_grants_row row;
		unsigned bits;

		sql_session_grants_row(&r->unit, entry_grants, i, &row);
		bits = grants_roles(row.role);
		session->roles |= bits;
		if (!*row.entity && !*row.jurisdiction) {
			session->national_roles |= bits;
		}
	}
}

/* The entities in reach, and with them the contexts that fence the session's units. */
static bool load_reach(struct request *r, struct session *session, unsigned entry_reach)
{
	size_t rows = unit_rows(&r->unit, entry_reach);
	struct array may_read, may_write;
	const char *read_literal, *write_literal;

	session->reach =
		rows <= SESSION_REACH_MAX ? calloc(rows + 1, sizeof *session->reach) : NULL;
	if (!session->reach) {
		return false;
	}
	array_begin(&may_read, &r->arena);
	array_begin(&may_write, &r->arena);
	if (session->roles & (ROLE_BIT_SECRETARIAT | ROLE_BIT_ADMIN)) {
		array_add_bigint(&may_write, 0);
	}
	for (size_t i = 0; i < rows; i++) {
		struct reach *reach = &session->reach[i];
		struct sql_session_reach_row row;

		sql_session_reach_row(&r->unit, entry_reach, i, &row);
		reach->entity_id = row.entity_id;
		snprintf(reach->entity, sizeof reach->entity, "%s", row.entity);
		reach->roles = grants_roles(row.roles);
		reach->jurisdiction =
			proto_enum_value(&inap__v1__jurisdiction__descriptor, row.jurisdiction);
		array_add_bigint(&may_read, row.entity_id);
		if (reach->roles & WRITING_ROLES) {
			array_add_bigint(&may_write, row.entity_id);
		}
	}
	session->reach_count = rows;
	read_literal = array_end(&may_read);
	write_literal = array_end(&may_write);
	session->context_read = read_literal ? strdup(read_literal) : NULL;
	session->context_write = write_literal ? strdup(write_literal) : NULL;
	return session->context_read && session->context_write;
}

bool session_load(struct request *r, struct session *session, unsigned entry_show,
		  unsigned entry_grants, unsigned entry_reach)
{
	struct session fresh = { .used_ms = session->used_ms, .touched_ms = session->touched_ms };
	struct sql_session_show_row row;

	sql_session_show_row(&r->unit, entry_show, 0, &row);
	fresh.session_id = row.session_id;
	fresh.user_id = row.user_id;
	snprintf(fresh.user, sizeof fresh.user, "%s", row.name);
	fresh.home_entity_id = row.home_entity_id;
	fresh.expires_ms = row.expires_ms;
	load_roles(r, &fresh, entry_grants);
	if (!load_reach(r, &fresh, entry_reach)) {
		session_fini(&fresh);
		return false;
	}
	if (fresh.used_ms == 0) {
		fresh.used_ms = fresh.touched_ms = clock_ms();
	}
	session_fini(session);
	*session = fresh;
	return true;
}

/* Who is logged in, from the rows of session_show and session_grants. */
Inap__V1__SessionState *login_state(struct request *r, unsigned entry_show, unsigned entry_grants)
{
	size_t grants = unit_rows(&r->unit, entry_grants);
	Inap__V1__SessionState *state = request_alloc(r, sizeof *state);
	struct sql_session_show_row row;

	if (!state) {
		return NULL;
	}
	inap__v1__session_state__init(state);
	sql_session_show_row(&r->unit, entry_show, 0, &row);
	state->user = words(row.name);
	state->name = words(row.display_name);
	state->home = words(row.home);
	state->expires_at = words(row.expires_at);
	state->last_login = words(row.last_login);
	state->failures_since = (uint32_t)row.failures_since;
	state->grants = request_array(r, grants + 1, sizeof *state->grants);
	for (size_t i = 0; state->grants && i < grants; i++) {
		struct sql_session_grants_row grant;

		sql_session_grants_row(&r->unit, entry_grants, i, &grant);
		state->grants[i] = grants_message(
			r, &(struct grant_words){ grant.role, grant.entity, grant.jurisdiction,
						  grant.starts, grant.ends, grant.basis,
						  grant.order_number, grant.order_date });
		state->n_grants += state->grants[i] != NULL;
	}
	return state;
}

enum step login_reply_empty(struct request *r)
{
	Inap__V1__Empty *reply = request_alloc(r, sizeof *reply);

	if (!reply) {
		return request_full(r);
	}
	inap__v1__empty__init(reply);
	return request_reply(r, &reply->base);
}

void login_write_alone(struct request *r)
{
	r->unit.context_write = "{0}";
	r->unit.once = true;
}

enum step session_resume(struct request *r)
{
	enum { START, READ };
	const Inap__V1__SessionResume *in = request_body(r);
	int32_t idle = (int32_t)r->rpc->settings.idle_minutes;
	uint8_t hash[PASSWORD_SHA256_BYTES];
	struct bytes token = { hash, sizeof hash };

	switch (r->at) {
	case START:
		if (in->token.len != PASSWORD_SHA256_BYTES) {
			return request_fail(r, ERROR_BAD_ARGUMENT, "field", "token", "why",
					    "a token has 32 bytes", NULL);
		}
		sha256_of(in->token.data, in->token.len, hash);
		sql_session_use(&r->unit, token, idle);
		sql_session_show(&r->unit, token, 0, idle);
		sql_session_grants(&r->unit, token, 0);
		sql_session_reach(&r->unit, token, 0);
		return request_send(r, READ);
	case READ:
		if (unit_rows(&r->unit, 1) == 0) {
			return request_fail(r, ERROR_LOGIN_REQUIRED, NULL);
		}
		if (r->session && !session_load(r, r->session, 1, 2, 3)) {
			return request_full(r);
		}
		return request_reply(r, (const ProtobufCMessage *)login_state(r, 1, 2));
	}
	return request_bug(r);
}

enum step session_whoami(struct request *r)
{
	enum { START, READ };

	switch (r->at) {
	case START:
		sql_session_show(&r->unit, no_token, r->session_id, 0);
		sql_session_grants(&r->unit, no_token, r->session_id);
		return request_send(r, READ);
	case READ:
		if (unit_rows(&r->unit, 0) == 0) {
			return request_fail(r, ERROR_LOGIN_REQUIRED, NULL);
		}
		return request_reply(r, (const ProtobufCMessage *)login_state(r, 0, 1));
	}
	return request_bug(r);
}

enum step session_refresh(struct request *r)
{
	enum { START, READ };

	switch (r->at) {
	case START:
		sql_session_show(&r->unit, no_token, r->session_id, 0);
		sql_session_grants(&r->unit, no_token, r->session_id);
		sql_session_reach(&r->unit, no_token, r->session_id);
		return request_send(r, READ);
	case READ:
		if (unit_rows(&r->unit, 0) == 0) {
			return request_fail(r, ERROR_LOGIN_REQUIRED, NULL);
		}
		if (r->session && !session_load(r, r->session, 0, 1, 2)) {
			return request_full(r);
		}
		return STEP_DONE;
	}
	return request_bug(r);
}

enum step session_logout(struct request *r)
{
	enum { START, ENDED };

	switch (r->at) {
	case START:
		login_write_alone(r);
		sql_auth_head_lock(&r->unit);
		sql_session_end(&r->unit, r->user_id, r->session_id);
		return request_send(r, ENDED);
	case ENDED:
		if (r->session) {
			session_fini(r->session);
		}
		return login_reply_empty(r);
	}
	return request_bug(r);
}

static enum step list_reply(struct request *r, unsigned entry)
{
	size_t rows = unit_rows(&r->unit, entry);
	Inap__V1__SessionListReply *reply = request_alloc(r, sizeof *reply);
	Inap__V1__SessionEntry *entries = request_array(r, rows + 1, sizeof *entries);
	Inap__V1__SessionEntry **list = request_array(r, rows + 1, sizeof *list);

	if (!reply || !entries || !list) {
		return request_full(r);
	}
	inap__v1__session_list_reply__init(reply);
	for (size_t i = 0; i < rows; i++) {
		struct sql_session_list_row row;

		sql_session_list_row(&r->unit, entry, i, &row);
		inap__v1__session_entry__init(&entries[i]);
		entries[i].id = (uint64_t)row.id;
		entries[i].user = words(row.name);
		entries[i].created_at = words(row.created_at);
		entries[i].last_used = words(row.last_used);
		entries[i].expires_at = words(row.expires_at);
		entries[i].peer = words(row.peer);
		entries[i].this_one = row.this_one;
		list[i] = &entries[i];
	}
	reply->sessions = list;
	reply->n_sessions = rows;
	return request_reply(r, &reply->base);
}

enum step session_list(struct request *r)
{
	enum { START, READ };
	const Inap__V1__SessionList *in = request_body(r);
	const char *fault;

	switch (r->at) {
	case START:
		sql_session_judge(&r->unit, r->user_id, r->method->name, in->user);
		sql_session_list(&r->unit, r->user_id, r->session_id, in->user,
				 (int32_t)r->rpc->settings.idle_minutes);
		return request_send(r, READ);
	case READ:
		fault = unit_text(&r->unit, 0, 0, 0);
		return fault ? refusal_of(r, fault) : list_reply(r, 1);
	}
	return request_bug(r);
}

static enum step revoke_reply(struct request *r)
{
	Inap__V1__SessionRevokeReply *reply = request_alloc(r, sizeof *reply);
	struct sql_session_revoke_row row;

	sql_session_revoke_row(&r->unit, 1, 0, &row);
	if (row.fault) {
		return refusal_of(r, row.fault);
	}
	if (!reply) {
		return request_full(r);
	}
	if (row.this_one && r->session) {
		session_fini(r->session);
	}
	inap__v1__session_revoke_reply__init(reply);
	reply->revoked = (uint32_t)row.revoked;
	return request_reply(r, &reply->base);
}

enum step session_revoke(struct request *r)
{
	enum { START, ENDED };
	const Inap__V1__SessionRevoke *in = request_body(r);

	switch (r->at) {
	case START:
		if (in->id > INT64_MAX) {
			return request_fail(r, ERROR_BAD_ARGUMENT, "field", "id", "why",
					    "no session has such a number", NULL);
		}
		login_write_alone(r);
		sql_auth_head_lock(&r->unit);
		sql_session_revoke(&r->unit, r->user_id, r->session_id, in->user, (int64_t)in->id);
		return request_send(r, ENDED);
	case ENDED:
		return revoke_reply(r);
	}
	return request_bug(r);
}

/* ---- the daemon's own */

/* The sessions that spoke since the database was last told; "{}" for none. */
static const char *poll_touched(struct request *r)
{
	const struct list_node *peers = &r->rpc->peers;
	struct array ids;

	array_begin(&ids, &r->arena);
	for (struct list_node *node = list_first(peers); node; node = list_next(peers, node)) {
		struct session *session = &LIST_OWNER(node, struct peer, node)->session;

		if (session->session_id && session->used_ms - session->touched_ms > TOUCH_MS) {
			session->touched_ms = session->used_ms;
			array_add_bigint(&ids, session->session_id);
		}
	}
	return array_end(&ids);
}

static void poll_read(struct request *r)
{
	for (size_t i = 0; i < unit_rows(&r->unit, 0); i++) {
		struct sql_session_changes_row row;

		sql_session_changes_row(&r->unit, 0, i, &row);
		rpc_session_changed(r->rpc, row.change_id, row.user_id, row.session_id);
	}
	r->rpc->changes_read_ms = clock_ms();
}

enum step session_poll(struct request *r)
{
	enum { START, READ };
	int64_t since_ms = r->rpc->changes_read_ms ? clock_ms() - r->rpc->changes_read_ms : 0;
	const char *touched;

	switch (r->at) {
	case START:
		touched = poll_touched(r);
		sql_session_changes(&r->unit, (int32_t)(since_ms / 1000) + LOOKBACK_S);
		if (touched && strcmp(touched, "{}") != 0) {
			sql_session_touch(&r->unit, touched);
		}
		return request_send(r, READ);
	case READ:
		poll_read(r);
		return STEP_DONE;
	}
	return request_bug(r);
}

enum step session_first_admin(struct request *r)
{
	enum { START, MADE };
	char *code = r->state;
	uint8_t hash[PASSWORD_SHA256_BYTES];

	switch (r->at) {
	case START:
		code = r->state = request_alloc(r, ENROL_CODE_BYTES);
		if (!code) {
			return request_full(r);
		}
		enrol_code_new(code, hash);
		sql_first_admin(&r->unit, (struct bytes){ hash, sizeof hash });
		return request_send(r, MADE);
	case MADE:
		if (!unit_boolean(&r->unit, 0, 0, 0)) {
			return request_fail(r, ERROR_EXISTS, "what", "user", "name", "admin", NULL);
		}
		puts(code);
		password_forget(code);
		return STEP_DONE;
	}
	return request_bug(r);
}
