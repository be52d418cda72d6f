/* inap report show: a report as the caller may see it. */
#include "client/app.h"
#include "client/cmd/activity.h"
#include "client/cmd/narrative.h"
#include "client/cmd/report.h"
#include "client/form/cell.h"
#include "client/form/value.h"
#include "client/i18n.h"
#include "client/out/asked.h"
#include "client/out/clock.h"
#include "client/out/json.h"
#include "client/out/value.h"
#include "client/out/view.h"
#include "client/words.h"

#include <string.h>

bool report_has(const Inap__V1__ReportShowReply *show, const char *cell)
{
	for (size_t i = 0; i < show->n_values; i++)
		if (strcmp(show->values[i]->cell, cell) == 0)
			return show->values[i]->value &&
			       show->values[i]->value->kind_case != INAP__V1__VALUE__KIND_CLEARED;
	return false;
}

static json_t *values_json(const Inap__V1__ReportShowReply *show)
{
	json_t *list = json_array();

	for (size_t i = 0; i < show->n_values; i++) {
		const Inap__V1__ReportValue *value = show->values[i];
		json_t *one = json_object();

		json_put_text(one, "cell", value->cell);
		json_put_text(one, "period", value->period);
		json_put_value(one, value->value);
		if (value->expected_on[0])
			json_put_text(one, "expected_on", value->expected_on);
		json_put_text(one, "note", value->note);
		if (value->verified[0])
			json_put_text(one, "verified", value->verified);
		json_put_number(one, "revision", value->revision);
		json_put_text(one, "by", value->by);
		json_put_text(one, "at", value->at);
		json_put_text(one, "via", enum_key(&inap__v1__via__descriptor, (int)value->via));
		json_array_append_new(list, one);
	}
	return list;
}

/* What was answered in the period before, where there is something. */
static json_t *previous_json(const Inap__V1__ReportShowReply *show)
{
	json_t *list = json_array();

	for (size_t i = 0; i < show->n_asked; i++) {
		const Inap__V1__AskedCell *asked = show->asked[i];
		json_t *one;

		if (!asked->previous)
			continue;
		one = json_object();
		json_put_text(one, "cell", asked->cell);
		json_put_text(one, "period", asked->previous_period);
		json_put_value(one, asked->previous);
		json_put_text(one, "note", asked->previous_note);
		json_put_bool(one, "may_confirm", asked->may_confirm);
		json_put_bool(one, "carried", asked->carried);
		json_put_maybe(one, "of", asked->previous_cell);
		json_array_append_new(list, one);
	}
	return list;
}

/* The cells that may be written, of a report in which others may not; null: no such difference. */
static json_t *open_json(const Inap__V1__ReportShowReply *show)
{
	json_t *list;

	if (!asked_half_locked(show))
		return json_null();
	list = json_array();
	for (size_t i = 0; i < show->n_asked; i++)
		if (!show->asked[i]->locked)
			json_array_append_new(list, json_string(show->asked[i]->cell));
	return list;
}

static json_t *show_json(const struct target *target, const Inap__V1__ReportShowReply *show)
{
	json_t *answer = json_object();
	json_t *unanswered = json_array();

	for (size_t i = 0; i < show->n_asked; i++)
		if (!report_has(show, show->asked[i]->cell))
			json_array_append_new(unanswered, json_string(show->asked[i]->cell));
	json_put_text(answer, "report", target->id);
	json_put_text(answer, "entity", target->ref.entity);
	json_put_text(answer, "round", target->ref.round);
	json_put_text(answer, "state", enum_key(&inap__v1__state__descriptor, (int)show->state));
	json_put_number(answer, "revision", show->revision);
	json_put_bool(answer, "ready", show->ready);
	json_put_maybe(answer, "submitted_at", show->submitted_at);
	json_put_maybe(answer, "due_at", show->due_at);
	json_object_set_new(answer, "letter", json_order(show->letter_number, show->letter_date));
	json_object_set_new(answer, "signed", json_signature(show->signed_));
	json_put_maybe(answer, "received_by", show->received_by);
	json_put_maybe(answer, "received_at", show->received_at);
	json_put_maybe(answer, "claimed_by", show->claimed_by);
	json_put_maybe(answer, "claimed_until", show->claimed_until);
	json_put_maybe(answer, "lapsed_by", show->lapsed_by);
	json_put_bool(answer, "extended", show->extended);
	json_put_maybe(answer, "yearly_due_at", show->yearly_due_at);
	json_put_bool(answer, "excused", show->excused);
	json_put_maybe(answer, "excused_note", show->excused_note);
	json_object_set_new(answer, "actions", json_actions(show->actions, show->n_actions));
	json_object_set_new(answer, "values", values_json(show));
	json_object_set_new(answer, "asked", asked_json(show));
	json_object_set_new(answer, "unanswered", unanswered);
	json_object_set_new(answer, "points", points_json(show));
	json_object_set_new(answer, "consultations", consultations_json(show));
	json_object_set_new(answer, "previous", previous_json(show));
	json_put_maybe(answer, "respond_by", show->respond_by);
	json_put_maybe(answer, "lock", show->lock);
	json_object_set_new(answer, "open", open_json(show));
	json_object_set_new(answer, "narrative", narrative_json(show));
	json_object_set_new(answer, "activities", activities_json(show));
	return answer;
}

