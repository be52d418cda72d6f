/* report.save, review.receive: the cells of a message become arrays of one statement, its verdict a
 * reply. */
#include "server/domain/save.h"

#include <stdlib.h>
#include <string.h>

#include "proto/enums.h"
#include "server/rpc/change.h"
#include "server/rpc/transition.h"
#include "server/rpc/value.h"
#include "server/rpc/words.h"
#include "server/store/array.h"
#include "inap/v1/office.pb-c.h"
#include "inap/v1/report.pb-c.h"
#include "sql/move.h"
#include "sql/save.h"

enum { SAVE_START, SAVE_SENT };
enum { ENTRY_SAVE, ENTRY_STALE };
enum { SAVE_ARGUMENTS = 4 }; /* of one cell's sentence, at most */

/* The cells as columns. */
struct save_columns {
	struct array cell, kind, number, denominator, text, note, expected_on;
};

static const char *save_given(const char *text)
{
	return text && *text ? text : NULL;
}

static void save_argument(struct request *r, Inap__V1__FieldError *field, const char *name,
			  const char *value)
{
	Inap__V1__Argument *argument = words_argument(r, name, value);

	if (!field->arguments) {
		field->arguments = request_array(r, SAVE_ARGUMENTS, sizeof *field->arguments);
	}
	if (!argument || !field->arguments || field->n_arguments == SAVE_ARGUMENTS) {
		return;
	}
	field->arguments[field->n_arguments++] = argument;
}

/* A cell that no statement need see: the refusal, r->error so far, names where it came from. */
static bool save_bad(struct request *r, const Inap__V1__CellValue *cell)
{
	Inap__V1__Error *refusal = request_refusal(r);
	Inap__V1__FieldError *field = request_alloc(r, sizeof *field);
	Inap__V1__FieldError **fields = request_array(r, 1, sizeof *fields);

	if (!refusal || !field || !fields) {
		return false;
	}
	inap__v1__field_error__init(field);
	field->path = cell->cell;
	field->code = words(error_row(r->error.code)->name);
	field->row = cell->row;
	field->column = cell->column;
	field->cell = cell->cell;
	for (unsigned i = 0; i < r->error.count; i++) {
		save_argument(r, field, r->error.arguments[i].name, r->error.arguments[i].value);
	}
	fields[0] = field;
	refusal->fields = fields;
	refusal->n_fields = 1;
	return false;
}

static bool save_bad_value(struct request *r, const Inap__V1__CellValue *cell, const char *bad)
{
	if (*bad) {
		error_set(&r->error, ERROR_NUMBER_BAD, "text", bad, "hint",
			  "write digits and one point, 12.5", NULL);
	} else {
		error_set(&r->error, ERROR_BAD_ARGUMENT, "field", cell->cell, "why",
			  "it has no value", NULL);
	}
	return save_bad(r, cell);
}

static bool save_cell(struct request *r, const Inap__V1__CellValue *cell,
		      struct save_columns *columns)
{
	struct value_parts parts;
	const char *bad;
	const char *expected = save_given(cell->expected_on);

	if (!value_read(cell->value, &parts, &bad)) {
		return save_bad_value(r, cell, bad);
	}
	if (expected && !date_valid(expected)) {
		error_set(&r->error, ERROR_DATE_BAD, "text", expected, NULL);
		return save_bad(r, cell);
	}
	array_add_text(&columns->cell, cell->cell);
	array_add_bigint(&columns->kind, parts.kind);
	array_add_text(&columns->number, parts.number);
	array_add_text(&columns->denominator, parts.denominator);
	array_add_text(&columns->text, parts.text);
	array_add_text(&columns->note, save_given(cell->note));
	array_add_text(&columns->expected_on, expected);
	return true;
}

static bool save_columns_fill(struct request *r, const Inap__V1__ReportSave *in,
			      struct save_columns *columns)
{
	struct array *all[] = { &columns->cell,        &columns->kind, &columns->number,
				&columns->denominator, &columns->text, &columns->note,
				&columns->expected_on };

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		array_begin(all[i], &r->arena);
	}
	for (size_t i = 0; i < in->n_cells; i++) {
		if (i > 0 && strcmp(in->cells[i - 1]->cell, in->cells[i]->cell) > 0) {
			return error_set(&r->error, ERROR_BAD_ARGUMENT, "field", "cells", "why",
					 "they ascend by cell code", NULL);
		}
		if (!save_cell(r, in->cells[i], columns)) {
			return false;
		}
	}
	return true;
}

