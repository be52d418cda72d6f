/* inap plan: the plans there are, their chain, and the import of one. */
#include <string.h>

#include "client/app.h"
#include "client/cmd/report.h"
#include "client/exchange.h"
#include "client/form/sheet.h"
#include "client/form/value.h"
#include "client/i18n.h"
#include "client/out/json.h"
#include "client/out/view.h"
#include "client/pending.h"
#include "client/words.h"
#include "inap/v1/plan.pb-c.h"

static json_t *plan_json(const Inap__V1__Plan *plan)
{
	json_t *one = json_object();

	json_put_text(one, "plan", plan->code);
	json_put_text(one, "starts_on", plan->starts_on);
	json_put_text(one, "ends_on", plan->ends_on);
	json_put_text(one, "state", plan->state);
	json_put_bool(one, "current", plan->current);
	json_object_set_new(one, "name", json_name(plan->name));
	return one;
}

bool cmd_plan_list(struct app *app)
{
	const struct column columns[] = {
		{ "plan", _("PLAN"), COLUMN_CODE },       { "starts_on", _("FROM"), COLUMN_CODE },
		{ "ends_on", _("TO"), COLUMN_CODE },      { "state", _("STATE"), COLUMN_CODE },
		{ "current", _("CURRENT"), COLUMN_CODE }, { "name", _("NAME"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 6);
	Inap__V1__PlanList request = INAP__V1__PLAN_LIST__INIT;
	const Inap__V1__PlanListReply *reply;
	ProtobufCMessage *message = NULL;
	json_t *list;

	if (!exchange_call(app, METHOD_PLAN_LIST, &request.base, &message))
		return false;
	reply = (const Inap__V1__PlanListReply *)message;
	list = json_array();
	for (size_t i = 0; i < reply->n_plans; i++) {
		const Inap__V1__Plan *plan = reply->plans[i];

		json_array_append_new(list, plan_json(plan));
		view_code(view, plan->code);
		view_figure(view, plan->starts_on);
		view_figure(view, plan->ends_on);
		view_word(view, plan->state);
		view_yes(view, plan->current);
		view_name(view, plan->name);
	}
	out_json(app, list);
	out_view(app, view);
	return true;
}

static json_t *results_json(const Inap__V1__Plan *plan)
{
	json_t *list = json_array();

	for (size_t i = 0; i < plan->n_results; i++) {
		const Inap__V1__Result *result = plan->results[i];
		json_t *one = json_object();

		json_put_text(one, "code", result->code);
		json_put_text(one, "kind", result->kind);
		json_put_maybe(one, "parent", result->parent);
		json_put_maybe(one, "lead", result->lead);
		json_object_set_new(one, "name", json_name(result->name));
		json_array_append_new(list, one);
	}
	return list;
}

bool cmd_plan_show(struct app *app)
{
	const struct column columns[] = {
		{ "code", _("CODE"), COLUMN_CODE },    { "kind", _("KIND"), COLUMN_CODE },
		{ "parent", _("UNDER"), COLUMN_CODE }, { "lead", _("LEAD"), COLUMN_CODE },
		{ "name", _("NAME"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 5);
	Inap__V1__PlanShow request = INAP__V1__PLAN_SHOW__INIT;
	const Inap__V1__Plan *plan;
	ProtobufCMessage *message = NULL;
	json_t *answer;

	request.plan = pool_strdup(&app->pool, app->words_count ? app->words[0] : "");
	if (!exchange_call(app, METHOD_PLAN_SHOW, &request.base, &message))
		return false;
	plan = (const Inap__V1__Plan *)message;
	answer = plan_json(plan);
	json_object_set_new(answer, "results", results_json(plan));
	out_json(app, answer);
	out_say(app,
		sentence(&app->pool, _("{plan}: {from} to {to}, {state}"), "plan", plan->code,
			 "from", plan->starts_on, "to", plan->ends_on, "state", plan->state, NULL));
	for (size_t i = 0; i < plan->n_results; i++) {
		const Inap__V1__Result *result = plan->results[i];

		view_code(view, result->code);
		view_word(view, result->kind);
		view_code(view, result->parent);
		view_code(view, result->lead);
		view_name(view, result->name);
	}
	out_view(app, view);
	return true;
}

static json_t *import_json(const Inap__V1__PlanImportReply *reply)
{
	json_t *answer = json_object();
	json_t *changes = json_array();
	json_t *counts = json_object();

	for (size_t i = 0; i < reply->n_changes; i++) {
		json_t *one = json_object();

		json_put_text(one, "kind", reply->changes[i]->kind);
		json_put_text(one, "code", reply->changes[i]->code);
		json_put_text(one, "action", reply->changes[i]->action);
		json_put_text(one, "fields", reply->changes[i]->fields);
		json_array_append_new(changes, one);
	}
	for (size_t i = 0; i < reply->n_counts; i++)
		json_put_number(counts, reply->counts[i]->kind, reply->counts[i]->count);
	json_put_number(answer, "added", reply->added);
	json_put_number(answer, "changed", reply->changed);
	json_put_number(answer, "closed", reply->closed);
	json_put_number(answer, "unchanged", reply->unchanged);
	json_object_set_new(answer, "changes", changes);
	json_object_set_new(answer, "counts", counts);
	json_object_set_new(answer, "warnings", json_texts(reply->warnings, reply->n_warnings));
	json_put_bool(answer, "dry_run", reply->dry_run);
	return answer;
}

static void import_render(struct app *app, const Inap__V1__PlanImportReply *reply)
{
	const struct column columns[] = {
		{ "action", _("ACTION"), COLUMN_CODE },
		{ "kind", _("KIND"), COLUMN_CODE },
		{ "code", _("CODE"), COLUMN_CODE },
		{ "fields", _("FIELDS"), COLUMN_CODE },
	};
	struct view *view = view_new(app, columns, 4);
	struct pool *pool = &app->pool;
	const char *text = reply->dry_run
				   ? _("nothing was changed; it would be: {added} added, "
				       "{changed} changed, {closed} closed, {unchanged} as "
				       "before")
				   : _("the plan is loaded: {added} added, {changed} changed, "
				       "{closed} closed, {unchanged} as before");

	for (size_t i = 0; i < reply->n_changes; i++) {
		view_word(view, reply->changes[i]->action);
		view_word(view, reply->changes[i]->kind);
		view_code(view, reply->changes[i]->code);
		view_code(view, reply->changes[i]->fields);
	}
	out_say(app, sentence(pool, text, "added", number_text(pool, reply->added), "changed",
			      number_text(pool, reply->changed), "closed",
			      number_text(pool, reply->closed), "unchanged",
			      number_text(pool, reply->unchanged), NULL));
	for (size_t i = 0; i < reply->n_counts; i++)
		out_say(app, sentence(pool, "  {what}: {count}", "what", reply->counts[i]->kind,
				      "count", number_text(pool, reply->counts[i]->count), NULL));
	for (size_t i = 0; i < reply->n_warnings; i++)
		out_say(app, sentence(pool, _("  look at: {warning}"), "warning",
				      reply->warnings[i], NULL));
	/* The first load is everything: thousands of lines that nobody asked to see. */
	if (reply->changed + reply->closed > 0 || app->options.given[OPT_VERBOSE])
		out_view(app, view);
}

/* The plan's code as the file gives it: {"plan": {"code": …}} or {"code": …}. */
static const char *plan_code(struct app *app, const char *file, const char *bytes, size_t length)
{
	json_error_t error;
	json_t *whole = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &error);
	const json_t *plan = json_object_get(whole, "plan");
	const char *code = json_string_value(json_object_get(plan ? plan : whole, "code"));
	const char *copy = code ? pool_strdup(&app->pool, code) : NULL;

	if (!whole)
		fail_with(app, ERROR_PLAN_BAD, "place",
			  pool_printf(&app->pool, "%s:%d", file, error.line), "why", error.text,
			  NULL);
	else if (!copy)
		fail_with(app, ERROR_PLAN_BAD, "place", "plan.code", "why", _("it is missing"),
			  NULL);
	json_decref(whole);
	return copy;
}

bool cmd_plan_import(struct app *app)
{
	Inap__V1__PlanImport request = INAP__V1__PLAN_IMPORT__INIT;
	struct write write = { .method = METHOD_PLAN_IMPORT, .request = &request.base };
	ProtobufCMessage *message = NULL;
	const char *code, *clean;
	char *bytes;
	size_t length;

	bytes = sheet_bytes(app, app->words[0], &length);
	if (!bytes || !(code = plan_code(app, app->words[0], bytes, length)))
		return false;
	clean = text_clean(app, bytes);
	if (!clean)
		return fail_with(app, ERROR_FILE_BAD, "file", app->words[0], "why",
				 _("is not valid UTF-8"), NULL);
	request.json = pool_strdup(&app->pool, clean);
	request.code = pool_strdup(&app->pool, code);
	request.dry_run = app->options.given[OPT_DRY_RUN];
	write.report = "";
	write.intent = intent_of(app, bytes, length);
	write.dry_run = request.dry_run;
	if (!pending_settle(app, "", METHOD_PLAN_IMPORT, write.intent, &message) ||
	    (!message && !write_call(app, &write, &message)))
		return false;
	out_json(app, import_json((const Inap__V1__PlanImportReply *)message));
	import_render(app, (const Inap__V1__PlanImportReply *)message);
	return true;
}
