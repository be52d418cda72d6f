/* inap round: the openings for reporting. */
#include "client/app.h"
#include "client/cmd/ask.h"
#include "client/cmd/deadline.h"
#include "client/cmd/report.h"
#include "client/exchange.h"
#include "client/i18n.h"
#include "client/out/clock.h"
#include "client/out/json.h"
#include "client/out/value.h"
#include "client/out/view.h"
#include "client/pending.h"
#include "inap/v1/extension.pb-c.h"
#include "inap/v1/plan.pb-c.h"

static json_t *changes_json(const Inap__V1__Round *round)
{
	json_t *list = json_array();

	for (size_t i = 0; i < round->n_changes; i++) {
		const Inap__V1__DueChange *change = round->changes[i];
		json_t *one = json_object();

		json_put_maybe(one, "entity", change->entity);
		json_put_text(one, "kind", change->kind);
		json_put_maybe(one, "due_before", change->due_before);
		json_put_maybe(one, "due_after", change->due_after);
		json_put_maybe(one, "yearly_due_before", change->yearly_before);
		json_put_maybe(one, "yearly_due_after", change->yearly_after);
		json_put_maybe(one, "outage_from", change->outage_from);
		json_put_maybe(one, "outage_to", change->outage_to);
		json_put_text(one, "note", change->note);
		json_put_text(one, "by", change->by);
		json_put_text(one, "at", change->at);
		json_array_append_new(list, one);
	}
	return list;
}

static json_t *round_json(const Inap__V1__Round *round)
{
	json_t *one = json_object();

	json_put_text(one, "plan", round->plan);
	json_put_text(one, "round", round->round);
	json_put_text(one, "state", round->state);
	json_put_maybe(one, "opens_at", round->opens_at);
	json_put_maybe(one, "due_at", round->due_at);
	json_put_maybe(one, "yearly_due_at", round->yearly_due_at);
	json_put_bool(one, "extended", round->extended);
	json_put_maybe(one, "due_moved_from", round->due_moved_from);
	json_put_maybe(one, "yearly_due_moved_from", round->yearly_moved_from);
	json_put_maybe(one, "closes_at", round->closes_at);
	json_object_set_new(one, "periods", json_texts(round->periods, round->n_periods));
	json_object_set_new(one, "surveys", json_texts(round->surveys, round->n_surveys));
	json_put_number(one, "expected", round->expected);
	json_object_set_new(one, "changes", changes_json(round));
	return one;
}