static enum step save_send(struct request *r)
{
	const Inap__V1__ReportSave *in = request_body(r);
	const char *via = proto_enum_text(&inap__v1__via__descriptor, (int)in->via);
	struct save_columns columns;

	if (!via || strcmp(via, "desk") == 0) {
		return request_fail(r, ERROR_BAD_ARGUMENT, "field", "via", "why",
				    "says through which door: set, fill, import or confirm", NULL);
	}
	if (in->n_cells == 0) {
		return request_fail(r, ERROR_BAD_ARGUMENT, "field", "cells", "why",
				    "there is nothing to save", NULL);
	}
	if (!save_columns_fill(r, in, &columns)) {
		return STEP_DONE;
	}
	r->unit.dry = in->dry_run;
	sql_report_save(
		&r->unit, array_of_bytea(&r->arena, (struct bytes){ r->key, sizeof r->key }),
		array_of_bigint(&r->arena, r->user_id),
		array_of_bigint(&r->arena, r->reach->entity_id), array_of_text(&r->arena, r->plan),
		array_of_text(&r->arena, r->round),
		array_of_bigint(&r->arena, (int64_t)in->base_revision),
		array_of_bytea(&r->arena, (struct bytes){ r->body_hash, sizeof r->body_hash }),
		array_of_text(&r->arena, via), array_of_text(&r->arena, save_given(in->note)),
		array_of_text(&r->arena, in->partial ? "t" : "f"),
		array_of_text(&r->arena, in->merge ? "t" : "f"), "{1}",
		array_of_bigint(&r->arena, (int64_t)in->n_cells), array_end(&columns.cell),
		array_end(&columns.kind), array_end(&columns.number),
		array_end(&columns.denominator), array_end(&columns.text), array_end(&columns.note),
		array_end(&columns.expected_on));
	sql_report_stale(&r->unit, r->reach->entity_id, r->plan, r->round,
			 (int64_t)in->base_revision, (struct bytes){ r->key, sizeof r->key });
	request_send(r, SAVE_SENT);
	return r->error.code == ERROR_NONE ? STEP_BATCH : STEP_DONE;
}

/* Where the cell of this code is, looked for from *from on: both lists are in one order, so each is
 * walked once. n_cells: nowhere. */
static size_t save_find(const Inap__V1__ReportSave *in, const char *code, size_t *from)
{
	for (size_t i = 0; i < in->n_cells; i++) {
		size_t at = (*from + i) % in->n_cells;

		if (strcmp(in->cells[at]->cell, code) == 0) {
			*from = at + 1;
			return at;
		}
	}
	return in->n_cells;
}

/* The cell that a verdict is about. Of a cell given twice it is the later one. */
static size_t save_judged(const Inap__V1__ReportSave *in, const Inap__V1__FieldError *field,
			  size_t *from)
{
	size_t at = save_find(in, field->cell, from);

	if (strcmp(field->code, "CELL_TWICE") == 0 && at + 1 < in->n_cells &&
	    (at == 0 || strcmp(in->cells[at - 1]->cell, field->cell) != 0)) {
		*from = ++at + 1;
	}
	return at;
}

static void save_field_arguments(struct request *r, Inap__V1__FieldError *field, size_t at,
				 const char *lock)
{
	const Inap__V1__ReportSave *in = request_body(r);
	const Inap__V1__CellValue *cell = in->cells[at];
	struct value_parts parts = { 0 };
	const char *bad;

	if (!value_read(cell->value, &parts, &bad)) {
		return; /* none that got so far */
	}
	switch (error_by_name(field->code)) {
	case ERROR_CELL_NOT_ASKED:
		save_argument(r, field, "entity", r->reach->entity);
		save_argument(r, field, "round", r->round);
		break;
	case ERROR_CELL_KIND:
		save_argument(r, field, "given", value_kind_name(parts.kind));
		break;
	case ERROR_CELL_TWICE:
		save_argument(r, field, "row", arena_printf(&r->arena, "%u", cell->row));
		save_argument(r, field, "other",
			      arena_printf(&r->arena, "%u", in->cells[at ? at - 1 : at]->row));
		break;
	case ERROR_NUMBER_RANGE:
		save_argument(r, field, "value", parts.number);
		save_argument(r, field, "low", "0");
		save_argument(r, field, "high", "100");
		break;
	case ERROR_CELL_LOCKED:
		save_argument(r, field, "lock", lock ? lock : "");
		break;
	default:
		break;
	}
}

/* Of a confirmation no kind fits but that of the answer before. */
static char *save_why(struct request *r, char *why)
{
	const Inap__V1__ReportSave *in = request_body(r);

	bool confirms =
		r->method->number == METHOD_REPORT_SAVE && in->via == INAP__V1__VIA__VIA_CONFIRM;

	return confirms && why && strcmp(why, "CELL_KIND") == 0 ? words("CELL_NOT_OFFERED") : why;
}

