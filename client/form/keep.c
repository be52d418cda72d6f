/* What is to be saved against what is there: cells that nobody touched, cells that others changed.
 */
#include <string.h>

#include "client/app.h"
#include "client/form/form.h"
#include "client/form/value.h"
#include "client/out/value.h"
#include "proto/number.h"

static bool same_number(const char *one, const char *other)
{
	return number_valid(one) && number_valid(other) && number_compare(one, other) == 0;
}

static bool is_cleared(const Inap__V1__Value *value)
{
	return !value || value->kind_case == INAP__V1__VALUE__KIND__NOT_SET ||
	       value->kind_case == INAP__V1__VALUE__KIND_CLEARED;
}

static bool same_value(const Inap__V1__Value *one, const Inap__V1__Value *other)
{
	if (is_cleared(one) || is_cleared(other))
		return is_cleared(one) && is_cleared(other);
	if (one->kind_case != other->kind_case)
		return false;
	switch (one->kind_case) {
	case INAP__V1__VALUE__KIND_NUMBER:
		return same_number(one->number, other->number);
	case INAP__V1__VALUE__KIND_YES_NO:
		return one->yes_no == other->yes_no;
	case INAP__V1__VALUE__KIND_TEXT:
		return strcmp(one->text, other->text) == 0;
	case INAP__V1__VALUE__KIND_RATIO:
		return same_number(one->ratio->numerator, other->ratio->numerator) &&
		       same_number(one->ratio->denominator, other->ratio->denominator);
	case INAP__V1__VALUE__KIND_NUMERATOR:
		return same_number(one->numerator, other->numerator);
	case INAP__V1__VALUE__KIND_DENOMINATOR:
		return same_number(one->denominator, other->denominator);
	case INAP__V1__VALUE__KIND_BLANK:
		return one->blank == other->blank;
	default:
		return false;
	}
}

static bool is_kept(const Inap__V1__CellValue *cell, const Inap__V1__ReportShowReply *was)
{
	for (size_t i = 0; i < was->n_values; i++) {
		const Inap__V1__ReportValue *value = was->values[i];

		if (strcmp(value->cell, cell->cell) == 0)
			return same_value(cell->value, value->value) &&
			       strcmp(cell->note, value->note) == 0 &&
			       strcmp(cell->expected_on, value->expected_on) == 0;
	}
	return is_cleared(cell->value) && cell->note[0] == '\0';
}

size_t cells_keep(Inap__V1__CellValue **cells, size_t *count, const Inap__V1__ReportShowReply *was)
{
	size_t left = 0, kept;

	for (size_t i = 0; i < *count; i++)
		if (!is_kept(cells[i], was))
			cells[left++] = cells[i];
	kept = *count - left;
	*count = left;
	return kept;
}

/* Where in the file a cell stands that somebody else has changed meanwhile. */
static void collision_add(struct app *app, const Inap__V1__CellChange *change,
			  const Inap__V1__CellValue *cell)
{
	struct failure_field field = { .code = "CELL_CHANGED",
				       .path = change->cell,
				       .cell = change->cell,
				       .row = cell->row,
				       .column = cell->column,
				       .message = "" };

	problem_place(app, &field, "by", change->by);
	problem_place(app, &field, "after", value_human(app, change->after));
	problem_place(app, &field, "given", value_human(app, cell->value));
	fail_field(app, &field);
}

void cells_collide(struct app *app, Inap__V1__CellValue *const *cells, size_t count)
{
	const Inap__V1__Error *wire = app->failure.wire;

	for (size_t i = 0; wire && i < wire->n_changes; i++)
		for (size_t j = 0; wire->changes[i]->yours && j < count; j++)
			if (strcmp(wire->changes[i]->cell, cells[j]->cell) == 0)
				collision_add(app, wire->changes[i], cells[j]);
}
