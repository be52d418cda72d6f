/* inap activity list, add, agree. */
#include <string.h>

#include "client/app.h"
#include "client/cmd/activity.h"
#include "client/exchange.h"
#include "client/form/value.h"
#include "client/i18n.h"
#include "client/out/json.h"
#include "client/out/view.h"
#include "client/pending.h"
#include "client/words.h"
#include "inap/v1/activity.pb-c.h"

static json_t *list_json(const Inap__V1__ActivityListReply *reply)
{
	json_t *answer = json_array();

	for (size_t i = 0; i < reply->n_activities; i++) {
		const Inap__V1__Activity *activity = reply->activities[i];
		json_t *one = json_object();
		json_t *members = json_array();

		for (size_t j = 0; j < activity->n_members; j++) {
			const Inap__V1__ActivityMember *member = activity->members[j];
			json_t *who = json_object();

			json_put_text(who, "entity", member->entity);
			json_put_text(who, "role", member->lead ? "lead" : "contributor");
			json_put_maybe(who, "status", member->status);
			json_put_maybe(who, "percent", member->percent);
			json_array_append_new(members, who);
		}
		json_put_text(one, "activity", activity->code);
		json_object_set_new(one, "name", json_name(activity->name));
		json_put_text(one, "under", activity->under);
		json_put_text(one, "state", activity->state);
		json_put_maybe(one, "round", reply->round);
		json_object_set_new(one, "members", members);
		json_array_append_new(answer, one);
	}
	return answer;
}

bool cmd_activity_list(struct app *app)
{
	const struct column columns[] = {
		{ "activity", _("ACTIVITY"), COLUMN_CODE }, { "under", _("UNDER"), COLUMN_CODE },
		{ "state", _("STATE"), COLUMN_CODE },       { "entity", _("ENTITY"), COLUMN_CODE },
		{ "role", _("ROLE"), COLUMN_CODE },         { "status", _("STATUS"), COLUMN_CODE },
		{ "percent", "%", COLUMN_NUMBER },          { "name", _("NAME"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 8);
	Inap__V1__ActivityList request = INAP__V1__ACTIVITY_LIST__INIT;
	const Inap__V1__ActivityListReply *reply;
	ProtobufCMessage *message = NULL;

	request.plan = pool_strdup(&app->pool, option_text(app, OPT_PLAN));
	request.entity = activity_code(app, option_text(app, OPT_ENTITY));
	request.round = activity_code(app, option_text(app, OPT_ROUND));
	if (!exchange_call(app, METHOD_ACTIVITY_LIST, &request.base, &message))
		return false;
	reply = (const Inap__V1__ActivityListReply *)message;
	out_json(app, list_json(reply));
	for (size_t i = 0; i < reply->n_activities; i++) {
		const Inap__V1__Activity *activity = reply->activities[i];

		for (size_t j = 0; j < activity->n_members; j++) {
			const Inap__V1__ActivityMember *member = activity->members[j];

			view_code(view, activity->code);
			view_code(view, activity->under);
			view_word(view, activity->state);
			view_code(view, member->entity);
			view_word(view, member->lead ? "lead" : "contributor");
			view_word(view, member->status);
			view_figure(view, member->percent);
			view_name(view, activity->name);
		}
	}
	out_view(app, view);
	return true;
}

/* The entity of KRG-MOH/A-03. NULL: noted as a failure. */
static char *lead_of(struct app *app, const char *code)
{
	const char *slash = strchr(code, '/');

	if (slash && slash != code && slash[1])
		return pool_strndup(&app->pool, code, (size_t)(slash - code));
	fail_with(app, ERROR_USAGE, "why",
		  sentence(&app->pool,
			   _("'{word}' is no activity of a sectoral plan: write it like {example}"),
			   "word", code, "example", "KRG-MOH/A-03", NULL),
		  NULL);
	return NULL;
}

/* Sends a proposal or an agreement, or takes the answer of the one that was left behind. */
static bool proposal_send(struct app *app, enum method_number method,
			  const ProtobufCMessage *request)
{
	const struct write write = {
		.method = method, .request = request, .report = "", .intent = intent_of(app, "", 0)
	};
	ProtobufCMessage *message = NULL;
	const Inap__V1__ActivityReply *reply;
	json_t *answer;

	if (!pending_settle(app, "", method, write.intent, &message) ||
	    (!message && !write_call(app, &write, &message)))
		return false;
	reply = (const Inap__V1__ActivityReply *)message;
	answer = json_object();
	json_put_text(answer, "activity", reply->code);
	json_put_text(answer, "state", reply->state);
	json_object_set_new(answer, "receipt", receipt_json(&reply->receipt));
	json_put_bool(answer, "replayed", reply->replayed);
	out_json(app, answer);
	out_say(app, sentence(&app->pool, _("{activity} is {state}. Receipt {receipt}."),
			      "activity", reply->code, "state", reply->state, "receipt",
			      receipt_text(app, &reply->receipt), NULL));
	return true;
}

bool cmd_activity_add(struct app *app)
{
	Inap__V1__ActivityAdd request = INAP__V1__ACTIVITY_ADD__INIT;
	Inap__V1__EntityRef entity = INAP__V1__ENTITY_REF__INIT;
	Inap__V1__Name name = INAP__V1__NAME__INIT;

	request.code = activity_code(app, app->words[0]);
	if (!(entity.entity = lead_of(app, request.code)))
		return false;
	if (!option_text(app, OPT_NAME)[0] || !option_text(app, OPT_UNDER)[0])
		return fail_with(app, ERROR_USAGE, "why",
				 _("say its title with --name and its output with --under"), NULL);
	request.entity = &entity;
	request.plan = pool_strdup(&app->pool, option_text(app, OPT_PLAN));
	request.under = activity_code(app, option_text(app, OPT_UNDER));
	request.name = &name;
	request.contributors =
		activity_words(app, option_text(app, OPT_CONTRIBUTORS), &request.n_contributors);
	if (!note_text(app, OPT_NAME, &name.en) || !note_text(app, OPT_NAME_AR, &name.ar) ||
	    !note_text(app, OPT_NAME_CKB, &name.ckb) || !note_text(app, OPT_NOTE, &request.note))
		return false;
	return proposal_send(app, METHOD_ACTIVITY_ADD, &request.base);
}

bool cmd_activity_agree(struct app *app)
{
	Inap__V1__ActivityAgree request = INAP__V1__ACTIVITY_AGREE__INIT;
	Inap__V1__EntityRef entity = INAP__V1__ENTITY_REF__INIT;

	request.code = activity_code(app, app->words[0]);
	if (!(entity.entity = lead_of(app, request.code)))
		return false;
	request.entity = &entity;
	request.plan = pool_strdup(&app->pool, option_text(app, OPT_PLAN));
	if (!note_text(app, OPT_NOTE, &request.note))
		return false;
	return proposal_send(app, METHOD_ACTIVITY_AGREE, &request.base);
}
