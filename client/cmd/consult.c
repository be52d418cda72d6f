/* inap report consult: others' figures on which the person's office is consulted; confirm or
 * contest one. */
#include <string.h>

#include "client/app.h"
#include "client/cmd/report.h"
#include "client/exchange.h"
#include "client/form/cell.h"
#include "client/form/value.h"
#include "client/i18n.h"
#include "client/out/json.h"
#include "client/out/value.h"
#include "client/out/view.h"
#include "client/pending.h"
#include "client/state.h"
#include "client/words.h"
#include "inap/v1/consult.pb-c.h"

static json_t *cells_json(struct app *app, const Inap__V1__ConsultListReply *reply)
{
	json_t *list = json_array();

	for (size_t i = 0; i < reply->n_cells; i++) {
		const Inap__V1__ConsultedCell *cell = reply->cells[i];
		json_t *one = json_object();

		json_put_text(one, "report", report_id(app, cell->report));
		json_put_text(one, "by", cell->by);
		json_put_text(one, "cell", cell->cell);
		json_put_text(one, "period", cell->period);
		json_put_value(one, cell->value);
		json_put_text(one, "unit", cell->unit);
		json_put_text(one, "value_kind", cell->value_kind);
		json_put_number(one, "revision", cell->revision);
		json_put_maybe(one, "answer", cell->answer);
		json_put_maybe(one, "text", cell->text);
		json_array_append_new(list, one);
	}
	return list;
}

static void cells_render(struct app *app, const Inap__V1__ConsultListReply *reply)
{
	const struct column columns[] = {
		{ "report", _("REPORT"), COLUMN_CODE }, { "cell", _("CELL"), COLUMN_CODE },
		{ "period", _("PERIOD"), COLUMN_CODE }, { "value", _("VALUE"), COLUMN_NUMBER },
		{ "unit", _("UNIT"), COLUMN_CODE },     { "answer", _("ANSWER"), COLUMN_CODE },
		{ "name", _("NAME"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 7);

	for (size_t i = 0; i < reply->n_cells; i++) {
		const Inap__V1__ConsultedCell *cell = reply->cells[i];

		view_code(view, report_id(app, cell->report));
		view_code(view, cell->cell);
		view_code(view, cell->period);
		view_value(view, cell->value);
		view_word(view, cell->unit);
		view_word(view, cell->answer);
		view_name(view, cell->total ? cell->name : NULL);
	}
	if (reply->n_cells == 0)
		out_say(app, _("nobody has submitted figures on which your office is consulted"));
	else
		out_view(app, view);
}

/* What was shown of a report to the consulted is remembered apart from the report itself. */
static const char *seen_name(struct app *app, const char *report)
{
	return pool_printf(&app->pool, "consult-%s", report);
}

static bool list_run(struct app *app, const struct target *target)
{
	Inap__V1__ConsultList request = INAP__V1__CONSULT_LIST__INIT;
	const Inap__V1__ConsultListReply *reply;
	ProtobufCMessage *message = NULL;

	request.plan =
		pool_strdup(&app->pool, target ? target->ref.plan : option_text(app, OPT_PLAN));
	request.round =
		pool_strdup(&app->pool, target ? target->ref.round : option_text(app, OPT_ROUND));
	request.entity = pool_strdup(&app->pool, target ? target->ref.entity : "");
	if (!exchange_call(app, METHOD_CONSULT_LIST, &request.base, &message))
		return false;
	reply = (const Inap__V1__ConsultListReply *)message;
	if (target && reply->n_cells == 0)
		return fail_with(app, ERROR_NOT_FOUND, "what", "report", "name", target->id, NULL);
	out_json(app, cells_json(app, reply));
	cells_render(app, reply);
	for (size_t i = 0; i < reply->n_cells; i++)
		seen_put(app, seen_name(app, report_id(app, reply->cells[i]->report)),
			 reply->cells[i]->revision);
	return true;
}

static bool request_read(struct app *app, const struct target *target,
			 Inap__V1__ReportConsult *request)
{
	const char *rest, *text;
	struct cell cell;

	if (!cell_parse(app, digits_latin(app, app->words[1]), &cell, &rest) || *rest || cell.wild)
		return fail_with(app, ERROR_CELL_UNKNOWN, "cell", app->words[1], NULL);
	request->contest = strcmp(app->words[2], "contest") == 0;
	if (!request->contest && strcmp(app->words[2], "confirm") != 0)
		return fail_with(app, ERROR_USAGE, "why", _("say confirm or contest"), NULL);
	text = text_clean(app, app->words_count > 3 ? app->words[3] : "");
	if (!text)
		return fail_with(app, ERROR_BAD_TEXT, "field", "text", "why",
				 _("is not valid UTF-8"), NULL);
	request->cell = pool_strdup(&app->pool, cell_code(app, &cell));
	request->text = pool_strdup(&app->pool, text);
	if (!option_number(app, OPT_BASE, &request->base_revision))
		return false;
	if (app->options.given[OPT_BASE] ||
	    seen_get(app, seen_name(app, target->id), &request->base_revision))
		return true;
	app->out.to_stderr = out_is_json(app);
	if (!list_run(app, target))
		return false;
	app->out.to_stderr = false;
	return fail_with(app, ERROR_NOT_SEEN, "report", target->id, NULL);
}

static bool consult_run(struct app *app, struct target *target)
{
	Inap__V1__ReportConsult request = INAP__V1__REPORT_CONSULT__INIT;
	struct write write = { .method = METHOD_REPORT_CONSULT,
			       .request = &request.base,
			       .report = "",
			       .intent = intent_of(app, "", 0) };
	const Inap__V1__ReportConsultReply *reply;
	ProtobufCMessage *message = NULL;
	json_t *answer;

	request.report = &target->ref;
	if (!pending_settle(app, "", write.method, write.intent, &message) ||
	    (!message && !request_read(app, target, &request)) ||
	    (!message && !write_call(app, &write, &message)))
		return false;
	reply = (const Inap__V1__ReportConsultReply *)message;
	answer = json_object();
	json_put_text(answer, "report", target->id);
	json_put_text(answer, "by", reply->by);
	json_put_text(answer, "cell", reply->cell);
	json_put_text(answer, "answer", reply->answer);
	if (reply->point)
		json_put_number(answer, "point", reply->point);
	json_object_set_new(answer, "receipt", receipt_json(&reply->receipt));
	out_json(app, answer);
	out_say(app, sentence(&app->pool, _("{cell} of {report}: {answer} by {entity}"), "cell",
			      reply->cell, "report", target->id, "answer", word(reply->answer),
			      "entity", reply->by, NULL));
	if (reply->point)
		out_say(app, sentence(&app->pool, _("  the coordinator has it as point {point}"),
				      "point", number_text(&app->pool, reply->point), NULL));
	return true;
}

bool cmd_report_consult(struct app *app)
{
	struct target target;

	if (app->words_count == 2)
		return fail_with(app, ERROR_USAGE, "why", _("say confirm or contest"), NULL);
	if (app->words_count == 0)
		return list_run(app, NULL);
	if (!target_find(app, app->words[0], &target))
		return false;
	return app->words_count == 1 ? list_run(app, &target) : consult_run(app, &target);
}
