/* inap event list, show: events that the caller may read. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "client/app.h"
#include "client/cmd/activity.h"
#include "client/cmd/event.h"
#include "client/exchange.h"
#include "client/form/value.h"
#include "client/i18n.h"
#include "client/out/json.h"
#include "client/out/value.h"
#include "client/out/view.h"
#include "client/words.h"

bool numbered_read(struct app *app, char letter, const char *typed, uint64_t *number)
{
	const char *text = digits_latin(app, typed);
	const char *example = letter ? pool_printf(&app->pool, "%c12", letter) : "12";
	char *end;

	if (letter && toupper((unsigned char)*text) == letter)
		text++;
	*number = isdigit((unsigned char)*text) ? strtoull(text, &end, 10) : 0;
	if (*number > 0 && *number <= INT32_MAX && *end == '\0')
		return true;
	return fail_with(app, ERROR_USAGE, "why",
			 sentence(&app->pool, _("'{word}' is no number: write it like {example}"),
				  "word", typed, "example", example, NULL),
			 NULL);
}

static const Inap__V1__EventListReply *events_read(struct app *app, Inap__V1__EventList *request)
{
	ProtobufCMessage *message = NULL;

	if (!exchange_call(app, METHOD_EVENT_LIST, &request->base, &message))
		return NULL;
	return (const Inap__V1__EventListReply *)message;
}

const Inap__V1__Event *event_read(struct app *app, uint64_t number)
{
	Inap__V1__EventList request = INAP__V1__EVENT_LIST__INIT;
	const Inap__V1__EventListReply *reply;

	request.number = number;
	reply = events_read(app, &request);
	if (reply && reply->n_events == 0)
		fail_with(app, ERROR_NOT_FOUND, "what", "event", "name",
			  pool_printf(&app->pool, "E%llu", (unsigned long long)number), NULL);
	return reply && reply->n_events > 0 ? reply->events[0] : NULL;
}

/* ---- as JSON */

static json_t *decisions_json(const Inap__V1__Event *event)
{
	json_t *list = json_array();

	for (size_t i = 0; i < event->n_decisions; i++) {
		const Inap__V1__EventDecision *decision = event->decisions[i];
		json_t *one = json_object();

		json_put_number(one, "decision", decision->decision);
		json_put_text(one, "text", decision->text);
		json_put_text(one, "owner", decision->owner);
		json_put_text(one, "due_on", decision->due_on);
		json_put_maybe(one, "done_on", decision->done_on);
		json_put_maybe(one, "done_by", decision->done_by);
		json_put_maybe(one, "done_note", decision->done_note);
		json_array_append_new(list, one);
	}
	return list;
}

static const Inap__V1__Organisation *organisation_of(const Inap__V1__EventListReply *reply,
						     uint64_t number)
{
	for (size_t i = 0; i < reply->n_organisations; i++)
		if (reply->organisations[i]->number == number)
			return reply->organisations[i];
	return NULL;
}

static json_t *present_json(const Inap__V1__EventListReply *reply, const Inap__V1__EventBody *body)
{
	json_t *list = json_array();

	for (size_t i = 0; i < body->n_organisations; i++) {
		const Inap__V1__Organisation *known =
			organisation_of(reply, body->organisations[i]);
		json_t *one = json_object();

		json_put_number(one, "organisation", body->organisations[i]);
		if (known)
			json_object_set_new(one, "name", json_name(known->name));
		json_put_bool(one, "women_led", known && known->women_led);
		json_array_append_new(list, one);
	}
	return list;
}

static void count_json(json_t *one, const char *key, const char *count)
{
	json_object_set_new(one, key, count[0] ? json_integer(atoll(count)) : json_null());
}

