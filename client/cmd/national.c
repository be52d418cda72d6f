/* inap national summary, indicator, recompute: the consolidated picture. */
#include <string.h>

#include "client/app.h"
#include "client/cmd/national.h"
#include "client/exchange.h"
#include "client/i18n.h"
#include "client/out/clock.h"
#include "client/out/json.h"
#include "client/out/value.h"
#include "client/out/view.h"
#include "client/words.h"
#include "inap/v1/plan.pb-c.h"
#include "proto/enums.h"

enum { ROUNDS_MAX = 64 };

/* --min-state and --jurisdiction as numbers. */
static bool filters_read(struct app *app, Inap__V1__NationalSummary *request)
{
	const char *state = option_text(app, OPT_MIN_STATE);
	const char *jurisdiction = option_text(app, OPT_JURISDICTION);

	if (state[0]) {
		request->min_state =
			(Inap__V1__State)proto_enum_value(&inap__v1__state__descriptor, state);
		if (request->min_state != INAP__V1__STATE__STATE_SUBMITTED &&
		    request->min_state != INAP__V1__STATE__STATE_ENDORSED &&
		    request->min_state != INAP__V1__STATE__STATE_ACCEPTED)
			return fail_with(app, ERROR_USAGE, "why",
					 _("--min-state is submitted, endorsed or accepted"), NULL);
	}
	if (!jurisdiction[0])
		return true;
	request->jurisdiction = (Inap__V1__Jurisdiction)proto_enum_value(
		&inap__v1__jurisdiction__descriptor, jurisdiction);
	if (request->jurisdiction != INAP__V1__JURISDICTION__JURISDICTION_UNSPECIFIED)
		return true;
	return fail_with(app, ERROR_USAGE, "why", _("--jurisdiction is federal or kurdistan"),
			 NULL);
}

static bool summary_read(struct app *app, Inap__V1__NationalSummary *request, const char *round,
			 const Inap__V1__NationalSummaryReply **reply)
{
	ProtobufCMessage *message = NULL;

	request->plan = pool_strdup(&app->pool, option_text(app, OPT_PLAN));
	request->round = pool_strdup(&app->pool, round);
	if (!exchange_call(app, METHOD_NATIONAL_SUMMARY, &request->base, &message))
		return false;
	*reply = (const Inap__V1__NationalSummaryReply *)message;
	return true;
}

static json_t *coverage_json(const Inap__V1__Coverage *coverage)
{
	json_t *one = json_object();

	if (!coverage)
		return one;
	json_put_number(one, "expected", coverage->expected);
	json_put_number(one, "valued", coverage->valued);
	json_put_number(one, "withheld", coverage->withheld);
	json_put_number(one, "not_available", coverage->not_available);
	json_put_number(one, "not_collected", coverage->not_collected);
	json_put_number(one, "not_applicable", coverage->not_applicable);
	json_put_number(one, "excused", coverage->excused);
	json_put_number(one, "unanswered", coverage->unanswered);
	json_object_set_new(one, "missing", json_texts(coverage->missing, coverage->n_missing));
	json_object_set_new(one, "under_correction",
			    json_texts(coverage->under_correction, coverage->n_under_correction));
	json_put_maybe(one, "weight_missing", coverage->weight_missing);
	json_put_maybe(one, "rate", coverage->rate);
	return one;
}

static json_t *parts_json(const Inap__V1__Total *total)
{
	json_t *list = json_array();

	for (size_t i = 0; i < total->n_parts; i++) {
		json_t *one = json_object();

		json_put_text(one, "entity", total->parts[i]->entity);
		json_put_value(one, total->parts[i]->value);
		json_array_append_new(list, one);
	}
	return list;
}

static json_t *total_json(const Inap__V1__Total *total)
{
	json_t *one = json_object();

	json_put_text(one, "indicator", total->indicator);
	json_put_text(one, "cell", total->cell);
	json_put_text(one, "jurisdiction",
		      enum_key(&inap__v1__jurisdiction__descriptor, (int)total->jurisdiction));
	json_put_text(one, "period", total->period);
	if (total->hidden) {
		json_put_bool(one, "hidden", true);
	} else {
		json_put_value(one, total->value);
		if (total->percent[0])
			json_put_text(one, "percent", total->percent);
	}
	json_put_text(one, "label", total->label);
	json_put_maybe(one, "target", total->target);
	json_put_maybe(one, "light", total->light);
	json_object_set_new(one, "coverage", coverage_json(total->coverage));
	json_object_set_new(one, "parts", parts_json(total));
	return one;
}

