/* The figures as a workbook. */
#include <stdlib.h>

#include <xlsxwriter.h>

#include "client/app.h"
#include "client/form/book_text.h"
#include "client/form/decimal.h"
#include "client/form/sheet.h"
#include "client/i18n.h"
#include "client/picture/export.h"
#include "client/words.h"
#include "proto/number.h"

static void cell_put(struct app *app, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
		     const char *text)
{
	if (number_valid(text) && decimal_fits(text))
		worksheet_write_number(sheet, row, column, strtod(text, NULL), NULL);
	else
		worksheet_write_string(sheet, row, column, book_escaped(app, text), NULL);
}

static bool rows_put(const struct picture *picture, lxw_worksheet *sheet)
{
	const char *fields[EXPORT_COLUMNS];
	struct figure figure;

	for (size_t i = 0; i < picture->cells->n_totals; i++) {
		if (!export_figure(picture, picture->cells->totals[i], &figure))
			return false;
		export_fields(picture, &figure, fields);
		for (size_t column = 0; column < EXPORT_COLUMNS; column++)
			cell_put(picture->app, sheet, (lxw_row_t)(i + 1), (lxw_col_t)column,
				 fields[column]);
	}
	return true;
}

static bool book_make(const void *of, const char *path)
{
	const struct picture *picture = of;
	lxw_workbook *book = workbook_new(path);
	lxw_worksheet *sheet =
		book ? workbook_add_worksheet(book, picture_now(picture)->code) : NULL;
	lxw_format *bold;
	bool good;

	if (!sheet)
		return false;
	bold = workbook_add_format(book);
	format_set_bold(bold);
	if (language_now() != LANGUAGE_EN)
		worksheet_right_to_left(sheet);
	for (size_t column = 0; column < EXPORT_COLUMNS; column++)
		worksheet_write_string(sheet, 0, (lxw_col_t)column, export_columns[column], bold);
	worksheet_freeze_panes(sheet, 1, 0);
	worksheet_set_column(sheet, EXPORT_COLUMNS - 1, EXPORT_COLUMNS - 1, 60, NULL);
	good = rows_put(picture, sheet);
	return workbook_close(book) == LXW_NO_ERROR && good;
}

bool picture_book(const struct picture *picture, FILE *stream)
{
	size_t length = 0;
	const char *bytes = sheet_made(picture->app, book_make, picture, &length);

	return bytes && fwrite(bytes, 1, length, stream) == length;
}
