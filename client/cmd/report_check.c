/* inap report check: what is to be said of a report before it is signed. */
#include <stdint.h>
#include <string.h>

#include "client/app.h"
#include "client/cmd/report.h"
#include "client/exchange.h"
#include "client/i18n.h"
#include "client/out/json.h"
#include "client/out/value.h"
#include "client/out/view.h"

/* Its sentence comes from errors.def, like a refusal's. */
static const char *problem_sentence(struct app *app, const Inap__V1__Problem *problem)
{
	struct place *places = pool_alloc(&app->pool, (problem->n_arguments + 1) * sizeof *places);
	const struct failure_field field = { .code = problem->code,
					     .message = problem->rule,
					     .places = places,
					     .places_count = problem->n_arguments };

	for (size_t i = 0; i < problem->n_arguments; i++)
		places[i] =
			(struct place){ problem->arguments[i]->name, problem->arguments[i]->value };
	return field_sentence(app, &field);
}

const char *problem_text(struct app *app, const Inap__V1__Problem *problem)
{
	const char *text = problem_sentence(app, problem);

	if (!problem->explained)
		return text;
	return sentence(&app->pool, _("{problem}; explained: {note}"), "problem", text, "note",
			problem->note, NULL);
}

static const char *problem_place_text(const Inap__V1__Problem *problem, const char *name)
{
	for (size_t i = 0; i < problem->n_arguments; i++)
		if (strcmp(problem->arguments[i]->name, name) == 0)
			return problem->arguments[i]->value;
	return "";
}

/* The rule's own words in three languages; null: it has none. */
static json_t *problem_name(const Inap__V1__Problem *problem)
{
	Inap__V1__Name name = INAP__V1__NAME__INIT;

	name.en = (char *)(uintptr_t)problem_place_text(problem, "name");
	name.ar = (char *)(uintptr_t)problem_place_text(problem, "name_ar");
	name.ckb = (char *)(uintptr_t)problem_place_text(problem, "name_ckb");
	return name.en[0] ? json_name(&name) : json_null();
}

static json_t *problem_json(struct app *app, const Inap__V1__Problem *problem)
{
	json_t *one = json_object();

	json_put_text(one, "cell", problem->cell);
	json_put_text(one, "rule", problem->rule);
	json_put_text(one, "severity", problem->severity);
	json_put_text(one, "code", problem->code);
	json_put_text(one, "message", problem_sentence(app, problem));
	json_object_set_new(one, "cells", json_texts(problem->cells, problem->n_cells));
	if (problem->left[0]) {
		json_put_maybe(one, "op", problem->op);
		json_put_text(one, "left", problem->left);
		json_put_text(one, "right", problem->right);
		json_object_set_new(one, "name", problem_name(problem));
	}
	json_put_bool(one, "explained", problem->explained);
	json_put_maybe(one, "note", problem->note);
	return one;
}

static json_t *check_json(struct app *app, const Inap__V1__ReportCheckReply *reply)
{
	json_t *answer = json_object();
	json_t *list = json_array();

	for (size_t i = 0; i < reply->n_problems; i++)
		json_array_append_new(list, problem_json(app, reply->problems[i]));
	json_object_set_new(answer, "problems", list);
	return answer;
}

bool cmd_report_check(struct app *app)
{
	const struct column columns[] = {
		{ "severity", _("WEIGHT"), COLUMN_CODE },
		{ "cell", _("CELL"), COLUMN_CODE },
		{ "message", _("PROBLEM"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 3);
	Inap__V1__ReportCheck request = INAP__V1__REPORT_CHECK__INIT;
	const Inap__V1__ReportCheckReply *reply;
	ProtobufCMessage *message = NULL;
	struct target target;
	size_t open = 0;

	if (!target_begin(app, app->words_count ? app->words[0] : NULL, 0, &target))
		return false;
	request.report = &target.ref;
	if (!exchange_call(app, METHOD_REPORT_CHECK, &request.base, &message))
		return false;
	reply = (const Inap__V1__ReportCheckReply *)message;
	out_json(app, check_json(app, reply));
	for (size_t i = 0; i < reply->n_problems; i++) {
		open += !reply->problems[i]->explained;
		view_word(view, reply->problems[i]->severity);
		view_code(view, reply->problems[i]->cell);
		view_text(view, problem_text(app, reply->problems[i]));
	}
	if (reply->n_problems == 0)
		out_say(app, sentence(&app->pool, _("{report}: no problem found"), "report",
				      target.id, NULL));
	else
		out_view(app, view);
	if (open > 0 && app->options.given[OPT_EXIT_CODE])
		app->status = 9;
	return true;
}
