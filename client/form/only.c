/* A part of a file of values. */
#include "client/form/only.h"

#include <string.h>

#include "client/app.h"
#include "client/form/cell.h"
#include "client/form/value.h"
#include "client/i18n.h"

/* PR-2.1:age_band,sex as the pattern PR-2.1:age_band=*,sex=*; an indicator alone as its total. */
static bool pattern_parse(struct app *app, const char *part, struct cell *pattern)
{
	const char *text = digits_latin(app, part), *rest = "";
	const char *stars = pool_strndup(&app->pool, text, strcspn(text, ":"));

	for (text += strlen(stars); *text; text += 1 + strcspn(text + 1, ","))
		stars = pool_printf(&app->pool, "%s%.*s=*", stars,
				    (int)(1 + strcspn(text + 1, ",")), text);
	return cell_parse(app, stars, pattern, &rest) && *rest == '\0' && !pattern->half;
}

/* Of an indicator all of it, its tables too. */
static bool is_of(const struct cell *pattern, const struct cell *cell)
{
	return pattern->count == 0 ? strcmp(pattern->indicator, cell->indicator) == 0
				   : cell_matches(pattern, cell);
}

static bool line_is_of(struct app *app, const struct form_line *line, const struct cell *patterns,
		       size_t count)
{
	struct cell cell;
	const char *rest;

	if (!cell_parse(app, digits_latin(app, line->cell), &cell, &rest) || *rest != '\0')
		return true;
	for (size_t i = 0; i < count; i++)
		if (is_of(&patterns[i], &cell))
			return true;
	return false;
}

bool sheet_only(struct app *app, struct sheet *sheet, char *const *parts, size_t count,
		size_t *left)
{
	struct cell *patterns = pool_alloc(&app->pool, (count + 1) * sizeof *patterns);
	size_t taken = 0;

	for (size_t i = 0; i < count; i++)
		if (!pattern_parse(app, parts[i], &patterns[i]))
			return fail_with(app, ERROR_USAGE, "why",
					 _("--only names an indicator or a table: PR-2.1, or "
					   "PR-2.1:age_band,sex"),
					 NULL);
	for (size_t i = 0; i < sheet->count; i++)
		if (count == 0 || line_is_of(app, &sheet->lines[i], patterns, count))
			sheet->lines[taken++] = sheet->lines[i];
	*left = sheet->count - taken;
	sheet->count = taken;
	return taken > 0 || *left == 0 ||
	       fail_with(app, ERROR_USAGE, "why", _("nothing of the file is of what --only names"),
			 NULL);
}

/* How many cells the pattern means. */
static size_t cells_of(struct app *app, Inap__V1__CellValue *const *cells, size_t count,
		       const struct cell *pattern)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++) {
		struct cell cell;
		const char *rest;

		found += cell_parse(app, cells[i]->cell, &cell, &rest) && is_of(pattern, &cell);
	}
	return found;
}

const char *only_first(struct app *app, Inap__V1__CellValue *const *cells, size_t count,
		       size_t most)
{
	struct cell cell = { .indicator = "" }, indicator;
	const char *rest, *part;

	for (size_t i = 0; i < count && cell.count == 0; i++)
		cell_parse(app, cells[i]->cell, &cell, &rest);
	indicator = (struct cell){ .indicator = cell.indicator };
	part = cell.indicator;
	if (cells_of(app, cells, count, &indicator) <= most)
		return part;
	for (size_t i = 0; i < cell.count; i++)
		part = pool_printf(&app->pool, "%s%c%s", part, i ? ',' : ':', cell.dimension[i]);
	return part;
}
