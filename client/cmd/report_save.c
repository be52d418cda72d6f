/* inap report set, import, confirm, zero, nil: doors to one method, report.save. */
#include <stdlib.h>
#include <string.h>

#include "client/app.h"
#include "client/cmd/ask.h"
#include "client/cmd/narrative.h"
#include "client/cmd/report.h"
#include "client/form/form.h"
#include "client/form/only.h"
#include "client/form/sheet.h"
#include "client/form/value.h"
#include "client/i18n.h"
#include "client/out/asked.h"
#include "client/out/json.h"
#include "client/out/value.h"
#include "client/out/view.h"
#include "client/pending.h"
#include "client/words.h"
#include "proto/unpack.h"

enum { TYPED_MAX = 20 };

/* One save on its way. */
struct save {
	struct target target;
	struct form form;
	Inap__V1__Via via;
	uint64_t base;
	const char *file;                     /* "" : typed */
	const struct sheet_meta *meta;        /* of a form of ours; NULL: it is none */
	const Inap__V1__ReportShowReply *was; /* as it was when the form was made; NULL: none */
	size_t kept;                          /* cells that the form has left as they were */
	size_t left;                          /* lines of the file that --only leaves out */
};

static bool form_other(struct app *app, const struct save *save, const char *other)
{
	return fail_with(app, ERROR_FORM_OTHER, "file", save->file, "other", other, "report",
			 save->target.id, NULL);
}

/* A form knows the revision that it was made of; what the person was shown since is no matter. */
static bool form_base(struct app *app, struct save *save, const Inap__V1__ReportShowReply *show)
{
	const struct sheet_meta *meta = save->meta;
	Inap__V1__ReportShowReply *was = NULL;
	uint64_t revision = strtoull(meta->revision, NULL, 10);

	if (meta->plan[0] && show->report && strcmp(meta->plan, show->report->plan) != 0)
		return form_other(app, save,
				  pool_printf(&app->pool, "%s:%s", meta->plan, meta->report));
	if (!option_number(app, OPT_BASE, &save->base))
		return false;
	if (!app->options.given[OPT_BASE])
		save->base = revision;
	save->was = show;
	if (revision >= show->revision)
		return true;
	if (revision > 0 && !target_show(app, &save->target, revision, &was))
		return false;
	if (!was) { /* nothing had been answered */
		was = pool_alloc(&app->pool, sizeof *was);
		inap__v1__report_show_reply__init(was);
	}
	save->was = was;
	return true;
}

/*
 * Reads the report (what is asked decides how a value is read and what * means) and the base. Who
 * may not read it goes on: then the server's refusal of the save is the answer.
 */
static bool save_prepare(struct app *app, struct save *save)
{
	Inap__V1__ReportShowReply *show = NULL;

	save->form.app = app;
	save->form.report = save->target.id;
	if (!option_date(app, OPT_EXPECTED_ON, &save->form.expected_on))
		return false;
	if (target_may(app) && !target_show(app, &save->target, 0, &show))
		return false;
	save->form.show = show;
	if (show && save->meta)
		return form_base(app, save, show);
	if (show && app->options.given[OPT_DRY_RUN] && !app->options.given[OPT_BASE]) {
		save->base = show->revision; /* nothing can be overwritten unseen */
		return true;
	}
	return target_base(app, &save->target, show, &save->base);
}

/* What an asked cell takes, as a word of the protocol. */
static const char *asked_takes(const Inap__V1__AskedCell *asked)
{
	if (asked->ratio)
		return "ratio";
	return strcmp(asked->part, "whole") == 0 ? asked->unit : asked->part;
}

/* The server judges by a cell's kind; what that is in words, the asked cells say. */
static struct failure_field field_complete(const struct save *save, struct failure_field field)
{
	const Inap__V1__AskedCell *asked = form_asked(&save->form, field.cell ? field.cell : "");
	bool kind = strcmp(field.code, "CELL_KIND") == 0;
	const char *name = kind ? "expected" : "unit";

