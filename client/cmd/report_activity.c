/* inap report activity: how an activity stands; what is not said again stays as it is. */
#include <ctype.h>
#include <string.h>

#include "client/app.h"
#include "client/cmd/activity.h"
#include "client/form/value.h"
#include "client/i18n.h"
#include "client/out/json.h"
#include "client/out/view.h"
#include "client/words.h"
#include "proto/number.h"

static const char *const statuses[] = { "not_started", "on_track", "delayed", "completed",
					"cancelled" };
static const char *const sources[] = { "federal", "krg", "un", "donor", "other" };
enum { KEYS = 5 }; /* as many of each */

static const enum option_id asking[] = { OPT_STATUS,
					 OPT_PERCENT,
					 OPT_START,
					 OPT_END,
					 OPT_PLACES,
					 OPT_PARTNERS,
					 OPT_DELAY,
					 OPT_NEW_DATE,
					 OPT_BUDGET_SOURCE,
					 OPT_BUDGET_PLANNED,
					 OPT_BUDGET_ALLOCATED,
					 OPT_BUDGET_SPENT,
					 OPT_BUDGET_CLEAR,
					 OPT_NO_BUDGET_LINE,
					 OPT_IN_KIND,
					 OPT_NOTE };

static bool given(const struct app *app, enum option_id id)
{
	return app->options.given[id];
}

/* A key as a person writes it: on_track, on-track, or its name in the language spoken. */
static bool key_read(struct app *app, enum option_id id, const char *const *keys, const char **key)
{
	const char *typed = option_text(app, id), *known = "";
	char *plain = pool_strdup(&app->pool, typed);

	for (char *at = plain; *at; at++)
		*at = *at == '-' || *at == ' ' ? '_' : (char)tolower((unsigned char)*at);
	for (size_t i = 0; i < KEYS; i++) {
		known = pool_printf(&app->pool, "%s%s%s", known, known[0] ? ", " : "", keys[i]);
		*key = keys[i];
		if (strcmp(keys[i], plain) == 0 || strcmp(word(keys[i]), typed) == 0)
			return true;
	}
	return fail_with(app, ERROR_USAGE, "why",
			 sentence(&app->pool, _("{option} is one of {words}"), "option",
				  pool_printf(&app->pool, "--%s", option_row(id)->name), "words",
				  known, NULL),
			 NULL);
}

/* A figure, or nothing, which takes it away. */
static bool figure_read(struct app *app, enum option_id id, char **figure)
{
	const char *typed = option_text(app, id);
	struct number number;
	enum number_fault fault;
	char hint[NUMBER_HINT_BYTES];

	if (!given(app, id))
		return true;
	*figure = pool_strdup(&app->pool, "");
	if (!typed[0])
		return true;
	fault = number_read(typed, &number);
	if (fault != NUMBER_OK)
		return fail_with(app, ERROR_NUMBER_BAD, "text", typed, "hint",
				 number_hint(fault, &number, hint), NULL);
	*figure = pool_strdup(&app->pool, number.text);
	return true;
}

static bool day_read(struct app *app, enum option_id id, char **day)
{
	const char *typed = "";

	if (!given(app, id))
		return true;
	if (option_text(app, id)[0] && !option_date(app, id, &typed))
		return false;
	*day = pool_strdup(&app->pool, typed);
	return true;
}

static bool words_read(struct app *app, enum option_id id, char **text)
{
	return !given(app, id) || note_text(app, id, text);
}

/* The line of a source; a new one where there is none. */
static Inap__V1__BudgetLine *budget_line(struct app *app, Inap__V1__ActivityStatus *status,
					 const char *source)
{
	Inap__V1__BudgetLine *line = pool_alloc(&app->pool, sizeof *line);
	Inap__V1__BudgetLine **lines =
		pool_alloc(&app->pool, (status->n_budget + 1) * sizeof *lines);

	for (size_t i = 0; i < status->n_budget; i++) {
		if (strcmp(status->budget[i]->source, source) == 0)
			return status->budget[i];
		lines[i] = status->budget[i];
	}
	inap__v1__budget_line__init(line);
	line->source = pool_strdup(&app->pool, source);
	lines[status->n_budget++] = line;
	status->budget = lines;
	return line;
}

/* The governments' lines go where the budgets are said to have none. */
static void budget_without_governments(Inap__V1__ActivityStatus *status)
{
	size_t kept = 0;

	for (size_t i = 0; i < status->n_budget; i++)
		if (strcmp(status->budget[i]->source, sources[0]) != 0 &&
		    strcmp(status->budget[i]->source, sources[1]) != 0)
			status->budget[kept++] = status->budget[i];
	status->n_budget = kept;
}