/* The rejected cells as fields, with the row and column that each came from. */
static Inap__V1__FieldError **save_fields(struct request *r, const struct sql_report_save_row *row,
					  size_t *count)
{
	const Inap__V1__ReportSave *in = request_body(r);
	Inap__V1__FieldError **fields = request_array(r, in->n_cells + 1, sizeof *fields);
	const char *cells = row->bad_cells ? row->bad_cells : "{}";
	const char *whys = row->bad_whys ? row->bad_whys : "{}";
	size_t from = 0;

	*count = 0;
	while (fields && *count < in->n_cells && *cells && *cells != '}' &&
	       strcmp(cells, "{}") != 0) {
		Inap__V1__FieldError *field = request_alloc(r, sizeof *field);
		size_t at;

		if (!field) {
			break;
		}
		inap__v1__field_error__init(field);
		field->cell = array_next(&r->arena, &cells);
		field->code = save_why(r, array_next(&r->arena, &whys));
		if (!field->cell || !field->code) {
			break;
		}
		field->path = field->cell;
		save_argument(r, field, "cell", field->cell);
		at = save_judged(in, field, &from);
		if (at < in->n_cells) {
			field->row = in->cells[at]->row;
			field->column = in->cells[at]->column;
			save_field_arguments(r, field, at, row->lock);
		}
		fields[(*count)++] = field;
	}
	return fields;
}

/* What others changed since the base, marking what this save touches too. */
static Inap__V1__CellChange **save_changes(struct request *r, size_t *count)
{
	const Inap__V1__ReportSave *in = request_body(r);
	size_t rows = unit_rows(&r->unit, ENTRY_STALE), from = 0;
	Inap__V1__CellChange **changes = request_array(r, rows + 1, sizeof *changes);

	for (*count = 0; changes && *count < rows; ++*count) {
		struct sql_report_stale_row row;
		Inap__V1__CellChange *change;
		size_t at;

		sql_report_stale_row(&r->unit, ENTRY_STALE, *count, &row);
		at = save_find(in, row.cell, &from);
		change = change_make(r, &CHANGE_OF(row));
		if (!change) {
			break;
		}
		change->yours = at < in->n_cells;
		change->mine = change->yours ? in->cells[at]->value : NULL;
		changes[*count] = change;
	}
	return changes;
}

/* What each verdict of the function is called on the wire. */
static enum error_code save_code(const char *outcome)
{
	static const struct {
		const char *outcome;
		enum error_code code;
	} codes[] = {
		{ "stale", ERROR_STALE_REVISION },
		{ "forbidden", ERROR_NOT_FOUND },
		{ "invalid", ERROR_INVALID_CELLS },
		{ "key_reused", ERROR_KEY_REUSED },
		{ "wrong_state", ERROR_WRONG_STATE },
		{ "round_lock", ERROR_ROUND_NOT_OPEN },
		{ "again", ERROR_BUSY },
		{ "incomplete", ERROR_INCOMPLETE },
		{ "explain_needed", ERROR_EXPLAIN_NEEDED },
	};

	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		if (strcmp(outcome, codes[i].outcome) == 0) {
			return codes[i].code;
		}
	}
	return ERROR_INTERNAL;
}

static void save_error(struct request *r, const struct sql_report_save_row *row, size_t bad)
{
	const Inap__V1__ReportSave *in = request_body(r);
	const char *report = words_report(r);
	struct error *error = &r->error;

	error_set(error, save_code(row->outcome), NULL);
	switch (error->code) {
	case ERROR_STALE_REVISION:
		error_argf(error, "report", "%s", report);
		error_argf(error, "revision", "%lld", (long long)row->revision);
		error_argf(error, "base", "%llu", (unsigned long long)in->base_revision);
		break;
	case ERROR_NOT_FOUND:
		error_set(error, ERROR_NOT_FOUND, "what", "report", "name", report, NULL);
		break;
	case ERROR_INVALID_CELLS:
		error_argf(error, "count", "%zu", bad);
		break;
	case ERROR_WRONG_STATE:
		error_set(error, ERROR_WRONG_STATE, "report", report, "state", row->state, "action",
			  strchr(r->method->name, '.') + 1, NULL);
		break;
	case ERROR_ROUND_NOT_OPEN:
		error_set(error, ERROR_ROUND_NOT_OPEN, "round", r->round, "why", row->lock, NULL);
		break;
	case ERROR_BUSY:
		error_set(error, ERROR_BUSY, "seconds", "1", NULL);
		break;
	default:
		break;
	}
}

