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
		json_put_maybe(one, "due_at", entity->due_at);
		json_put_bool(one, "extended", entity->extended);
		json_put_bool(one, "excused", entity->excused);
		json_put_maybe(one, "excused_note", entity->excused_note);
		json_put_bool(one, "accepted_first", entity->first_time);
		json_array_append_new(list, one);
	}
	return list;
}

static json_t *rates_json(const Inap__V1__NationalCompletenessReply *reply)
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

static void rates_render(struct app *app, const Inap__V1__NationalCompletenessReply *reply)
{
	const struct column columns[] = {
		{ "jurisdiction", _("JURISDICTION"), COLUMN_CODE },
		{ "expected", _("EXPECTED"), COLUMN_NUMBER },
		{ "submitted", _("SUBMITTED"), COLUMN_NUMBER },
		{ "on_time", _("ON TIME"), COLUMN_NUMBER },
		{ "accepted", _("ACCEPTED"), COLUMN_NUMBER },
		{ "accepted_first", _("AT FIRST SUBMISSION"), COLUMN_NUMBER },
		{ "excused", _("EXCUSED"), COLUMN_NUMBER },
	};
	struct view *view = view_new(app, columns, 7);

	for (size_t i = 0; i < reply->n_rates; i++) {
		const Inap__V1__CompletenessRate *rate = reply->rates[i];

		view_word(view,
			  enum_key(&inap__v1__jurisdiction__descriptor, (int)rate->jurisdiction));
		view_number(view, rate->expected);
		view_number(view, rate->submitted);
		view_number(view, rate->on_time);
		view_number(view, rate->accepted);
		view_number(view, rate->accepted_first);
		view_number(view, rate->excused);
	}
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
	json_object_set_new(answer, "rates", rates_json(reply));
	out_json(app, answer);
	entities_render(app, reply);
	rates_render(app, reply);
	return true;
}
