/* What is to be saved: taking lines, expanding * and rest. */
#include "client/form/form.h"

#include <string.h>

#include "client/app.h"
#include "client/form/value.h"
#include "client/i18n.h"
#include "proto/text.h"

struct entry *form_entry(struct form *form, const struct entry *entry)
{
	if (form->entries_count == form->entries_room) {
		size_t room = form->entries_room ? form->entries_room * 2 : 64;
		struct entry *entries = pool_alloc(&form->app->pool, room * sizeof *entries);

		if (form->entries_count > 0)
			memcpy(entries, form->entries, form->entries_count * sizeof *entries);
		form->entries = entries;
		form->entries_room = room;
	}
	form->entries[form->entries_count] = *entry;
	return &form->entries[form->entries_count++];
}

void form_problem(struct form *form, const struct failure_field *problem)
{
	if (form->problems_count == form->problems_room) {
		size_t room = form->problems_room ? form->problems_room * 2 : 16;
		struct failure_field *problems =
			pool_alloc(&form->app->pool, room * sizeof *problems);

		if (form->problems_count > 0)
			memcpy(problems, form->problems, form->problems_count * sizeof *problems);
		form->problems = problems;
		form->problems_room = room;
	}
	form->problems[form->problems_count++] = *problem;
}

/* A problem of one line: where it is belongs to every one. */
static void line_problem(struct form *form, const struct form_line *line, const char *code,
			 struct failure_field problem)
{
	problem.cell = code;
	problem.path = code;
	problem.row = line->column[0] ? line->row : 0;
	problem.column = line->column;
	problem.message = "";
	form_problem(form, &problem);
}

static void cell_problem(struct form *form, const struct form_line *line, const char *name)
{
	struct failure_field problem = { .code = name };
	const char *slash = strchr(form->report, '/');

	problem_place(form->app, &problem, "cell", line->cell);
	problem_place(
		form->app, &problem, "entity",
		slash ? pool_strndup(&form->app->pool, form->report, (size_t)(slash - form->report))
		      : form->report);
	problem_place(form->app, &problem, "round", slash ? slash + 1 : "");
	line_problem(form, line, line->cell, problem);
}

const Inap__V1__AskedCell *form_asked(const struct form *form, const char *code)
{
	for (size_t i = 0; form->show && i < form->show->n_asked; i++)
		if (strcmp(form->show->asked[i]->cell, code) == 0)
			return form->show->asked[i];
	return NULL;
}

bool form_answered(const struct form *form, const char *code)
{
	for (size_t i = 0; form->show && i < form->show->n_values; i++)
		if (strcmp(form->show->values[i]->cell, code) == 0)
			return form->show->values[i]->value &&
			       form->show->values[i]->value->kind_case !=
				       INAP__V1__VALUE__KIND_CLEARED;
	return false;
}

static char asked_half(const Inap__V1__AskedCell *asked)
{
	if (!asked)
		return 0;
	if (strcmp(asked->part, "numerator") == 0)
		return 'n';
	return strcmp(asked->part, "denominator") == 0 ? 'd' : 0;
}

/* One concrete cell of a line. */
static bool cell_add(struct form *form, const struct form_line *line, const struct cell *cell,
		     bool expanded)
{
	const char *code = cell_code(form->app, cell);
	const Inap__V1__AskedCell *asked = form_asked(form, code);
	const struct value_want want = {
		.cell = code,
		.unit = asked ? asked->unit : "",
		.half = cell->half ? cell->half : asked_half(asked),
		.expected_on = line->expected_on[0] ? line->expected_on : form->expected_on,
		.filed = line->column[0] != '\0',
	};
	struct failure_field problem = { .code = "" };
	struct value_read read;
	const char *note = text_clean(form->app, line->note);
	struct entry entry;

	if (!value_parse(form->app, line->value, &want, &read, &problem)) {
		line_problem(form, line, code, problem);
		return false;
	}
	entry = (struct entry){ .cell = *cell,
				.code = code,
				.value = read.value,
				.note = note ? note : "",
				.expected_on = read.expected_on,
				.row = line->row,
				.column = line->column,
				.expanded = expanded };
	entry.cell.half = want.half;
	form_entry(form, &entry);
	return true;
}

/* rest leaves alone what is locked, answered or carried forward, and what this very form has named.
 */
static bool is_left(const struct form *form, const Inap__V1__AskedCell *asked)
{
	const char *code = asked->cell;

	if (asked->locked || asked->carried)
		return false;
	for (size_t i = 0; i < form->entries_count; i++)
		if (strcmp(form->entries[i].code, code) == 0)
			return false;
	return !form_answered(form, code);
}

static void expand(struct form *form, const struct form_line *line, const struct cell *pattern)
{
	size_t matched = 0;

	for (size_t i = 0; form->show && i < form->show->n_asked; i++) {
		const char *code = form->show->asked[i]->cell;
		struct cell cell;
		const char *rest;

		if (!cell_parse(form->app, code, &cell, &rest) || !cell_matches(pattern, &cell))
			continue;
		matched++;
		cell.half = pattern->half;
		if (pattern->rest && !is_left(form, form->show->asked[i]))
			continue;
		if (!cell_add(form, line, &cell, true))
			return; /* the same value is wrong in every cell: once is enough */
	}
	if (matched == 0)
		cell_problem(form, line, "CELL_NOT_ASKED");
}

void form_add(struct form *form, const struct form_line *line)
{
	struct cell cell;
	const char *rest;

	if (line->fault) {
		struct failure_field problem = { .code = line->fault };

		problem_place(form->app, &problem, "text", line->fault_text);
		line_problem(form, line, line->cell, problem);
		return;
	}
	if (!cell_parse(form->app, digits_latin(form->app, line->cell), &cell, &rest) ||
	    *rest != '\0')
		cell_problem(form, line, "CELL_UNKNOWN");
	else if (cell.wild)
		expand(form, line, &cell);
	else
		cell_add(form, line, &cell, false);
}

void form_add_argument(struct form *form, const char *argument, uint32_t ordinal)
{
	struct form_line line = { .cell = argument,
				  .value = "",
				  .note = "",
				  .expected_on = "",
				  .row = ordinal,
				  .column = "" };
	struct cell cell;
	const char *rest;

	if (cell_parse(form->app, argument, &cell, &rest) && *rest == '=') {
		line.cell = pool_strndup(&form->app->pool, argument, (size_t)(rest - argument));
		line.value = rest + 1;
		form_add(form, &line);
		return;
	}
	cell_problem(form, &line, "CELL_UNKNOWN");
}
