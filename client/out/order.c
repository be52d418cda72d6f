/* Tables in right-to-left languages: the columns are put into an order that every terminal keeps.
 */
#include "client/out/order.h"

#include "client/app.h"
#include "client/i18n.h"
#include "client/out/view.h"

/* Lead bytes of U+0600 to U+06FF. Arabic digits count: they turn the blanks between them. */
bool text_is_right_to_left(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0xd8 && (unsigned char)*text <= 0xdb)
			return true;
	return false;
}

/* The last column is for right-to-left text, whether a row has some or not. */
static bool goes_last(const struct view *view, size_t column)
{
	for (size_t row = 0; row < view_rows(view); row++)
		if (text_is_right_to_left(view_human(view, row, column)))
			return true;
	return column + 1 == view->columns_count && view->columns[column].kind == COLUMN_TEXT;
}

/* "state: draft؛ name: …", what is empty left out. */
static const char *gather(const struct view *view, size_t row, const bool *last)
{
	const char *text = "";

	for (size_t i = 0; i < view->columns_count; i++) {
		const char *human = view_human(view, row, i);

		if (last[i] && human[0])
			text = pool_printf(&view->app->pool, "%s%s%s: %s", text,
					   text[0] ? "؛ " : "", view->columns[i].heading, human);
	}
	return text;
}

const struct view *view_ordered(const struct view *view, FILE *stream)
{
	struct pool *pool = &view->app->pool;
	struct column *columns = pool_alloc(pool, (view->columns_count + 1) * sizeof *columns);
	bool *last = pool_alloc(pool, (view->columns_count + 1) * sizeof *last);
	struct view *ordered;
	size_t count = 0;

	for (size_t i = 0; i < view->columns_count; i++) {
		last[i] = goes_last(view, i);
		if (last[i])
			continue;
		columns[count] = view->columns[i];
		columns[count].heading =
			digits_shape(pool, number_text(pool, (unsigned long long)count + 1));
		fprintf(stream, "%s: %s\n", columns[count].heading, view->columns[i].heading);
		count++;
	}
	columns[count++] = (struct column){ "", "", COLUMN_TEXT };
	ordered = view_new(view->app, columns, count);
	for (size_t row = 0; row < view_rows(view); row++) {
		for (size_t i = 0; i < view->columns_count; i++)
			if (!last[i])
				view_code(ordered, view_human(view, row, i));
		view_text(ordered, gather(view, row, last));
	}
	return ordered;
}