	if (!asked || (!kind && strncmp(field.code, "NUMBER_", 7) != 0))
		return field;
	for (size_t i = 0; i < field.places_count; i++)
		if (strcmp(field.places[i].name, name) == 0)
			return field;
	problem_place(save->form.app, &field, name, kind ? asked_takes(asked) : asked->unit);
	return field;
}

static json_t *rejected_json(struct app *app, const struct save *save,
			     const Inap__V1__ReportSaveReply *reply)
{
	json_t *list = json_array();

	/* Both the client's refusals and the server's, in the one shape that out/fault.c knows. */
	failure_clear(&app->failure);
	for (size_t i = 0; i < save->form.problems_count; i++)
		fail_field(app, &save->form.problems[i]);
	for (size_t i = 0; reply && i < reply->n_rejected; i++) {
		const struct failure_field field =
			field_complete(save, field_of_wire(app, reply->rejected[i]));

		fail_field(app, &field);
	}
	fail_sort(app);
	for (size_t i = 0; i < app->failure.fields_count; i++) {
		const struct failure_field *field = &app->failure.fields[i];
		json_t *one = json_object();

		json_put_number(one, "row", field->row);
		json_put_text(one, "column", field->column);
		json_put_text(one, "cell", field->cell);
		json_put_text(one, "code", field->code);
		json_put_text(one, "message", field_sentence(app, field));
		json_array_append_new(list, one);
	}
	return list;
}

/* What was typed, each with its unit and what it counts: the person sees what they vouch for. */
static void typed_say(struct app *app, const struct save *save)
{
	const struct column columns[] = {
		{ "cell", _("CELL"), COLUMN_CODE },
		{ "value", _("VALUE"), COLUMN_NUMBER },
		{ "unit", _("UNIT"), COLUMN_CODE },
		{ "kind", _("KIND"), COLUMN_CODE },
	};
	struct view *view = view_new(app, columns, 4);

	if (save->via != INAP__V1__VIA__VIA_SET || save->form.entries_count > TYPED_MAX)
		return;
	for (size_t i = 0; i < save->form.entries_count; i++) {
		const struct entry *entry = &save->form.entries[i];
		const Inap__V1__AskedCell *asked = form_asked(&save->form, entry->code);

		if (!asked)
			continue;
		view_code(view, entry->code);
		view_value(view, entry->value);
		view_asked_unit(view, asked);
		view_asked_kind(view, asked);
	}
	out_side_view(app, NULL, view);
}

static void save_say(struct app *app, const struct save *save,
		     const Inap__V1__ReportSaveReply *reply, size_t rejected)
{
	struct pool *pool = &app->pool;
	const char *text =
		reply->dry_run ? _("{report}: nothing was saved; it would be: {created} new, "
				   "{updated} changed, {deleted} cleared, {unchanged} as before")
			       : _("{report} is saved, revision {revision}: {created} new, "
				   "{updated} changed, {deleted} cleared, {unchanged} as before");

	if (save->left > 0)
		out_say(app, sentence(pool, _("rows of the file that --only leaves out: {count}"),
				      "count", number_text(pool, save->left), NULL));
	out_say(app, sentence(pool, text, "report", save->target.id, "revision",
			      number_text(pool, reply->revision), "created",
			      number_text(pool, reply->created), "updated",
			      number_text(pool, reply->updated), "deleted",
			      number_text(pool, reply->deleted), "unchanged",
			      number_text(pool, (uint64_t)reply->unchanged + save->kept), NULL));
	if (rejected == 0)
		typed_say(app, save);
	if (reply->n_merged > 0)
		out_say(app,
			sentence(pool,
				 _("saved beside what others changed meanwhile: {count} cells; to "
				   "see them: inap report diff {report} --from {base}"),
				 "count", number_text(pool, reply->n_merged), "report",
				 save->target.id, "base", number_text(pool, save->base), NULL));
	if (rejected > 0 && out_is_human(app)) {
		out_say(app, sentence(pool, _("{count} rows are refused:"), "count",
				      number_text(pool, rejected), NULL));
		fields_say(app, app->out.stream);
	}
	if (!reply->dry_run)
		out_next(app, pool_printf(pool, "inap report check %s", save->target.id));
}

