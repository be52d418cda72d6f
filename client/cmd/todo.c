/* inap todo, and inap alone: what waits for the person. */
#include "client/app.h"
#include "client/exchange.h"
#include "client/i18n.h"
#include "client/out/clock.h"
#include "client/out/json.h"
#include "client/out/view.h"
#include "client/words.h"

#include <string.h>

/* What to do, with how much of it. */
static const char *what_text(struct app *app, const Inap__V1__TodoEntry *entry)
{
	static const struct {
		const char *what, *text;
	} rows[] = {
		{ "fill", N_("fill in: {count} unanswered") },
		{ "handed_back", N_("handed back by the approver: the report says why") },
		{ "received", N_("came on paper: look at it, and contest what is wrong") },
		{ "answer", N_("review points to answer: {count}") },
		{ "sign", N_("sign and submit") },
		{ "review", N_("review") },
		{ "grant", N_("cells that the entity wants opened: {count}") },
		{ "endorse", N_("endorse or return") },
		{ "accept", N_("accept or send back") },
		{ "restate", N_("a restatement is asked for, points: {count}") },
		{ "consult", N_("figures to confirm or contest: {count}") },
	};

	if (strcmp(entry->what, "fill") == 0 && entry->offered > 0)
		return sentence(&app->pool,
				_("fill in: {count} unanswered; {offered} answers to confirm"),
				"count", number_text(&app->pool, entry->count), "offered",
				number_text(&app->pool, entry->offered), NULL);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strcmp(rows[i].what, entry->what) == 0)
			return sentence(&app->pool, _(rows[i].text), "count",
					number_text(&app->pool, entry->count), NULL);
	return word(entry->what);
}

static json_t *entry_json(const Inap__V1__TodoEntry *entry)
{
	json_t *one = json_object();

	json_put_text(one, "report", entry->report);
	json_put_text(one, "state", enum_key(&inap__v1__state__descriptor, (int)entry->state));
	json_put_maybe(one, "due_at", entry->due_at);
	json_put_bool(one, "extended", entry->extended);
	json_put_text(one, "what", entry->what);
	json_put_number(one, "count", entry->count);
	json_put_bool(one, "ready", entry->ready);
	json_put_number(one, "offered", entry->offered);
	return one;
}

static json_t *decision_json(const Inap__V1__TodoDecision *decision)
{
	json_t *one = json_object();

	json_put_number(one, "event", decision->number);
	json_put_number(one, "decision", decision->decision);
	json_put_text(one, "what", "decision");
	json_put_text(one, "owner", decision->owner);
	json_put_text(one, "due_at", decision->due_at);
	json_put_text(one, "text", decision->text);
	return one;
}

static json_t *notice_json(const Inap__V1__TodoNotice *notice)
{
	json_t *one = json_object();

	json_put_text(one, "report", notice->report);
	json_put_text(one, "what", "reminder");
	json_put_text(one, "kind", notice->kind);
	json_put_text(one, "reminded_on", notice->day);
	json_put_text(one, "due_at", notice->due_at);
	return one;
}

static json_t *edition_json(const Inap__V1__TodoEdition *edition)
{
	json_t *one = json_object();

	json_put_text(one, "edition", edition->edition);
	json_put_text(one, "what", "edition");
	json_put_text(one, "kind", edition->what);
	json_put_number(one, "count", edition->count);
	json_put_text(one, "since", edition->since);
	json_put_maybe(one, "until", edition->until);
	return one;
}

/* What to do with it. */
static const char *edition_text(const Inap__V1__TodoEdition *edition)
{
	if (strcmp(edition->what, "withdraw") == 0)
		return _("edition {edition} was withdrawn {at}: it stands again after {until}, "
			 "unless "
			 "a second person withdraws it too");
	if (strcmp(edition->what, "comment") == 0)
		return _("edition {edition}, proposed {at}, waits for the National Team's remarks");
	if (strcmp(edition->what, "remarks") == 0)
		return _("edition {edition}, which you proposed {at}, has remarks to answer: "
			 "{count}");
	if (edition->until[0])
		return _("edition {edition}, proposed {at}, waits to be confirmed; until {until} "
			 "only by the coordinator of the Kurdistan Region");
	return _("edition {edition}, proposed {at}, waits to be confirmed by a second person");
}

static void editions_render(struct app *app, const Inap__V1__TodoReply *reply)
{
	for (size_t i = 0; i < reply->n_editions; i++) {
		const Inap__V1__TodoEdition *edition = reply->editions[i];

		out_say(app,
			sentence(&app->pool, edition_text(edition), "edition", edition->edition,
				 "at", clock_moment(app, edition->since), "until",
				 edition->until[0] ? clock_moment(app, edition->until) : "",
				 "count", number_text(&app->pool, edition->count), NULL));
	}
}

