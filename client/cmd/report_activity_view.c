/* Activities as a report shows them: JSON, tables, what changed. */
#include <ctype.h>
#include <string.h>

#include "client/app.h"
#include "client/cmd/activity.h"
#include "client/form/value.h"
#include "client/i18n.h"
#include "client/out/json.h"
#include "client/out/view.h"
#include "client/words.h"

static json_t *budget_json(const Inap__V1__ActivityStatus *status)
{
	json_t *list = json_array();

	for (size_t i = 0; i < status->n_budget; i++) {
		const Inap__V1__BudgetLine *line = status->budget[i];
		json_t *one = json_object();

		json_put_text(one, "source", line->source);
		json_put_maybe(one, "planned", line->planned);
		json_put_maybe(one, "allocated", line->allocated);
		json_put_maybe(one, "spent", line->spent);
		json_array_append_new(list, one);
	}
	return list;
}

static void status_json(json_t *one, const Inap__V1__ActivityStatus *status)
{
	json_put_maybe(one, "percent", status->percent);
	json_put_maybe(one, "starts_on", status->starts_on);
	json_put_maybe(one, "ends_on", status->ends_on);
	json_object_set_new(one, "places", json_texts(status->places, status->n_places));
	json_put_text(one, "partners", status->partners);
	json_put_text(one, "delay", status->delay);
	json_put_maybe(one, "new_date", status->new_date);
	json_object_set_new(one, "budget", budget_json(status));
	json_put_bool(one, "no_budget_line", status->no_budget_line);
	json_put_bool(one, "in_kind", status->in_kind);
	json_put_text(one, "note", status->note);
}

/* How it stood in the round before: it carries over, and is not said until somebody says it. */
static json_t *before_json(const Inap__V1__ReportActivityEntry *entry)
{
	json_t *one = json_object();

	json_put_text(one, "round", entry->previous_round);
	json_put_text(one, "status", entry->previous_status);
	json_put_maybe(one, "percent", entry->previous_percent);
	return one;
}

json_t *activities_json(const Inap__V1__ReportShowReply *show)
{
	json_t *list = json_array();

	for (size_t i = 0; i < show->n_activities; i++) {
		const Inap__V1__ReportActivityEntry *entry = show->activities[i];
		json_t *one = json_object();

		json_put_text(one, "activity", entry->code);
		json_object_set_new(one, "name", json_name(entry->name));
		json_put_text(one, "under", entry->under);
		json_put_text(one, "lead", entry->lead);
		json_put_text(one, "role", entry->leads ? "lead" : "contributor");
		json_put_maybe(one, "status", entry->status ? entry->status->status : "");
		if (entry->status) {
			status_json(one, entry->status);
			json_put_number(one, "revision", entry->revision);
			json_put_text(one, "by", entry->by);
			json_put_text(one, "at", entry->at);
		}
		if (entry->previous_status[0])
			json_object_set_new(one, "previous", before_json(entry));
		json_array_append_new(list, one);
	}
	return list;
}

json_t *activity_changes_json(const Inap__V1__ReportDiffReply *reply)
{
	json_t *list = json_array();

	for (size_t i = 0; i < reply->n_activities; i++) {
		const Inap__V1__ActivityChange *change = reply->activities[i];
		json_t *one = json_object();

		json_put_text(one, "activity", change->code);
		json_put_text(one, "fields", change->fields);
		json_put_maybe(one, "before", change->before);
		json_put_text(one, "after", change->after);
		json_put_maybe(one, "percent_before", change->percent_before);
		json_put_maybe(one, "percent_after", change->percent_after);
		json_put_text(one, "by", change->by);
		json_put_text(one, "at", change->at);
		json_put_number(one, "revision", change->revision);
		json_array_append_new(list, one);
	}
	return list;
}

void activities_human(struct app *app, const Inap__V1__ReportShowReply *show)
{
	const struct column columns[] = {
		{ "activity", _("ACTIVITY"), COLUMN_CODE },
		{ "role", _("ROLE"), COLUMN_CODE },
		{ "status", _("STATUS"), COLUMN_CODE },
		{ "percent", "%", COLUMN_NUMBER },
		{ "ends_on", _("ENDS"), COLUMN_CODE },
		{ "previous", _("BEFORE"), COLUMN_CODE },
		{ "name", _("NAME"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 7);

	for (size_t i = 0; i < show->n_activities; i++) {
		const Inap__V1__ReportActivityEntry *entry = show->activities[i];
		const Inap__V1__ActivityStatus *status = entry->status;

		view_code(view, entry->code);
		view_word(view, entry->leads ? "lead" : "contributor");
		view_word(view, status ? status->status : "");
		view_figure(view, status ? status->percent : "");
		view_code(view, !status               ? ""
				: status->new_date[0] ? status->new_date
						      : status->ends_on);
		view_word(view, entry->previous_status);
		view_name(view, entry->name);
	}
	out_side_view(app, _("Activities:"), view);
}

static const char *before_after(struct app *app, const char *before, const char *after)
{
	if (!before[0] || strcmp(before, after) == 0)
		return after;
	return pool_printf(&app->pool, "%s -> %s", before, after);
}

/* "status,percent" in the person's language. */
static const char *fields_text(struct app *app, const char *fields)
{
	char *rest, *names = pool_strdup(&app->pool, fields);
	const char *text = "";

	for (char *name = strtok_r(names, ",", &rest); name; name = strtok_r(NULL, ",", &rest))
		text = pool_printf(&app->pool, "%s%s%s", text, text[0] ? ", " : "",
				   strcmp(name, "starts_on") == 0 ? word("begins")
				   : strcmp(name, "ends_on") == 0 ? word("ends")
								  : word(name));
	return text;
}

void activity_changes_human(struct app *app, const Inap__V1__ReportDiffReply *reply)
{
	const struct column columns[] = {
		{ "activity", _("ACTIVITY"), COLUMN_CODE },
		{ "status", _("STATUS"), COLUMN_CODE },
		{ "percent", "%", COLUMN_CODE },
		{ "revision", _("REVISION"), COLUMN_NUMBER },
		{ "by", _("BY"), COLUMN_CODE },
		{ "fields", _("WHAT"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 6);

	for (size_t i = 0; i < reply->n_activities; i++) {
		const Inap__V1__ActivityChange *change = reply->activities[i];

		view_code(view, change->code);
		view_code(view, before_after(app, word(change->before), word(change->after)));
		view_code(view, before_after(app, change->percent_before, change->percent_after));
		view_number(view, change->revision);
		view_code(view, change->by);
		view_text(view, fields_text(app, change->fields));
	}
	out_side_view(app, _("Activities:"), view);
}

char *activity_code(struct app *app, const char *typed)
{
	char *code = pool_strdup(&app->pool, digits_latin(app, typed));

	for (char *at = code; *at; at++)
		*at = (char)toupper((unsigned char)*at);
	return code;
}

char **activity_words(struct app *app, const char *typed, size_t *count)
{
	char *rest, *text = activity_code(app, typed);
	char **list = pool_alloc(&app->pool, (strlen(text) + 1) * sizeof *list);

	*count = 0;
	for (char *at = strstr(text, "\xd8\x8c"); at; at = strstr(at, "\xd8\x8c"))
		memcpy(at, ", ", 2); /* the Arabic comma */
	for (char *one = strtok_r(text, ", ", &rest); one; one = strtok_r(NULL, ", ", &rest))
		list[(*count)++] = one;
	return list;
}