static bool save_done(struct app *app, const struct save *save,
		      const Inap__V1__ReportSaveReply *reply)
{
	json_t *answer = json_object();
	json_t *rejected = rejected_json(app, save, reply);
	const uint64_t unchanged = (uint64_t)reply->unchanged + save->kept;
	size_t count = json_array_size(rejected);
	/* A merge brings in what others wrote and this person was not shown. */
	bool all_known = !app->options.given[OPT_MERGE] || reply->revision <= save->base + 1;

	json_put_number(answer, "created", reply->created);
	json_put_number(answer, "updated", reply->updated);
	json_put_number(answer, "unchanged", unchanged);
	json_put_number(answer, "deleted", reply->deleted);
	json_object_set_new(answer, "rejected", rejected);
	json_put_bool(answer, "dry_run", reply->dry_run);
	json_put_number(answer, "revision", reply->revision);
	if (app->options.given[OPT_ONLY])
		json_put_number(answer, "left_out", save->left);
	if (app->options.given[OPT_MERGE])
		json_object_set_new(answer, "merged", json_changes(reply->merged, reply->n_merged));
	out_json(app, answer);
	save_say(app, save, reply, count);
	failure_clear(&app->failure);
	if (!reply->dry_run && all_known)
		target_seen(app, &save->target, reply->revision);
	app->status = count > 0 ? 3 : 0;
	return true;
}

static void offer_partial(struct app *app, const struct save *save)
{
	if (save->file[0])
		fail_next(app, N_("To save the good rows alone:"),
			  pool_printf(&app->pool, "inap report import %s %s --partial",
				      save->target.id, save->file));
}

/* A save is all or nothing, and so is each part of a file that is too much for one. */
static void offer_part(struct app *app, const struct save *save,
		       const Inap__V1__ReportSave *request)
{
	if (save->file[0])
		fail_next(app, N_("To save it in parts, each whole or not at all:"),
			  pool_printf(&app->pool, "inap report import %s %s --only %s%s",
				      save->target.id, save->file,
				      only_first(app, request->cells, request->n_cells,
						 UNPACK_REPEATED_MAX),
				      save->meta ? " --merge" : ""));
}

static bool fits(struct app *app, const Inap__V1__ReportSave *request)
{
	return request->n_cells <= UNPACK_REPEATED_MAX ||
	       fail_with(app, ERROR_TOO_LARGE, "what", _("one save"), "limit",
			 sentence(&app->pool, _("{count} cells"), "count",
				  number_text(&app->pool, UNPACK_REPEATED_MAX), NULL),
			 NULL);
}

/* Sends the cells. */
static bool save_send(struct app *app, struct save *save, Inap__V1__ReportSave *request,
		      Inap__V1__ReportSaveReply **reply)
{
	const struct write write = { .method = METHOD_REPORT_SAVE,
				     .request = &request->base,
				     .report = save->target.id,
				     .intent = save->target.intent,
				     .dry_run = request->dry_run };
	ProtobufCMessage *message = NULL;

	if (!fits(app, request) || !write_call(app, &write, &message)) {
		if (app->failure.code == ERROR_TOO_LARGE)
			offer_part(app, save, request);
		if (app->failure.code == ERROR_STALE_REVISION && save->file[0])
			cells_collide(app, request->cells, request->n_cells);
		for (size_t i = 0; i < app->failure.fields_count; i++)
			app->failure.fields[i] = field_complete(save, app->failure.fields[i]);
		fail_sort(app);
		if (app->failure.code == ERROR_INVALID_CELLS)
			offer_partial(app, save);
		return false;
	}
	*reply = (Inap__V1__ReportSaveReply *)message;
	return true;
}

