/* inap target set, target list, national lights, national override: where the nation wants to be,
 * and how far it came. */
#include <ctype.h>
#include <string.h>

#include "client/app.h"
#include "client/cmd/report.h"
#include "client/exchange.h"
#include "client/form/value.h"
#include "client/i18n.h"
#include "client/out/clock.h"
#include "client/out/json.h"
#include "client/out/value.h"
#include "client/out/view.h"
#include "client/pending.h"
#include "client/words.h"
#include "inap/v1/target.pb-c.h"
#include "proto/enums.h"
#include "proto/number.h"

static const char *side_key(Inap__V1__Jurisdiction side)
{
	return enum_key(&inap__v1__jurisdiction__descriptor, (int)side);
}

/* --jurisdiction; `nation` takes iraq too. */
static bool side_read(struct app *app, Inap__V1__Jurisdiction *side)
{
	const char *given = option_text(app, OPT_JURISDICTION);

	if (!given[0])
		return true;
	*side = (Inap__V1__Jurisdiction)proto_enum_value(&inap__v1__jurisdiction__descriptor,
							 given);
	if (*side != INAP__V1__JURISDICTION__JURISDICTION_UNSPECIFIED)
		return true;
	return fail_with(app, ERROR_USAGE, "why", _("--jurisdiction is federal or kurdistan"),
			 NULL);
}

/* A figure as people write it, in any digits; the option may be absent. */
static bool number_option(struct app *app, const char *typed, char **number)
{
	struct number read;
	enum number_fault fault;

	*number = pool_strdup(&app->pool, "");
	if (!typed[0])
		return true;
	fault = number_read(typed, &read);
	if (fault == NUMBER_OK) {
		*number = pool_strdup(&app->pool, read.text);
		return true;
	}
	return fail_with(app, ERROR_NUMBER_BAD, "text", typed, "hint",
			 sentence(&app->pool, _(number_hint_text(fault, &read)), "one", read.one,
				  "other", read.other, NULL),
			 NULL);
}

static json_t *target_json(const Inap__V1__Target *target)
{
	json_t *one = json_object();

	json_put_text(one, "cell", target->cell);
	json_put_maybe(one, "entity", target->entity);
	json_put_text(one, "jurisdiction", side_key(target->jurisdiction));
	json_put_maybe(one, "period", target->period);
	json_put_text(one, "kind", target->kind);
	json_put_text(one, "number", target->number);
	json_put_maybe(one, "tolerance", target->tolerance);
	json_put_maybe(one, "baseline", target->baseline);
	json_put_number(one, "revision", target->revision);
	json_put_bool(one, "ended", target->ended);
	json_put_bool(one, "current", target->current);
	json_put_maybe(one, "reason", target->reason);
	json_put_maybe(one, "by", target->by);
	json_put_maybe(one, "at", target->at);
	return one;
}

/* As what a target or a light is remembered: where it is, of which plan and round as they were
 * given. */
static const char *seen_name(struct app *app, const char *cell, const char *entity,
			     Inap__V1__Jurisdiction side, const char *period)
{
	const char *place = entity;

	if (!place[0] && side == INAP__V1__JURISDICTION__JURISDICTION_UNSPECIFIED)
		place = "iraq";
	else if (!place[0])
		place = side_key(side);
	return pool_printf(&app->pool, "%s %s %s %s", option_text(app, OPT_PLAN), cell, place,
			   period);
}

/* The revision that a write names: --base, or the one last shown. */
static bool seen_base(struct app *app, const char *kind, const char *name, uint64_t *base)
{
	if (!option_number(app, OPT_BASE, base))
		return false;
	if (!app->options.given[OPT_BASE])
		*base = seen_one(app, kind, name);
	return true;
}

