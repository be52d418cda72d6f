/* Views as text: table, card, plain, CSV. */
#include "client/out/render.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <libsmartcols/libsmartcols.h>

#include "client/app.h"
#include "client/form/value.h"
#include "client/i18n.h"
#include "client/out/fold.h"
#include "client/out/order.h"
#include "proto/text.h"

/* Narrower than this a last column is not folded. */
enum { LAST_COLUMN_MIN = 16 };

/* Width of the person's terminal; 0: nobody looks, nothing is cut. */
static size_t terminal_width(void)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
		return 0;
	return size.ws_col;
}

/* What is left for the last column; 0: nobody looks, or so little that folding would be worse. */
static size_t last_width(const struct view *view, size_t width)
{
	size_t taken = 1; /* a terminal's last place stays free */

	for (size_t i = 0; i + 1 < view->columns_count; i++) {
		size_t widest = text_width(view->columns[i].heading);

		for (size_t row = 0; row < view_rows(view); row++) {
			size_t one = text_width(view_human(view, row, i));

			widest = one > widest ? one : widest;
		}
		taken += widest + 1;
	}
	return width > taken + LAST_COLUMN_MIN ? width - taken : 0;
}

static int column_flags(const struct view *view, size_t column)
{
	if (view->columns[column].kind == COLUMN_NUMBER)
		return SCOLS_FL_RIGHT;
	return column + 1 == view->columns_count ? SCOLS_FL_WRAP : 0;
}

static bool columns_make(struct libscols_table *table, const struct view *view)
{
	for (size_t i = 0; i < view->columns_count; i++) {
		struct libscols_column *column = scols_table_new_column(
			table, view->columns[i].heading, 0, column_flags(view, i));

		/* text is folded already, by line feeds */
		if (!column || scols_column_set_wrapfunc(column, scols_wrapnl_chunksize,
							 scols_wrapnl_nextchunk, NULL) != 0)
			return false;
	}
	return true;
}

static bool table_fill(struct libscols_table *table, const struct view *view, size_t width)
{
	size_t last = last_width(view, width);

	if (!columns_make(table, view))
		return false;
	for (size_t row = 0; row < view_rows(view); row++) {
		struct libscols_line *line = scols_table_new_line(table, NULL);

		for (size_t i = 0; line && i < view->columns_count; i++) {
			const char *text = view_human(view, row, i);

			if (i + 1 == view->columns_count)
				text = text_fold(&view->app->pool, text, last);
			if (scols_line_set_data(line, i, text) != 0)
				return false;
		}
		if (!line)
			return false;
	}
	return true;
}

static void render_table(const struct view *view, FILE *stream)
{
	struct libscols_table *table = scols_new_table();
	size_t width = terminal_width();

	if (!table)
		return;
	if (language_now() != LANGUAGE_EN)
		view = view_ordered(view, stream);
	scols_table_set_stream(table, stream);
	scols_table_enable_noencoding(table, 1); /* cells are filtered already */
	if (width > 0) {
		scols_table_set_termforce(table, SCOLS_TERMFORCE_ALWAYS);
		scols_table_set_termwidth(table, width);
	}
	if (table_fill(table, view, width))
		scols_print_table(table);
	scols_unref_table(table);
}

/* A card begins with a code; nothing, or a word that is written from the right, gives way to one.
 */
static size_t card_title(const struct view *view, size_t row)
{
	const char *first = view_human(view, row, 0);

	if (first[0] && !text_is_right_to_left(first))
		return 0;
	for (size_t i = 1; i < view->columns_count; i++) {
		const char *text = view_human(view, row, i);

		if (view->columns[i].kind == COLUMN_CODE && text[0] && !text_is_right_to_left(text))
			return i;
	}
	return 0;
}

static void render_card(const struct view *view, FILE *stream)
{
	for (size_t row = 0; row < view_rows(view); row++) {
		size_t title = card_title(view, row);

		fprintf(stream, "%s%s\n", row > 0 ? "\n" : "", view_human(view, row, title));
		for (size_t i = 0; i < view->columns_count; i++) {
			const char *text = view_human(view, row, i);

			if (i != title && text[0])
				fprintf(stream, "  %s: %s\n", view->columns[i].heading, text);
		}
	}
}

static void render_plain(const struct view *view, FILE *stream)
{
	for (size_t i = 0; i < view_rows(view) * view->columns_count; i++) {
		char *safe = text_printable(view->cells[i].machine, false);

		fputs(safe ? safe : "", stream);
		fputc((i + 1) % view->columns_count == 0 ? '\n' : '\t', stream);
		free(safe);
	}
}

/* A spreadsheet runs what begins like a formula; a figure or a blank is none (TRUST.md, B7). */
static bool is_formula(const char *text)
{
	const char *bare =
		text + strspn(text, "'"); /* such a mark of its own would not come back */
	char *number = NULL;

	if (!bare[0] || !strchr("=+-@\t\r", bare[0]))
		return false;
	if (value_blank_by_word(text) != 0)
		return false;
	number = value_number(text, NULL);
	free(number);
	return number == NULL;
}

void csv_field(const char *text, FILE *stream)
{
	bool formula = is_formula(text);

	if (!formula && !strpbrk(text, ",;\"\t\r\n")) {
		fputs(text, stream);
		return;
	}
	fputc('"', stream);
	if (formula)
		fputc('\'', stream);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', stream);
		fputc(*text, stream);
	}
	fputc('"', stream);
}

static void render_csv(const struct view *view, FILE *stream)
{
	for (size_t i = 0; i < view->columns_count; i++)
		fprintf(stream, "%s%s", i ? "," : "", view->columns[i].key);
	fputs("\r\n", stream);
	for (size_t i = 0; i < view_rows(view) * view->columns_count; i++) {
		const char *text = view->cells[i].machine;
		const struct text_rule rule = { .lines = true };
		bool clean = text_check(text, strlen(text), &rule) == TEXT_OK;
		char *safe = clean ? NULL : text_printable(text, true);

		/* What the server would take is written as it is, so that it comes back. */
		csv_field(clean ? text : safe ? safe : "", stream);
		fputs((i + 1) % view->columns_count == 0 ? "\r\n" : ",", stream);
		free(safe);
	}
}

void view_render(const struct view *view, enum out_format format, FILE *stream)
{
	if (format == OUT_CARD)
		render_card(view, stream);
	else if (format == OUT_PLAIN)
		render_plain(view, stream);
	else if (format == OUT_CSV)
		render_csv(view, stream);
	else
		render_table(view, stream);
}
