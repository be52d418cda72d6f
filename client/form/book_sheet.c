/* A sheet of a workbook: its rows of cells. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "client/app.h"
#include "client/form/book.h"
#include "client/form/book_text.h"
#include "client/form/csv.h"
#include "client/form/decimal.h"
#include "client/form/xml.h"
#include "client/i18n.h"

enum { ROWS_LAST = 1048576, COLUMNS_LAST = 16384 };

/* The kind that a cell's t names. */
enum typed { TYPED_NUMBER, TYPED_SHARED, TYPED_TEXT, TYPED_BOOLEAN, TYPED_ERROR, TYPED_DATE };

/* One reading. */
struct rows {
	struct book *book;
	struct book_sheet *sheet;
	size_t room;
	struct book_cell *cells; /* of the row now read */
	size_t cells_count, cells_room;
	uint32_t row;
	uint32_t column; /* after the cell now read */
	bool in_row, in_cell;
	enum typed typed;
	uint8_t style;
	struct gather value, formula;
	struct gather *into;
	bool has_formula;
	size_t in_reading;
};

static bool refuse(const struct rows *rows, const char *text, const char *at)
{
	struct app *app = rows->book->app;
	const char *why = sentence(&app->pool, text, "sheet", rows->sheet->name, "at", at, NULL);

	return package_refuse(rows->book->package, why, "", NULL);
}

static const char *place(const struct rows *rows)
{
	struct app *app = rows->book->app;

	return pool_printf(&app->pool, "%s%u", csv_column(app, rows->column - 1),
			   (unsigned)rows->row);
}

static bool row_open(struct rows *rows, const char **attributes)
{
	const char *number = xml_attribute(attributes, "r");
	unsigned long row = number ? strtoul(number, NULL, 10) : rows->row + 1ul;

	if (row == 0 || row > ROWS_LAST || rows->in_row)
		return refuse(rows, _("sheet {sheet} has a row '{at}'"), number ? number : "");
	rows->row = (uint32_t)row;
	rows->in_row = true;
	rows->column = 0;
	rows->cells_count = 0;
	return true;
}

/* The column of F19, from 1; 0: it is none. */
static uint32_t column_of(const char *at)
{
	uint32_t column = 0;
	size_t letters = 0;

	for (; isalpha((unsigned char)at[letters]) && letters < 4; letters++)
		column = column * 26 + (uint32_t)(toupper((unsigned char)at[letters]) - 'A' + 1);
	if (letters == 0 || !isdigit((unsigned char)at[letters]) || column > COLUMNS_LAST)
		return 0;
	return at[letters + strspn(at + letters, "0123456789")] == '\0' ? column : 0;
}

static enum typed typed_of(const char *type)
{
	static const char *const types[] = { "n", "s", "str", "b", "e", "d" };

	if (type && strcmp(type, "inlineStr") == 0)
		return TYPED_TEXT;
	for (size_t i = 0; type && i < sizeof types / sizeof *types; i++)
		if (strcmp(type, types[i]) == 0)
			return (enum typed)i;
	return TYPED_NUMBER;
}

static bool cell_open(struct rows *rows, const char **attributes)
{
	const char *at = xml_attribute(attributes, "r");
	const char *style = xml_attribute(attributes, "s");
	unsigned long style_index = style ? strtoul(style, NULL, 10) : 0;
	uint32_t column = at ? column_of(at) : rows->column + 1;

	if (column == 0 || column > COLUMNS_LAST || rows->in_cell)
		return refuse(rows, _("sheet {sheet} has a cell '{at}'"), at ? at : "");
	if (!rows->in_row)
		return refuse(rows, _("sheet {sheet} has a cell '{at}' in no row"), at ? at : "");
	rows->in_cell = true;
	rows->column = column;
	rows->typed = typed_of(xml_attribute(attributes, "t"));
	rows->style = style_index < rows->book->styles_count ? rows->book->styles[style_index]
							     : (uint8_t)STYLE_PLAIN;
	gather_clear(&rows->value);
	gather_clear(&rows->formula);
	rows->has_formula = false;
	return true;
}

static bool rows_open(void *data, const char *name, const char **attributes)
{
	struct rows *rows = data;

	rows->into = NULL;
	if (strcmp(name, "row") == 0)
		return row_open(rows, attributes);
	if (strcmp(name, "c") == 0)
		return cell_open(rows, attributes);
	if (strcmp(name, "rPh") == 0)
		rows->in_reading++;
	if (strcmp(name, "v") == 0 || (strcmp(name, "t") == 0 && rows->in_reading == 0))
		rows->into = &rows->value;
	if (strcmp(name, "f") == 0) {
		rows->into = &rows->formula;
		rows->has_formula = true;
	}
	return true;
}

static void rows_text(void *data, const char *text, size_t length)
{
	struct rows *rows = data;

	if (rows->into)
		gather_add(rows->book->app, rows->into, text, length);
}

/* A number as it was typed: 12.5, 12.5% of 0.125 shown so, or a day. */
static void number_put(const struct rows *rows, struct book_cell *cell, const char *text)
{
	struct app *app = rows->book->app;
	const char *read;

	cell->kind = BOOK_NUMBER;
	cell->text = text;
	if (rows->style == STYLE_DATE) {
		read = decimal_day(app, text, rows->book->from_1904);
		cell->kind = BOOK_DATE;
	} else if (rows->style == STYLE_PERCENT) {
		read = decimal_of(app, text, 2);
		if (read)
			read = pool_printf(&app->pool, "%s%%", read);
	} else {
		read = decimal_of(app, text, 0);
	}
	if (read)
		cell->text = read;
}

