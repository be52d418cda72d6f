/* inap rule list, add, retire: what figures must hold among themselves. */
#include <string.h>

#include "client/app.h"
#include "client/cmd/report.h"
#include "client/exchange.h"
#include "client/form/sheet.h"
#include "client/form/value.h"
#include "client/i18n.h"
#include "client/out/json.h"
#include "client/out/value.h"
#include "client/out/view.h"
#include "client/pending.h"
#include "client/words.h"
#include "inap/v1/rule.pb-c.h"

static json_t *rule_json(const Inap__V1__Rule *rule)
{
	json_t *one = json_object();

	json_put_text(one, "rule", rule->code);
	json_put_text(one, "kind", rule->kind);
	json_put_text(one, "severity", rule->severity);
	json_put_text(one, "op", rule->op);
	json_put_maybe(one, "left", rule->left);
	json_put_maybe(one, "right", rule->right);
	json_put_text(one, "missing", rule->missing);
	json_put_maybe(one, "valid_from", rule->valid_from);
	json_put_maybe(one, "valid_to", rule->valid_to);
	json_put_maybe(one, "parameters", rule->parameters);
	json_put_bool(one, "by_hand", rule->by_hand);
	json_put_bool(one, "retired", rule->retired);
	if (rule->name)
		json_object_set_new(one, "name", json_name(rule->name));
	return one;
}

/* "periods=6 z=3.5" as places of a sentence, beside the two sides. */
static size_t rule_places(struct app *app, const Inap__V1__Rule *rule, struct place *places)
{
	char *rest = pool_strdup(&app->pool, rule->parameters);
	size_t count = 0;

	places[count++] = (struct place){ "left", rule->left };
	places[count++] = (struct place){ "right", rule->right };
	for (char *one = strtok_r(rest, " ", &rest); one && count < FAILURE_PLACES_MAX;
	     one = strtok_r(NULL, " ", &rest)) {
		char *equals = strchr(one, '=');

		if (!equals)
			continue;
		*equals = '\0';
		places[count++] = (struct place){ one, equals + 1 };
	}
	return count;
}

/* A rule that the import made has no words of its own. */
static const char *rule_words(struct app *app, const Inap__V1__Rule *rule)
{
	const struct {
		const char *kind;
		const char *text;
	} made[] = {
		{ "table", _("the parts {right} make the total {left}") },
		{ "outlier", _("from {periods} earlier values on, a value's modified Z among them "
			       "is {z} at most") },
		{ "year_ratio", _("from {least} on, a value is within {ratio} times that of the "
				  "same quarter last year") },
		{ "fall", _("what only counts up does not fall") },
		{ "numerator", _("a numerator is not greater than its denominator") },
	};
	struct place places[FAILURE_PLACES_MAX];
	size_t count = rule_places(app, rule, places);

	if (rule->name)
		return name_text(rule->name);
	for (size_t i = 0; i < sizeof made / sizeof *made; i++)
		if (strcmp(made[i].kind, rule->kind) == 0)
			return sentence_fill(&app->pool, made[i].text, places, count);
	return rule->code;
}