json_t *summary_json(const Inap__V1__NationalSummaryReply *reply)
{
	json_t *answer = json_object();
	json_t *totals = json_array();

	for (size_t i = 0; i < reply->n_totals; i++)
		json_array_append_new(totals, total_json(reply->totals[i]));
	json_put_text(answer, "round", reply->round);
	json_object_set_new(answer, "edition", json_null());
	json_put_text(answer, "min_state",
		      enum_key(&inap__v1__state__descriptor, (int)reply->min_state));
	json_put_text(answer, "as_of", reply->as_of);
	json_object_set_new(answer, "totals", totals);
	return answer;
}

static const Inap__V1__NationalLabel *label_find(const Inap__V1__NationalSummaryReply *reply,
						 const char *code)
{
	for (size_t i = 0; i < reply->n_indicators; i++)
		if (strcmp(reply->indicators[i]->code, code) == 0)
			return reply->indicators[i];
	return NULL;
}

static void figure_put(struct view *view, const Inap__V1__Total *total)
{
	if (total->hidden)
		view_both(view, _("hidden"), "hidden");
	else if (strcmp(total->label, "not_computed") == 0)
		view_word(view, total->label);
	else
		view_value(view, total->value);
}

static void coverage_put(struct view *view, const Inap__V1__Coverage *coverage)
{
	struct pool *pool = &view->app->pool;
	const char *text = coverage ? pool_printf(pool, "%u/%u", (unsigned)coverage->valued,
						  (unsigned)coverage->expected)
				    : "";

	view_figure(view, text);
	view_code(view,
		  coverage ? texts_join(view->app, coverage->missing, coverage->n_missing) : "");
}

/* How people want it grouped. */
enum grouping { BY_INDICATOR, BY_PILLAR, BY_ENTITY, BY_TABLE };

static void total_put(struct view *view, const Inap__V1__NationalSummaryReply *reply,
		      const Inap__V1__Total *total, enum grouping by)
{
	const Inap__V1__NationalLabel *label = label_find(reply, total->indicator);

	if (by == BY_PILLAR)
		view_code(view, label ? label->pillar : "");
	view_code(view, total->cell);
	view_word(view, enum_key(&inap__v1__jurisdiction__descriptor, (int)total->jurisdiction));
	view_code(view, total->period);
	figure_put(view, total);
	view_figure(view, total->hidden ? "" : total->percent);
	coverage_put(view, total->coverage);
	view_name(view, label ? label->name : NULL);
}

void summary_render(struct app *app, const Inap__V1__NationalSummaryReply *reply, int by)
{
	const struct column columns[] = {
		{ "pillar", _("PILLAR"), COLUMN_CODE },
		{ "cell", _("CELL"), COLUMN_CODE },
		{ "jurisdiction", _("JURISDICTION"), COLUMN_CODE },
		{ "period", _("PERIOD"), COLUMN_CODE },
		{ "value", _("VALUE"), COLUMN_NUMBER },
		{ "percent", _("PERCENT"), COLUMN_NUMBER },
		{ "coverage", _("REPORTED"), COLUMN_NUMBER },
		{ "missing", _("MISSING"), COLUMN_CODE },
		{ "name", _("NAME"), COLUMN_TEXT },
	};
	bool pillar = by == BY_PILLAR;
	struct view *view = view_new(app, pillar ? columns : columns + 1, pillar ? 9 : 8);

	out_say(app, sentence(&app->pool, _("Round {round}, reports from {state} on, as of {at}"),
			      "round", reply->round, "state",
			      enum_key(&inap__v1__state__descriptor, (int)reply->min_state), "at",
			      clock_moment(app, reply->as_of), NULL));
	for (size_t i = 0; i < reply->n_totals; i++)
		total_put(view, reply, reply->totals[i], (enum grouping)by);
	out_view(app, view);
}

