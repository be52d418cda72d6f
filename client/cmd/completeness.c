/* inap national completeness: who has reported; states and dates, no figures. */
#include "client/app.h"
#include "client/exchange.h"
#include "client/i18n.h"
#include "client/out/json.h"
#include "client/out/view.h"
#include "client/words.h"
#include "inap/v1/national.pb-c.h"

static json_t *entities_json(const Inap__V1__NationalCompletenessReply *reply)
{
	json_t *list = json_array();

	for (size_t i = 0; i < reply->n_entities; i++) {
		const Inap__V1__CompletenessEntry *entity = reply->entities[i];
		json_t *one = json_object();

		json_put_text(one, "entity", entity->entity);
		json_put_text(
			one, "jurisdiction",
			enum_key(&inap__v1__jurisdiction__descriptor, (int)entity->jurisdiction));
		json_put_text(one, "state",
			      enum_key(&inap__v1__state__descriptor, (int)entity->state));
		json_put_maybe(one, "submitted_at", entity->submitted_at);
		json_put_bool(one, "on_time", entity->on_time);
		json_put_number(one, "answered", entity->answered);
		json_put_number(one, "asked", entity->asked);
		json_put_number(one, "valued", entity->valued);
		json_put_maybe(one, "due_at", entity->due_at);
		json_put_bool(one, "extended", entity->extended);
		json_put_bool(one, "excused", entity->excused);
		json_put_maybe(one, "excused_note", entity->excused_note);
		json_put_bool(one, "accepted_first", entity->first_time);
		json_array_append_new(list, one);
	}
	return list;
}

/* A share, three decimals, half up; NULL of nothing. */
static const char *share(struct app *app, uint32_t part, uint32_t whole)
{
	unsigned long long thousandths;

	if (whole == 0)
		return NULL;
	thousandths = (2000ULL * part + whole) / (2ULL * whole);
	return pool_printf(&app->pool, "%llu.%03llu", thousandths / 1000, thousandths % 1000);
}

static json_t *shares_json(struct app *app, const Inap__V1__CompletenessRate *rate)
{
	json_t *one = json_object();

	json_put_maybe(one, "submitted", share(app, rate->submitted, rate->expected));
	json_put_maybe(one, "on_time", share(app, rate->on_time, rate->expected));
	json_put_maybe(one, "accepted", share(app, rate->accepted, rate->expected));
	json_put_maybe(one, "accepted_first", share(app, rate->accepted_first, rate->expected));
	json_put_maybe(one, "answered", share(app, rate->answered, rate->asked));
	json_put_maybe(one, "valued", share(app, rate->valued, rate->asked));
	return one;
}

static json_t *rates_json(struct app *app, const Inap__V1__NationalCompletenessReply *reply)
{
	json_t *rates = json_object();

	for (size_t i = 0; i < reply->n_rates; i++) {
		const Inap__V1__CompletenessRate *rate = reply->rates[i];
		json_t *one = json_object();

		json_put_number(one, "submitted", rate->submitted);
		json_put_number(one, "on_time", rate->on_time);
		json_put_number(one, "accepted", rate->accepted);
		json_put_number(one, "expected", rate->expected);
		json_put_number(one, "accepted_first", rate->accepted_first);
		json_put_number(one, "excused", rate->excused);
		json_put_number(one, "asked", rate->asked);
		json_put_number(one, "answered", rate->answered);
		json_put_number(one, "valued", rate->valued);
		json_object_set_new(one, "shares", shares_json(app, rate));
		json_object_set_new(
			rates,
			enum_key(&inap__v1__jurisdiction__descriptor, (int)rate->jurisdiction),
			one);
	}
	return rates;
}

