/* inap report list, diff, history: reading without changing what is seen, but for diff. */
#include "client/app.h"
#include "client/cmd/narrative.h"
#include "client/cmd/report.h"
#include "client/cmd/report_list.h"
#include "client/exchange.h"
#include "client/i18n.h"
#include "client/out/json.h"
#include "client/out/value.h"
#include "client/out/view.h"
#include "client/words.h"

#include <string.h>

static json_t *diff_json(const struct target *target, const Inap__V1__ReportDiffReply *reply)
{
	json_t *answer = json_object();

	json_put_text(answer, "report", target->id);
	json_put_number(answer, "from", reply->from);
	json_put_number(answer, "to", reply->to);
	json_object_set_new(answer, "changes", json_changes(reply->changes, reply->n_changes));
	json_object_set_new(answer, "narrative", narrative_changes_json(reply));
	return answer;
}

bool cmd_report_diff(struct app *app)
{
	const struct column columns[] = {
		{ "cell", _("CELL"), COLUMN_CODE },
		{ "before", _("BEFORE"), COLUMN_NUMBER },
		{ "after", _("AFTER"), COLUMN_NUMBER },
		{ "revision", _("REVISION"), COLUMN_NUMBER },
		{ "by", _("BY"), COLUMN_CODE },
		{ "at", _("AT"), COLUMN_CODE },
		{ "note", _("NOTE"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 7);
	Inap__V1__ReportDiff request = INAP__V1__REPORT_DIFF__INIT;
	const Inap__V1__ReportDiffReply *reply;
	ProtobufCMessage *message = NULL;
	struct target target;
	uint64_t known;

	if (!option_number(app, OPT_FROM, &request.from) ||
	    !option_number(app, OPT_TO, &request.to) ||
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
	for (size_t i = 0; i < reply->n_changes; i++) {
		const Inap__V1__CellChange *change = reply->changes[i];

		view_code(view, change->cell);
		view_value(view, change->before);
		view_value(view, change->after);
		view_number(view, change->revision);
		view_code(view, change->by);
		view_time(view, change->at);
		view_text(view, change->note);
	}
	if (reply->n_changes == 0 && reply->n_narrative == 0)
		out_say(app, _("nothing changed"));
	else if (reply->n_changes > 0 || !out_is_human(app))
		out_view(app, view);
	narrative_changes_human(app, reply);
	/* What changed since the revision they knew was shown: now they know the later one. */
	if (!seen_get(app, target.id, &known) || (reply->from <= known && reply->to > known))
		target_seen(app, &target, reply->to);
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

bool cmd_report_history(struct app *app)
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
		{ "note", _("NOTE"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 9);
	Inap__V1__ReportHistory request = INAP__V1__REPORT_HISTORY__INIT;
	const Inap__V1__ReportHistoryReply *reply;
	ProtobufCMessage *message = NULL;
	struct target target;

	if (!target_begin(app, app->words_count ? app->words[0] : NULL, 0, &target))
		return false;
	request.report = &target.ref;
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
		view_text(view, history_note(app, entry));
	}
	out_view(app, view);
	return true;
}

bool cmd_report_list(struct app *app)
{
	Inap__V1__ReportList request = INAP__V1__REPORT_LIST__INIT;
	ProtobufCMessage *message = NULL;

	request.plan = pool_strdup(&app->pool, option_text(app, OPT_PLAN));
	request.round = pool_strdup(&app->pool, option_text(app, OPT_ROUND));
	if (!exchange_call(app, METHOD_REPORT_LIST, &request.base, &message))
		return false;
	report_list_render(app, (const Inap__V1__ReportListReply *)message, false);
	return true;
}