/* PR-2.2.n:governorate=IQ-BG for the half of a cell. */
static const char *half_code(struct app *app, const char *code, char half)
{
	size_t length = strcspn(code, ":");

	if (!half)
		return code;
	return pool_printf(&app->pool, "%.*s.%c%s", (int)length, code, half, code + length);
}

static char value_half(const Inap__V1__Value *value)
{
	if (value && value->kind_case == INAP__V1__VALUE__KIND_NUMERATOR)
		return 'n';
	return value && value->kind_case == INAP__V1__VALUE__KIND_DENOMINATOR ? 'd' : 0;
}

static const char *value_alone(struct app *app, const Inap__V1__Value *value)
{
	char half = value_half(value);

	if (half)
		return half == 'n' ? value->numerator : value->denominator;
	return value_machine(app, value);
}

/* As an import reads it back: words that would be taken for a blank stand in quotes. */
static const char *value_filed(struct app *app, const Inap__V1__Value *value)
{
	const char *text = value_alone(app, value);

	if (value && value->kind_case == INAP__V1__VALUE__KIND_TEXT && value_wants_quotes(text))
		return pool_printf(&app->pool, "\"%s\"", text);
	return text;
}

/* For scripts and spreadsheets: what report import takes back, unanswered cells as empty ones. */
static void show_machine(struct app *app, const Inap__V1__ReportShowReply *show)
{
	static const struct column columns[] = {
		{ "cell", "", COLUMN_CODE },
		{ "value", "", COLUMN_CODE },
		{ "note", "", COLUMN_CODE },
		{ "expected_on", "", COLUMN_CODE },
	};
	struct view *view = view_new(app, columns, 4);

	for (size_t i = 0; i < show->n_values; i++) {
		const Inap__V1__ReportValue *value = show->values[i];

		view_code(view, half_code(app, value->cell, value_half(value->value)));
		view_code(view, value_filed(app, value->value));
		view_code(view, value->note);
		view_code(view, value->expected_on);
	}
	for (size_t i = 0; i < show->n_asked; i++) {
		if (report_has(show, show->asked[i]->cell))
			continue;
		view_code(view, show->asked[i]->cell);
		view_code(view, "");
		view_code(view, "");
		view_code(view, "");
	}
	out_view(app, view);
}

static const Inap__V1__AskedCell *asked_of(const Inap__V1__ReportShowReply *show, const char *cell)
{
	for (size_t i = 0; i < show->n_asked; i++)
		if (strcmp(show->asked[i]->cell, cell) == 0)
			return show->asked[i];
	return NULL;
}

/* The note, with the date of what is not available yet, or that the answer is last period's; and
 * what the field said. */
static const char *value_note(struct app *app, const Inap__V1__ReportValue *value)
{
	const char *before = value->expected_on, *text;

	if (value->via == INAP__V1__VIA__VIA_CONFIRM)
		before = enum_word(&inap__v1__via__descriptor, (int)value->via);
	text = pool_printf(&app->pool, "%s%s%s", before, before[0] && value->note[0] ? " " : "",
			   value->note);
	if (!value->verified[0])
		return text;
	return pool_printf(&app->pool, "%s%s%s", text, text[0] ? " " : "",
			   sentence(&app->pool, _("(seen in the field: {result})"), "result",
				    word(value->verified), NULL));
}