static bool budget_read(struct app *app, Inap__V1__ActivityStatus *status)
{
	bool amounts = given(app, OPT_BUDGET_PLANNED) || given(app, OPT_BUDGET_ALLOCATED) ||
		       given(app, OPT_BUDGET_SPENT);
	Inap__V1__BudgetLine *line;
	const char *source;

	if (given(app, OPT_BUDGET_CLEAR)) {
		status->n_budget = 0;
		status->no_budget_line = status->in_kind = false;
	}
	if (given(app, OPT_IN_KIND))
		status->in_kind = true;
	if (given(app, OPT_NO_BUDGET_LINE)) {
		status->no_budget_line = true;
		budget_without_governments(status);
	}
	if (amounts != given(app, OPT_BUDGET_SOURCE))
		return fail_with(app, ERROR_USAGE, "why",
				 _("amounts go with their source: --budget-source federal "
				   "--budget-planned 5000000"),
				 NULL);
	if (!amounts)
		return true;
	if (!key_read(app, OPT_BUDGET_SOURCE, sources, &source))
		return false;
	/* What is said last holds; both at once the server refuses. */
	if (!given(app, OPT_NO_BUDGET_LINE) &&
	    (strcmp(source, sources[0]) == 0 || strcmp(source, sources[1]) == 0))
		status->no_budget_line = false;
	line = budget_line(app, status, source);
	return figure_read(app, OPT_BUDGET_PLANNED, &line->planned) &&
	       figure_read(app, OPT_BUDGET_ALLOCATED, &line->allocated) &&
	       figure_read(app, OPT_BUDGET_SPENT, &line->spent);
}

/* A status said anew takes along what goes with it, unless that is said too. */
static bool status_read(struct app *app, Inap__V1__ActivityStatus *status)
{
	const char *key;

	if (!given(app, OPT_STATUS))
		return status->status[0] ? true
					 : fail_with(app, ERROR_USAGE, "why",
						     _("say how it stands with --status"), NULL);
	if (!key_read(app, OPT_STATUS, statuses, &key))
		return false;
	if (strcmp(key, "completed") == 0)
		status->percent = pool_strdup(&app->pool, "100");
	if (strcmp(key, "not_started") == 0)
		status->percent = pool_strdup(&app->pool, "0");
	if (strcmp(key, "delayed") != 0) {
		status->delay = pool_strdup(&app->pool, "");
		status->new_date = pool_strdup(&app->pool, "");
	}
	status->status = pool_strdup(&app->pool, key);
	return true;
}

static bool activity_read(struct app *app, Inap__V1__ActivityStatus *status)
{
	if (given(app, OPT_PLACES))
		status->places =
			activity_words(app, option_text(app, OPT_PLACES), &status->n_places);
	return status_read(app, status) && figure_read(app, OPT_PERCENT, &status->percent) &&
	       day_read(app, OPT_START, &status->starts_on) &&
	       day_read(app, OPT_END, &status->ends_on) &&
	       day_read(app, OPT_NEW_DATE, &status->new_date) &&
	       words_read(app, OPT_PARTNERS, &status->partners) &&
	       words_read(app, OPT_DELAY, &status->delay) &&
	       words_read(app, OPT_NOTE, &status->note) && budget_read(app, status);
}

static const Inap__V1__ReportActivityEntry *entry_of(const Inap__V1__ReportShowReply *show,
						     const char *code)
{
	for (size_t i = 0; show && i < show->n_activities; i++)
		if (strcmp(show->activities[i]->code, code) == 0)
			return show->activities[i];
	return NULL;
}

static bool activity_write(struct app *app, const char *report, char *code)
{
	Inap__V1__ReportActivity request = INAP__V1__REPORT_ACTIVITY__INIT;
	Inap__V1__ActivityStatus status = INAP__V1__ACTIVITY_STATUS__INIT;
	Inap__V1__ReportMoveReply *reply = NULL;
	Inap__V1__ReportShowReply *show = NULL;
	const Inap__V1__ReportActivityEntry *entry;
	struct target target;
	const struct move move = { METHOD_REPORT_ACTIVITY, &request.base, &target };

	if (!target_begin(app, report, METHOD_REPORT_ACTIVITY, &target))
		return false;
	request.report = &target.ref;
	request.status = &status;
	if (!target.settled) {
		if (target_may(app) && !target_show(app, &target, 0, &show))
			return false;
		entry = entry_of(show, code);
		if (entry && entry->status)
			status = *entry->status;
		status.activity = code;
		if (!activity_read(app, &status) ||
		    !target_base(app, &target, show, &request.base_revision))
			return false;
	}
	if (!move_send(app, &move, &reply))
		return false;
	out_json(app, move_json(&target, reply));
	out_say(app,
		sentence(&app->pool, _("{report}: {activity} is {status}, revision {revision}"),
			 "report", target.id, "activity", code, "status", word(status.status),
			 "revision", number_text(&app->pool, reply->revision), NULL));
	out_next(app, pool_printf(&app->pool, "inap report check %s", target.id));
	return true;
}

