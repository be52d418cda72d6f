/* A workbook as lines of a form. */
#include <string.h>

#include "client/app.h"
#include "client/form/book.h"
#include "client/form/csv.h"
#include "client/form/header.h"
#include "client/form/sheet.h"
#include "client/form/value.h"
#include "client/i18n.h"

enum { HEADER_COLUMNS = 256 };
/* Of all that its lines hold: a workbook may say one long text in every cell. */
enum { SHEET_BYTES_MAX = 64 << 20 };

/* One reading. */
struct taking {
	struct app *app;
	const char *file;
	struct book *book;
	struct sheet *sheet;
	size_t room;
	size_t bytes;       /* of the lines' texts: a shared one counts wherever it stands */
	size_t sheets;      /* that gave lines */
	bool several;       /* more than one sheet of the file can be seen */
	struct header best; /* of what is no header, the row that comes nearest */
	const struct book_sheet *best_sheet;
};

static bool is_meta(const struct book_sheet *sheet)
{
	return strcasecmp(sheet->name, "_meta") == 0;
}

static bool meta_read(struct taking *taking, struct book_sheet *sheet)
{
	if (!book_read(taking->book, sheet))
		return false;
	for (size_t i = 0; i < sheet->count; i++)
		meta_take(&taking->sheet->meta, book_text(&sheet->rows[i], 0),
			  book_text(&sheet->rows[i], 1));
	return true;
}

static void row_header(struct app *app, const struct book_row *row, struct header *header)
{
	const char *headings[HEADER_COLUMNS];
	size_t count = row->cells[row->count - 1].column + 1;

	if (count > HEADER_COLUMNS)
		count = HEADER_COLUMNS;
	for (uint32_t i = 0; i < count; i++)
		headings[i] = book_text(row, i);
	header_take(app, headings, count, header);
}

/* The row with the header, wherever it stands; sheet->count: there is none. */
static size_t header_row(struct taking *taking, const struct book_sheet *sheet,
			 struct header *header)
{
	for (size_t i = 0; i < sheet->count; i++) {
		bool nearer;

		row_header(taking->app, &sheet->rows[i], header);
		if (header_whole(header))
			return i;
		nearer = header->column[ROLE_CELL] >= 0 || header->column[ROLE_VALUE] >= 0;
		if (!taking->best_sheet || (nearer && taking->best.column[ROLE_CELL] < 0 &&
					    taking->best.column[ROLE_VALUE] < 0)) {
			taking->best = *header;
			taking->best_sheet = sheet;
		}
	}
	return sheet->count;
}

/* "F", or "Sheet2!F" where there are several sheets. */
static const char *column_name(const struct taking *taking, const struct book_sheet *sheet,
			       uint32_t column)
{
	const char *name = csv_column(taking->app, column);
	const char *clean = text_clean(taking->app, sheet->name);

	if (!taking->several)
		return name;
	return pool_printf(&taking->app->pool, "%s!%s", clean ? clean : "", name);
}

/* What may not be taken as a value, whatever it looks like. */
static const char *fault_of(const struct book_cell *cell, enum role role)
{
	if (cell->kind == BOOK_FORMULA)
		return "SHEET_FORMULA";
	if (cell->kind == BOOK_ERROR)
		return "SHEET_ERROR";
	return cell->kind == BOOK_DATE && role == ROLE_VALUE ? "SHEET_DATE" : NULL;
}

/* A day typed where no date format was: 45596 */
static const char *day_text(const struct taking *taking, const struct book_cell *cell)
{
	const char *day = cell->kind == BOOK_NUMBER ? book_day(taking->book, cell->text) : NULL;

	return day ? day : cell->text;
}

static void line_fill(const struct taking *taking, const struct book_sheet *sheet,
		      const struct book_row *row, const struct header *header,
		      struct form_line *line)
{
	const char **const texts[ROLE_READ] = { &line->cell, &line->value, &line->note,
						&line->expected_on };

