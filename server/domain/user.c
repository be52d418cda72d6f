/* Users and their roles. */
#include "server/domain/user.h"

#include <stdio.h>
#include <string.h>

#include "proto/enums.h"
#include "proto/text.h"
#include "server/rpc/grants.h"
#include "server/rpc/password.h"
#include "server/rpc/refusal.h"
#include "server/rpc/session.h"
#include "server/rpc/words.h"
#include "inap/v1/user.pb-c.h"
#include "sql/user.h"

enum { USER_BYTES_MIN = 2, USER_BYTES_MAX = 31, DISPLAY_POINTS_MAX = 200, ORDER_POINTS_MAX = 100 };
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

/* ---- what is refused before anything is asked of the store */

/* One letter of the first kind, then 1 to 30 of it, of digits or hyphens: the CHECKs of the schema.
 */
static bool name_holds(const char *name, char first, char last)
{
	size_t length = strlen(name);

	if (length < USER_BYTES_MIN || length > USER_BYTES_MAX || name[0] < first ||
	    name[0] > last) {
		return false;
	}
	for (const char *c = name; *c; c++) {
		if (!((*c >= first && *c <= last) || (*c >= '0' && *c <= '9') || *c == '-')) {
			return false;
		}
	}
	return true;
}

static bool is_user(const char *name)
{
	return name_holds(name, 'a', 'z');
}

static bool is_entity(const char *code)
{
	return name_holds(code, 'A', 'Z');
}

static bool wrong(struct request *r, const char *field, const char *why)
{
	return error_set(&r->error, ERROR_BAD_ARGUMENT, "field", field, "why", why, NULL);
}

static bool unknown(struct request *r, const char *what, const char *name)
{
	return error_set(&r->error, ERROR_NOT_FOUND, "what", what, "name", name, NULL);
}

static bool line_check(struct request *r, const char *field, const char *text, size_t points_max)
{
	struct text_rule rule = { .points_max = points_max };
	enum text_fault fault = text_check(text, strlen(text), &rule);

	return fault == TEXT_OK || error_set(&r->error, ERROR_BAD_TEXT, "field", field, "why",
					     text_reason(fault), NULL);
}

