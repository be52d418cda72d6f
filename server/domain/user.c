/* Users and their roles. */
#include "server/domain/user.h"

#include <string.h>

#include "server/rpc/grants.h"
#include "server/rpc/password.h"
#include "server/rpc/people.h"
#include "server/rpc/refusal.h"
#include "server/rpc/session.h"
#include "server/rpc/words.h"
#include "inap/v1/user.pb-c.h"
#include "sql/user.h"

enum { ENTRY_LOCK, ENTRY_WRITE, ENTRY_SHOW, ENTRY_GRANTS };

static const struct bytes no_key = { NULL, 0 };

static struct bytes user_key(const struct request *r)
{
	return (struct bytes){ r->key, sizeof r->key };
}

static struct bytes user_body(const struct request *r)
{
	return (struct bytes){ r->body_hash, sizeof r->body_hash };
}

/* An empty string of the wire is "not given" here. */
static const char *given(const char *text)
{
	return *text ? text : NULL;
}

/* ---- users in replies */

static void show_send(struct request *r, const char *name, struct bytes key)
{
	sql_user_show(&r->unit, r->user_id, name, key);
	sql_user_show_grants(&r->unit, r->user_id, name, key);
}

/* The user of one row, whose grants begin at *grant; *grant moves behind them. */
static Inap__V1__User *user_message(struct request *r, unsigned entry, size_t at, size_t *grant)
{
	Inap__V1__User *user = request_alloc(r, sizeof *user);
	struct sql_user_show_row row;

	if (!user) {
		return NULL;
	}
	inap__v1__user__init(user);
	sql_user_show_row(&r->unit, entry, at, &row);
	user->user = words(row.name);
	user->name = words(row.display_name);
	user->home = words(row.home);
	user->disabled = row.disabled;
	user->enrolled = row.enrolled;
	user->last_login = words(row.last_login);
	user->roles = request_array(r, (size_t)row.grants + 1, sizeof *user->roles);
	for (int64_t i = 0; user->roles && i < row.grants; i++) {
		struct sql_user_show_grants_row g;

		sql_user_show_grants_row(&r->unit, entry + 1, (*grant)++, &g);
		user->roles[i] = grants_message(
			r, &(struct grant_words){ g.role, g.entity, g.jurisdiction, g.starts,
						  g.ends, g.basis, g.order_number, g.order_date });
		user->n_roles += user->roles[i] != NULL;
	}
	return user;
}

static enum step list_reply(struct request *r, unsigned entry)
{
	size_t rows = unit_rows(&r->unit, entry), grant = 0;
	Inap__V1__UserListReply *reply = request_alloc(r, sizeof *reply);
	Inap__V1__User **users = request_array(r, rows + 1, sizeof *users);

	if (!reply || !users) {
		return request_full(r);
	}
	inap__v1__user_list_reply__init(reply);
	for (size_t i = 0; i < rows; i++) {
		users[i] = user_message(r, entry, i, &grant);
		if (!users[i]) {
			return request_full(r);
		}
	}
	reply->users = users;
	reply->n_users = rows;
	return request_reply(r, &reply->base);
}

enum step user_list(struct request *r)
{
	enum { START, READ };
	const Inap__V1__UserList *in = request_body(r);
	const char *fault;

	switch (r->at) {
	case START:
		if (*in->user && !people_is_user(in->user)) {
			people_unknown(r, "user", in->user);
			return request_refuse(r);
		}
		sql_user_list(&r->unit, r->user_id, in->user);
		show_send(r, in->user, no_key);
		return request_send(r, READ);
	case READ:
		fault = unit_text(&r->unit, 0, 0, 0);
		return fault ? refusal_of(r, fault) : list_reply(r, 1);
	}
	return request_bug(r);
}

/* Every write: the lock, the statement that judges and writes, and the user as its entry tells. */
static enum step write_reply(struct request *r)
{
	const char *fault = unit_text(&r->unit, ENTRY_WRITE, 0, 0);
	Inap__V1__UserReply *reply;
	struct bytes receipt;
	size_t grant = 0;

