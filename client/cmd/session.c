/* inap enrol, login, logout, whoami, passwd, session: who is at the keyboard. */
#include <stdlib.h>
#include <string.h>

#include "client/app.h"
#include "client/cmd/ask.h"
#include "client/exchange.h"
#include "client/i18n.h"
#include "client/out/clock.h"
#include "client/out/json.h"
#include "client/out/value.h"
#include "client/out/view.h"

static json_t *state_json(const Inap__V1__SessionState *state)
{
	json_t *answer = json_object();

	json_put_text(answer, "user", state->user);
	json_put_text(answer, "name", state->name);
	json_put_text(answer, "home", state->home);
	json_object_set_new(answer, "roles", json_grants(state->grants, state->n_grants));
	json_put_text(answer, "expires_at", state->expires_at);
	json_put_maybe(answer, "last_login", state->last_login);
	json_put_number(answer, "failures_since", state->failures_since);
	return answer;
}

/* After a login: who, until when, and whether somebody else tried. */
static bool logged_in(struct app *app, const Inap__V1__SessionLoginReply *reply)
{
	struct pool *pool = &app->pool;
	const Inap__V1__SessionState *state = reply->state;

	if (reply->token.len != TOKEN_BYTES || !state)
		return fail_with(app, ERROR_UNSUPPORTED, "why", _("the login brought no token"),
				 NULL);
	if (!login_store(app, reply->token.data, state))
		return false;
	out_json(app, state_json(state));
	out_say(app, sentence(pool,
			      _("Logged in as {user} ({roles}). The login ends {at}. Do not enter "
				"classified information, names or addresses."),
			      "user", state->user, "roles",
			      grants_text(app, state->grants, state->n_grants), "at",
			      clock_moment(app, state->expires_at), NULL));
	if (state->last_login[0])
		out_say(app, sentence(pool, _("Last login {at}; failed logins since: {count}."),
				      "at", clock_moment(app, state->last_login), "count",
				      number_text(pool, state->failures_since), NULL));
	out_next(app, "inap todo");
	return true;
}

/* --user, else the profile's, else asked. */
static char *user_name(struct app *app)
{
	const char *user =
		app->options.given[OPT_USER] ? option_text(app, OPT_USER) : app->config.user;

	if (!user[0])
		user = ask_line(app, _("User:"), OPT_USER);
	return user ? pool_strdup(&app->pool, user) : NULL;
}

bool cmd_login(struct app *app)
{
	Inap__V1__SessionLogin request = INAP__V1__SESSION_LOGIN__INIT;
	ProtobufCMessage *message = NULL;
	const char *password;

	request.user = user_name(app);
	if (!request.user ||
	    !(password = ask_secret(app, _("Password:"), OPT_PASSWORD_FILE, false)))
		return false;
	request.password = pool_strdup(&app->pool, password);
	if (!exchange_call(app, METHOD_SESSION_LOGIN, &request.base, &message))
		return false;
	return logged_in(app, (const Inap__V1__SessionLoginReply *)message);
}

bool cmd_enrol(struct app *app)
{
	Inap__V1__SessionEnrol request = INAP__V1__SESSION_ENROL__INIT;
	ProtobufCMessage *message = NULL;
	const char *code, *password;

	request.user = user_name(app);
	if (!request.user || !(code = ask_secret(app, _("Code:"), OPT_CODE_FILE, false)) ||
	    !(password = ask_secret(app, _("New password:"), OPT_PASSWORD_FILE, true)))
		return false;
	request.code = pool_strdup(&app->pool, code);
	request.password = pool_strdup(&app->pool, password);
	if (!exchange_call(app, METHOD_SESSION_ENROL, &request.base, &message))
		return false;
	return logged_in(app, (const Inap__V1__SessionLoginReply *)message);
}

bool cmd_logout(struct app *app)
{
	Inap__V1__Empty request = INAP__V1__EMPTY__INIT;
	ProtobufCMessage *message = NULL;
	bool done = exchange_call(app, METHOD_SESSION_LOGOUT, &request.base, &message);

	/* A login that the server does not know any more is gone just as well. */
	if (!done && app->failure.code != ERROR_LOGIN_REQUIRED)
		return false;
	failure_clear(&app->failure);
	login_forget(app);
	out_json(app, json_object());
	out_say(app, _("Logged out."));
	return true;
}