static void notices_render(struct app *app, const Inap__V1__TodoReply *reply)
{
	for (size_t i = 0; i < reply->n_notices; i++) {
		const Inap__V1__TodoNotice *notice = reply->notices[i];
		const char *text = strcmp(notice->kind, "late") == 0
					   ? _("reminder of {day}: {report} was due on {due}")
					   : _("reminder of {day}: {report} is due on {due}");

		out_say(app, sentence(&app->pool, text, "day", notice->day, "report",
				      notice->report, "due", clock_day(app, notice->due_at), NULL));
	}
}

/* What events decided and is not done: a table of its own, since no report is meant. */
static void decisions_render(struct app *app, const Inap__V1__TodoReply *reply)
{
	const struct column columns[] = {
		{ "decision", _("DECISION"), COLUMN_CODE },
		{ "due_at", _("DUE"), COLUMN_CODE },
		{ "owner", _("OWNER"), COLUMN_CODE },
		{ "text", _("WHAT TO DO"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 4);

	for (size_t i = 0; i < reply->n_decisions; i++) {
		const Inap__V1__TodoDecision *decision = reply->decisions[i];

		view_code(view, pool_printf(&app->pool, "E%llu/%llu",
					    (unsigned long long)decision->number,
					    (unsigned long long)decision->decision));
		view_day(view, decision->due_at);
		view_code(view, decision->owner);
		view_text(view, decision->text);
	}
	if (reply->n_decisions > 0)
		out_side_view(app, _("Decisions that wait:"), view);
}

/* What waits and is no report. */
static void others_list(json_t *list, const Inap__V1__TodoReply *reply)
{
	for (size_t i = 0; i < reply->n_decisions; i++)
		json_array_append_new(list, decision_json(reply->decisions[i]));
	for (size_t i = 0; i < reply->n_notices; i++)
		json_array_append_new(list, notice_json(reply->notices[i]));
	for (size_t i = 0; i < reply->n_editions; i++)
		json_array_append_new(list, edition_json(reply->editions[i]));
}

bool cmd_todo(struct app *app)
{
	const struct column columns[] = {
		{ "due_at", _("DUE"), COLUMN_CODE },    { "state", _("STATE"), COLUMN_CODE },
		{ "report", _("REPORT"), COLUMN_CODE }, { "what", _("WHAT TO DO"), COLUMN_CODE },
		{ "name", _("NAME"), COLUMN_TEXT },
	};
	/* A card begins with the code. */
	const struct column card[] = { columns[2], columns[0], columns[1], columns[3], columns[4] };
	bool cards = app->config.format == OUT_CARD;
	struct view *view = view_new(app, cards ? card : columns, 5);
	Inap__V1__Todo request = INAP__V1__TODO__INIT;
	const Inap__V1__TodoReply *reply;
	ProtobufCMessage *message = NULL;
	json_t *list;
	size_t waits;

	if (!exchange_call(app, METHOD_TODO_LIST, &request.base, &message))
		return false;
	reply = (const Inap__V1__TodoReply *)message;
	list = json_array();
	for (size_t i = 0; i < reply->n_entries; i++) {
		const Inap__V1__TodoEntry *entry = reply->entries[i];

		json_array_append_new(list, entry_json(entry));
		if (cards)
			view_code(view, entry->report);
		view_due(view, entry->due_at, entry->extended);
		view_word(view, enum_key(&inap__v1__state__descriptor, (int)entry->state));
		if (!cards)
			view_code(view, entry->report);
		view_both(view, what_text(app, entry), entry->what);
		view_name(view, entry->name);
	}
	others_list(list, reply);
	out_json(app, list);
	waits = reply->n_entries + reply->n_decisions + reply->n_notices + reply->n_editions;
	app->status = waits > 0 && app->options.given[OPT_EXIT_CODE] ? 9 : 0;
	if (reply->n_entries > 0)
		out_view(app, view);
	decisions_render(app, reply);
	notices_render(app, reply);
	editions_render(app, reply);
	if (reply->n_entries > 0)
		out_next(app,
			 pool_printf(&app->pool, "inap report %s %s",
				     strcmp(reply->entries[0]->what, "consult") == 0 ? "consult"
										     : "show",
				     reply->entries[0]->report));
	else if (reply->n_editions > 0)
		out_next(app,
			 pool_printf(&app->pool, "inap edition %s %s",
				     strcmp(reply->editions[0]->what, "withdraw") == 0 ? "list"
										       : "show",
				     reply->editions[0]->edition));
	else if (waits == 0)
		out_say(app, _("nothing waits for you"));
	return true;
}
