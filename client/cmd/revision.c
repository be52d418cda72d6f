/* inap report diff, history: what stood in a report when. Only a diff changes what is seen. */
#include <string.h>

#include "client/app.h"
#include "client/cmd/activity.h"
#include "client/cmd/narrative.h"
#include "client/cmd/report.h"
#include "client/exchange.h"
#include "client/form/cell.h"
#include "client/form/value.h"
#include "client/i18n.h"
#include "client/out/json.h"
#include "client/out/value.h"
#include "client/out/view.h"
#include "client/words.h"
#include "inap/v1/revision.pb-c.h"

/* Changes of cells, old to new: one a row. */
static struct view *changes_view(struct app *app)
{
	static struct column columns[8];

	columns[0] = (struct column){ "cell", _("CELL"), COLUMN_CODE };
	columns[1] = (struct column){ "before", _("BEFORE"), COLUMN_NUMBER };
	columns[2] = (struct column){ "after", _("AFTER"), COLUMN_NUMBER };
	columns[3] = (struct column){ "revision", _("REVISION"), COLUMN_NUMBER };
	columns[4] = (struct column){ "by", _("BY"), COLUMN_CODE };
	columns[5] = (struct column){ "at", _("AT"), COLUMN_CODE };
	columns[6] = (struct column){ "via", _("VIA"), COLUMN_CODE };
	columns[7] = (struct column){ "note", _("NOTE"), COLUMN_TEXT };
	return view_new(app, columns, 8);
}

/* A note with the date of what is not available yet. */
static const char *dated(struct app *app, const char *date, const char *note)
{
	return date[0] ? pool_printf(&app->pool, "%s %s", date, note) : note;
}

/* The notes of a cell, old to new where they differ, and what was noted with the save. */
static const char *change_note(struct app *app, const Inap__V1__CellChange *change)
{
	const char *before = dated(app, change->before_expected_on, change->before_note);
	const char *note = dated(app, change->expected_on, change->note);

	if (before[0] && strcmp(before, note) != 0)
		note = pool_printf(&app->pool, "%s -> %s", before, note[0] ? note : "-");
	if (!change->reason[0])
		return note;
	return note[0] ? pool_printf(&app->pool, "%s (%s)", note, change->reason) : change->reason;
}

static void change_row(struct view *view, const Inap__V1__CellChange *change)
{
	view_code(view, change->cell);
	view_value(view, change->before);
	view_value(view, change->after);
	view_number(view, change->revision);
	view_code(view, change->by);
	view_time(view, change->at);
	view_word(view, enum_key(&inap__v1__via__descriptor, (int)change->via));
	view_text(view, change_note(view->app, change));
}

static json_t *diff_json(const struct target *target, const Inap__V1__ReportDiffReply *reply)
{
	json_t *answer = json_object();

	json_put_text(answer, "report", target->id);
	json_put_number(answer, "from", reply->from);
	json_put_number(answer, "to", reply->to);
	json_object_set_new(answer, "changes", json_changes(reply->changes, reply->n_changes));
	json_object_set_new(answer, "narrative", narrative_changes_json(reply));
	json_object_set_new(answer, "activities", activity_changes_json(reply));
	return answer;
}

/* --from and --to name revisions, --from-date and --to-date days. */
static bool diff_options(struct app *app, Inap__V1__ReportDiff *request)
{
	const char *from_day, *to_day;

	if (!option_number(app, OPT_FROM, &request->from) ||
	    !option_number(app, OPT_TO, &request->to) ||
	    !option_date(app, OPT_FROM_DATE, &from_day) || !option_date(app, OPT_TO_DATE, &to_day))
		return false;
	request->from_start = app->options.given[OPT_FROM] && request->from == 0;
	request->from_day = pool_strdup(&app->pool, from_day);
	request->to_day = pool_strdup(&app->pool, to_day);
	return true;
}

