/* inap plan suspend, resume, current. */
#include "client/app.h"
#include "client/cmd/activity.h"
#include "client/cmd/report.h"
#include "client/exchange.h"
#include "client/i18n.h"
#include "client/out/json.h"
#include "client/pending.h"
#include "client/words.h"
#include "inap/v1/plan_state.pb-c.h"

static void turn_say(struct app *app, enum method_number method,
		     const Inap__V1__PlanTurnReply *reply)
{
	json_t *answer = json_object();

	json_put_text(answer, "plan", reply->plan);
	json_put_text(answer, "state", reply->state);
	json_put_bool(answer, "current", reply->current);
	json_put_number(answer, "open_rounds", reply->rounds);
	json_object_set_new(answer, "receipt", receipt_json(&reply->receipt));
	json_put_bool(answer, "replayed", reply->replayed);
	json_put_bool(answer, "dry_run", reply->dry_run);
	out_json(app, answer);
	if (reply->dry_run) {
		out_say(app, _("nothing was changed"));
		return;
	}
	out_say(app, sentence(&app->pool, _("{plan} is {state}. Receipt {receipt}."), "plan",
			      reply->plan, "state",
			      word(method == METHOD_PLAN_CURRENT ? "current" : reply->state),
			      "receipt", receipt_text(app, &reply->receipt), NULL));
	if (reply->rounds > 0)
		out_say(app,
			sentence(&app->pool,
				 _("open rounds: {count}; their due dates stand, move them with "
				   "{command}"),
				 "count", number_text(&app->pool, reply->rounds), "command",
				 "inap round extend", NULL));
}

static bool turn(struct app *app, enum method_number method)
{
	Inap__V1__PlanTurn request = INAP__V1__PLAN_TURN__INIT;
	struct write write = { .method = method,
			       .request = &request.base,
			       .report = "",
			       .intent = intent_of(app, "", 0),
			       .dry_run = app->options.given[OPT_DRY_RUN] };
	ProtobufCMessage *message = NULL;

	if (!note_text(app, OPT_NOTE, &request.note))
		return false;
	request.plan = activity_code(app, app->words[0]);
	request.dry_run = write.dry_run;
	if (!pending_settle(app, "", method, write.intent, &message) ||
	    (!message && !write_call(app, &write, &message)))
		return false;
	turn_say(app, method, (const Inap__V1__PlanTurnReply *)message);
	return true;
}

bool cmd_plan_suspend(struct app *app)
{
	return turn(app, METHOD_PLAN_SUSPEND);
}

bool cmd_plan_resume(struct app *app)
{
	return turn(app, METHOD_PLAN_RESUME);
}

bool cmd_plan_current(struct app *app)
{
	return turn(app, METHOD_PLAN_CURRENT);
}
