/* inap user, role: the admin's side, and the approver's delegation. */
#include <string.h>
#include <sys/stat.h>

#include "client/app.h"
#include "client/cmd/ask.h"
#include "client/cmd/report.h"
#include "client/cmd/user.h"
#include "client/exchange.h"
#include "client/i18n.h"
#include "client/out/clock.h"
#include "client/out/json.h"
#include "client/out/letter.h"
#include "client/out/value.h"
#include "client/out/view.h"
#include "client/pending.h"
#include "inap/v1/user.pb-c.h"
#include "proto/enums.h"

bool plain_write(struct app *app, enum method_number method, const ProtobufCMessage *request,
		 uint64_t intent, ProtobufCMessage **reply)
{
	const struct write write = {
		.method = method, .request = request, .report = "", .intent = intent
	};

	if (!pending_settle(app, "", method, intent, reply))
		return false;
	return *reply || write_call(app, &write, reply);
}

static json_t *user_json(const Inap__V1__User *user)
{
	json_t *one = json_object();

	json_put_text(one, "user", user->user);
	json_put_text(one, "name", user->name);
	json_put_text(one, "home", user->home);
	json_object_set_new(one, "roles", json_grants(user->roles, user->n_roles));
	json_put_bool(one, "disabled", user->disabled);
	json_put_maybe(one, "last_login", user->last_login);
	json_put_bool(one, "enrolled", user->enrolled);
	return one;
}

static void users_render(struct app *app, Inap__V1__User *const *users, size_t count)
{
	const struct column columns[] = {
		{ "user", _("USER"), COLUMN_CODE },
		{ "home", _("HOME"), COLUMN_CODE },
		{ "roles", _("ROLES"), COLUMN_CODE },
		{ "state", _("STATE"), COLUMN_CODE },
		{ "last_login", _("LAST LOGIN"), COLUMN_CODE },
		{ "name", _("NAME"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 6);

	for (size_t i = 0; i < count; i++) {
		const Inap__V1__User *user = users[i];

		view_code(view, user->user);
		view_code(view, user->home);
		view_code(view, grants_text(app, user->roles, user->n_roles));
		if (user->disabled)
			view_both(view, _("disabled"), "disabled");
		else if (!user->enrolled)
			view_both(view, _("not enrolled yet"), "not_enrolled");
		else
			view_both(view, _("enabled"), "enabled");
		view_time(view, user->last_login);
		view_text(view, user->name);
	}
	out_view(app, view);
}

bool users_read(struct app *app, const char *name, Inap__V1__UserListReply **reply)
{
	Inap__V1__UserList request = INAP__V1__USER_LIST__INIT;
	ProtobufCMessage *message = NULL;

	request.user = pool_strdup(&app->pool, name);
	if (!exchange_call(app, METHOD_USER_LIST, &request.base, &message))
		return false;
	*reply = (Inap__V1__UserListReply *)message;
	return true;
}

bool cmd_user_list(struct app *app)
{
	Inap__V1__UserListReply *reply = NULL;
	json_t *list;

	if (!users_read(app, "", &reply))
		return false;
	list = json_array();
	for (size_t i = 0; i < reply->n_users; i++)
		json_array_append_new(list, user_json(reply->users[i]));
	out_json(app, list);
	users_render(app, reply->users, reply->n_users);
	return true;
}

bool cmd_user_show(struct app *app)
{
	Inap__V1__UserListReply *reply = NULL;

	if (!users_read(app, app->words[0], &reply))
		return false;
	if (reply->n_users == 0)
		return fail_with(app, ERROR_NOT_FOUND, "what", "user", "name", app->words[0], NULL);
	out_json(app, user_json(reply->users[0]));
	users_render(app, reply->users, 1);
	return true;
}

const char *codes_sheet(struct app *app, const struct user_code *codes, size_t count)
{
	struct letter *letters = pool_alloc(&app->pool, (count + 1) * sizeof *letters);
	Inap__V1__UserListReply *known = NULL;
	size_t filled = 0;

	if (!users_read(app, count == 1 ? codes[0].user : "", &known))
		return NULL;
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < known->n_users && codes[i].code[0]; k++)
			if (strcmp(known->users[k]->user, codes[i].user) == 0)
				letters[filled++] = (struct letter){ known->users[k], codes[i].code,
								     codes[i].expires_at };
	return letters_html(app, letters, filled, exchange_authority(app));
}

/* Whole or not at all, for its owner alone. */
static bool sheet_write(struct app *app, const struct user_code *codes, size_t count)
{
	const char *file = option_text(app, OPT_SHEET);
	const char *name = strrchr(file, '/');
	const char *html;
	const char *folder;

	if (!app->options.given[OPT_SHEET] || count == 0)
		return true;
	html = codes_sheet(app, codes, count);
	if (!html)
		return false;
	folder = name ? pool_strndup(&app->pool, file, (size_t)(name - file)) : ".";
	return state_write(app, folder[0] ? folder : "/", name ? name + 1 : file, html,
			   strlen(html));
}

json_t *codes_json(const struct user_code *codes, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++) {
		json_t *one = json_object();

		json_put_text(one, "user", codes[i].user);
		json_put_text(one, "code", codes[i].code);
		json_put_text(one, "expires_at", codes[i].expires_at);
		json_array_append_new(list, one);
	}
	return list;
}