static enum step save_refused(struct request *r, const struct sql_report_save_row *row)
{
	Inap__V1__Error *refusal = request_refusal(r);

	if (!refusal) {
		return request_full(r);
	}
	refusal->fields = save_fields(r, row, &refusal->n_fields);
	save_error(r, row, refusal->n_fields);
	if (r->error.code == ERROR_NOT_FOUND || r->error.code == ERROR_KEY_REUSED || !row->state) {
		return STEP_DONE;
	}
	refusal->revision = (uint64_t)row->revision;
	refusal->actions =
		transition_actions(r, proto_enum_value(&inap__v1__state__descriptor, row->state),
				   r->reach->roles, 0, &refusal->n_actions);
	if (r->error.code == ERROR_STALE_REVISION) {
		refusal->changes = save_changes(r, &refusal->n_changes);
	}
	return STEP_DONE;
}

/* The answer to what was written. */
static enum step save_done(struct request *r, const struct sql_report_save_row *row)
{
	const Inap__V1__ReportSave *in = request_body(r);
	Inap__V1__ReportSaveReply *reply = request_alloc(r, sizeof *reply);

	if (!reply) {
		return request_full(r);
	}
	inap__v1__report_save_reply__init(reply);
	reply->revision = (uint64_t)row->revision;
	reply->state = (Inap__V1__State)proto_enum_value(&inap__v1__state__descriptor, row->state);
	reply->created = (uint32_t)row->created;
	reply->updated = (uint32_t)row->updated;
	reply->unchanged = (uint32_t)row->unchanged;
	reply->deleted = (uint32_t)row->deleted;
	reply->rejected = save_fields(r, row, &reply->n_rejected);
	reply->merged = in->merge ? save_changes(r, &reply->n_merged) : NULL;
	reply->dry_run = in->dry_run;
	reply->replayed = strcmp(row->outcome, "replayed") == 0;
	if (!in->dry_run) {
		reply->receipt.data = (uint8_t *)(uintptr_t)row->receipt.data;
		reply->receipt.len = row->receipt.length;
	}
	reply->actions =
		transition_actions(r, (int)reply->state, r->reach->roles, 0, &reply->n_actions);
	return request_reply(r, &reply->base);
}

static bool save_was_done(const struct sql_report_save_row *row)
{
	return strcmp(row->outcome, "ok") == 0 || strcmp(row->outcome, "replayed") == 0;
}

static enum step save_reply(struct request *r)
{
	struct sql_report_save_row row;

	if (unit_rows(&r->unit, ENTRY_SAVE) != 1) {
		return request_bug(r);
	}
	sql_report_save_row(&r->unit, ENTRY_SAVE, 0, &row);
	return save_was_done(&row) ? save_done(r, &row) : save_refused(r, &row);
}

/** report.save: judged as a whole, written as a whole (or, with partial, the good part). */
enum step report_save(struct request *r)
{
	switch (r->at) {
	case SAVE_START:
		return save_send(r);
	case SAVE_SENT:
		return save_reply(r);
	default:
		return request_bug(r);
	}
}

/* ---- review.receive: a report that came on paper, judged like a save and a submission in one */
enum { RECEIVE_LOCK, RECEIVE_WRITE, RECEIVE_TOTALS };

static bool receive_check(struct request *r, const Inap__V1__ReviewReceive *in)
{
	static const char *const missing = "is missing";

	if (in->base_revision != 0) {
		return error_set(&r->error, ERROR_BAD_ARGUMENT, "field", "base_revision", "why",
				 "only what is still expected is received", NULL);
	}
	if (!*in->letter_number) {
		return error_set(&r->error, ERROR_BAD_ARGUMENT, "field", "letter_number", "why",
				 missing, NULL);
	}
	if (!*in->letter_date) {
		return error_set(&r->error, ERROR_BAD_ARGUMENT, "field", "letter_date", "why",
				 missing, NULL);
	}
	if (!date_valid(in->letter_date)) {
		return error_set(&r->error, ERROR_DATE_BAD, "text", in->letter_date, NULL);
	}
	return in->n_cells > 0 || error_set(&r->error, ERROR_BAD_ARGUMENT, "field", "cells", "why",
					    "there is nothing to save", NULL);
}