static void values_human(struct app *app, const Inap__V1__ReportShowReply *show)
{
	const struct column columns[] = {
		{ "cell", _("CELL"), COLUMN_CODE },     { "period", _("PERIOD"), COLUMN_CODE },
		{ "value", _("VALUE"), COLUMN_NUMBER }, { "unit", _("UNIT"), COLUMN_CODE },
		{ "kind", _("KIND"), COLUMN_CODE },     { "by", _("BY"), COLUMN_CODE },
		{ "note", _("NOTE"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 7);

	for (size_t i = 0; i < show->n_values; i++) {
		const Inap__V1__ReportValue *value = show->values[i];
		const Inap__V1__AskedCell *asked = asked_of(show, value->cell);
		char half = value_half(value->value);

		view_code(view, half_code(app, value->cell, half));
		view_code(view, value->period);
		if (half)
			view_figure(view, value_alone(app, value->value));
		else
			view_value(view, value->value);
		view_asked_unit(view, asked);
		view_asked_kind(view, asked);
		view_code(view, value->by);
		view_text(view, value_note(app, value));
	}
	out_side_view(app, NULL, view);
}

static const char *label_of(const Inap__V1__ReportShowReply *show, const char *indicator)
{
	for (size_t i = 0; i < show->n_indicators; i++)
		if (strcmp(show->indicators[i]->code, indicator) == 0)
			return name_text(show->indicators[i]->name);
	return "";
}

/* What to type for what is left of an asked cell's table: PA-1.1:governorate=rest; its total: its
 * code. */
static const char *rest_code(struct app *app, const Inap__V1__AskedCell *asked)
{
	char half = asked->part[0] == 'n' ? 'n' : asked->part[0] == 'd' ? 'd' : 0;
	const char *code = half_code(app, asked->indicator, half);
	char *tables = pool_strdup(&app->pool, asked->table);
	char *rest;
	char mark = ':';

	for (char *name = strtok_r(tables, ",", &rest); name; name = strtok_r(NULL, ",", &rest)) {
		code = pool_printf(&app->pool, "%s%c%s=rest", code, mark, name);
		mark = ',';
	}
	return code;
}

/* How many cells of the same table are unanswered; 0 if an earlier one stands for it already. */
static size_t rest_count(const Inap__V1__ReportShowReply *show, size_t at)
{
	size_t count = 0;

	for (size_t i = 0; i < show->n_asked; i++) {
		const Inap__V1__AskedCell *asked = show->asked[i];

		if (strcmp(asked->indicator, show->asked[at]->indicator) != 0 ||
		    strcmp(asked->table, show->asked[at]->table) != 0 ||
		    report_has(show, asked->cell))
			continue;
		if (i < at)
			return 0;
		count++;
	}
	return count;
}

static void unanswered_human(struct app *app, const Inap__V1__ReportShowReply *show)
{
	const struct column columns[] = {
		{ "cell", _("CELL"), COLUMN_CODE },     { "cells", _("CELLS"), COLUMN_NUMBER },
		{ "period", _("PERIOD"), COLUMN_CODE }, { "unit", _("UNIT"), COLUMN_CODE },
		{ "kind", _("KIND"), COLUMN_CODE },     { "previous", _("BEFORE"), COLUMN_NUMBER },
		{ "name", _("NAME"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 7);

	for (size_t i = 0; i < show->n_asked; i++) {
		const Inap__V1__AskedCell *asked = show->asked[i];
		size_t count = report_has(show, asked->cell) ? 0 : rest_count(show, i);

		if (count == 0)
			continue;
		view_code(view, rest_code(app, asked));
		view_number(view, count);
		view_code(view, asked->period);
		view_asked_unit(view, asked);
		view_asked_kind(view, asked);
		if (count == 1 && value_half(asked->previous))
			view_figure(view, value_alone(app, asked->previous));
		else
			view_value(view, count == 1 ? asked->previous : NULL);
		view_text(view, asked->total ? label_of(show, asked->indicator) : "");
	}
	out_side_view(app, _("Unanswered:"), view);
}

/* Which cells are open, where not all are. */
static void open_human(struct app *app, const Inap__V1__ReportShowReply *show)
{
	const char *cells = NULL;

	for (size_t i = 0; i < show->n_asked; i++) {
		if (show->asked[i]->locked)
			continue;
		cells = cells ? pool_printf(&app->pool, "%s %s", cells, show->asked[i]->cell)
			      : show->asked[i]->cell;
	}
	if (cells)
		out_say(app,
			sentence(&app->pool, _("  open for writing, and nothing else: {cells}"),
				 "cells", cells, NULL));
	else
		out_say(app, _("  no cell is open for writing"));
}

/* How many unanswered cells have an answer of the period before that may be confirmed. */
static void offered_human(struct app *app, const struct target *target,
			  const Inap__V1__ReportShowReply *show)
{
	size_t count = 0;

	for (size_t i = 0; i < show->n_asked; i++)
		count += show->asked[i]->may_confirm && !show->asked[i]->locked &&
			 !report_has(show, show->asked[i]->cell);
	if (count > 0 && show->state <= INAP__V1__STATE__STATE_DRAFT)
		out_say(app,
			sentence(&app->pool,
				 _("answers of the period before to confirm: {count}; inap report "
				   "confirm {report} --all"),
				 "count", number_text(&app->pool, count), "report", target->id,
				 NULL));
}

/* Who signed or received it, and whose review it is in. */
static void office_human(struct app *app, const Inap__V1__ReportShowReply *show)
{
	struct pool *pool = &app->pool;

	if (show->signed_)
		out_say(app, sentence(pool, _("  signed by {signature}"), "signature",
				      signature_text(app, show->signed_), NULL));
	if (show->received_by[0])
		out_say(app, sentence(pool, _("  came on paper; entered by {user}, {at}"), "user",
				      show->received_by, "at", clock_moment(app, show->received_at),
				      NULL));
	if (show->claimed_by[0])
		out_say(app, sentence(pool, _("  in review by {user} until {date}"), "user",
				      show->claimed_by, "date",
				      clock_moment(app, show->claimed_until), NULL));
	if (show->lapsed_by[0])
		out_say(app, sentence(pool, _("  the claim of {user} lapsed {date}"), "user",
				      show->lapsed_by, "date",
				      clock_moment(app, show->claimed_until), NULL));
}

static void head_human(struct app *app, const struct target *target,
		       const Inap__V1__ReportShowReply *show)
{
	struct pool *pool = &app->pool;

	out_say(app, pool_printf(pool, "%s  %s", target->id,
				 sentence(pool, "{name}", "name", name_text(show->name), NULL)));
	out_say(app, sentence(pool, _("  {state}, revision {revision}, due {due}"), "state",
			      enum_key(&inap__v1__state__descriptor, (int)show->state), "revision",
			      number_text(pool, show->revision), "due",
			      clock_moment(app, show->due_at), NULL));
	if (target->as_of)
		out_say(app, sentence(pool, _("  as it was at the end of {date}"), "date",
				      target->as_of, NULL));
	if (show->extended)
		out_say(app, _("  the due date was extended"));
	if (show->yearly_due_at[0])
		out_say(app, sentence(pool, _("  yearly figures are due {due}"), "due",
				      clock_moment(app, show->yearly_due_at), NULL));
	if (show->excused)
		out_say(app,
			sentence(pool, _("  excused: {note}"), "note", show->excused_note, NULL));
	if (show->ready)
		out_say(app, _("  marked ready for the signature"));
	if (show->submitted_at[0])
		out_say(app, sentence(pool, _("  first submitted {at}"), "at",
				      clock_moment(app, show->submitted_at), NULL));
	office_human(app, show);
	if (show->letter_number[0])
		out_say(app, sentence(pool, _("  letter {number} of {date}"), "number",
				      show->letter_number, "date", show->letter_date, NULL));
	if (show->respond_by[0])
		out_say(app, sentence(pool, _("  the answer is wanted by {date}"), "date",
				      clock_moment(app, show->respond_by), NULL));
	if (asked_half_locked(show))
		open_human(app, show);
	if (show->note[0])
		out_say(app, sentence(pool, _("  note: {note}"), "note", show->note, NULL));
	if (show->state <= INAP__V1__STATE__STATE_DRAFT)
		out_say(app, _("  Do not enter classified information, names or addresses."));
}

void report_render(struct app *app, const struct target *target,
		   const Inap__V1__ReportShowReply *show, bool points)
{
	out_json(app, show_json(target, show));
	if (!out_is_human(app) && !app->out.to_stderr) {
		if (!out_is_json(app))
			show_machine(app, show);
		return;
	}
	head_human(app, target, show);
	values_human(app, show);
	unanswered_human(app, show);
	offered_human(app, target, show);
	narrative_human(app, show);
	consultations_human(app, show, points);
	activities_human(app, show);
	if (points)
		points_human(app, show);
	else if (show->n_points > 0)
		out_say(app,
			sentence(&app->pool,
				 _("review points: {count}; inap report show {report} --points"),
				 "count", number_text(&app->pool, show->n_points), "report",
				 target->id, NULL));
}

bool cmd_report_show(struct app *app)
{
	Inap__V1__ReportShowReply *show = NULL;
	struct target target;
	const char *as_of;
	uint64_t revision;

	if (!option_number(app, OPT_REVISION, &revision) || !option_date(app, OPT_AS_OF, &as_of))
		return false;
	if (app->options.given[OPT_REVISION] && app->options.given[OPT_AS_OF])
		return fail_with(app, ERROR_USAGE, "why", _("take --revision or --as-of, not both"),
				 NULL);
	if (!target_begin(app, app->words_count ? app->words[0] : NULL, 0, &target))
		return false;
	target.as_of = app->options.given[OPT_AS_OF] ? as_of : NULL;
	if (!target_show(app, &target, revision, &show))
		return false;
	report_render(app, &target, show, app->options.given[OPT_POINTS]);
	/* An old revision is looked at, not taken as what stands now. */
	if (revision == 0 && !target.as_of)
		target_seen(app, &target, show->revision);
	return true;
}