static bool shared_put(struct rows *rows, struct book_cell *cell, const char *text)
{
	char *end;
	unsigned long index = strtoul(text, &end, 10);

	if (end == text || *end || index >= rows->book->texts_count)
		return refuse(rows, _("sheet {sheet}, cell {at} means a text that is not there"),
			      place(rows));
	cell->kind = BOOK_TEXT;
	cell->text = rows->book->texts[index];
	return true;
}

static bool value_put(struct rows *rows, struct book_cell *cell)
{
	struct app *app = rows->book->app;
	const char *text = gather_text(app, &rows->value);

	if (rows->has_formula) {
		cell->kind = BOOK_FORMULA;
		cell->text = pool_printf(&app->pool, "=%s", gather_text(app, &rows->formula));
		return true;
	}
	switch (rows->typed) {
	case TYPED_NUMBER:
		text += strspn(text, " \t\r\n");
		if (*text)
			number_put(rows, cell, text);
		break;
	case TYPED_SHARED:
		return shared_put(rows, cell, text);
	case TYPED_TEXT:
		cell->text = gather_unescaped(app, &rows->value);
		break;
	case TYPED_BOOLEAN:
		cell->kind = BOOK_BOOLEAN;
		cell->text = *text == '1' || *text == 't' ? "true" : "false";
		break;
	case TYPED_ERROR:
		cell->kind = BOOK_ERROR;
		cell->text = text;
		break;
	case TYPED_DATE:
		cell->kind = BOOK_DATE;
		cell->text = pool_strndup(&app->pool, text, strcspn(text, "T"));
		break;
	}
	return true;
}

static bool cell_keep(struct rows *rows, const struct book_cell *cell)
{
	if (rows->cells_count > 0 && rows->cells[rows->cells_count - 1].column >= cell->column)
		return refuse(rows, _("sheet {sheet}, cell {at} stands twice or out of order"),
			      place(rows));
	if (++rows->book->cells > BOOK_CELLS_MAX)
		return refuse(rows, _("sheet {sheet} is too large (cell {at})"), place(rows));
	if (rows->cells_count == rows->cells_room) {
		size_t room = rows->cells_room ? rows->cells_room * 2 : 32;
		struct book_cell *cells = pool_alloc(&rows->book->app->pool, room * sizeof *cells);

		if (rows->cells_count > 0)
			memcpy(cells, rows->cells, rows->cells_count * sizeof *cells);
		rows->cells = cells;
		rows->cells_room = room;
	}
	rows->cells[rows->cells_count++] = *cell;
	return true;
}

static bool cell_close(struct rows *rows)
{
	struct book_cell cell = { .column = rows->column - 1, .kind = BOOK_TEXT, .text = "" };

	rows->in_cell = false;
	if (rows->value.full || rows->formula.full)
		return refuse(rows, _("sheet {sheet}, cell {at} is too long"), place(rows));
	if (!rows->has_formula && rows->value.length == 0)
		return true;
	if (!value_put(rows, &cell))
		return false;
	return cell.text[0] == '\0' || cell_keep(rows, &cell);
}

static void row_close(struct rows *rows)
{
	struct pool *pool = &rows->book->app->pool;
	struct book_sheet *sheet = rows->sheet;
	struct book_row *row;

	rows->in_row = false;
	if (rows->cells_count == 0)
		return;
	if (sheet->count == rows->room) {
		size_t room = rows->room ? rows->room * 2 : 64;
		struct book_row *grown = pool_alloc(pool, room * sizeof *grown);

		if (sheet->count > 0)
			memcpy(grown, sheet->rows, sheet->count * sizeof *grown);
		sheet->rows = grown;
		rows->room = room;
	}
	row = &sheet->rows[sheet->count++];
	row->row = rows->row;
	row->count = rows->cells_count;
	row->cells = pool_alloc(pool, row->count * sizeof *row->cells);
	memcpy(row->cells, rows->cells, row->count * sizeof *row->cells);
}

static bool rows_close(void *data, const char *name)
{
	struct rows *rows = data;

	rows->into = NULL;
	if (strcmp(name, "rPh") == 0)
		rows->in_reading--;
	if (strcmp(name, "c") == 0)
		return cell_close(rows);
	if (strcmp(name, "row") == 0)
		row_close(rows);
	return true;
}

bool book_read(struct book *book, struct book_sheet *sheet)
{
	struct rows rows = { .book = book, .sheet = sheet };
	const struct xml_reader reader = { rows_open, rows_close, rows_text, &rows };

	sheet->count = 0;
	return !sheet->part[0] || xml_read(book->package, sheet->part, &reader);
}

const struct book_cell *book_cell(const struct book_row *row, uint32_t column)
{
	for (size_t i = 0; i < row->count; i++)
		if (row->cells[i].column == column)
			return &row->cells[i];
	return NULL;
}

const char *book_text(const struct book_row *row, uint32_t column)
{
	const struct book_cell *cell = book_cell(row, column);

	return cell ? cell->text : "";
}

const char *book_day(const struct book *book, const char *number)
{
	const char *day = decimal_day(book->app, number, book->from_1904);

	/* 2024 alone is a year that somebody typed, not a day of 1905. */
	return day && strcmp(day, "1990") > 0 ? day : NULL;
}