	for (int role = 0; role < ROLE_READ; role++) {
		const struct book_cell *cell =
			header->column[role] < 0 ? NULL
						 : book_cell(row, (uint32_t)header->column[role]);
		const char *fault = cell ? fault_of(cell, (enum role)role) : NULL;

		*texts[role] = cell ? cell->text : "";
		if (cell && role == ROLE_EXPECTED_ON)
			line->expected_on = day_text(taking, cell);
		if (!fault || line->fault)
			continue;
		line->fault = fault;
		line->fault_text = cell->text;
		line->column = column_name(taking, sheet, cell->column);
	}
}

static bool line_is_empty(const struct form_line *line)
{
	const char *const texts[] = { line->cell, line->value, line->note, line->expected_on };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (texts[i][strspn(texts[i], " \t\r\n")] != '\0')
			return false;
	return true;
}

static bool line_add(struct taking *taking, const struct form_line *line)
{
	struct sheet *sheet = taking->sheet;

	taking->bytes += strlen(line->cell) + strlen(line->value) + strlen(line->note);
	if (taking->bytes > SHEET_BYTES_MAX)
		return fail_with(taking->app, ERROR_FILE_BAD, "file", taking->file, "why",
				 _("it is too large"), NULL);
	if (sheet->count == taking->room) {
		size_t room = taking->room ? taking->room * 2 : 64;
		struct form_line *lines = pool_alloc(&taking->app->pool, room * sizeof *lines);

		if (sheet->count > 0)
			memcpy(lines, sheet->lines, sheet->count * sizeof *lines);
		sheet->lines = lines;
		taking->room = room;
	}
	sheet->lines[sheet->count++] = *line;
	return true;
}

static bool sheet_take(struct taking *taking, struct book_sheet *sheet)
{
	struct header header;
	size_t at;

	if (!book_read(taking->book, sheet))
		return false;
	at = header_row(taking, sheet, &header);
	if (at == sheet->count)
		return true;
	taking->sheets++;
	if (header.unknown)
		return fail_with(taking->app, ERROR_CSV_COLUMN, "file", taking->file, "column",
				 pool_printf(&taking->app->pool, "%s (%s!%s%u)", header.unknown,
					     sheet->name,
					     csv_column(taking->app, header.unknown_column),
					     (unsigned)sheet->rows[at].row),
				 NULL);
	for (size_t i = at + 1; i < sheet->count; i++) {
		struct form_line line = {
			.row = sheet->rows[i].row,
			.column = column_name(taking, sheet, (uint32_t)header.column[ROLE_VALUE]),
		};

		line_fill(taking, sheet, &sheet->rows[i], &header, &line);
		if (!line_is_empty(&line) && !line_add(taking, &line))
			return false;
	}
	return true;
}

static bool no_header(struct taking *taking)
{
	const struct book_sheet *sheet = taking->best_sheet;
	struct header none;

	header_take(taking->app, NULL, 0, &none);
	for (size_t i = 0; !sheet && i < taking->book->count; i++)
		if (!taking->book->sheets[i].hidden)
			sheet = &taking->book->sheets[i];
	return fail_with(taking->app, ERROR_SHEET_NO_HEADER, "file", taking->file, "sheet",
			 sheet ? sheet->name : "", "part", sheet ? sheet->part : "", "missing",
			 header_missing(taking->app, taking->best_sheet ? &taking->best : &none),
			 NULL);
}

static bool sheets_take(struct taking *taking)
{
	size_t seen = 0;

	for (size_t i = 0; i < taking->book->count; i++)
		seen += !taking->book->sheets[i].hidden;
	taking->several = seen > 1;
	for (size_t i = 0; i < taking->book->count; i++) {
		struct book_sheet *sheet = &taking->book->sheets[i];

		if (is_meta(sheet) ? !meta_read(taking, sheet)
				   : !sheet->hidden && !sheet_take(taking, sheet))
			return false;
	}
	return taking->sheets > 0 || no_header(taking);
}

bool sheet_of_book(struct app *app, const char *file, const char *bytes, size_t length,
		   struct sheet *sheet)
{
	struct book book;
	struct taking taking = { .app = app, .file = file, .book = &book, .sheet = sheet };
	bool ok;

	if (!book_open(app, file, bytes, length, &book))
		return false;
	ok = sheets_take(&taking);
	book_close(&book);
	return ok;
}