/* The client found faults: the server's are asked for too, so that the person hears all at once. */
static bool refuse_all(struct app *app, struct save *save, Inap__V1__ReportSave *request)
{
	Inap__V1__ReportSaveReply *reply = NULL;

	request->dry_run = true;
	request->partial = true;
	if (request->n_cells > 0 && save_send(app, save, request, &reply)) {
		for (size_t i = 0; i < reply->n_rejected; i++) {
			const struct failure_field field =
				field_complete(save, field_of_wire(app, reply->rejected[i]));

			form_problem(&save->form, &field);
		}
	} else if (app->failure.code == ERROR_INVALID_CELLS) { /* not one of them is good */
		for (size_t i = 0; i < app->failure.fields_count; i++)
			form_problem(&save->form, &app->failure.fields[i]);
	}
	form_fail(&save->form);
	fail_sort(app);
	if (request->n_cells > 0)
		offer_partial(app, save);
	return false;
}

static bool nothing_to_save(struct app *app, const struct save *save)
{
	Inap__V1__ReportSaveReply reply = INAP__V1__REPORT_SAVE_REPLY__INIT;

	reply.revision = save->base;
	reply.dry_run = app->options.given[OPT_DRY_RUN];
	return save_done(app, save, &reply);
}

/* Of a file that is too much for one save, what stands in the report just so already is not sent.
 */
static void save_lighten(struct save *save, size_t count)
{
	const Inap__V1__ReportShowReply *show = save->form.show;

	if (!save->was && save->file[0] && count > UNPACK_REPEATED_MAX && show &&
	    show->revision == save->base)
		save->was = show;
}

static bool save_run(struct app *app, struct save *save)
{
	Inap__V1__ReportSave request = INAP__V1__REPORT_SAVE__INIT;
	Inap__V1__ReportSaveReply *reply = NULL;

	request.cells = form_cells(&save->form, &request.n_cells);
	save_lighten(save, request.n_cells);
	if (save->was)
		save->kept = cells_keep(request.cells, &request.n_cells, save->was);
	request.report = &save->target.ref;
	request.base_revision = save->base;
	request.via = save->via;
	request.dry_run = app->options.given[OPT_DRY_RUN];
	request.partial = app->options.given[OPT_PARTIAL];
	request.merge = app->options.given[OPT_MERGE];
	if (!note_text(app, OPT_NOTE, &request.note))
		return false;
	if (save->form.problems_count > 0 && (!request.partial || request.n_cells == 0))
		return refuse_all(app, save, &request);
	if (request.n_cells == 0 && target_may(app))
		return nothing_to_save(app, save);
	return save_send(app, save, &request, &reply) && save_done(app, save, reply);
}

/* The save of an earlier run was this very one: its answer is the answer. */
static bool save_settled(struct app *app, const struct save *save)
{
	return save_done(app, save, (Inap__V1__ReportSaveReply *)save->target.settled);
}

static bool save_begin(struct app *app, const char *report, struct save *save)
{
	*save = (struct save){ .via = INAP__V1__VIA__VIA_SET, .file = "" };
	return target_begin(app, report, METHOD_REPORT_SAVE, &save->target);
}

bool cmd_report_set(struct app *app)
{
	bool named = target_is_report(app->words[0]);
	struct save save;

	if (named && app->words_count < 2)
		return fail_with(app, ERROR_USAGE, "why", _("say what to set: CELL=VALUE"), NULL);
	if (!save_begin(app, named ? app->words[0] : NULL, &save))
		return false;
	if (save.target.settled)
		return save_settled(app, &save);
	if (!save_prepare(app, &save))
		return false;
	for (int i = named; i < app->words_count; i++)
		form_add_argument(&save.form, app->words[i], (uint32_t)(i - named + 1));
	return save_run(app, &save);
}