static json_t *event_json(const Inap__V1__EventListReply *reply, const Inap__V1__Event *event)
{
	const Inap__V1__EventBody *body = event->event;
	json_t *one = json_object();
	json_t *support = json_object();

	json_put_number(one, "event", event->number);
	json_put_number(one, "version", event->version);
	json_put_text(one, "plan", event->plan);
	json_put_text(one, "kind", body->kind);
	json_put_text(one, "title", body->title);
	json_put_text(one, "held_on", body->held_on);
	json_put_maybe(one, "ends_on", body->ends_on);
	json_object_set_new(one, "places", json_texts(body->places, body->n_places));
	json_put_text(one, "organiser", body->organiser);
	json_put_maybe(support, "technical", body->technical);
	json_put_maybe(support, "operational", body->operational);
	json_put_maybe(support, "financial", body->financial);
	json_object_set_new(one, "support", support);
	json_object_set_new(one, "present", json_texts(body->present, body->n_present));
	json_object_set_new(one, "organisations", present_json(reply, body));
	json_put_number(one, "organisations_unnamed", event->unnamed);
	json_put_number(one, "organisations_women_led", event->women_led);
	count_json(one, "women", body->women);
	count_json(one, "men", body->men);
	json_put_maybe(one, "minutes", body->minutes);
	json_put_maybe(one, "minutes_on", body->minutes_on);
	json_put_bool(one, "confined", body->confined);
	json_object_set_new(one, "indicators", json_texts(body->indicators, body->n_indicators));
	json_object_set_new(one, "activities", json_texts(body->activities, body->n_activities));
	json_object_set_new(one, "decisions", decisions_json(event));
	json_put_text(one, "by", event->by);
	return one;
}

/* ---- for people */

static void events_render(struct app *app, const Inap__V1__EventListReply *reply)
{
	static struct column columns[] = {
		{ "event", NULL, COLUMN_CODE },     { "held_on", NULL, COLUMN_CODE },
		{ "kind", NULL, COLUMN_CODE },      { "places", NULL, COLUMN_CODE },
		{ "organiser", NULL, COLUMN_CODE }, { "women", NULL, COLUMN_NUMBER },
		{ "men", NULL, COLUMN_NUMBER },     { "minutes_on", NULL, COLUMN_CODE },
		{ "decisions", NULL, COLUMN_CODE }, { "title", NULL, COLUMN_TEXT },
	};
	const char *const headings[] = { _("EVENT"),     _("HELD"),  _("KIND"), _("PLACES"),
					 _("ORGANISER"), _("WOMEN"), _("MEN"),  _("MINUTES"),
					 _("DONE"),      _("TITLE") };
	struct view *view;

	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
		columns[i].heading = headings[i];
	view = view_new(app, columns, sizeof columns / sizeof *columns);
	for (size_t i = 0; i < reply->n_events; i++) {
		const Inap__V1__Event *event = reply->events[i];
		const Inap__V1__EventBody *body = event->event;
		size_t done = 0;

		for (size_t j = 0; j < event->n_decisions; j++)
			done += event->decisions[j]->done_on[0] != '\0';
		view_code(view,
			  pool_printf(&app->pool, "E%llu", (unsigned long long)event->number));
		view_code(view, body->held_on);
		view_word(view, body->kind);
		view_code(view, texts_join(app, body->places, body->n_places));
		view_code(view, body->organiser);
		view_figure(view, body->women);
		view_figure(view, body->men);
		view_code(view, body->minutes_on);
		view_code(view, pool_printf(&app->pool, "%zu/%zu", done, event->n_decisions));
		view_text(view, body->title);
	}
	if (reply->n_events > 0)
		out_view(app, view);
	else
		out_say(app, _("no events"));
}

static void line_say(struct app *app, const char *text, const char *what)
{
	if (what[0])
		out_say(app, sentence(&app->pool, text, "what", what, NULL));
}

