/* A list of reports. */
#include "client/cmd/report_list.h"

#include "client/app.h"
#include "client/i18n.h"
#include "client/out/json.h"
#include "client/out/value.h"
#include "client/out/view.h"
#include "client/words.h"

static json_t *entry_json(const Inap__V1__ReportEntry *entry, bool queue)
{
	json_t *one = json_object();

	json_object_set_new(one, "report", json_report(entry->report));
	json_put_text(one, "state", enum_key(&inap__v1__state__descriptor, (int)entry->state));
	json_put_maybe(one, "submitted_at", entry->submitted_at);
	json_put_bool(one, "on_time", entry->on_time);
	json_put_maybe(one, "claimed_by", entry->claimed_by);
	json_put_maybe(one, "claimed_until", entry->claimed_until);
	json_put_number(one, "revision", entry->revision);
	if (queue)
		return one;
	json_put_bool(one, "ready", entry->ready);
	json_put_maybe(one, "due_at", entry->due_at);
	json_put_bool(one, "extended", entry->extended);
	json_put_maybe(one, "yearly_due_at", entry->yearly_due_at);
	json_put_bool(one, "excused", entry->excused);
	json_put_text(one, "jurisdiction",
		      enum_key(&inap__v1__jurisdiction__descriptor, (int)entry->jurisdiction));
	json_put_number(one, "answered", entry->answered);
	json_put_number(one, "asked", entry->asked);
	json_object_set_new(one, "name", json_name(entry->name));
	return one;
}

void report_list_render(struct app *app, const Inap__V1__ReportListReply *reply, bool queue)
{
	const struct column columns[] = {
		{ "report", _("REPORT"), COLUMN_CODE },
		{ "state", _("STATE"), COLUMN_CODE },
		{ "revision", _("REVISION"), COLUMN_NUMBER },
		{ "due_at", _("DUE"), COLUMN_CODE },
		{ "submitted_at", _("SUBMITTED"), COLUMN_CODE },
		{ "on_time", _("ON TIME"), COLUMN_CODE },
		{ "claimed_by", _("IN REVIEW BY"), COLUMN_CODE },
		{ "answered", _("ANSWERED"), COLUMN_NUMBER },
		{ "name", _("NAME"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 9);
	json_t *list = json_array();

	for (size_t i = 0; i < reply->n_reports; i++) {
		const Inap__V1__ReportEntry *entry = reply->reports[i];

		json_array_append_new(list, entry_json(entry, queue));
		view_code(view, report_id(app, entry->report));
		view_word(view, entry->excused ? "excused"
					       : enum_key(&inap__v1__state__descriptor,
							  (int)entry->state));
		view_number(view, entry->revision);
		view_due(view, entry->due_at, entry->extended);
		view_day(view, entry->submitted_at);
		if (entry->submitted_at[0])
			view_yes(view, entry->on_time);
		else
			view_code(view, "");
		view_code(view, entry->claimed_by);
		view_figure(view, pool_printf(&app->pool, "%u/%u", (unsigned)entry->answered,
					      (unsigned)entry->asked));
		view_name(view, entry->name);
	}
	out_json(app, list);
	if (reply->n_reports == 0)
		out_say(app, queue ? _("nothing waits for review") : _("no reports"));
	else
		out_view(app, view);
}