static const Inap__V1__ReportValue *value_held(const struct save *save, const char *cell)
{
	for (size_t i = 0; save->form.show && i < save->form.show->n_values; i++)
		if (strcmp(save->form.show->values[i]->cell, cell) == 0)
			return save->form.show->values[i];
	return NULL;
}

/* The value stays as it is and gets a note. */
static bool explain_add(struct app *app, struct save *save, const char *typed, const char *note)
{
	const Inap__V1__ReportValue *held;
	struct entry entry = { .column = "", .row = 1 };
	const char *rest = "";
	bool cell = cell_parse(app, digits_latin(app, typed), &entry.cell, &rest) && !*rest;

	entry.code = cell && !entry.cell.wild ? cell_code(app, &entry.cell) : typed;
	held = value_held(save, entry.code);
	if (save->form.show && !held)
		return fail_with(app, ERROR_UNANSWERED_TOTAL, "cell", entry.code, NULL);
	entry.note = text_clean(app, note);
	if (!entry.note)
		return fail_with(app, ERROR_BAD_TEXT, "field", "note", "why",
				 _("is not valid UTF-8"), NULL);
	if (!held)
		return true;
	entry.value = held->value;
	entry.expected_on = held->expected_on;
	form_entry(&save->form, &entry);
	return true;
}

bool cmd_report_explain(struct app *app)
{
	bool named = app->words_count == 3;
	struct save save;

	if (!save_begin(app, named ? app->words[0] : NULL, &save))
		return false;
	if (save.target.settled)
		return save_settled(app, &save);
	return save_prepare(app, &save) &&
	       explain_add(app, &save, app->words[named], app->words[named + 1]) &&
	       save_run(app, &save);
}

/* Last period's answers of the cells named, or of all for which one is offered. */
static bool confirm_gather(struct app *app, struct save *save, int first)
{
	if (app->options.given[OPT_ALL])
		form_confirm(&save->form, NULL, 0);
	for (int i = first; i < app->words_count; i++)
		form_confirm(&save->form, app->words[i], (uint32_t)(i - first + 1));
	return !app->options.given[OPT_ALL] || save->form.entries_count == 0 ||
	       ask_yes(app,
		       sentence(&app->pool,
				_("Confirm {count} answers of the period before as unchanged?"),
				"count", number_text(&app->pool, save->form.entries_count), NULL),
		       false);
}

bool cmd_report_confirm(struct app *app)
{
	bool named = app->words_count > 0 && target_is_report(app->words[0]);
	struct save save;

	if (app->words_count == named && !app->options.given[OPT_ALL])
		return fail_with(app, ERROR_USAGE, "why", _("say which cells to confirm, or --all"),
				 NULL);
	if (!save_begin(app, named ? app->words[0] : NULL, &save))
		return false;
	save.via = INAP__V1__VIA__VIA_CONFIRM;
	if (save.target.settled)
		return save_settled(app, &save);
	return save_prepare(app, &save) && confirm_gather(app, &save, named) &&
	       save_run(app, &save);
}

bool cmd_report_zero(struct app *app)
{
	bool named = app->words_count == 2;
	struct save save;

	if (!save_begin(app, named ? app->words[0] : NULL, &save))
		return false;
	if (save.target.settled)
		return save_settled(app, &save);
	if (!save_prepare(app, &save) ||
	    (save.form.show && !form_zero(&save.form, app->words[named])))
		return false;
	if (!ask_yes(app,
		     sentence(&app->pool, _("Answer {count} cells of {indicator} with 0?"), "count",
			      number_text(&app->pool, save.form.entries_count), "indicator",
			      app->words[named], NULL),
		     false))
		return false;
	return save_run(app, &save);
}