/* Who wrote over what somebody else set since is shown where that stands. */
static bool stale_look(struct app *app, const char *look, const char *cell)
{
	const char *plan = option_text(app, OPT_PLAN), *round = option_text(app, OPT_ROUND);

	if (app->failure.code == ERROR_STALE_REVISION)
		fail_next(app, N_("To see it as it is now:"),
			  pool_printf(&app->pool, "inap %s --indicator %.*s%s%s%s%s", look,
				      (int)strcspn(cell, ":"), cell, plan[0] ? " --plan " : "",
				      plan, round[0] ? " --round " : "", round));
	return false;
}

/* Sends a write of the nation's own chain, once, whatever happened to an earlier try. */
static bool nation_write(struct app *app, enum method_number method, ProtobufCMessage *request,
			 ProtobufCMessage **message)
{
	struct write write = {
		.method = method, .request = request, .report = "", .intent = intent_of(app, "", 0)
	};

	if (!pending_settle(app, "", method, write.intent, message))
		return false;
	return *message || write_call(app, &write, message);
}

/* What is to be reached, as it was typed. False: noted as a failure. */
static bool target_read(struct app *app, Inap__V1__TargetSet *request)
{
	request->plan = pool_strdup(&app->pool, option_text(app, OPT_PLAN));
	request->cell = app->words[0];
	request->entity = pool_strdup(&app->pool, option_text(app, OPT_ENTITY));
	request->period = pool_strdup(&app->pool, option_text(app, OPT_PERIOD));
	request->ended = app->options.given[OPT_REVOKE];
	request->kind = pool_strdup(
		&app->pool, app->options.given[OPT_KIND] ? option_text(app, OPT_KIND) : "reach");
	if (!request->period[0])
		return fail_with(app, ERROR_USAGE, "why",
				 _("say by the end of which period with --period"), NULL);
	if (!request->ended && app->words_count < 2)
		return fail_with(app, ERROR_USAGE, "why", _("say how much it is to be"), NULL);
	if (request->ended && app->words_count > 1)
		return fail_with(app, ERROR_USAGE, "why",
				 _("--revoke takes the target back: leave the number away"), NULL);
	return side_read(app, &request->jurisdiction) &&
	       number_option(app, request->ended ? "" : app->words[1], &request->number) &&
	       number_option(app, option_text(app, OPT_TOLERANCE), &request->tolerance) &&
	       number_option(app, option_text(app, OPT_BASELINE), &request->baseline) &&
	       note_text(app, OPT_NOTE, &request->note);
}

bool cmd_target_set(struct app *app)
{
	Inap__V1__TargetSet request = INAP__V1__TARGET_SET__INIT;
	const Inap__V1__TargetReply *reply;
	ProtobufCMessage *message = NULL;
	const char *name;
	uint64_t base;
	json_t *answer;

	if (!target_read(app, &request))
		return false;
	name = seen_name(app, request.cell, request.entity, request.jurisdiction, request.period);
	if (!seen_base(app, "targets", name, &base))
		return false;
	request.base_revision = base > UINT32_MAX ? UINT32_MAX : (uint32_t)base;
	if (!nation_write(app, METHOD_TARGET_SET, &request.base, &message))
		return stale_look(app, "target list --all", request.cell);
	reply = (const Inap__V1__TargetReply *)message;
	seen_many_put(app, "targets",
		      json_pack("{s:I}", name, (json_int_t)reply->target->revision));
	answer = target_json(reply->target);
	json_object_set_new(answer, "receipt", receipt_json(&reply->receipt));
	out_json(app, answer);
	out_say(app, sentence(&app->pool,
			      reply->target->ended
				      ? _("{cell} has no target for {period} any more")
				      : _("{cell} is to be {number} by {period} ({kind}), revision "
					  "{revision} of the target"),
			      "cell", reply->target->cell, "number", reply->target->number,
			      "period", reply->target->period, "kind", word(reply->target->kind),
			      "revision", number_text(&app->pool, reply->target->revision), NULL));
	out_next(app, "inap target list");
	return true;
}