bool cmd_whoami(struct app *app)
{
	Inap__V1__Empty request = INAP__V1__EMPTY__INIT;
	const Inap__V1__SessionState *state;
	ProtobufCMessage *message = NULL;
	const struct column columns[] = {
		{ "user", _("USER"), COLUMN_CODE },   { "home", _("HOME"), COLUMN_CODE },
		{ "roles", _("ROLES"), COLUMN_CODE }, { "expires_at", _("ENDS"), COLUMN_CODE },
		{ "name", _("NAME"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 5);

	if (!exchange_call(app, METHOD_SESSION_WHOAMI, &request.base, &message))
		return false;
	state = (const Inap__V1__SessionState *)message;
	out_json(app, state_json(state));
	view_code(view, state->user);
	view_code(view, state->home);
	view_code(view, grants_text(app, state->grants, state->n_grants));
	view_time(view, state->expires_at);
	view_text(view, state->name);
	out_view(app, view);
	return true;
}

/* The old password may come from the first line of standard input too, the new one from the second.
 */
bool cmd_passwd(struct app *app)
{
	Inap__V1__SessionPasswd request = INAP__V1__SESSION_PASSWD__INIT;
	ProtobufCMessage *message = NULL;
	const char *before, *after;

	before = ask_secret(app, _("Password now:"), OPT_PASSWORD_FILE, false);
	if (!before)
		return false;
	after = ask_secret(app, _("New password:"), OPT_NEW_PASSWORD_FILE, true);
	if (!after)
		return false;
	request.old_password = pool_strdup(&app->pool, before);
	request.new_password = pool_strdup(&app->pool, after);
	if (!exchange_call(app, METHOD_SESSION_PASSWD, &request.base, &message))
		return false;
	out_json(app, json_object());
	out_say(app, _("The password is changed; your other logins have ended."));
	return true;
}

static json_t *session_json(const Inap__V1__SessionEntry *session)
{
	json_t *one = json_object();

	json_put_number(one, "id", session->id);
	json_put_text(one, "user", session->user);
	json_put_text(one, "created_at", session->created_at);
	json_put_text(one, "last_used", session->last_used);
	json_put_text(one, "expires_at", session->expires_at);
	json_put_text(one, "peer", session->peer);
	json_put_bool(one, "this_one", session->this_one);
	return one;
}

bool cmd_session_list(struct app *app)
{
	const struct column columns[] = {
		{ "id", _("ID"), COLUMN_NUMBER },
		{ "user", _("USER"), COLUMN_CODE },
		{ "created_at", _("SINCE"), COLUMN_CODE },
		{ "last_used", _("LAST USED"), COLUMN_CODE },
		{ "expires_at", _("ENDS"), COLUMN_CODE },
		{ "this_one", _("THIS ONE"), COLUMN_CODE },
		{ "peer", _("PLACE"), COLUMN_CODE },
	};
	struct view *view = view_new(app, columns, 7);
	Inap__V1__SessionList request = INAP__V1__SESSION_LIST__INIT;
	const Inap__V1__SessionListReply *reply;
	ProtobufCMessage *message = NULL;
	json_t *list;

	request.user = pool_strdup(&app->pool, option_text(app, OPT_USER));
	if (!exchange_call(app, METHOD_SESSION_LIST, &request.base, &message))
		return false;
	reply = (const Inap__V1__SessionListReply *)message;
	list = json_array();
	for (size_t i = 0; i < reply->n_sessions; i++) {
		const Inap__V1__SessionEntry *session = reply->sessions[i];

		json_array_append_new(list, session_json(session));
		view_code(view, number_text(&app->pool, session->id));
		view_code(view, session->user);
		view_time(view, session->created_at);
		view_time(view, session->last_used);
		view_time(view, session->expires_at);
		view_yes(view, session->this_one);
		view_code(view, session->peer);
	}
	out_json(app, list);
	out_view(app, view);
	return true;
}

bool cmd_session_revoke(struct app *app)
{
	Inap__V1__SessionRevoke request = INAP__V1__SESSION_REVOKE__INIT;
	ProtobufCMessage *message = NULL;
	json_t *answer;
	unsigned revoked;
	char *end = NULL;

	request.user = pool_strdup(&app->pool, option_text(app, OPT_USER));
	if (app->words_count > 0) {
		request.id = strtoull(app->words[0], &end, 10);
		if (*end || request.id == 0)
			return fail_with(app, ERROR_NOT_FOUND, "what", "session", "name",
					 app->words[0], NULL);
	} else if (!app->options.given[OPT_ALL]) {
		return fail_with(app, ERROR_USAGE, "why", _("say which session, or --all"), NULL);
	}
	if (!exchange_call(app, METHOD_SESSION_REVOKE, &request.base, &message))
		return false;
	revoked = ((const Inap__V1__SessionRevokeReply *)message)->revoked;
	answer = json_object();
	json_put_number(answer, "revoked", revoked);
	out_json(app, answer);
	out_say(app, sentence(&app->pool, _("Logins ended: {count}."), "count",
			      number_text(&app->pool, revoked), NULL));
	return true;
}