/* Codes are shown once: they go to stdout, and where --sheet says, and nowhere else. */
bool codes_say(struct app *app, const struct user_code *codes, size_t count)
{
	const struct column columns[] = {
		{ "user", _("USER"), COLUMN_CODE },
		{ "code", _("CODE"), COLUMN_CODE },
		{ "expires_at", _("ENDS"), COLUMN_CODE },
	};
	struct view *view = view_new(app, columns, 3);

	for (size_t i = 0; i < count; i++) {
		view_code(view, codes[i].user);
		view_code(view, codes[i].code);
		view_time(view, codes[i].expires_at);
	}
	out_view(app, view);
	return sheet_write(app, codes, count);
}

static bool code_say(struct app *app, const Inap__V1__UserCodeReply *reply)
{
	const struct user_code code = { reply->user, reply->code, reply->expires_at };
	json_t *answer = json_object();

	json_put_text(answer, "user", reply->user);
	json_put_text(answer, "code", reply->code);
	json_put_text(answer, "expires_at", reply->expires_at);
	json_object_set_new(answer, "receipt", receipt_json(&reply->receipt));
	out_json(app, answer);
	out_next(app, pool_printf(&app->pool, "inap enrol --user %s", reply->user));
	return codes_say(app, &code, 1);
}

bool cmd_user_add(struct app *app)
{
	Inap__V1__UserAdd request = INAP__V1__USER_ADD__INIT;
	ProtobufCMessage *message = NULL;
	json_t *answer;

	request.user = app->words[0];
	request.home = pool_strdup(&app->pool, option_text(app, OPT_HOME));
	if (!request.home[0])
		return fail_with(app, ERROR_USAGE, "why", _("say the home entity with --home"),
				 NULL);
	if (!note_text(app, OPT_NAME, &request.name))
		return false;
	if (app->options.given[OPT_DRY_RUN]) {
		answer = json_object();
		json_put_bool(answer, "dry_run", true);
		out_json(app, answer);
		out_say(app, sentence(&app->pool, _("{user} would be made, of {home}"), "user",
				      request.user, "home", request.home, NULL));
		return true;
	}
	return plain_write(app, METHOD_USER_ADD, &request.base, intent_of(app, "", 0), &message) &&
	       code_say(app, (const Inap__V1__UserCodeReply *)message);
}

bool cmd_user_reset(struct app *app)
{
	Inap__V1__UserRef request = INAP__V1__USER_REF__INIT;
	ProtobufCMessage *message = NULL;

	request.user = app->words[0];
	return note_text(app, OPT_NOTE, &request.note) &&
	       plain_write(app, METHOD_USER_RESET, &request.base, intent_of(app, "", 0),
			   &message) &&
	       code_say(app, (const Inap__V1__UserCodeReply *)message);
}

/* A fresh code for a user who is not in yet. Whoever is in would lose the password: that is what
 * user reset is for. */
static bool letter_code(struct app *app, const char *user, struct user_code *code)
{
	Inap__V1__UserRef request = INAP__V1__USER_REF__INIT;
	Inap__V1__UserListReply *known = NULL;
	ProtobufCMessage *message = NULL;
	const Inap__V1__UserCodeReply *reply;

	request.user = pool_strdup(&app->pool, user);
	if (!users_read(app, user, &known))
		return false;
	if (known->n_users == 1 && known->users[0]->enrolled) {
		fail_with(app, ERROR_USAGE, "why",
			  sentence(&app->pool, _("{user} has a password already"), "user", user,
				   NULL),
			  NULL);
		fail_next(
			app, N_("To end it and give a new code:"),
			pool_printf(&app->pool, "inap user reset %s --sheet %s.html", user, user));
		return false;
	}
	if (!plain_write(app, METHOD_USER_RESET, &request.base, intent_of(app, user, strlen(user)),
			 &message))
		return false;
	reply = (const Inap__V1__UserCodeReply *)message;
	*code = (struct user_code){ user, reply->code, reply->expires_at };
	return true;
}

bool cmd_user_letter(struct app *app)
{
	struct user_code *codes = pool_alloc(&app->pool, (size_t)app->words_count * sizeof *codes);
	struct failure first = { .set = false };
	const char *html;
	size_t count = 0;
	json_t *answer;

	umask(077); /* codes are for the eyes of one */
	while (count < (size_t)app->words_count &&
	       letter_code(app, app->words[count], &codes[count]))
		count++;
	/* Codes that were given are not lost because another was refused. */
	if (count == 0)
		return false;
	first = app->failure;
	if (first.set)
		out_failure(app);
	failure_clear(&app->failure);
	html = codes_sheet(app, codes, count);
	if (!html)
		return false;
	if (!out_is_json(app))
		fputs(html, app->out.stream);
	answer = json_object();
	json_object_set_new(answer, "users", codes_json(codes, count));
	json_put_text(answer, "html", html);
	out_json(app, answer);
	app->status = failure_exit(&first);
	return true;
}