bool cmd_target_list(struct app *app)
{
	const struct column columns[] = {
		{ "cell", _("CELL"), COLUMN_CODE },
		{ "jurisdiction", _("JURISDICTION"), COLUMN_CODE },
		{ "entity", _("ENTITY"), COLUMN_CODE },
		{ "period", _("PERIOD"), COLUMN_CODE },
		{ "kind", _("KIND"), COLUMN_CODE },
		{ "number", _("GOAL"), COLUMN_NUMBER },
		{ "tolerance", _("TOLERANCE"), COLUMN_NUMBER },
		{ "baseline", _("BASELINE"), COLUMN_NUMBER },
		{ "revision", _("REVISION"), COLUMN_NUMBER },
		{ "current", _("IN FORCE"), COLUMN_CODE },
		{ "by", _("BY"), COLUMN_CODE },
		{ "reason", _("WHY"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 12);
	Inap__V1__TargetList request = INAP__V1__TARGET_LIST__INIT;
	const Inap__V1__TargetListReply *reply;
	ProtobufCMessage *message = NULL;
	json_t *list = json_array(), *seen = json_object();

	request.plan = pool_strdup(&app->pool, option_text(app, OPT_PLAN));
	request.indicator = pool_strdup(&app->pool, option_text(app, OPT_INDICATOR));
	request.entity = pool_strdup(&app->pool, option_text(app, OPT_ENTITY));
	request.all = app->options.given[OPT_ALL];
	if (!exchange_call(app, METHOD_TARGET_LIST, &request.base, &message)) {
		json_decref(list);
		json_decref(seen);
		return false;
	}
	reply = (const Inap__V1__TargetListReply *)message;
	for (size_t i = 0; i < reply->n_targets; i++) {
		const Inap__V1__Target *target = reply->targets[i];

		json_array_append_new(list, target_json(target));
		json_put_number(seen,
				seen_name(app, target->cell, target->entity, target->jurisdiction,
					  target->period),
				target->revision);
		view_code(view, target->cell);
		view_word(view, side_key(target->jurisdiction));
		view_code(view, target->entity);
		view_code(view, target->period);
		view_word(view, target->kind);
		view_figure(view, target->number);
		view_figure(view, target->tolerance);
		view_figure(view, target->baseline);
		view_number(view, target->revision);
		view_yes(view, target->current);
		view_code(view, target->by);
		view_text(view, target->reason);
	}
	out_json(app, list);
	out_view(app, view);
	seen_many_put(app, "targets", seen);
	return true;
}

static json_t *light_json(const Inap__V1__Light *light)
{
	json_t *one = json_object(), *before = json_object();

	json_put_text(one, "indicator", light->indicator);
	json_put_text(one, "cell", light->cell);
	json_put_text(one, "jurisdiction", side_key(light->jurisdiction));
	json_put_maybe(one, "entity", light->entity);
	json_put_text(one, "period", light->period);
	if (light->hidden)
		json_put_bool(one, "hidden", true);
	else
		json_put_value(one, light->value);
	json_put_maybe(one, "percent", light->percent);
	json_object_set_new(one, "target",
			    light->target ? target_json(light->target) : json_null());
	json_put_maybe(one, "formula", light->formula);
	json_put_maybe(one, "progress", light->progress);
	json_put_text(one, "light", light->light);
	json_put_maybe(one, "why", light->why);
	json_put_maybe(one, "set_light", light->set_light);
	json_put_maybe(one, "set_reason", light->set_reason);
	json_put_maybe(one, "set_by", light->set_by);
	json_put_maybe(one, "set_at", light->set_at);
	if (light->set_revision > 0)
		json_put_number(one, "set_revision", light->set_revision);
	json_put_maybe(one, "rate", light->rate);
	json_put_maybe(one, "weight_missing", light->weight_missing);
	json_object_set_new(one, "missing", json_texts(light->missing, light->n_missing));
	json_object_set_new(one, "gaps", json_texts(light->gaps, light->n_gaps));
	json_object_set_new(one, "counted", json_texts(light->counted, light->n_counted));
	json_put_value(before, light->before);
	json_put_maybe(before, "percent", light->before_percent);
	json_object_set_new(one, "last_year", before);
	return one;
}

static const Inap__V1__Name *light_name(const Inap__V1__NationalLightsReply *reply,
					const char *code)
{
	for (size_t i = 0; i < reply->n_indicators; i++)
		if (strcmp(reply->indicators[i]->code, code) == 0)
			return reply->indicators[i]->name;
	return NULL;
}

static void light_row(struct view *view, const Inap__V1__NationalLightsReply *reply,
		      const Inap__V1__Light *light)
{
	struct app *app = view->app;

	view_code(view, light->cell);
	if (light->entity[0])
		view_code(view, light->entity);
	else
		view_word(view, side_key(light->jurisdiction));
	if (light->hidden)
		view_both(view, _("hidden"), "hidden");
	else if (light->percent[0])
		view_figure(view, light->percent);
	else
		view_value(view, light->value);
	view_figure(view, light->target ? light->target->number : "");
	view_code(view, light->formula);
	view_figure(view, light->progress);
	view_light(view, light->light, light->why, light->set_light);
	if (light->before_percent[0])
		view_figure(view, light->before_percent);
	else if (light->before)
		view_value(view, light->before);
	else
		view_code(view, "");
	view_code(view, texts_join(app, light->missing, light->n_missing));
	view_name(view, light_name(reply, light->indicator));
}

static void lights_render(struct app *app, const Inap__V1__NationalLightsReply *reply)
{
	const struct column columns[] = {
		{ "cell", _("CELL"), COLUMN_CODE },
		{ "jurisdiction", _("JURISDICTION"), COLUMN_CODE },
		{ "value", _("VALUE"), COLUMN_NUMBER },
		{ "target", _("GOAL"), COLUMN_NUMBER },
		{ "formula", _("FORMULA"), COLUMN_CODE },
		{ "progress", _("PROGRESS"), COLUMN_NUMBER },
		{ "light", _("LIGHT"), COLUMN_CODE },
		{ "last_year", _("LAST YEAR"), COLUMN_NUMBER },
		{ "missing", _("MISSING"), COLUMN_CODE },
		{ "name", _("NAME"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 10);

	out_say(app,
		sentence(&app->pool,
			 _("End of {round}, reports from {state} on, as of {at}; green from "
			   "{green}, "
			   "amber from {amber} of the way, grey where over {missing} is missing"),
			 "round", reply->round, "state",
			 enum_key(&inap__v1__state__descriptor, (int)reply->min_state), "at",
			 clock_moment(app, reply->as_of), "green", reply->green, "amber",
			 reply->amber, "missing", reply->missing, NULL));
	for (size_t i = 0; i < reply->n_lights; i++)
		light_row(view, reply, reply->lights[i]);
	out_view(app, view);
	for (size_t i = 0; i < reply->n_lights; i++)
		if (reply->lights[i]->set_light[0])
			out_say(app,
				sentence(&app->pool, _("{cell} set by hand by {user}: {reason}"),
					 "cell", reply->lights[i]->cell, "user",
					 reply->lights[i]->set_by, "reason",
					 reply->lights[i]->set_reason, NULL));
}

bool cmd_national_lights(struct app *app)
{
	Inap__V1__NationalLights request = INAP__V1__NATIONAL_LIGHTS__INIT;
	const Inap__V1__NationalLightsReply *reply;
	const char *state = option_text(app, OPT_MIN_STATE);
	ProtobufCMessage *message = NULL;
	json_t *answer, *list, *seen;

	request.plan = pool_strdup(&app->pool, option_text(app, OPT_PLAN));
	request.round = pool_strdup(&app->pool, option_text(app, OPT_ROUND));
	request.indicator = pool_strdup(&app->pool, option_text(app, OPT_INDICATOR));
	request.pillar = pool_strdup(&app->pool, option_text(app, OPT_PILLAR));
	request.min_state = (Inap__V1__State)proto_enum_value(&inap__v1__state__descriptor, state);
	if (state[0] && request.min_state == INAP__V1__STATE__STATE_UNSPECIFIED)
		return fail_with(app, ERROR_USAGE, "why",
				 _("--min-state is submitted, endorsed or accepted"), NULL);
	if (!side_read(app, &request.jurisdiction) ||
	    !exchange_call(app, METHOD_NATIONAL_LIGHTS, &request.base, &message))
		return false;
	reply = (const Inap__V1__NationalLightsReply *)message;
	answer = json_object();
	list = json_array();
	json_put_text(answer, "round", reply->round);
	json_put_text(answer, "min_state",
		      enum_key(&inap__v1__state__descriptor, (int)reply->min_state));
	json_put_text(answer, "as_of", reply->as_of);
	json_put_text(answer, "green", reply->green);
	json_put_text(answer, "amber", reply->amber);
	json_put_text(answer, "missing", reply->missing);
	seen = json_object();
	for (size_t i = 0; i < reply->n_lights; i++) {
		const Inap__V1__Light *light = reply->lights[i];

		json_array_append_new(list, light_json(light));
		if (light->set_revision > 0)
			json_put_number(seen,
					seen_name(app, light->cell, light->entity,
						  light->jurisdiction, request.round),
					light->set_revision);
	}
	json_object_set_new(answer, "lights", list);
	out_json(app, answer);
	lights_render(app, reply);
	seen_many_put(app, "lights", seen);
	return true;
}

bool cmd_national_override(struct app *app)
{
	Inap__V1__LightOverride request = INAP__V1__LIGHT_OVERRIDE__INIT;
	const Inap__V1__LightReply *reply;
	ProtobufCMessage *message = NULL;
	const char *name;
	json_t *answer;

	request.plan = pool_strdup(&app->pool, option_text(app, OPT_PLAN));
	request.round = pool_strdup(&app->pool, option_text(app, OPT_ROUND));
	request.entity = pool_strdup(&app->pool, option_text(app, OPT_ENTITY));
	request.cell = app->words[0];
	if (app->options.given[OPT_REVOKE] == (app->words_count > 1))
		return fail_with(app, ERROR_USAGE, "why",
				 _("say which light, or --revoke to have the one worked out again"),
				 NULL);
	request.light = app->words_count > 1 ? app->words[1] : pool_strdup(&app->pool, "");
	if (!side_read(app, &request.jurisdiction) || !note_text(app, OPT_NOTE, &request.note))
		return false;
	name = seen_name(app, request.cell, request.entity, request.jurisdiction, request.round);
	if (!seen_base(app, "lights", name, &request.base_revision))
		return false;
	if (!nation_write(app, METHOD_LIGHT_OVERRIDE, &request.base, &message))
		return stale_look(app, "national lights", request.cell);
	reply = (const Inap__V1__LightReply *)message;
	seen_many_put(app, "lights", json_pack("{s:I}", name, (json_int_t)reply->revision));
	answer = json_object();
	json_put_text(answer, "cell", reply->cell);
	json_put_maybe(answer, "entity", reply->entity);
	json_put_text(answer, "jurisdiction", side_key(reply->jurisdiction));
	json_put_text(answer, "round", reply->round);
	json_put_maybe(answer, "light", reply->light);
	json_put_number(answer, "revision", reply->revision);
	json_object_set_new(answer, "receipt", receipt_json(&reply->receipt));
	out_json(app, answer);
	out_say(app,
		sentence(&app->pool,
			 reply->light[0]
				 ? _("{cell} at the end of {round}: {light}, set by hand")
				 : _("{cell} at the end of {round}: the light worked out again"),
			 "cell", reply->cell, "round", reply->round, "light", word(reply->light),
			 NULL));
	return true;
}