bool cmd_rule_list(struct app *app)
{
	const struct column columns[] = {
		{ "rule", _("RULE"), COLUMN_CODE },       { "severity", _("WEIGHT"), COLUMN_CODE },
		{ "left", _("LEFT"), COLUMN_CODE },       { "op", _("COMPARES"), COLUMN_CODE },
		{ "right", _("RIGHT"), COLUMN_CODE },     { "valid_from", _("FROM"), COLUMN_CODE },
		{ "valid_to", _("TO"), COLUMN_CODE },     { "by_hand", _("BY HAND"), COLUMN_CODE },
		{ "name", _("WHAT HOLDS"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 9);
	Inap__V1__RuleList request = INAP__V1__RULE_LIST__INIT;
	const Inap__V1__RuleListReply *reply;
	ProtobufCMessage *message = NULL;
	json_t *list;

	request.plan = pool_strdup(&app->pool, option_text(app, OPT_PLAN));
	request.round = pool_strdup(&app->pool, option_text(app, OPT_ROUND));
	if (!exchange_call(app, METHOD_RULE_LIST, &request.base, &message))
		return false;
	reply = (const Inap__V1__RuleListReply *)message;
	list = json_array();
	for (size_t i = 0; i < reply->n_rules; i++) {
		const Inap__V1__Rule *rule = reply->rules[i];
		bool sides = rule->left[0] != '\0';

		json_array_append_new(list, rule_json(rule));
		view_word(view, rule->code);
		view_word(view, rule->severity);
		view_code(view, rule->left);
		view_word(view, sides ? rule->op : "");
		view_code(view, sides ? rule->right : "");
		view_figure(view, rule->valid_from);
		view_figure(view, rule->valid_to);
		view_word(view, rule->retired ? "retired" : rule->by_hand ? "added" : "");
		view_text(view, rule_words(app, rule));
	}
	out_json(app, list);
	out_view(app, view);
	return true;
}

static bool rule_write(struct app *app, Inap__V1__RuleChange *request, uint64_t intent)
{
	const struct write write = { .method = METHOD_RULE_CHANGE,
				     .request = &request->base,
				     .report = "",
				     .intent = intent,
				     .dry_run = app->options.given[OPT_DRY_RUN] };
	const Inap__V1__RuleChangeReply *reply;
	ProtobufCMessage *message = NULL;
	json_t *answer;

	if (!note_text(app, OPT_NOTE, &request->note))
		return false;
	request->plan = pool_strdup(&app->pool, option_text(app, OPT_PLAN));
	request->dry_run = write.dry_run;
	if (!pending_settle(app, "", write.method, write.intent, &message) ||
	    (!message && !write_call(app, &write, &message)))
		return false;
	reply = (const Inap__V1__RuleChangeReply *)message;
	answer = json_object();
	json_put_text(answer, "rule", reply->code);
	json_put_bool(answer, "retired", reply->retired);
	json_put_text(answer, "from", reply->from);
	json_put_bool(answer, "dry_run", reply->dry_run);
	json_object_set_new(answer, "receipt", receipt_json(&reply->receipt));
	out_json(app, answer);
	out_say(app, sentence(&app->pool,
			      reply->retired ? _("rule {rule} is retired from {from} on")
					     : _("rule {rule} is in force from {from} on"),
			      "rule", reply->code, "from", reply->from, NULL));
	if (reply->dry_run)
		out_say(app, _("nothing was changed"));
	else
		out_next(app, pool_printf(&app->pool, "inap rule list --round %s", reply->from));
	return true;
}

bool cmd_rule_add(struct app *app)
{
	Inap__V1__RuleChange request = INAP__V1__RULE_CHANGE__INIT;
	const char *file = app->words[0], *clean;
	json_error_t error;
	json_t *whole;
	size_t length;
	char *bytes = sheet_bytes(app, file, &length);

	if (!bytes)
		return false;
	whole = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &error);
	if (!whole)
		return fail_with(app, ERROR_RULE_BAD, "place",
				 pool_printf(&app->pool, "%s:%d", file, error.line), "why",
				 error.text, NULL);
	json_decref(whole);
	clean = text_clean(app, bytes);
	if (!clean)
		return fail_with(app, ERROR_FILE_BAD, "file", file, "why", _("is not valid UTF-8"),
				 NULL);
	request.json = pool_strdup(&app->pool, clean);
	return rule_write(app, &request, intent_of(app, bytes, length));
}

bool cmd_rule_retire(struct app *app)
{
	Inap__V1__RuleChange request = INAP__V1__RULE_CHANGE__INIT;

	request.code = app->words[0];
	return rule_write(app, &request, intent_of(app, "", 0));
}
