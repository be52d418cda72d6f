/* inap review receive: a report that came on paper, from a file, saved and submitted at once. */
#include <string.h>

#include "client/app.h"
#include "client/cmd/evidence.h"
#include "client/cmd/report.h"
#include "client/exchange.h"
#include "client/form/form.h"
#include "client/form/sheet.h"
#include "client/form/value.h"
#include "client/i18n.h"
#include "client/out/json.h"
#include "client/pending.h"
#include "client/upload.h"
#include "client/words.h"
#include "inap/v1/office.pb-c.h"
#include "inap/v1/plan.pb-c.h"

/* What was received, as a sentence. */
static const char *received_text(struct app *app, const struct target *target,
				 const Inap__V1__ReportSaveReply *reply)
{
	const char *text =
		reply->dry_run ? _("{report}: nothing was done; {count} cells would be received")
			       : _("{report} is received: {count} cells. Receipt {receipt}.");

	return sentence(&app->pool, text, "report", target->id, "count",
			number_text(&app->pool, reply->created), "receipt",
			receipt_text(app, &reply->receipt), NULL);
}

static void receive_say(struct app *app, const struct target *target,
			const Inap__V1__ReportSaveReply *reply,
			const Inap__V1__EvidenceReply *letter)
{
	json_t *answer = json_object();

	json_put_text(answer, "report", target->id);
	json_put_text(answer, "state", enum_key(&inap__v1__state__descriptor, (int)reply->state));
	json_put_number(answer, "revision", letter ? letter->revision : reply->revision);
	json_put_number(answer, "created", reply->created);
	json_object_set_new(answer, "rejected", json_array());
	json_put_bool(answer, "dry_run", reply->dry_run);
	json_object_set_new(answer, "scan", letter ? evidence_json(letter->evidence) : json_null());
	json_object_set_new(answer, "receipt", receipt_json(&reply->receipt));
	out_json(app, answer);
	out_say(app, received_text(app, target, reply));
	if (letter)
		out_say(app, sentence(&app->pool,
				      _("{report}: evidence {number} is attached, revision "
					"{revision}: {name}"),
				      "report", target->id, "number",
				      number_text(&app->pool, letter->evidence->number), "revision",
				      number_text(&app->pool, letter->revision), "name",
				      letter->evidence->name, NULL));
	if (!reply->dry_run)
		out_next(app, pool_printf(&app->pool, "inap report show %s", target->id));
}

/* The report is in; the letter follows. Should that fail, the report stays received, and both are
 * said. */
static bool receive_done(struct app *app, const struct target *target,
			 const Inap__V1__ReportSaveReply *reply, const struct upload *scan)
{
	const Inap__V1__EvidenceReply *letter = NULL;

	if (!reply->dry_run)
		target_seen(app, target, reply->revision);
	if (!reply->dry_run && scan->file) {
		letter = evidence_letter(app, target, scan, reply->revision);
		if (!letter) {
			app_note(app, received_text(app, target, reply));
			return false;
		}
		if (letter->revision == reply->revision + 1)
			target_seen(app, target, letter->revision);
	}
	receive_say(app, target, reply, letter);
	return true;
}

static bool letter_read(struct app *app, Inap__V1__ReviewReceive *request)
{
	const char *date;

	if (!option_text(app, OPT_LETTER)[0] || !app->options.given[OPT_LETTER_DATE])
		return fail_with(app, ERROR_USAGE, "why",
				 _("name the letter with --letter and --letter-date"), NULL);
	if (!option_date(app, OPT_LETTER_DATE, &date) ||
	    !option_number(app, OPT_BASE, &request->base_revision) ||
	    !note_text(app, OPT_LETTER, &request->letter_number) ||
	    !note_text(app, OPT_NOTE, &request->note))
		return false;
	request->letter_date = pool_strdup(&app->pool, date);
	return true;
}

static bool receive_send(struct app *app, struct target *target, Inap__V1__ReviewReceive *request,
			 const struct upload *scan)
{
	const struct write write = { .method = METHOD_REVIEW_RECEIVE,
				     .request = &request->base,
				     .report = target->id,
				     .intent = target->intent,
				     .dry_run = request->dry_run };
	ProtobufCMessage *message = NULL;

	if (!write_call(app, &write, &message)) {
		fail_sort(app);
		return false;
	}
	return receive_done(app, target, (const Inap__V1__ReportSaveReply *)message, scan);
}

