/**
 * A workbook (XLSX) as rows of cells, whoever wrote it: shared and inline texts, absolute and
 * relative names of parts, missing numbers of rows and cells, the strict namespace, prefixes.
 *
 * Ownership  everything lives in the app's pool; the bytes are borrowed until book_close().
 * Errors     noted in the app: FILE_BAD, naming part or cell.
 * Limits     those of package.h; BOOK_CELLS_MAX cells that hold something, and as many texts;
 *            BOOK_TEXT_MAX bytes in one.
 */
#ifndef INAP_CLIENT_FORM_BOOK_H
#define INAP_CLIENT_FORM_BOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/form/package.h"

struct app;

enum { BOOK_CELLS_MAX = 200000, BOOK_TEXT_MAX = 128 << 10, BOOK_SHEETS_MAX = 256 };

enum book_kind {
	BOOK_TEXT,
	BOOK_NUMBER,  /* text is the exact decimal that was typed */
	BOOK_DATE,    /* a number shown as a date: text is YYYY-MM-DD */
	BOOK_BOOLEAN, /* true or false */
	BOOK_ERROR,   /* #DIV/0! */
	BOOK_FORMULA  /* =F18*2 */
};

struct book_cell {
	uint32_t column; /* from 0 */
	enum book_kind kind;
	const char *text;
};

/* A row that holds something; cells ascend. */
struct book_row {
	uint32_t row; /* from 1 */
	size_t count;
	struct book_cell *cells;
};

struct book_sheet {
	const char *name;
	const char *part; /* "" if it is no sheet of cells but a chart */
	bool hidden;
	struct book_row *rows;
	size_t count;
};

struct book {
	struct app *app;
	struct package *package;
	struct book_sheet *sheets;
	size_t count;
	const char **texts; /* shared */
	size_t texts_count;
	uint8_t *styles; /* enum book_style of each cell format */
	size_t styles_count;
	bool from_1904;
	size_t cells; /* read so far */
};

/* How a number of that style is shown. */
enum book_style { STYLE_PLAIN, STYLE_DATE, STYLE_PERCENT };

/** Opens a workbook: its list of sheets, shared texts and styles. False: noted, nothing to close.
 */
bool book_open(struct app *app, const char *file, const char *bytes, size_t length,
	       struct book *book);
/** Reads the rows of a sheet. */
bool book_read(struct book *book, struct book_sheet *sheet);
void book_close(struct book *book);
/** The cell of a column, or NULL. */
const struct book_cell *book_cell(const struct book_row *row, uint32_t column);
/** The cell as a person types it: a date as YYYY-MM-DD, no cell as "". */
const char *book_text(const struct book_row *row, uint32_t column);
/** YYYY-MM-DD of a number as this workbook counts days; NULL: it is no day of our time. */
const char *book_day(const struct book *book, const char *number);

#endif
