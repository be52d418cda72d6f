/* inap remind: notices to offices whose report is late or due soon. */
#include "client/app.h"
#include "client/cmd/activity.h"
#include "client/cmd/report.h"
#include "client/exchange.h"
#include "client/i18n.h"
#include "client/out/json.h"
#include "client/out/value.h"
#include "client/out/view.h"
#include "client/pending.h"
#include "client/words.h"
#include "inap/v1/remind.pb-c.h"

enum { DAYS = 7 };

static json_t *reply_json(const Inap__V1__RoundRemindReply *reply)
{
	json_t *answer = json_object();
	json_t *list = json_array();

	for (size_t i = 0; i < reply->n_reminders; i++) {
		const Inap__V1__Reminder *reminder = reply->reminders[i];
		json_t *one = json_object();

		json_object_set_new(one, "report", json_report(reminder->report));
		json_put_text(one, "state",
			      enum_key(&inap__v1__state__descriptor, (int)reminder->state));
		json_put_text(one, "kind", reminder->kind);
		json_put_text(one, "due_at", reminder->due_at);
		json_put_bool(one, "already", reminder->already);
		json_array_append_new(list, one);
	}
	json_put_text(answer, "round", reply->round);
	json_object_set_new(answer, "reminders", list);
	json_object_set_new(answer, "receipt", receipt_json(&reply->receipt));
	json_put_bool(answer, "replayed", reply->replayed);
	json_put_bool(answer, "dry_run", reply->dry_run);
	return answer;
}

static void reply_render(struct app *app, const Inap__V1__RoundRemindReply *reply)
{
	const struct column columns[] = {
		{ "report", _("REPORT"), COLUMN_CODE },
		{ "state", _("STATE"), COLUMN_CODE },
		{ "kind", _("WHY"), COLUMN_CODE },
		{ "due_at", _("DUE"), COLUMN_CODE },
		{ "already", _("TODAY BEFORE"), COLUMN_CODE },
		{ "name", _("NAME"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 6);

	for (size_t i = 0; i < reply->n_reminders; i++) {
		const Inap__V1__Reminder *reminder = reply->reminders[i];

		view_code(view, report_id(app, reminder->report));
		view_word(view, enum_key(&inap__v1__state__descriptor, (int)reminder->state));
		view_word(view, reminder->kind);
		view_day(view, reminder->due_at);
		view_yes(view, reminder->already);
		view_name(view, reminder->name);
	}
	if (reply->n_reminders > 0)
		out_view(app, view);
	else
		out_say(app, _("nobody is late or due so soon"));
	if (reply->dry_run)
		out_say(app, _("nothing was changed"));
}

bool cmd_remind(struct app *app)
{
	Inap__V1__RoundRemind request = INAP__V1__ROUND_REMIND__INIT;
	struct write write = { .method = METHOD_ROUND_REMIND,
			       .request = &request.base,
			       .report = "",
			       .intent = intent_of(app, "", 0),
			       .dry_run = app->options.given[OPT_DRY_RUN] };
	ProtobufCMessage *message = NULL;
	uint64_t days;

	if (!option_text(app, OPT_ROUND)[0])
		return fail_with(app, ERROR_USAGE, "why", _("say which round: --round 2024Q3"),
				 NULL);
	if (!option_number(app, OPT_DAYS, &days) || !note_text(app, OPT_NOTE, &request.note))
		return false;
	request.plan = pool_strdup(&app->pool, option_text(app, OPT_PLAN));
	request.round = activity_code(app, option_text(app, OPT_ROUND));
	request.days = !app->options.given[OPT_DAYS] ? DAYS
		       : days > UINT32_MAX           ? UINT32_MAX
						     : (uint32_t)days;
	request.dry_run = write.dry_run;
	if (!pending_settle(app, "", write.method, write.intent, &message) ||
	    (!message && !write_call(app, &write, &message)))
		return false;
	out_json(app, reply_json((const Inap__V1__RoundRemindReply *)message));
	reply_render(app, (const Inap__V1__RoundRemindReply *)message);
	return true;
}