	if (fault) {
		return refusal_of(r, fault);
	}
	reply = request_alloc(r, sizeof *reply);
	receipt = unit_bytea(&r->unit, ENTRY_WRITE, 0, 1);
	if (!reply) {
		return request_full(r);
	}
	inap__v1__user_reply__init(reply);
	reply->user = user_message(r, ENTRY_SHOW, 0, &grant);
	reply->receipt.data = (uint8_t *)(uintptr_t)receipt.data;
	reply->receipt.len = receipt.length;
	return request_reply(r, &reply->base);
}

static void write_begin(struct request *r)
{
	r->unit.context_write = "{0}"; /* all of it goes to the system's own chain */
	sql_user_lock(&r->unit);
}

/* ---- one-time codes */

static enum step code_reply(struct request *r, const char *user, const char *expires_at,
			    bool in_force)
{
	Inap__V1__UserCodeReply *reply = request_alloc(r, sizeof *reply);
	struct bytes receipt = unit_bytea(&r->unit, ENTRY_WRITE, 0, 3);

	if (!reply) {
		return request_full(r);
	}
	inap__v1__user_code_reply__init(reply);
	reply->user = words(user);
	/* A replay after the code was used or replaced: it was done, and there is no code to show.
	 */
	reply->code = in_force ? r->state : words("");
	reply->expires_at = in_force ? words(expires_at) : words("");
	reply->receipt.data = (uint8_t *)(uintptr_t)receipt.data;
	reply->receipt.len = receipt.length;
	return request_reply(r, &reply->base);
}

static bool add_check(struct request *r, const Inap__V1__UserAdd *in)
{
	if (!people_user_check(r, in->user)) {
		return false;
	}
	if (!*in->name) {
		return people_wrong(r, "name", "is missing");
	}
	if (!people_is_entity(in->home)) {
		return people_unknown(r, "entity", in->home);
	}
	return people_line_check(r, "name", in->name, DISPLAY_POINTS_MAX);
}

enum step user_add(struct request *r)
{
	enum { START, ADDED };
	const Inap__V1__UserAdd *in = request_body(r);
	uint8_t hash[PASSWORD_SHA256_BYTES];
	struct sql_user_add_row row;

	switch (r->at) {
	case START:
		if (!add_check(r, in)) {
			return request_refuse(r);
		}
		r->state = request_alloc(r, ENROL_CODE_BYTES);
		if (!r->state) {
			return request_full(r);
		}
		enrol_code_new(r->state, hash);
		write_begin(r);
		sql_user_add(&r->unit, r->user_id, in->user, in->name, in->home,
			     (struct bytes){ hash, sizeof hash }, user_key(r), user_body(r));
		return request_send(r, ADDED);
	case ADDED:
		sql_user_add_row(&r->unit, ENTRY_WRITE, 0, &row);
		return row.fault ? refusal_of(r, row.fault)
				 : code_reply(r, in->user, row.expires_at, row.in_force);
	}
	return request_bug(r);
}

enum step user_reset(struct request *r)
{
	enum { START, RESET };
	const Inap__V1__UserRef *in = request_body(r);
	uint8_t hash[PASSWORD_SHA256_BYTES];
	struct sql_user_reset_row row;

	switch (r->at) {
	case START:
		if (!people_is_user(in->user)) {
			people_unknown(r, "user", in->user);
			return request_refuse(r);
		}
		r->state = request_alloc(r, ENROL_CODE_BYTES);
		if (!r->state) {
			return request_full(r);
		}
		enrol_code_new(r->state, hash);
		write_begin(r);
		sql_user_reset(&r->unit, r->user_id, in->user, given(in->note),
			       (struct bytes){ hash, sizeof hash }, user_key(r), user_body(r));
		return request_send(r, RESET);
	case RESET:
		sql_user_reset_row(&r->unit, ENTRY_WRITE, 0, &row);
		return row.fault ? refusal_of(r, row.fault)
				 : code_reply(r, in->user, row.expires_at, row.in_force);
	}
	return request_bug(r);
}