/* What the desk may know of a cell that it cannot read yet: the plan's word on its indicator. */
static void asked_fill(struct app *app, const struct target *target, const struct cell *cell,
		       const Inap__V1__IndicatorListReply *indicators, Inap__V1__AskedCell *asked)
{
	inap__v1__asked_cell__init(asked);
	asked->cell = pool_strdup(&app->pool, cell_code(app, cell));
	asked->indicator = pool_strdup(&app->pool, cell->indicator);
	for (size_t i = 0; i < indicators->n_indicators; i++) {
		const Inap__V1__Indicator *known = indicators->indicators[i];

		if (strcmp(known->code, cell->indicator) != 0)
			continue;
		asked->unit = known->unit;
		asked->ratio = strcmp(known->rule, "ratio") == 0;
		for (size_t k = 0; k < known->n_assignments; k++)
			if (strcmp(known->assignments[k]->entity, target->ref.entity) == 0)
				asked->part = known->assignments[k]->part;
	}
}

/* The file's own cells as a form, so that words, halves and numbers are read as each is meant. */
static bool form_make(struct app *app, const struct target *target, const struct sheet *sheet,
		      Inap__V1__ReportShowReply *show)
{
	Inap__V1__IndicatorList request = INAP__V1__INDICATOR_LIST__INIT;
	Inap__V1__AskedCell *asked = pool_alloc(&app->pool, (sheet->count + 1) * sizeof *asked);
	ProtobufCMessage *message = NULL;
	struct cell cell;
	const char *rest;

	inap__v1__report_show_reply__init(show);
	request.plan = target->ref.plan;
	request.entity = target->ref.entity;
	if (!exchange_call(app, METHOD_INDICATOR_LIST, &request.base, &message))
		return false;
	show->asked = pool_alloc(&app->pool, (sheet->count + 1) * sizeof(Inap__V1__AskedCell *));
	for (size_t i = 0; i < sheet->count; i++) {
		if (!cell_parse(app, sheet->lines[i].cell, &cell, &rest) || cell.wild)
			continue;
		asked_fill(app, target, &cell, (const Inap__V1__IndicatorListReply *)message,
			   &asked[show->n_asked]);
		show->asked[show->n_asked] = &asked[show->n_asked];
		show->n_asked++;
	}
	return true;
}

/* Whole tables in a word need the form itself, which is the entity's until it submits. */
static void line_add(struct app *app, struct form *form, const struct form_line *line)
{
	struct failure_field problem = { .code = "BAD_ARGUMENT",
					 .path = line->cell,
					 .cell = line->cell,
					 .column = line->column,
					 .message = "",
					 .row = line->row };

	if (!strchr(line->cell, '*') && !strstr(line->cell, "=rest")) {
		form_add(form, line);
		return;
	}
	problem_place(app, &problem, "field", line->cell);
	problem_place(app, &problem, "why", _("write each cell in a row of its own"));
	form_problem(form, &problem);
}

bool cmd_review_receive(struct app *app)
{
	Inap__V1__ReviewReceive request = INAP__V1__REVIEW_RECEIVE__INIT;
	const char *file = app->words[1];
	struct form form = { .app = app, .expected_on = "" };
	struct upload scan = { .file = NULL };
	Inap__V1__ReportShowReply show;
	struct target target;
	struct sheet sheet;
	size_t length;
	char *bytes;

	/* The files first: what cannot be read needs no server. */
	if (!letter_read(app, &request) ||
	    (app->options.given[OPT_SCAN] && !upload_read(app, option_text(app, OPT_SCAN), &scan)))
		return false;
	bytes = sheet_bytes(app, file, &length);
	if (!bytes || !sheet_read(app, file, bytes, length, &sheet) ||
	    !target_find(app, app->words[0], &target) ||
	    !target_settle(app, &target, METHOD_REVIEW_RECEIVE, bytes, length))
		return false;
	if (target.settled)
		return receive_done(app, &target, (Inap__V1__ReportSaveReply *)target.settled,
				    &scan);
	if (sheet.meta.present && strcasecmp(sheet.meta.report, target.id) != 0)
		return fail_with(app, ERROR_FORM_OTHER, "file", file, "other", sheet.meta.report,
				 "report", target.id, NULL);
	form.report = target.id;
	if (!form_make(app, &target, &sheet, &show))
		return false;
	form.show = &show;
	for (size_t i = 0; i < sheet.count; i++)
		line_add(app, &form, &sheet.lines[i]);
	request.report = &target.ref;
	request.cells = form_cells(&form, &request.n_cells);
	request.dry_run = app->options.given[OPT_DRY_RUN];
	if (form.problems_count > 0)
		return form_fail(&form);
	return receive_send(app, &target, &request, &scan);
}