bool cmd_report_diff(struct app *app)
{
	struct view *view = changes_view(app);
	Inap__V1__ReportDiff request = INAP__V1__REPORT_DIFF__INIT;
	const Inap__V1__ReportDiffReply *reply;
	ProtobufCMessage *message = NULL;
	struct target target;
	uint64_t known;

	if (!diff_options(app, &request) ||
	    !target_begin(app, app->words_count ? app->words[0] : NULL, 0, &target))
		return false;
	request.report = &target.ref;
	if (!exchange_call(app, METHOD_REPORT_DIFF, &request.base, &message))
		return false;
	reply = (const Inap__V1__ReportDiffReply *)message;
	out_json(app, diff_json(&target, reply));
	out_say(app, sentence(&app->pool, _("{report}: revision {to} against {from}"), "report",
			      target.id, "to", number_text(&app->pool, reply->to), "from",
			      number_text(&app->pool, reply->from), NULL));
	for (size_t i = 0; i < reply->n_changes; i++)
		change_row(view, reply->changes[i]);
	if (reply->n_changes == 0 && reply->n_narrative == 0 && reply->n_activities == 0)
		out_say(app, _("nothing changed"));
	else if (reply->n_changes > 0 || !out_is_human(app))
		out_view(app, view);
	narrative_changes_human(app, reply);
	activity_changes_human(app, reply);
	/* What changed since the revision they knew was shown: now they know the later one. */
	if (!seen_get(app, target.id, &known) || (reply->from <= known && reply->to > known))
		target_seen(app, &target, reply->to);
	return true;
}

/* The changes asked for so far, over all answers. */
struct trail {
	struct cell pattern; /* with cell[0]: only these */
	const char *cell;    /* what the server is asked for: "" all */
	Inap__V1__CellChange **changes;
	size_t count, room;
};

static void trail_add(struct app *app, struct trail *trail, Inap__V1__CellChange *change)
{
	struct cell cell;
	const char *rest;

	if (trail->cell[0] &&
	    (!cell_parse(app, change->cell, &cell, &rest) || !cell_matches(&trail->pattern, &cell)))
		return;
	if (trail->count == trail->room) {
		size_t room = trail->room ? trail->room * 2 : 64;
		Inap__V1__CellChange **changes = pool_alloc(&app->pool, room * sizeof(void *));

		if (trail->count > 0)
			memcpy(changes, trail->changes, trail->count * sizeof(void *));
		trail->changes = changes;
		trail->room = room;
	}
	trail->changes[trail->count++] = change;
}

/* A cell as it is typed: PR-1.3, a whole table PR-1.3:governorate=*, a half PR-2.2.n, which is its
 * cell. */
static bool trail_cell(struct app *app, struct trail *trail)
{
	const char *typed = digits_latin(app, option_text(app, OPT_CELL));
	const char *rest;

	*trail = (struct trail){ .cell = "" };
	if (!app->options.given[OPT_CELL])
		return true;
	if (!cell_parse(app, typed, &trail->pattern, &rest) || *rest)
		return fail_with(app, ERROR_CELL_UNKNOWN, "cell", typed, NULL);
	trail->cell =
		trail->pattern.wild ? trail->pattern.indicator : cell_code(app, &trail->pattern);
	return true;
}

static bool trail_read(struct app *app, struct target *target, struct trail *trail)
{
	Inap__V1__ReportTrail request = INAP__V1__REPORT_TRAIL__INIT;
	const Inap__V1__ReportTrailReply *reply;
	ProtobufCMessage *message = NULL;

	request.report = &target->ref;
	request.cell = pool_strdup(&app->pool, trail->cell);
	do {
		if (!exchange_call(app, METHOD_REPORT_TRAIL, &request.base, &message))
			return false;
		reply = (const Inap__V1__ReportTrailReply *)message;
		for (size_t i = 0; i < reply->n_changes; i++)
			trail_add(app, trail, reply->changes[i]);
		request.after = reply->after;
	} while (reply->more);
	return true;
}

/* Every change of one cell, or of all. */
static bool trail_show(struct app *app, struct target *target)
{
	struct view *view = changes_view(app);
	struct trail trail;

	if (!trail_cell(app, &trail) || !trail_read(app, target, &trail))
		return false;
	out_json(app, json_changes(trail.changes, trail.count));
	for (size_t i = 0; i < trail.count; i++)
		change_row(view, trail.changes[i]);
	if (trail.count == 0)
		out_say(app, _("nothing changed"));
	else
		out_view(app, view);
	return true;
}

static json_t *extensions_json(const Inap__V1__HistoryEntry *entry)
{
	json_t *list = json_array();

	for (size_t i = 0; i < entry->n_extensions; i++)
		json_array_append_new(list, json_integer((json_int_t)entry->extensions[i]));
	return list;
}

/* The extensions of an entry, for people: 3, 4 */
static const char *extensions_text(struct app *app, const Inap__V1__HistoryEntry *entry)
{
	const char *text = "";

	for (size_t i = 0; i < entry->n_extensions; i++)
		text = pool_printf(&app->pool, "%s%s%s", text, *text ? ", " : "",
				   number_text(&app->pool, entry->extensions[i]));
	return text;
}

