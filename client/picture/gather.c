/* The national picture, read from the server. */
#include "client/picture/picture.h"

#include <stdlib.h>
#include <string.h>

#include "client/app.h"
#include "client/exchange.h"
#include "client/out/value.h"
#include "proto/method.h"

const Inap__V1__Jurisdiction picture_sides[PICTURE_SIDES] = {
	INAP__V1__JURISDICTION__JURISDICTION_FEDERAL,
	INAP__V1__JURISDICTION__JURISDICTION_KURDISTAN,
	INAP__V1__JURISDICTION__JURISDICTION_IRAQ,
};

static bool plan_read(struct picture *picture)
{
	Inap__V1__PlanShow request = INAP__V1__PLAN_SHOW__INIT;
	ProtobufCMessage *message = NULL;

	request.plan = pool_strdup(&picture->app->pool, option_text(picture->app, OPT_PLAN));
	if (!exchange_call(picture->app, METHOD_PLAN_SHOW, &request.base, &message))
		return false;
	picture->plan = (const Inap__V1__Plan *)message;
	return true;
}

static bool indicators_read(struct picture *picture)
{
	Inap__V1__IndicatorList request = INAP__V1__INDICATOR_LIST__INIT;
	ProtobufCMessage *message = NULL;

	request.plan = picture->plan->code;
	if (!exchange_call(picture->app, METHOD_INDICATOR_LIST, &request.base, &message))
		return false;
	picture->indicators = (const Inap__V1__IndicatorListReply *)message;
	return true;
}

/* The round asked for, else the newest that has opened, and those before it; newest first in the
 * answer, oldest first here. */
static bool rounds_choose(struct picture *picture)
{
	Inap__V1__RoundList request = INAP__V1__ROUND_LIST__INIT;
	const char *wanted = option_text(picture->app, OPT_ROUND);
	const Inap__V1__RoundListReply *reply;
	ProtobufCMessage *message = NULL;
	size_t at = 0, count;

	request.plan = picture->plan->code;
	if (!exchange_call(picture->app, METHOD_ROUND_LIST, &request.base, &message))
		return false;
	reply = (const Inap__V1__RoundListReply *)message;
	while (at < reply->n_rounds &&
	       (wanted[0] ? strcmp(reply->rounds[at]->round, wanted) != 0
			  : strcmp(reply->rounds[at]->state, "planned") == 0))
		at++;
	if (at == reply->n_rounds)
		return fail_with(picture->app, ERROR_NOT_FOUND, "what", "round", "name", wanted,
				 NULL);
	count = reply->n_rounds - at;
	picture->rounds_count = count < PICTURE_ROUNDS ? count : PICTURE_ROUNDS;
	for (size_t i = 0; i < picture->rounds_count; i++)
		picture->rounds[picture->rounds_count - 1 - i].code = reply->rounds[at + i]->round;
	return true;
}

static bool summary_read(struct picture *picture, const char *round, bool tables,
			 const Inap__V1__NationalSummaryReply **reply)
{
	Inap__V1__NationalSummary request = INAP__V1__NATIONAL_SUMMARY__INIT;
	ProtobufCMessage *message = NULL;

	request.plan = picture->plan->code;
	request.round = pool_strdup(&picture->app->pool, round);
	request.tables = tables;
	request.for_everybody = true;
	if (!exchange_call(picture->app, METHOD_NATIONAL_SUMMARY, &request.base, &message))
		return false;
	*reply = (const Inap__V1__NationalSummaryReply *)message;
	return true;
}

static bool round_read(struct picture *picture, struct picture_round *round)
{
	Inap__V1__NationalCompleteness request = INAP__V1__NATIONAL_COMPLETENESS__INIT;
	ProtobufCMessage *message = NULL;

	request.plan = picture->plan->code;
	request.round = pool_strdup(&picture->app->pool, round->code);
	if (!exchange_call(picture->app, METHOD_NATIONAL_COMPLETENESS, &request.base, &message))
		return false;
	round->who = (const Inap__V1__NationalCompletenessReply *)message;
	return summary_read(picture, round->code, false, &round->totals);
}

