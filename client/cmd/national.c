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

/* What the picture is narrowed to. */
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
	request->period = pool_strdup(&app->pool, option_text(app, OPT_PERIOD));
	request->pillar = pool_strdup(&app->pool, option_text(app, OPT_PILLAR));
	request->entity = pool_strdup(&app->pool, option_text(app, OPT_ENTITY));
	request->table = pool_strdup(&app->pool, option_text(app, OPT_TABLE));
	if (request->period[0] && (option_text(app, OPT_ROUND)[0] ||
				   option_text(app, OPT_FROM)[0] || option_text(app, OPT_TO)[0]))
		return fail_with(app, ERROR_USAGE, "why",
				 _("--period goes alone: a round is a period too"), NULL);
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

static bool grouping_read(struct app *app, enum grouping *by)
{
	static const char *const names[] = { "indicator", "pillar", "entity", "table",
					     "governorate" };
	const char *given = app->options.given[OPT_BY] ? option_text(app, OPT_BY) : names[0];

	for (int i = BY_INDICATOR; i <= BY_GOVERNORATE; i++)
		if (strcmp(names[i], given) == 0) {
			*by = (enum grouping)i;
			return true;
		}
	return fail_with(app, ERROR_USAGE, "why",
			 _("--by is pillar, indicator, entity, table or governorate"), NULL);
}

bool cmd_national_summary(struct app *app)
{
	Inap__V1__NationalSummary request = INAP__V1__NATIONAL_SUMMARY__INIT;
	const Inap__V1__NationalSummaryReply *reply = NULL;
	enum grouping by;

	if (!grouping_read(app, &by) || !filters_read(app, &request))
		return false;
	request.tables = by == BY_TABLE;
	request.lights = true;
	request.indicator = pool_strdup(&app->pool, option_text(app, OPT_INDICATOR));
	if (by == BY_GOVERNORATE)
		request.table = pool_strdup(&app->pool, "governorate");
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
	request.lights = true;
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
		sections_render(app, reply);
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