static int days_in(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

/* YYYY-MM-DD, or empty: not given. */
static bool date_check(struct request *r, const char *text)
{
	int year, month, day;
	char again[40];

	if (!*text) {
		return true;
	}
	if (strlen(text) == 10 && sscanf(text, "%4d-%2d-%2d", &year, &month, &day) == 3 &&
	    year >= 1900 && month >= 1 && month <= 12 && day >= 1 && day <= days_in(year, month)) {
		snprintf(again, sizeof again, "%04d-%02d-%02d", year, month, day);
		if (strcmp(again, text) == 0) {
			return true;
		}
	}
	return error_set(&r->error, ERROR_DATE_BAD, "text", text, NULL);
}

/* A role wants just its own kind of scope. */
static bool scope_check(struct request *r, const Inap__V1__Grant *grant)
{
	unsigned role = 1u << grant->role;
	bool entity = *grant->entity != '\0';
	bool jurisdiction = grant->jurisdiction != INAP__V1__JURISDICTION__JURISDICTION_UNSPECIFIED;
	bool wants_entity = role & (ROLE_BIT_FOCAL_POINT | ROLE_BIT_APPROVER);

	if (grant->role == INAP__V1__ROLE__ROLE_UNSPECIFIED) {
		return wrong(r, "grant.role", "is missing");
	}
	if (entity != wants_entity) {
		return wrong(r, "grant.entity",
			     entity ? "this role has no entity" : "this role wants an entity");
	}
	if (grant->jurisdiction == INAP__V1__JURISDICTION__JURISDICTION_IRAQ) {
		return wrong(r, "grant.jurisdiction", "federal, kurdistan or none");
	}
	if (role & ROLE_BIT_COORDINATOR ? !jurisdiction
					: jurisdiction && !(role & ROLE_BIT_ADMIN)) {
		return wrong(r, "grant.jurisdiction",
			     jurisdiction ? "this role has no jurisdiction"
					  : "this role wants a jurisdiction");
	}
	if (entity && !is_entity(grant->entity)) {
		return unknown(r, "entity", grant->entity);
	}
	return true;
}

static bool order_check(struct request *r, const char *number, const char *date)
{
	return line_check(r, "order_number", number, ORDER_POINTS_MAX) && date_check(r, date);
}

static bool basis_check(struct request *r, const Inap__V1__Grant *grant)
{
	if (grant->basis == INAP__V1__BASIS__BASIS_DELEGATED) {
		return wrong(r, "grant.basis", "an approver delegates with role.delegate");
	}
	if (grant->basis == INAP__V1__BASIS__BASIS_ACTING &&
	    (!*grant->order_number || !*grant->order_date)) {
		return wrong(r, "grant.order_number",
			     "acting wants the number and the date of the order");
	}
	return order_check(r, grant->order_number, grant->order_date);
}

static bool role_check(struct request *r, const Inap__V1__RoleChange *in)
{
	const Inap__V1__Grant *grant = in->grant;

	if (!is_user(in->user)) {
		return unknown(r, "user", in->user);
	}
	if (!grant) {
		return wrong(r, "grant", "is missing");
	}
	if (!scope_check(r, grant) || !date_check(r, grant->from) || !date_check(r, grant->to) ||
	    !basis_check(r, grant)) {
		return false;
	}
	if (*grant->from && *grant->to && strcmp(grant->to, grant->from) < 0) {
		return wrong(r, "grant.to", "ends before it begins");
	}
	return true;
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
		if (*in->user && !is_user(in->user)) {
			unknown(r, "user", in->user);
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
	if (!is_user(in->user)) {
		return wrong(r, "user",
			     "a small letter, then 1 to 30 small letters, digits or hyphens");
	}
	if (!*in->name) {
		return wrong(r, "name", "is missing");
	}
	if (!is_entity(in->home)) {
		return unknown(r, "entity", in->home);
	}
	return line_check(r, "name", in->name, DISPLAY_POINTS_MAX);
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
		if (!is_user(in->user)) {
			unknown(r, "user", in->user);
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
		if (!is_user(in->user)) {
			unknown(r, "user", in->user);
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

static const char *role_word(int role)
{
	return proto_enum_text(&inap__v1__role__descriptor, role);
}

static const char *jurisdiction_word(int jurisdiction)
{
	const char *word = proto_enum_text(&inap__v1__jurisdiction__descriptor, jurisdiction);

	return word ? word : "";
}

enum step role_grant(struct request *r)
{
	enum { START, GIVEN };
	const Inap__V1__RoleChange *in = request_body(r);
	const Inap__V1__Grant *grant = in->grant;

	switch (r->at) {
	case START:
		if (!role_check(r, in)) {
			return request_refuse(r);
		}
		write_begin(r);
		sql_role_give(&r->unit, r->user_id, r->method->name, in->user,
			      role_word((int)grant->role), grant->entity,
			      jurisdiction_word((int)grant->jurisdiction), given(grant->from),
			      given(grant->to),
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
		if (!is_user(in->user)) {
			unknown(r, "user", in->user);
		} else if (!grant) {
			wrong(r, "grant", "is missing");
		} else if (scope_check(r, grant)) {
			write_begin(r);
			sql_role_take(&r->unit, r->user_id, in->user, role_word((int)grant->role),
				      grant->entity, jurisdiction_word((int)grant->jurisdiction),
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
	if (!is_user(in->user)) {
		return unknown(r, "user", in->user);
	}
	if (!*in->until) {
		return wrong(r, "until", "is missing");
	}
	return date_check(r, in->until) && order_check(r, in->order_number, in->order_date);
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