static void entities_render(struct app *app, const Inap__V1__NationalCompletenessReply *reply)
{
	const struct column columns[] = {
		{ "entity", _("ENTITY"), COLUMN_CODE },
		{ "jurisdiction", _("JURISDICTION"), COLUMN_CODE },
		{ "state", _("STATE"), COLUMN_CODE },
		{ "due_at", _("DUE"), COLUMN_CODE },
		{ "submitted_at", _("SUBMITTED"), COLUMN_CODE },
		{ "on_time", _("ON TIME"), COLUMN_CODE },
		{ "answered", _("ANSWERED"), COLUMN_NUMBER },
		{ "name", _("NAME"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 8);

	for (size_t i = 0; i < reply->n_entities; i++) {
		const Inap__V1__CompletenessEntry *entity = reply->entities[i];

		view_code(view, entity->entity);
		view_word(view,
			  enum_key(&inap__v1__jurisdiction__descriptor, (int)entity->jurisdiction));
		view_word(view, entity->excused ? "excused"
						: enum_key(&inap__v1__state__descriptor,
							   (int)entity->state));
		view_due(view, entity->due_at, entity->extended);
		view_day(view, entity->submitted_at);
		if (entity->submitted_at[0])
			view_yes(view, entity->on_time);
		else
			view_code(view, "");
		view_figure(view, pool_printf(&app->pool, "%u/%u", (unsigned)entity->answered,
					      (unsigned)entity->asked));
		view_name(view, entity->name);
	}
	out_view(app, view);
}

/* A count with its share: 18 (0.818). */
static void view_share(struct view *view, uint32_t part, uint32_t whole)
{
	struct app *app = view->app;
	const char *text = share(app, part, whole);
	const char *count = pool_printf(&app->pool, "%u", (unsigned)part);

	view_both(view,
		  digits_shape(&app->pool,
			       text ? pool_printf(&app->pool, "%s (%s)", count, text) : count),
		  count);
}

/* Beside "on time" stand what was accepted at first submission and what holds a value. */
static void rates_render(struct app *app, const Inap__V1__NationalCompletenessReply *reply)
{
	const struct column columns[] = {
		{ "jurisdiction", _("JURISDICTION"), COLUMN_CODE },
		{ "expected", _("EXPECTED"), COLUMN_NUMBER },
		{ "submitted", _("SUBMITTED"), COLUMN_NUMBER },
		{ "on_time", _("ON TIME"), COLUMN_NUMBER },
		{ "accepted", _("ACCEPTED"), COLUMN_NUMBER },
		{ "accepted_first", _("AT FIRST SUBMISSION"), COLUMN_NUMBER },
		{ "valued", _("VALUED"), COLUMN_NUMBER },
		{ "excused", _("EXCUSED"), COLUMN_NUMBER },
	};
	struct view *view = view_new(app, columns, 8);

	for (size_t i = 0; i < reply->n_rates; i++) {
		const Inap__V1__CompletenessRate *rate = reply->rates[i];

		view_word(view,
			  enum_key(&inap__v1__jurisdiction__descriptor, (int)rate->jurisdiction));
		view_number(view, rate->expected);
		view_share(view, rate->submitted, rate->expected);
		view_share(view, rate->on_time, rate->expected);
		view_share(view, rate->accepted, rate->expected);
		view_share(view, rate->accepted_first, rate->expected);
		view_share(view, rate->valued, rate->asked);
		view_number(view, rate->excused);
	}
	out_side_view(app, NULL, view);
}

static void excused_render(struct app *app, const Inap__V1__NationalCompletenessReply *reply)
{
	const struct column columns[] = {
		{ "entity", _("ENTITY"), COLUMN_CODE },
		{ "excused_note", _("EXCUSED BECAUSE"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 2);

	for (size_t i = 0; i < reply->n_entities; i++) {
		if (!reply->entities[i]->excused)
			continue;
		view_code(view, reply->entities[i]->entity);
		view_text(view, reply->entities[i]->excused_note);
	}
	if (view_rows(view) > 0)
		out_side_view(app, NULL, view);
}

bool cmd_national_completeness(struct app *app)
{
	Inap__V1__NationalCompleteness request = INAP__V1__NATIONAL_COMPLETENESS__INIT;
	const Inap__V1__NationalCompletenessReply *reply;
	ProtobufCMessage *message = NULL;
	json_t *answer;

	request.plan = pool_strdup(&app->pool, option_text(app, OPT_PLAN));
	request.round = pool_strdup(&app->pool, option_text(app, OPT_ROUND));
	if (!exchange_call(app, METHOD_NATIONAL_COMPLETENESS, &request.base, &message))
		return false;
	reply = (const Inap__V1__NationalCompletenessReply *)message;
	answer = json_object();
	json_put_text(answer, "round", reply->round);
	json_object_set_new(answer, "entities", entities_json(reply));
	json_object_set_new(answer, "rates", rates_json(app, reply));
	out_json(app, answer);
	entities_render(app, reply);
	rates_render(app, reply);
	excused_render(app, reply);
	return true;
}
