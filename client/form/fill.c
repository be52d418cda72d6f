/* What is to be saved: 0 for what is left, halves joined, cells given twice found. */
#include <stdlib.h>
#include <string.h>

#include "client/app.h"
#include "client/form/form.h"
#include "client/form/value.h"
#include "client/i18n.h"
#include "proto/number.h"

/* 0 in the cell's own kind; NULL: it cannot be 0. */
static const char *zero_of(const Inap__V1__AskedCell *asked)
{
	if (strcmp(asked->unit, "yes_no") == 0 || strcmp(asked->unit, "text") == 0)
		return NULL;
	return asked->ratio ? "0/0" : "0";
}

static void zero_add(struct form *form, const Inap__V1__AskedCell *asked)
{
	const struct form_line line = { .cell = asked->cell,
					.value = zero_of(asked),
					.note = "",
					.expected_on = "",
					.column = "" };

	form_add(form, &line);
}

/* The answer of the period before, with its note. */
static void confirm_add(struct form *form, const Inap__V1__AskedCell *asked, uint32_t ordinal)
{
	struct entry entry = { .code = asked->cell,
			       .value = asked->previous,
			       .note = asked->previous_note,
			       .expected_on = "",
			       .row = ordinal,
			       .column = "",
			       .expanded = ordinal == 0 };
	const char *rest;

	if (!cell_parse(form->app, asked->cell, &entry.cell, &rest))
		return;
	if (asked->previous->kind_case == INAP__V1__VALUE__KIND_NUMERATOR)
		entry.cell.half = 'n';
	else if (asked->previous->kind_case == INAP__V1__VALUE__KIND_DENOMINATOR)
		entry.cell.half = 'd';
	form_entry(form, &entry);
}

static void confirm_problem(struct form *form, const char *cell, const char *code)
{
	const char *slash = strchr(form->report, '/');
	struct failure_field problem = {
		.code = code, .cell = cell, .path = cell, .message = "", .column = ""
	};

	problem_place(form->app, &problem, "cell", cell);
	problem_place(form->app, &problem, "entity",
		      pool_strndup(&form->app->pool, form->report,
				   slash ? (size_t)(slash - form->report) : 0));
	problem_place(form->app, &problem, "round", slash ? slash + 1 : "");
	form_problem(form, &problem);
}

/* All that is asked and fits; of a pattern only what is offered, and for rest what is unanswered.
 */
static void confirm_matching(struct form *form, const struct cell *pattern, const char *typed,
			     uint32_t ordinal)
{
	size_t asked_count = form->show ? form->show->n_asked : 0;
	size_t matched = 0, offered = 0;

	for (size_t i = 0; i < asked_count; i++) {
		const Inap__V1__AskedCell *asked = form->show->asked[i];
		struct cell cell;
		const char *rest;

		if (!cell_parse(form->app, asked->cell, &cell, &rest) ||
		    !cell_matches(pattern, &cell))
			continue;
		matched++;
		if (!asked->may_confirm)
			continue;
		offered++;
		if (!pattern->rest || !form_answered(form, asked->cell))
			confirm_add(form, asked, pattern->wild ? 0 : ordinal);
	}
	if (offered == 0)
		confirm_problem(form, typed, matched ? "CELL_NOT_OFFERED" : "CELL_NOT_ASKED");
}

void form_confirm(struct form *form, const char *cell, uint32_t ordinal)
{
	struct cell pattern;
	const char *rest;

	if (cell) {
		if (cell_parse(form->app, digits_latin(form->app, cell), &pattern, &rest) && !*rest)
			confirm_matching(form, &pattern, cell, ordinal);
		else
			confirm_problem(form, cell, "CELL_UNKNOWN");
		return;
	}
	for (size_t i = 0; form->show && i < form->show->n_asked; i++) {
		const Inap__V1__AskedCell *asked = form->show->asked[i];

		if (asked->may_confirm && !asked->locked && !form_answered(form, asked->cell))
			confirm_add(form, asked, 0);
	}
}

bool form_zero(struct form *form, const char *indicator)
{
	const char *slash = strchr(form->report, '/');
	size_t found = 0;

	for (size_t i = 0; form->show && i < form->show->n_asked; i++) {
		const Inap__V1__AskedCell *asked = form->show->asked[i];

		if (strcasecmp(asked->indicator, indicator) != 0)
			continue;
		if (!zero_of(asked))
			return fail_with(form->app, ERROR_CELL_KIND, "cell", asked->cell,
					 "expected", asked->unit, "given", "0", NULL);
		zero_add(form, asked);
		found++;
	}
	if (found > 0)
		return true;
	return fail_with(
		form->app, ERROR_CELL_NOT_ASKED, "cell", indicator, "entity",
		slash ? pool_strndup(&form->app->pool, form->report, (size_t)(slash - form->report))
		      : form->report,
		"round", slash ? slash + 1 : "", NULL);
}

/* Does the indicator's total count as not applicable, without an answer? */
static bool total_carried(const struct form *form, const char *indicator)
{
	for (size_t i = 0; i < form->show->n_asked; i++)
		if (strcmp(form->show->asked[i]->cell, indicator) == 0)
			return form->show->asked[i]->carried;
	return false;
}

/* Is the indicator's total answered, and with something other than 0? Then its parts are not all 0.
 */
