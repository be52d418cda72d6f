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

static bool cell_put(struct app *app, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
		     const char *text)
{
	lxw_error error;

	if (!text[0])
		return true;
	if (number_valid(text) && decimal_fits(text))
		error = worksheet_write_number(sheet, row, column, strtod(text, NULL), NULL);
	else
		error = worksheet_write_string(sheet, row, column, book_escaped(app, text), NULL);
	return error == LXW_NO_ERROR;
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
			if (!cell_put(picture->app, sheet, (lxw_row_t)(i + 1), (lxw_col_t)column,
				      fields[column]))
				return false;
	}
	return true;
}

static bool sheet_fill(const struct picture *picture, lxw_workbook *book, lxw_worksheet *sheet)
{
	lxw_format *bold = workbook_add_format(book);

	if (!bold)
		return false;
	format_set_bold(bold);
	if (language_now() != LANGUAGE_EN)
		worksheet_right_to_left(sheet);
	for (size_t column = 0; column < EXPORT_COLUMNS; column++)
		if (worksheet_write_string(sheet, 0, (lxw_col_t)column, export_columns[column],
					   bold) != LXW_NO_ERROR)
			return false;
	worksheet_freeze_panes(sheet, 1, 0);
	return worksheet_set_column(sheet, EXPORT_COLUMNS - 1, EXPORT_COLUMNS - 1, 60, NULL) ==
		       LXW_NO_ERROR &&
	       rows_put(picture, sheet);
}

/* Closing frees the book, also one that is not whole. */
static bool book_make(const void *of, const char *path)
{
	const struct picture *picture = of;
	lxw_workbook *book = workbook_new(path);
	lxw_worksheet *sheet =
		book ? workbook_add_worksheet(book, picture_now(picture)->code) : NULL;
	bool good = sheet && sheet_fill(picture, book, sheet);

	return book && workbook_close(book) == LXW_NO_ERROR && good;
}

bool picture_book(const struct picture *picture, FILE *stream)
{
	size_t length = 0;
	const char *bytes = sheet_made(picture->app, book_make, picture, &length);

	if (bytes)
		fwrite(bytes, 1, length, stream); /* to memory: out_end() looks */
	return bytes != NULL;
}