/* ---- looking at one */

static void field_put(struct view *view, const char *field, const char *value)
{
	if (!value[0])
		return;
	view_word(view, field);
	view_text(view, value);
}

static const char *budget_text(struct app *app, const Inap__V1__BudgetLine *line)
{
	const char *unknown = "-";

	return sentence(
		&app->pool,
		_("{source}: planned {planned}, allocated {allocated}, spent {spent} dinar"),
		"source", word(line->source), "planned", line->planned[0] ? line->planned : unknown,
		"allocated", line->allocated[0] ? line->allocated : unknown, "spent",
		line->spent[0] ? line->spent : unknown, NULL);
}

static void entry_view(struct app *app, const Inap__V1__ReportActivityEntry *entry)
{
	const struct column columns[] = {
		{ "field", _("WHAT"), COLUMN_CODE },
		{ "value", _("VALUE"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 2);
	const Inap__V1__ActivityStatus *status = entry->status;
	const char *places = "";

	field_put(view, "activity", entry->code);
	field_put(view, "name", name_text(entry->name));
	field_put(view, "lead", entry->lead);
	field_put(view, "status", status ? word(status->status) : "");
	if (entry->previous_status[0])
		field_put(view, "previous",
			  pool_printf(&app->pool, "%s (%s)", word(entry->previous_status),
				      entry->previous_round));
	for (size_t i = 0; status && i < status->n_places; i++)
		places = pool_printf(&app->pool, "%s%s%s", places, places[0] ? ", " : "",
				     status->places[i]);
	if (status) {
		field_put(view, "percent", status->percent);
		field_put(view, "begins", status->starts_on);
		field_put(view, "ends", status->ends_on);
		field_put(view, "places", places);
		field_put(view, "partners", status->partners);
		field_put(view, "delay", status->delay);
		field_put(view, "new_date", status->new_date);
		for (size_t i = 0; i < status->n_budget; i++)
			field_put(view, "budget", budget_text(app, status->budget[i]));
		field_put(view, "no_budget_line", status->no_budget_line ? word("yes") : "");
		field_put(view, "in_kind", status->in_kind ? word("yes") : "");
		field_put(view, "note", status->note);
	}
	out_view(app, view);
}

static bool activity_show(struct app *app, const char *report, const char *code)
{
	Inap__V1__ReportShowReply *show = NULL;
	const Inap__V1__ReportActivityEntry *entry;
	json_t *list, *one;
	struct target target;
	size_t at = 0;

	if (!target_begin(app, report, 0, &target) || !target_show(app, &target, 0, &show))
		return false;
	list = activities_json(show);
	if (!code) {
		out_json(app, list);
		activities_human(app, show);
		return true;
	}
	entry = entry_of(show, code);
	while (entry && show->activities[at] != entry)
		at++;
	one = entry ? json_incref(json_array_get(list, at)) : NULL;
	json_decref(list);
	if (!entry)
		return fail_with(app, ERROR_NOT_FOUND, "what", "activity", "name", code, NULL);
	out_json(app, one);
	entry_view(app, entry);
	return true;
}

/* FED-MOH/2024Q3 is a report, FED-MOH/A-03 an activity. */
static bool is_report(const char *word)
{
	const char *slash = strchr(word, '/');

	return slash && target_is_report(word) && strspn(slash + 1, "0123456789") > 0;
}

bool cmd_report_activity(struct app *app)
{
	bool named = app->words_count > 0 && is_report(digits_latin(app, app->words[0]));
	const char *report = named ? app->words[0] : NULL;
	char *code = NULL;
	bool writes = false;

	if (app->words_count > named + 1)
		return fail_with(app, ERROR_USAGE, "why", _("one activity at a time"), NULL);
	if (app->words_count > named)
		code = activity_code(app, app->words[named]);
	for (size_t i = 0; i < sizeof asking / sizeof *asking; i++)
		writes = writes || given(app, asking[i]);
	if (writes && !code)
		return fail_with(app, ERROR_USAGE, "why", _("say which activity"), NULL);
	return writes ? activity_write(app, report, code) : activity_show(app, report, code);
}