static void decisions_render(struct app *app, const Inap__V1__Event *event)
{
	const struct column columns[] = {
		{ "decision", _("NUMBER"), COLUMN_NUMBER }, { "owner", _("OWNER"), COLUMN_CODE },
		{ "due_on", _("DUE"), COLUMN_CODE },        { "done_on", _("DONE"), COLUMN_CODE },
		{ "text", _("WHAT TO DO"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 5);

	for (size_t i = 0; i < event->n_decisions; i++) {
		const Inap__V1__EventDecision *decision = event->decisions[i];

		view_number(view, decision->decision);
		view_code(view, decision->owner);
		view_code(view, decision->due_on);
		view_code(view, decision->done_on);
		view_text(view, decision->text);
	}
	if (event->n_decisions > 0)
		out_side_view(app, _("Decisions:"), view);
}

static void organisations_render(struct app *app, const Inap__V1__EventListReply *reply,
				 const Inap__V1__Event *event)
{
	const struct column columns[] = {
		{ "organisation", _("ORGANISATION"), COLUMN_CODE },
		{ "women_led", _("LED BY WOMEN"), COLUMN_CODE },
		{ "name", _("NAME"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 3);

	for (size_t i = 0; i < event->event->n_organisations; i++) {
		uint64_t number = event->event->organisations[i];
		const Inap__V1__Organisation *known = organisation_of(reply, number);

		view_code(view, pool_printf(&app->pool, "O%llu", (unsigned long long)number));
		view_yes(view, known && known->women_led);
		view_name(view, known ? known->name : NULL);
	}
	if (event->event->n_organisations > 0)
		out_side_view(app, _("Organisations:"), view);
	if (event->unnamed > 0)
		out_say(app, sentence(&app->pool,
				      _("organisations present that do not consent to be named: "
					"{count}"),
				      "count", number_text(&app->pool, event->unnamed), NULL));
}

static void event_render(struct app *app, const Inap__V1__EventListReply *reply)
{
	const Inap__V1__Event *event = reply->events[0];
	const Inap__V1__EventBody *body = event->event;

	events_render(app, reply);
	line_say(app, _("until {what}"), body->ends_on);
	line_say(app, _("present: {what}"), texts_join(app, body->present, body->n_present));
	line_say(app, _("technical support: {what}"), body->technical);
	line_say(app, _("operational support: {what}"), body->operational);
	line_say(app, _("financial support: {what}"), body->financial);
	line_say(app, _("minutes: {what}"), body->minutes);
	line_say(app, _("indicators: {what}"),
		 texts_join(app, body->indicators, body->n_indicators));
	line_say(app, _("activities: {what}"),
		 texts_join(app, body->activities, body->n_activities));
	if (body->confined)
		out_say(app, _("for the Secretariat and the entities concerned only"));
	organisations_render(app, reply, event);
	decisions_render(app, event);
}

bool cmd_event_list(struct app *app)
{
	Inap__V1__EventList request = INAP__V1__EVENT_LIST__INIT;
	const Inap__V1__EventListReply *reply;
	const char *from, *to;
	json_t *list;

	if (!option_date(app, OPT_FROM, &from) || !option_date(app, OPT_TO, &to))
		return false;
	request.plan = pool_strdup(&app->pool, option_text(app, OPT_PLAN));
	request.entity = activity_code(app, option_text(app, OPT_ENTITY));
	request.kind = pool_strdup(&app->pool, app->words_count > 0 ? app->words[0] : "");
	request.from = pool_strdup(&app->pool, from);
	request.to = pool_strdup(&app->pool, to);
	if (!(reply = events_read(app, &request)))
		return false;
	list = json_array();
	for (size_t i = 0; i < reply->n_events; i++)
		json_array_append_new(list, event_json(reply, reply->events[i]));
	out_json(app, list);
	events_render(app, reply);
	return true;
}

bool cmd_event_show(struct app *app)
{
	Inap__V1__EventList request = INAP__V1__EVENT_LIST__INIT;
	const Inap__V1__EventListReply *reply;

	if (!numbered_read(app, 'E', app->words[0], &request.number) ||
	    !(reply = events_read(app, &request)))
		return false;
	if (reply->n_events == 0)
		return fail_with(app, ERROR_NOT_FOUND, "what", "event", "name", app->words[0],
				 NULL);
	out_json(app, event_json(reply, reply->events[0]));
	event_render(app, reply);
	return true;
}