/* What moved the due dates of a round, for people. */
static void changes_render(struct app *app, const Inap__V1__Round *round)
{
	const struct column columns[] = {
		{ "entity", _("ENTITY"), COLUMN_CODE },
		{ "kind", _("CHANGE"), COLUMN_CODE },
		{ "due_before", _("FROM"), COLUMN_CODE },
		{ "due_after", _("TO"), COLUMN_CODE },
		{ "outage_from", _("OUTAGE"), COLUMN_CODE },
		{ "by", _("BY"), COLUMN_CODE },
		{ "at", _("AT"), COLUMN_CODE },
		{ "note", _("NOTE"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 8);

	for (size_t i = 0; i < round->n_changes; i++) {
		const Inap__V1__DueChange *change = round->changes[i];
		bool yearly = !change->due_after[0];

		view_both(view, change->entity[0] ? change->entity : _("all"), change->entity);
		view_word(view, change->kind);
		view_day(view, yearly ? change->yearly_before : change->due_before);
		view_day(view, yearly ? change->yearly_after : change->due_after);
		view_code(view, change->outage_from[0]
					? pool_printf(&app->pool, "%s - %s",
						      clock_moment(app, change->outage_from),
						      clock_moment(app, change->outage_to))
					: "");
		view_code(view, change->by);
		view_time(view, change->at);
		view_text(view, change->note);
	}
	if (round->n_changes > 0)
		out_side_view(app, _("Due dates that moved:"), view);
}

static void rounds_render(struct app *app, const Inap__V1__RoundListReply *reply, bool alone)
{
	const struct column columns[] = {
		{ "round", _("ROUND"), COLUMN_CODE },
		{ "state", _("STATE"), COLUMN_CODE },
		{ "opens_at", _("OPENS"), COLUMN_CODE },
		{ "due_at", _("DUE"), COLUMN_CODE },
		{ "yearly_due_at", _("YEARLY DUE"), COLUMN_CODE },
		{ "closes_at", _("CLOSES"), COLUMN_CODE },
		{ "expected", _("REPORTS"), COLUMN_NUMBER },
		{ "periods", _("PERIODS"), COLUMN_CODE },
		{ "surveys", _("SURVEYS"), COLUMN_CODE },
		{ "plan", _("PLAN"), COLUMN_CODE },
	};
	struct view *view = view_new(app, columns, 10);
	json_t *list = json_array();

	for (size_t i = 0; i < reply->n_rounds; i++) {
		const Inap__V1__Round *round = reply->rounds[i];

		json_array_append_new(list, round_json(round));
		view_code(view, round->round);
		view_word(view, round->state);
		view_day(view, round->opens_at);
		view_due(view, round->due_at, round->extended);
		view_day(view, round->yearly_due_at);
		view_day(view, round->closes_at);
		view_number(view, round->expected);
		view_code(view, texts_join(app, round->periods, round->n_periods));
		view_code(view, texts_join(app, round->surveys, round->n_surveys));
		view_code(view, round->plan);
	}
	if (alone && reply->n_rounds > 0) {
		if (reply->dry_run)
			json_put_bool(json_array_get(list, 0), "dry_run", true);
		out_json(app, json_incref(json_array_get(list, 0)));
		json_decref(list);
	} else {
		out_json(app, list);
	}
	out_view(app, view);
	if (alone && reply->n_rounds > 0) {
		moved_say(app, reply->rounds[0]->due_moved_from, reply->rounds[0]->due_at);
		moved_say(app, reply->rounds[0]->yearly_moved_from,
			  reply->rounds[0]->yearly_due_at);
		changes_render(app, reply->rounds[0]);
	}
	if (reply->dry_run)
		out_say(app, _("nothing was changed"));
}

static bool rounds_read(struct app *app, const char *code, const Inap__V1__RoundListReply **reply)
{
	Inap__V1__RoundList request = INAP__V1__ROUND_LIST__INIT;
	ProtobufCMessage *message = NULL;

	request.plan = pool_strdup(&app->pool, option_text(app, OPT_PLAN));
	request.round = pool_strdup(&app->pool, code);
	if (!exchange_call(app, METHOD_ROUND_LIST, &request.base, &message))
		return false;
	*reply = (const Inap__V1__RoundListReply *)message;
	return true;
}

bool cmd_round_list(struct app *app)
{
	const Inap__V1__RoundListReply *reply = NULL;

	if (!rounds_read(app, "", &reply))
		return false;
	rounds_render(app, reply, false);
	return true;
}

bool cmd_round_show(struct app *app)
{
	const Inap__V1__RoundListReply *reply = NULL;

	if (!rounds_read(app, app->words[0], &reply))
		return false;
	if (reply->n_rounds == 0)
		return fail_with(app, ERROR_NOT_FOUND, "what", "round", "name", app->words[0],
				 NULL);
	rounds_render(app, reply, true);
	return true;
}

static bool round_write(struct app *app, enum method_number method, const ProtobufCMessage *request)
{
	const struct write write = {
		.method = method,
		.request = request,
		.report = "",
		.intent = intent_of(app, "", 0),
		.dry_run = app->options.given[OPT_DRY_RUN],
	};
	ProtobufCMessage *message = NULL;

	if (!pending_settle(app, "", method, write.intent, &message))
		return false;
	if (!message && !write_call(app, &write, &message))
		return false;
	rounds_render(app, (const Inap__V1__RoundListReply *)message, true);
	return true;
}

bool cmd_round_add(struct app *app)
{
	Inap__V1__RoundAdd request = INAP__V1__ROUND_ADD__INIT;
	const char *opens, *due, *yearly, *closes;

	if (!app->options.given[OPT_DUE])
		return fail_with(app, ERROR_USAGE, "why", _("say when reports are due with --due"),
				 NULL);
	if (!option_date(app, OPT_OPENS, &opens) || !option_date(app, OPT_DUE, &due) ||
	    !option_date(app, OPT_YEARLY_DUE, &yearly) || !option_date(app, OPT_CLOSES, &closes))
		return false;
	request.plan = pool_strdup(&app->pool, option_text(app, OPT_PLAN));
	request.round = app->words[0];
	request.opens_on = pool_strdup(&app->pool, opens);
	request.due_on = pool_strdup(&app->pool, due);
	request.yearly_due_on = pool_strdup(&app->pool, yearly);
	request.closes_on = pool_strdup(&app->pool, closes);
	request.surveys = option_list(app, OPT_SURVEY, &request.n_surveys);
	request.dry_run = app->options.given[OPT_DRY_RUN];
	return round_write(app, METHOD_ROUND_ADD, &request.base);
}

static bool round_change(struct app *app, enum method_number method)
{
	Inap__V1__RoundChange request = INAP__V1__ROUND_CHANGE__INIT;
	const char *due, *yearly, *closes;

	if (!option_date(app, OPT_DUE, &due) || !option_date(app, OPT_YEARLY_DUE, &yearly) ||
	    !option_date(app, OPT_CLOSES, &closes) || !note_text(app, OPT_NOTE, &request.note))
		return false;
	request.plan = pool_strdup(&app->pool, option_text(app, OPT_PLAN));
	request.round = app->words[0];
	request.due_on = pool_strdup(&app->pool, due);
	request.yearly_due_on = pool_strdup(&app->pool, yearly);
	request.closes_on = pool_strdup(&app->pool, closes);
	request.dry_run = app->options.given[OPT_DRY_RUN];
	return round_write(app, method, &request.base);
}

bool cmd_round_open(struct app *app)
{
	return round_change(app, METHOD_ROUND_OPEN);
}

bool cmd_round_close(struct app *app)
{
	const char *question = sentence(&app->pool, _("Type '{name}' again to close this round:"),
					"name", app->words[0], NULL);

	return (app->options.given[OPT_DRY_RUN] || ask_name(app, question, app->words[0])) &&
	       round_change(app, METHOD_ROUND_CLOSE);
}

bool cmd_round_extend(struct app *app)
{
	bool one = app->options.given[OPT_ENTITY];

	if (!app->options.given[OPT_DUE] && (one || !app->options.given[OPT_YEARLY_DUE]))
		return fail_with(app, ERROR_USAGE, "why", _("say the new due date with --due"),
				 NULL);
	if (one && app->options.given[OPT_YEARLY_DUE])
		return fail_with(app, ERROR_USAGE, "why",
				 _("--yearly-due moves for all: leave --entity out"), NULL);
	return one ? deadline_extend_one(app) : round_change(app, METHOD_ROUND_EXTEND);
}

bool cmd_round_outage(struct app *app)
{
	Inap__V1__RoundOutage request = INAP__V1__ROUND_OUTAGE__INIT;
	const char *from, *to;

	if (!app->options.given[OPT_FROM] || !app->options.given[OPT_TO])
		return fail_with(app, ERROR_USAGE, "why",
				 _("say when the outage was with --from and --to"), NULL);
	if (!option_moment(app, OPT_FROM, false, &from) || !option_moment(app, OPT_TO, true, &to) ||
	    !note_text(app, OPT_NOTE, &request.note))
		return false;
	request.plan = pool_strdup(&app->pool, option_text(app, OPT_PLAN));
	request.round = app->words[0];
	request.from_at = pool_strdup(&app->pool, from);
	request.to_at = pool_strdup(&app->pool, to);
	request.dry_run = app->options.given[OPT_DRY_RUN];
	return round_write(app, METHOD_ROUND_OUTAGE, &request.base);
}