/* Its cells as the body of a save: from here on they are judged and told as such. */
static bool receive_body(struct request *r, const Inap__V1__ReviewReceive *in)
{
	Inap__V1__ReportSave *save = request_alloc(r, sizeof *save);

	if (!save) {
		return false;
	}
	inap__v1__report_save__init(save);
	save->report = in->report;
	save->cells = in->cells;
	save->n_cells = in->n_cells;
	save->dry_run = in->dry_run;
	r->body = &save->base;
	return true;
}

static enum step receive_send(struct request *r)
{
	const Inap__V1__ReviewReceive *in = request_body(r);
	struct bytes key = { r->key, sizeof r->key };
	struct bytes hash = { r->body_hash, sizeof r->body_hash };
	int64_t entity = r->reach->entity_id;
	struct save_columns c;

	if (!receive_check(r, in)) {
		return request_refuse(r);
	}
	if (!receive_body(r, in)) {
		return request_full(r);
	}
	if (!save_columns_fill(r, request_body(r), &c)) {
		return STEP_DONE;
	}
	r->unit.dry = in->dry_run;
	sql_head_lock(&r->unit, array_of_bigint(&r->arena, entity));
	sql_report_receive(&r->unit, entity, r->plan, r->round, r->user_id, key, hash,
			   save_given(in->note), in->letter_number, in->letter_date,
			   array_end(&c.cell), array_end(&c.kind), array_end(&c.number),
			   array_end(&c.denominator), array_end(&c.text), array_end(&c.note),
			   array_end(&c.expected_on));
	sql_report_totals(&r->unit, entity, key);
	return request_send(r, SAVE_SENT);
}

/* The words of a rule that was broken; of other problems they are empty. */
static void receive_rule(struct request *r, struct words_problem *problem, const char **rules)
{
	const char **const places[] = { &problem->names[0],  &problem->names[1], &problem->names[2],
					&problem->op,        &problem->terms[0], &problem->terms[1],
					&problem->values[0], &problem->values[1] };

	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		*places[i] = save_given(array_next(&r->arena, rules));
	}
}

/* What a submission of these cells would lack. */
static void receive_problems(struct request *r, const struct sql_report_receive_row *row)
{
	Inap__V1__Error *refusal = request_refusal(r);
	const char *cells = words(row->problem_cells), *codes = words(row->problem_codes);
	const char *severities = words(row->problem_severities);
	const char *left = words(row->unanswered), *asked = words(row->asked_of);
	const char *rules = words(row->problem_words);
	size_t count = (size_t)row->problems;
	Inap__V1__FieldError *fields = request_array(r, count + 1, sizeof *fields);

	if (!refusal || !fields) {
		return;
	}
	refusal->fields = request_array(r, count + 1, sizeof *refusal->fields);
	for (size_t i = 0; refusal->fields && i < count; i++) {
		char *of = array_next(&r->arena, &left), *all = array_next(&r->arena, &asked);
		struct words_problem problem = { .unanswered = atoll(words(of)),
						 .asked = atoll(words(all)) };

		inap__v1__field_error__init(&fields[i]);
		fields[i].cell = fields[i].path = words(array_next(&r->arena, &cells));
		fields[i].code = words(array_next(&r->arena, &codes));
		fields[i].message = words(array_next(&r->arena, &severities));
		problem.cell = fields[i].cell;
		receive_rule(r, &problem, &rules);
		fields[i].arguments = words_problem(r, &problem, &fields[i].n_arguments);
		refusal->fields[refusal->n_fields++] = &fields[i];
	}
	error_argf(&r->error, "report", "%s", words_report(r));
	error_argf(&r->error, "count", "%zu", count);
}

static enum step receive_reply(struct request *r)
{
	struct sql_report_receive_row row;
	struct sql_report_save_row save;

	if (unit_rows(&r->unit, RECEIVE_WRITE) != 1) {
		return request_bug(r);
	}
	sql_report_receive_row(&r->unit, RECEIVE_WRITE, 0, &row);
	save = (struct sql_report_save_row){ .outcome = row.outcome,
					     .revision = row.revision,
					     .state = row.state,
					     .receipt = row.receipt,
					     .created = row.created,
					     .bad_cells = row.bad_cells,
					     .bad_whys = row.bad_whys,
					     .lock = row.lock };
	if (save_was_done(&save)) {
		return save_done(r, &save);
	}
	if (save_refused(r, &save) == STEP_DONE && row.problems > 0 && r->error.count == 0) {
		receive_problems(r, &row);
	}
	return STEP_DONE;
}

/** review.receive: what came on paper is saved and submitted at once, or not at all. */
enum step review_receive(struct request *r)
{
	switch (r->at) {
	case SAVE_START:
		return receive_send(r);
	case SAVE_SENT:
		return receive_reply(r);
	default:
		return request_bug(r);
	}
}