/* Writes, then shows the user as it is now. */
static bool user_change(struct app *app, enum method_number method, const ProtobufCMessage *request)
{
	ProtobufCMessage *message = NULL;
	const Inap__V1__UserReply *reply;

	if (!plain_write(app, method, request, intent_of(app, "", 0), &message))
		return false;
	reply = (const Inap__V1__UserReply *)message;
	if (!reply->user)
		return fail_with(app, ERROR_UNSUPPORTED, "why", _("the answer is not complete"),
				 NULL);
	out_json(app, user_json(reply->user));
	users_render(app, &reply->user, 1);
	return true;
}

bool cmd_user_disable(struct app *app)
{
	Inap__V1__UserRef request = INAP__V1__USER_REF__INIT;

	request.user = app->words[0];
	return note_text(app, OPT_NOTE, &request.note) &&
	       ask_name(app,
			sentence(&app->pool, _("Type '{name}' again to bar this user:"), "name",
				 request.user, NULL),
			request.user) &&
	       user_change(app, METHOD_USER_DISABLE, &request.base);
}

bool cmd_user_enable(struct app *app)
{
	Inap__V1__UserRef request = INAP__V1__USER_REF__INIT;

	request.user = app->words[0];
	return note_text(app, OPT_NOTE, &request.note) &&
	       user_change(app, METHOD_USER_ENABLE, &request.base);
}

/* ROLE and its scope. */
static bool grant_read(struct app *app, const char *role, const char *scope, Inap__V1__Grant *grant)
{
	const char *basis = option_text(app, OPT_BASIS);
	const char *from, *to, *date;
	int found = proto_enum_value(&inap__v1__role__descriptor, role);
	int jurisdiction = proto_enum_value(&inap__v1__jurisdiction__descriptor, scope);

	if (found == 0)
		return fail_with(app, ERROR_NOT_FOUND, "what", "role", "name", role, NULL);
	grant->role = (Inap__V1__Role)found;
	if (jurisdiction != 0)
		grant->jurisdiction = (Inap__V1__Jurisdiction)jurisdiction;
	else if (strcmp(scope, "national") != 0)
		grant->entity = pool_strdup(&app->pool, scope);
	grant->basis = (Inap__V1__Basis)proto_enum_value(&inap__v1__basis__descriptor,
							 basis[0] ? basis : "own");
	if (grant->basis == INAP__V1__BASIS__BASIS_UNSPECIFIED)
		return fail_with(app, ERROR_USAGE, "why", _("--basis is own or acting"), NULL);
	if (!option_date(app, OPT_FROM, &from) || !option_date(app, OPT_TO, &to) ||
	    !option_date(app, OPT_ORDER_DATE, &date))
		return false;
	grant->from = pool_strdup(&app->pool, from);
	grant->to = pool_strdup(&app->pool, to);
	grant->order_date = pool_strdup(&app->pool, date);
	return note_text(app, OPT_ORDER, &grant->order_number);
}

static bool role_change(struct app *app, enum method_number method)
{
	Inap__V1__RoleChange request = INAP__V1__ROLE_CHANGE__INIT;
	Inap__V1__Grant grant = INAP__V1__GRANT__INIT;

	request.user = app->words[0];
	request.grant = &grant;
	return grant_read(app, app->words[1], app->words_count > 2 ? app->words[2] : "", &grant) &&
	       note_text(app, OPT_NOTE, &request.note) && user_change(app, method, &request.base);
}

bool cmd_role_grant(struct app *app)
{
	return role_change(app, METHOD_ROLE_GRANT);
}

bool cmd_role_revoke(struct app *app)
{
	return role_change(app, METHOD_ROLE_REVOKE);
}

bool cmd_role_delegate(struct app *app)
{
	Inap__V1__RoleDelegate request = INAP__V1__ROLE_DELEGATE__INIT;
	Inap__V1__EntityRef entity = INAP__V1__ENTITY_REF__INIT;
	const char *until, *date;

	if (!app->options.given[OPT_UNTIL])
		return fail_with(app, ERROR_USAGE, "why", _("say the last day with --until"), NULL);
	if (!option_date(app, OPT_UNTIL, &until) || !option_date(app, OPT_ORDER_DATE, &date) ||
	    !note_text(app, OPT_ORDER, &request.order_number))
		return false;
	entity.entity = pool_strdup(&app->pool, app->options.given[OPT_ENTITY]
							? option_text(app, OPT_ENTITY)
							: app->login.entity);
	request.entity = &entity;
	request.user = app->words[0];
	request.until = pool_strdup(&app->pool, until);
	request.order_date = pool_strdup(&app->pool, date);
	return user_change(app, METHOD_ROLE_DELEGATE, &request.base);
}