bool cmd_report_nil(struct app *app)
{
	struct save save;
	struct form_left left;
	size_t silent;

	if (!save_begin(app, app->words_count ? app->words[0] : NULL, &save))
		return false;
	if (save.target.settled)
		return save_settled(app, &save);
	if (!save_prepare(app, &save))
		return false;
	form_nil(&save.form, &left);
	silent = narrative_missing(save.form.show);
	if (!ask_yes(app,
		     sentence(&app->pool,
			      silent ? _("Answer all {count} unanswered cells with 0, and say in "
					 "the narrative that there is nothing to report?")
				     : _("Answer all {count} unanswered cells with 0?"),
			      "count", number_text(&app->pool, save.form.entries_count), NULL),
		     false))
		return false;
	if (silent && app->options.given[OPT_DRY_RUN])
		app_note(app, _("the narrative would say that there is nothing to report"));
	else if (silent && !narrative_nil(app, &save.target, save.form.show, &save.base))
		return false;
	if (left.cells_count > 0)
		app_note(app,
			 sentence(&app->pool, _("these cannot be 0 and stay unanswered: {cells}"),
				  "cells", texts_join(app, left.cells, left.cells_count), NULL));
	if (left.tables_count > 0)
		app_note(app,
			 sentence(&app->pool,
				  _("these have a total other than 0 and stay unanswered: {cells}"),
				  "cells", texts_join(app, left.tables, left.tables_count), NULL));
	return save_run(app, &save);
}

/* INAP-II:FED-MOI/2024Q3 without the plan. */
static const char *id_alone(const char *id)
{
	const char *colon = strchr(id, ':');

	return colon ? colon + 1 : id;
}

/* Is it a form that this program reads, and of this report? `named`: the person said which. */
static bool form_check(struct app *app, struct save *save, const struct sheet *sheet, bool named)
{
	const struct sheet_meta *meta = &sheet->meta;
	const char *fault = NULL;

	if (!meta->present)
		return true;
	save->meta = meta;
	if (strtoul(meta->format, NULL, 10) > SHEET_FORMAT)
		fault = sentence(&app->pool,
				 _("it is a form of a newer kind ({at}): get a newer inap"), "at",
				 meta->format, NULL);
	else if (meta->revision[0] == '\0' ||
		 meta->revision[strspn(meta->revision, "0123456789")] != '\0')
		fault = sentence(&app->pool, _("{part} says '{at}', which is no revision"), "part",
				 meta_name(META_REVISION), "at", meta->revision, NULL);
	if (fault)
		return fail_with(app, ERROR_FILE_BAD, "file", save->file, "why", fault, NULL);
	return !named || strcasecmp(id_alone(meta->report), id_alone(save->target.id)) == 0 ||
	       form_other(app, save, meta->report);
}

bool cmd_report_import(struct app *app)
{
	bool named = app->words_count == 2;
	struct save save = { .via = INAP__V1__VIA__VIA_IMPORT, .file = app->words[named] };
	struct sheet sheet;
	const char *report;
	char **parts;
	char *bytes;
	size_t length, count;

	/* The file first: what cannot be read needs no server. */
	bytes = sheet_bytes(app, save.file, &length);
	if (!bytes || !sheet_read(app, save.file, bytes, length, &sheet))
		return false;
	parts = option_list(app, OPT_ONLY, &count);
	if (!sheet_only(app, &sheet, parts, count, &save.left))
		return false;
	report = named ? app->words[0] : sheet.meta.present ? sheet.meta.report : NULL;
	if (!target_find(app, report, &save.target) || !form_check(app, &save, &sheet, named) ||
	    !target_settle(app, &save.target, METHOD_REPORT_SAVE, bytes, length))
		return false;
	if (save.target.settled)
		return save_settled(app, &save);
	if (!save_prepare(app, &save))
		return false;
	for (size_t i = 0; i < sheet.count; i++)
		form_add(&save.form, &sheet.lines[i]);
	return save_run(app, &save);
}