/* Who gave what. */
static void entities_render(struct app *app, const Inap__V1__NationalSummaryReply *reply)
{
	const struct column columns[] = {
		{ "entity", _("ENTITY"), COLUMN_CODE }, { "cell", _("CELL"), COLUMN_CODE },
		{ "period", _("PERIOD"), COLUMN_CODE }, { "value", _("VALUE"), COLUMN_NUMBER },
		{ "name", _("NAME"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 5);

	for (size_t i = 0; i < reply->n_totals; i++) {
		const Inap__V1__Total *total = reply->totals[i];
		const Inap__V1__NationalLabel *label = label_find(reply, total->indicator);

		/* Iraq's parts are those of the two others. */
		if (total->jurisdiction == INAP__V1__JURISDICTION__JURISDICTION_IRAQ)
			continue;
		for (size_t j = 0; j < total->n_parts; j++) {
			view_code(view, total->parts[j]->entity);
			view_code(view, total->cell);
			view_code(view, total->period);
			view_value(view, total->parts[j]->value);
			view_name(view, label ? label->name : NULL);
		}
	}
	out_view(app, view);
}

static bool grouping_read(struct app *app, enum grouping *by)
{
	static const char *const names[] = { "indicator", "pillar", "entity", "table" };
	const char *given = app->options.given[OPT_BY] ? option_text(app, OPT_BY) : names[0];

	for (int i = 0; i < 4; i++)
		if (strcmp(names[i], given) == 0) {
			*by = (enum grouping)i;
			return true;
		}
	return fail_with(app, ERROR_USAGE, "why", _("--by is pillar, indicator, entity or table"),
			 NULL);
}

bool cmd_national_summary(struct app *app)
{
	Inap__V1__NationalSummary request = INAP__V1__NATIONAL_SUMMARY__INIT;
	const Inap__V1__NationalSummaryReply *reply = NULL;
	enum grouping by;

	if (!grouping_read(app, &by) || !filters_read(app, &request))
		return false;
	request.tables = by == BY_TABLE;
	if (!summary_read(app, &request, option_text(app, OPT_ROUND), &reply))
		return false;
	out_json(app, summary_json(reply));
	if (by == BY_ENTITY)
		entities_render(app, reply);
	else
		summary_render(app, reply, (int)by);
	return true;
}

/* The rounds from --from to --to; without them the one of --round. */
static bool rounds_choose(struct app *app, const char **rounds, size_t *count)
{
	Inap__V1__RoundList request = INAP__V1__ROUND_LIST__INIT;
	const char *from = option_text(app, OPT_FROM), *to = option_text(app, OPT_TO);
	const Inap__V1__RoundListReply *reply;
	ProtobufCMessage *message = NULL;

	rounds[0] = option_text(app, OPT_ROUND);
	*count = 1;
	if (!from[0] && !to[0])
		return true;
	request.plan = pool_strdup(&app->pool, option_text(app, OPT_PLAN));
	if (!exchange_call(app, METHOD_ROUND_LIST, &request.base, &message))
		return false;
	reply = (const Inap__V1__RoundListReply *)message;
	*count = 0;
	/* The server lists the newest first; people read time forwards. */
	for (size_t i = reply->n_rounds; i-- > 0 && *count < ROUNDS_MAX;) {
		const char *code = reply->rounds[i]->round;

		if ((!from[0] || strcmp(code, from) >= 0) && (!to[0] || strcmp(code, to) <= 0))
			rounds[(*count)++] = code;
	}
	if (*count > 0)
		return true;
	return fail_with(app, ERROR_NOT_FOUND, "what", "round", "name",
			 pool_printf(&app->pool, "%s..%s", from, to), NULL);
}

static json_t *wholes_json(const Inap__V1__NationalSummaryReply *reply)
{
	json_t *list = json_array();

	for (size_t i = 0; i < reply->n_wholes; i++) {
		const Inap__V1__Whole *whole = reply->wholes[i];
		json_t *one = json_object();

		json_put_text(one, "cell", whole->cell);
		json_put_text(
			one, "jurisdiction",
			enum_key(&inap__v1__jurisdiction__descriptor, (int)whole->jurisdiction));
		if (whole->hidden)
			json_put_bool(one, "hidden", true);
		else
			json_put_value(one, whole->value);
		json_put_maybe(one, "percent", whole->percent);
		json_put_text(one, "breaks_at", whole->breaks_at);
		json_object_set_new(one, "parts", json_texts(whole->parts, whole->n_parts));
		json_array_append_new(list, one);
	}
	return list;
}

/* Where series break, and what keeps them comparable. */
static void wholes_render(struct app *app, const Inap__V1__NationalSummaryReply *reply)
{
	const struct column columns[] = {
		{ "cell", _("CELL"), COLUMN_CODE },
		{ "jurisdiction", _("JURISDICTION"), COLUMN_CODE },
		{ "breaks_at", _("BREAKS AT"), COLUMN_CODE },
		{ "value", _("VALUE"), COLUMN_NUMBER },
		{ "percent", _("PERCENT"), COLUMN_NUMBER },
		{ "parts", _("TOGETHER"), COLUMN_CODE },
	};
	struct view *view = view_new(app, columns, 6);

	for (size_t i = 0; i < reply->n_wholes; i++) {
		const Inap__V1__Whole *whole = reply->wholes[i];

		view_code(view, whole->cell);
		view_word(view,
			  enum_key(&inap__v1__jurisdiction__descriptor, (int)whole->jurisdiction));
		view_code(view, whole->breaks_at);
		if (whole->hidden)
			view_both(view, _("hidden"), "hidden");
		else
			view_value(view, whole->value);
		view_figure(view, whole->percent);
		view_code(view, texts_join(app, whole->parts, whole->n_parts));
	}
	out_side_view(
		app,
		_("Series that break because a category was split; together, as it was before:"),
		view);
}

bool cmd_national_indicator(struct app *app)
{
	Inap__V1__NationalSummary request = INAP__V1__NATIONAL_SUMMARY__INIT;
	const Inap__V1__NationalSummaryReply *reply = NULL;
	const char *rounds[ROUNDS_MAX];
	json_t *answers, *answer;
	size_t count;

	if (!filters_read(app, &request) || !rounds_choose(app, rounds, &count))
		return false;
	request.indicator = app->words[0];
	request.tables = true;
	answers = json_array();
	for (size_t i = 0; i < count; i++) {
		if (!summary_read(app, &request, rounds[i], &reply)) {
			json_decref(answers);
			return false;
		}
		answer = summary_json(reply);
		json_object_set_new(answer, "wholes", wholes_json(reply));
		json_array_append_new(answers, answer);
		summary_render(app, reply, BY_INDICATOR);
		wholes_render(app, reply);
	}
	if (count == 1) {
		out_json(app, json_incref(json_array_get(answers, 0)));
		json_decref(answers);
	} else {
		out_json(app, answers);
	}
	return true;
}

bool cmd_national_recompute(struct app *app)
{
	Inap__V1__NationalRecompute request = INAP__V1__NATIONAL_RECOMPUTE__INIT;
	const Inap__V1__NationalRecomputeReply *reply;
	ProtobufCMessage *message = NULL;
	struct pool *pool = &app->pool;
	json_t *answer;

	request.plan = pool_strdup(pool, option_text(app, OPT_PLAN));
	request.round = pool_strdup(pool, option_text(app, OPT_ROUND));
	if (!exchange_call(app, METHOD_NATIONAL_RECOMPUTE, &request.base, &message))
		return false;
	reply = (const Inap__V1__NationalRecomputeReply *)message;
	answer = json_object();
	json_put_number(answer, "totals", reply->totals);
	json_put_number(answer, "differences", reply->differences);
	json_object_set_new(answer, "cells", json_texts(reply->cells, reply->n_cells));
	out_json(app, answer);
	out_say(app, sentence(pool, _("{totals} totals summed anew, {differences} differ"),
			      "totals", number_text(pool, reply->totals), "differences",
			      number_text(pool, reply->differences), NULL));
	if (reply->n_cells > 0)
		out_say(app, texts_join(app, reply->cells, reply->n_cells));
	app->status = reply->differences > 0 ? 1 : 0;
	return true;
}