/* ---- disable, enable */

static enum step user_switch(struct request *r)
{
	enum { START, SWITCHED };
	const Inap__V1__UserRef *in = request_body(r);

	switch (r->at) {
	case START:
		if (!people_is_user(in->user)) {
			people_unknown(r, "user", in->user);
			return request_refuse(r);
		}
		write_begin(r);
		sql_user_switch(&r->unit, r->user_id, r->method->name, in->user, given(in->note),
				user_key(r), user_body(r));
		show_send(r, in->user, user_key(r));
		return request_send(r, SWITCHED);
	case SWITCHED:
		return write_reply(r);
	}
	return request_bug(r);
}

enum step user_disable(struct request *r)
{
	return user_switch(r);
}

enum step user_enable(struct request *r)
{
	return user_switch(r);
}

/* ---- roles */

enum step role_grant(struct request *r)
{
	enum { START, GIVEN };
	const Inap__V1__RoleChange *in = request_body(r);
	const Inap__V1__Grant *grant = in->grant;

	switch (r->at) {
	case START:
		if (!people_role_check(r, in)) {
			return request_refuse(r);
		}
		write_begin(r);
		sql_role_give(&r->unit, r->user_id, r->method->name, in->user,
			      people_role_word((int)grant->role), grant->entity,
			      people_jurisdiction_word((int)grant->jurisdiction),
			      given(grant->from), given(grant->to),
			      grant->basis == INAP__V1__BASIS__BASIS_ACTING ? "acting" : "own",
			      grant->order_number, given(grant->order_date), given(in->note),
			      user_key(r), user_body(r));
		show_send(r, in->user, user_key(r));
		return request_send(r, GIVEN);
	case GIVEN:
		return write_reply(r);
	}
	return request_bug(r);
}

enum step role_revoke(struct request *r)
{
	enum { START, TAKEN };
	const Inap__V1__RoleChange *in = request_body(r);
	const Inap__V1__Grant *grant = in->grant;

	switch (r->at) {
	case START:
		if (!people_is_user(in->user)) {
			people_unknown(r, "user", in->user);
		} else if (!grant) {
			people_wrong(r, "grant", "is missing");
		} else if (people_scope_check(r, grant)) {
			write_begin(r);
			sql_role_take(&r->unit, r->user_id, in->user,
				      people_role_word((int)grant->role), grant->entity,
				      people_jurisdiction_word((int)grant->jurisdiction),
				      given(in->note), user_key(r), user_body(r));
			show_send(r, in->user, user_key(r));
			return request_send(r, TAKEN);
		}
		return request_refuse(r);
	case TAKEN:
		return write_reply(r);
	}
	return request_bug(r);
}

static bool delegate_check(struct request *r, const Inap__V1__RoleDelegate *in)
{
	if (!people_is_user(in->user)) {
		return people_unknown(r, "user", in->user);
	}
	if (!*in->until) {
		return people_wrong(r, "until", "is missing");
	}
	return people_date_check(r, in->until) &&
	       people_order_check(r, in->order_number, in->order_date);
}

enum step role_delegate(struct request *r)
{
	enum { START, GIVEN };
	const Inap__V1__RoleDelegate *in = request_body(r);

	switch (r->at) {
	case START:
		if (!delegate_check(r, in)) {
			return request_refuse(r);
		}
		write_begin(r);
		sql_role_give(&r->unit, r->user_id, r->method->name, in->user, "approver",
			      r->reach->entity, "", NULL, in->until, "delegated", in->order_number,
			      given(in->order_date), NULL, user_key(r), user_body(r));
		show_send(r, in->user, user_key(r));
		return request_send(r, GIVEN);
	case GIVEN:
		return write_reply(r);
	}
	return request_bug(r);
}