static bool total_counts(const struct form *form, const char *indicator)
{
	const Inap__V1__Value *value = NULL;

	for (size_t i = 0; i < form->show->n_values; i++)
		if (strcmp(form->show->values[i]->cell, indicator) == 0)
			value = form->show->values[i]->value;
	if (!value)
		return total_carried(form, indicator);
	switch (value->kind_case) {
	case INAP__V1__VALUE__KIND_NUMBER:
		return !number_is_zero(value->number);
	case INAP__V1__VALUE__KIND_NUMERATOR:
		return !number_is_zero(value->numerator);
	case INAP__V1__VALUE__KIND_DENOMINATOR:
		return !number_is_zero(value->denominator);
	case INAP__V1__VALUE__KIND_RATIO:
		return !number_is_zero(value->ratio->numerator) ||
		       !number_is_zero(value->ratio->denominator);
	case INAP__V1__VALUE__KIND_BLANK:
		return true;
	default:
		return false;
	}
}

static void left_table(struct form *form, struct form_left *left, const Inap__V1__AskedCell *asked)
{
	char *table = pool_printf(&form->app->pool, "%s:%s", asked->indicator, asked->table);

	if (left->tables_count == 0 || strcmp(left->tables[left->tables_count - 1], table) != 0)
		left->tables[left->tables_count++] = table;
}

void form_nil(struct form *form, struct form_left *left)
{
	size_t asked_count = form->show ? form->show->n_asked : 0;

	*left = (struct form_left){ 0 };
	left->cells = pool_alloc(&form->app->pool, (asked_count + 1) * sizeof *left->cells);
	left->tables = pool_alloc(&form->app->pool, (asked_count + 1) * sizeof *left->tables);
	for (size_t i = 0; i < asked_count; i++) {
		const Inap__V1__AskedCell *asked = form->show->asked[i];

		if (asked->locked || asked->carried || form_answered(form, asked->cell))
			continue;
		if (!asked->total && total_counts(form, asked->indicator))
			left_table(form, left, asked);
		else if (zero_of(asked))
			zero_add(form, asked);
		else
			left->cells[left->cells_count++] = asked->cell;
	}
}

static int entry_order(const void *a, const void *b)
{
	const struct entry *one = a, *other = b;
	int order = strcmp(one->code, other->code);

	if (order != 0)
		return order;
	if (one->expanded != other->expanded)
		return one->expanded ? 1 : -1;
	return one->row < other->row ? -1 : one->row > other->row;
}

static void twice(struct form *form, const struct entry *entry, const struct entry *first)
{
	struct failure_field problem = { .code = "CELL_TWICE",
					 .path = entry->code,
					 .cell = entry->code,
					 .column = entry->column,
					 .message = "" };

	if (entry->column[0])
		problem.row = entry->row;
	problem_place(form->app, &problem, "cell", entry->code);
	problem_place(form->app, &problem, "row", number_text(&form->app->pool, first->row));
	problem_place(form->app, &problem, "other", number_text(&form->app->pool, entry->row));
	form_problem(form, &problem);
}

/* Two rows for one cell: its two halves become one ratio. False: they are no such pair. */
static bool halves_join(struct form *form, Inap__V1__Value *into, const Inap__V1__Value *other)
{
	bool numerator = into->kind_case == INAP__V1__VALUE__KIND_NUMERATOR;
	Inap__V1__Ratio *ratio;

	if (!(numerator && other->kind_case == INAP__V1__VALUE__KIND_DENOMINATOR) &&
	    !(into->kind_case == INAP__V1__VALUE__KIND_DENOMINATOR &&
	      other->kind_case == INAP__V1__VALUE__KIND_NUMERATOR))
		return false;
	ratio = pool_alloc(&form->app->pool, sizeof *ratio);
	inap__v1__ratio__init(ratio);
	ratio->numerator = numerator ? into->numerator : other->numerator;
	ratio->denominator = numerator ? other->denominator : into->denominator;
	into->kind_case = INAP__V1__VALUE__KIND_RATIO;
	into->ratio = ratio;
	return true;
}

static Inap__V1__CellValue *cell_of(struct form *form, const struct entry *entry)
{
	Inap__V1__CellValue *cell = pool_alloc(&form->app->pool, sizeof *cell);

	inap__v1__cell_value__init(cell);
	cell->cell = pool_strdup(&form->app->pool, entry->code);
	cell->value = entry->value;
	cell->note = pool_strdup(&form->app->pool, entry->note);
	cell->expected_on = pool_strdup(&form->app->pool, entry->expected_on);
	cell->row = entry->column[0] ? entry->row : 0;
	cell->column = pool_strdup(&form->app->pool, entry->column);
	return cell;
}

Inap__V1__CellValue **form_cells(struct form *form, size_t *count)
{
	Inap__V1__CellValue **cells =
		pool_alloc(&form->app->pool, (form->entries_count + 1) * sizeof *cells);
	const struct entry *last = NULL;

	*count = 0;
	if (form->entries_count > 1)
		qsort(form->entries, form->entries_count, sizeof *form->entries, entry_order);
	for (size_t i = 0; i < form->entries_count; i++) {
		const struct entry *entry = &form->entries[i];

		if (!last || strcmp(last->code, entry->code) != 0) {
			cells[(*count)++] = cell_of(form, entry);
			last = entry;
		} else if (!halves_join(form, cells[*count - 1]->value, entry->value) &&
			   entry->expanded == last->expanded) {
			twice(form, entry, last);
		}
	}
	return cells;
}

bool form_fail(struct form *form)
{
	fail_with(form->app, ERROR_INVALID_CELLS, "count",
		  number_text(&form->app->pool, form->problems_count), NULL);
	form->app->failure.fields = form->problems;
	form->app->failure.fields_count = form->problems_count;
	return false;
}