static bool lights_read(struct picture *picture)
{
	Inap__V1__NationalLights request = INAP__V1__NATIONAL_LIGHTS__INIT;
	ProtobufCMessage *message = NULL;

	request.plan = picture->plan->code;
	request.round = pool_strdup(&picture->app->pool, picture_now(picture)->code);
	request.for_everybody = true;
	if (!exchange_call(picture->app, METHOD_NATIONAL_LIGHTS, &request.base, &message))
		return false;
	picture->lights = (const Inap__V1__NationalLightsReply *)message;
	return true;
}

/* ---- lines */

static const Inap__V1__Total *total_find(const Inap__V1__NationalSummaryReply *reply,
					 const char *indicator, Inap__V1__Jurisdiction side)
{
	for (size_t i = 0; i < reply->n_totals; i++)
		if (reply->totals[i]->jurisdiction == side &&
		    strcmp(reply->totals[i]->cell, indicator) == 0)
			return reply->totals[i];
	return NULL;
}

const Inap__V1__Light *picture_light(const struct picture *picture, const Inap__V1__Total *total)
{
	for (size_t i = 0; picture->lights && total && i < picture->lights->n_lights; i++) {
		const Inap__V1__Light *light = picture->lights->lights[i];

		if (light->jurisdiction == total->jurisdiction && !light->entity[0] &&
		    strcmp(light->cell, total->cell) == 0 &&
		    (light->target || light->set_light[0] ||
		     strcmp(light->why, "no_milestone") == 0))
			return light;
	}
	return NULL;
}

/* Of what is not combined there is no total of Iraq: its line is left out. */
void picture_rows(struct picture *picture)
{
	const struct picture_round *now = picture_now(picture);

	picture->rows = pool_alloc(&picture->app->pool,
				   (picture->indicators->n_indicators + 1) * sizeof *picture->rows);
	for (size_t i = 0; i < picture->indicators->n_indicators; i++) {
		struct picture_row *row = &picture->rows[picture->rows_count];
		const Inap__V1__Indicator *indicator = picture->indicators->indicators[i];
		bool any = false;

		row->indicator = indicator;
		for (size_t side = 0; side < PICTURE_SIDES; side++) {
			row->now[side] =
				total_find(now->totals, indicator->code, picture_sides[side]);
			row->light[side] = picture_light(picture, row->now[side]);
			any |= row->now[side] != NULL;
		}
		for (size_t at = 0; at < picture->rounds_count; at++)
			row->past[at] = total_find(picture->rounds[at].totals, indicator->code,
						   INAP__V1__JURISDICTION__JURISDICTION_IRAQ);
		picture->rows_count += any;
	}
}

bool picture_read(struct picture *picture, bool tables)
{
	if (!plan_read(picture) || !indicators_read(picture) || !rounds_choose(picture))
		return false;
	for (size_t i = 0; i < picture->rounds_count; i++)
		if (!round_read(picture, &picture->rounds[i]))
			return false;
	if (!lights_read(picture))
		return false;
	picture_rows(picture);
	return !tables || summary_read(picture, picture_now(picture)->code, true, &picture->cells);
}

/* ---- what is asked of it */

const struct picture_round *picture_now(const struct picture *picture)
{
	return &picture->rounds[picture->rounds_count - 1];
}

const char *picture_light_key(const Inap__V1__Light *light)
{
	if (!light)
		return "";
	return light->set_light[0] ? light->set_light : light->light;
}

bool picture_number(const Inap__V1__Total *total, double *number)
{
	const char *text = "";

	if (!total || total->hidden || !total->value)
		return false;
	if (total->percent[0])
		text = total->percent;
	else if (total->value->kind_case == INAP__V1__VALUE__KIND_NUMBER)
		text = total->value->number;
	*number = strtod(text, NULL);
	return text[0] != '\0';
}

const char *picture_figure(const struct picture *picture, const Inap__V1__Total *total)
{
	if (!total || total->hidden || !total->value)
		return "";
	return value_human(picture->app, total->value);
}

const Inap__V1__CompletenessRate *picture_rate(const Inap__V1__NationalCompletenessReply *who,
					       Inap__V1__Jurisdiction side)
{
	for (size_t i = 0; i < who->n_rates; i++)
		if (who->rates[i]->jurisdiction == side)
			return who->rates[i];
	return NULL;
}