static json_t *history_json(const Inap__V1__ReportHistoryReply *reply)
{
	json_t *list = json_array();

	for (size_t i = 0; i < reply->n_entries; i++) {
		const Inap__V1__HistoryEntry *entry = reply->entries[i];
		json_t *one = json_object();

		json_put_number(one, "seq", entry->seq);
		json_put_number(one, "revision", entry->revision);
		json_put_text(one, "action", entry->action);
		json_put_text(one, "state",
			      enum_key(&inap__v1__state__descriptor, (int)entry->state));
		json_put_text(one, "by", entry->by);
		json_put_text(one, "at", entry->at);
		json_put_text(one, "via", enum_key(&inap__v1__via__descriptor, (int)entry->via));
		json_put_text(one, "note", entry->note);
		json_put_number(one, "cells", entry->cells);
		json_object_set_new(one, "extensions", extensions_json(entry));
		json_put_maybe(one, "subject", entry->subject);
		json_put_bool(one, "readable", entry->readable);
		json_object_set_new(one, "signed", json_signature(entry->signed_));
		json_object_set_new(one, "hash", receipt_json(&entry->hash));
		json_array_append_new(list, one);
	}
	return list;
}

/* "narrative:results,obstacles" as the names of what was written. */
static const char *subject_text(struct app *app, const char *subject)
{
	const char *colon = strchr(subject, ':');
	char *rest, *names = pool_strdup(&app->pool, colon ? colon + 1 : subject);
	const char *text = "";

	for (char *name = strtok_r(names, ",", &rest); name; name = strtok_r(NULL, ",", &rest))
		text = pool_printf(&app->pool, "%s%s%s", text, text[0] ? ", " : "", word(name));
	return text;
}

/* Why, and of a signature that was not the signer's own: by what right. */
static const char *history_note(struct app *app, const Inap__V1__HistoryEntry *entry)
{
	const Inap__V1__Signature *given = entry->signed_;

	if (!given || (given->basis <= INAP__V1__BASIS__BASIS_OWN && !given->single_number[0]))
		return entry->note;
	return pool_printf(&app->pool, "%s%s%s", signature_text(app, given),
			   entry->note[0] ? "; " : "", entry->note);
}

static bool history_show(struct app *app, struct target *target)
{
	const struct column columns[] = {
		{ "at", _("AT"), COLUMN_CODE },
		{ "by", _("BY"), COLUMN_CODE },
		{ "action", _("ACTION"), COLUMN_CODE },
		{ "state", _("STATE"), COLUMN_CODE },
		{ "revision", _("REVISION"), COLUMN_NUMBER },
		{ "cells", _("CELLS"), COLUMN_NUMBER },
		{ "extensions", _("EXTENSION"), COLUMN_CODE },
		{ "subject", _("WHAT"), COLUMN_CODE },
		{ "via", _("VIA"), COLUMN_CODE },
		{ "note", _("NOTE"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 10);
	Inap__V1__ReportHistory request = INAP__V1__REPORT_HISTORY__INIT;
	const Inap__V1__ReportHistoryReply *reply;
	ProtobufCMessage *message = NULL;

	request.report = &target->ref;
	if (!exchange_call(app, METHOD_REPORT_HISTORY, &request.base, &message))
		return false;
	reply = (const Inap__V1__ReportHistoryReply *)message;
	out_json(app, history_json(reply));
	for (size_t i = 0; i < reply->n_entries; i++) {
		const Inap__V1__HistoryEntry *entry = reply->entries[i];

		view_time(view, entry->at);
		view_code(view, entry->by);
		view_word(view, entry->action);
		view_word(view, enum_key(&inap__v1__state__descriptor, (int)entry->state));
		view_number(view, entry->revision);
		view_number(view, entry->cells);
		view_code(view, extensions_text(app, entry));
		view_both(view, subject_text(app, entry->subject), entry->subject);
		view_word(view, enum_key(&inap__v1__via__descriptor, (int)entry->via));
		view_text(view, history_note(app, entry));
	}
	out_view(app, view);
	return true;
}

bool cmd_report_history(struct app *app)
{
	struct target target;

	if (!target_begin(app, app->words_count ? app->words[0] : NULL, 0, &target))
		return false;
	if (app->options.given[OPT_CELL] || app->options.given[OPT_ALL_CELLS])
		return trail_show(app, &target);
	return history_show(app, &target);
}
