/* The form as a workbook: a locked sheet with open cells, a hidden one that says what it is of. */
#include <stdlib.h>
#include <string.h>

#include <xlsxwriter.h>

#include "client/app.h"
#include "client/form/book_text.h"
#include "client/form/decimal.h"
#include "client/form/header.h"
#include "client/form/template.h"
#include "client/form/value.h"
#include "client/i18n.h"
#include "client/out/asked.h"
#include "client/out/clock.h"
#include "client/words.h"
#include "proto/number.h"

/* The columns; F is where people type. */
enum column_at {
	AT_CELL,
	AT_WHAT,
	AT_UNIT,
	AT_KIND,
	AT_PREVIOUS,
	AT_VALUE,
	AT_NOTE,
	AT_DAY,
	COLUMNS
};

/* Rows before the first indicator. */
enum { ROW_TITLE, ROW_WARNING, ROW_HOW, ROW_HEADER, ROW_FIRST };

enum look {
	LOOK_TITLE,
	LOOK_WARNING,
	LOOK_HOW,
	LOOK_HEADER,
	LOOK_HEADING,
	LOOK_HELP,
	LOOK_FIXED,
	LOOK_NUMBER, /* open: figures */
	LOOK_TEXT,   /* open: kept as it is typed */
	LOOK_DAY,    /* open: dates */
	LOOK_SHUT,   /* of an entry that may not be written now: value and note */
	LOOK_SHUT_DAY,
	LOOKS
};

struct writing {
	const struct template *template;
	lxw_workbook *workbook;
	lxw_worksheet *sheet;
	lxw_worksheet *meta;
	lxw_format *looks[LOOKS];
	lxw_row_t row;
	lxw_error error; /* the first one */
};

static void check(struct writing *w, lxw_error error)
{
	if (w->error == LXW_NO_ERROR)
		w->error = error;
}

static void text_put(struct writing *w, lxw_col_t column, const char *text, enum look look)
{
	check(w, worksheet_write_string(w->sheet, w->row, column,
					book_escaped(w->template->app, text), w->looks[look]));
}

/* A figure as a number where the spreadsheet can keep it, else as it is written. */
static void figure_put(struct writing *w, lxw_col_t column, const char *text, enum look look)
{
	if (text[0] == '\0')
		check(w, worksheet_write_blank(w->sheet, w->row, column, w->looks[look]));
	else if (number_valid(text) && decimal_fits(text))
		check(w, worksheet_write_number(w->sheet, w->row, column, strtod(text, NULL),
						w->looks[look]));
	else
		text_put(w, column, text, look);
}

static void day_put(struct writing *w, const char *day, enum look look)
{
	lxw_datetime date = { .year = atoi(day) };

	if (day[0] == '\0' || strlen(day) != 10) {
		check(w, worksheet_write_blank(w->sheet, w->row, AT_DAY, w->looks[look]));
		return;
	}
	date.month = atoi(day + 5);
	date.day = atoi(day + 8);
	check(w, worksheet_write_datetime(w->sheet, w->row, AT_DAY, &date, w->looks[look]));
}

/* ---- how it looks */

static lxw_format *look_new(struct writing *w, uint32_t ground, bool bold)
{
	lxw_format *format = workbook_add_format(w->workbook);

	if (ground)
		format_set_bg_color(format, ground);
	if (bold)
		format_set_bold(format);
	format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
	/* Sentences run as their language does, whatever code or English word is in them. */
	if (language_now() != LANGUAGE_EN)
		format_set_reading_order(format, 2);
	return format;
}

static lxw_format *look_entry(struct writing *w, uint32_t ground, const char *shape)
{
	lxw_format *format = look_new(w, ground, false);

	format_set_border(format, LXW_BORDER_THIN);
	format_set_text_wrap(format);
	if (shape)
		format_set_num_format(format, shape);
	return format;
}

static lxw_format *look_open(struct writing *w, const char *shape)
{
	lxw_format *format = look_entry(w, 0xfff9e5, shape);

	format_set_unlocked(format);
	return format;
}

static lxw_format *look_shut(struct writing *w, const char *shape)
{
	lxw_format *format = look_entry(w, 0xd0d0d0, shape);

	format_set_font_color(format, 0x606060);
	return format;
}

static void looks_make(struct writing *w)
{
	w->looks[LOOK_TITLE] = look_new(w, 0, true);
	format_set_font_size(w->looks[LOOK_TITLE], 14);
	w->looks[LOOK_WARNING] = look_new(w, 0, true);
	format_set_font_color(w->looks[LOOK_WARNING], 0xb00000);
	w->looks[LOOK_HOW] = look_new(w, 0, false);
	format_set_text_wrap(w->looks[LOOK_HOW]);
	w->looks[LOOK_HEADER] = look_new(w, 0xd9e2ec, true);
	format_set_border(w->looks[LOOK_HEADER], LXW_BORDER_THIN);
	w->looks[LOOK_HEADING] = look_new(w, 0xeef2f6, true);
	format_set_text_wrap(w->looks[LOOK_HEADING]);
	w->looks[LOOK_HELP] = look_new(w, 0, false);
	format_set_italic(w->looks[LOOK_HELP]);
	format_set_text_wrap(w->looks[LOOK_HELP]);
	w->looks[LOOK_FIXED] = look_new(w, 0, false);
	format_set_text_wrap(w->looks[LOOK_FIXED]);
	w->looks[LOOK_NUMBER] = look_open(w, NULL);
	w->looks[LOOK_TEXT] = look_open(w, "@");
	w->looks[LOOK_DAY] = look_open(w, "yyyy-mm-dd");
	w->looks[LOOK_SHUT] = look_shut(w, NULL);
	w->looks[LOOK_SHUT_DAY] = look_shut(w, "yyyy-mm-dd");
}

/* In letters, about. */
static const unsigned widths[COLUMNS] = { 34, 56, 32, 24, 14, 20, 40, 16 };

/* How many lines a text takes in a column; its row must be as high, not every program sees to that.
 */
static size_t lines_of(const char *text, unsigned width)
{
	size_t lines = 0;

	for (;;) {
		size_t length = strcspn(text, "\n"), points = 0;

		for (size_t i = 0; i < length; i++)
			points += ((unsigned char)text[i] & 0xc0) != 0x80;
		lines += points / width + 1;
		if (text[length] == '\0')
			return lines;
		text += length + 1;
	}
}

static void row_height(struct writing *w, size_t lines)
{
	enum { POINTS = 15, LINES_MAX = 26 }; /* no row may be higher than 409 points */

	if (lines > 1)
		check(w, worksheet_set_row(w->sheet, w->row,
					   POINTS * (double)(lines < LINES_MAX ? lines : LINES_MAX),
					   NULL));
}

static void sheet_shape(struct writing *w)
{
	lxw_protection may = { .format_columns = 1, .format_rows = 1 };

	for (lxw_col_t i = 0; i < COLUMNS; i++)
		worksheet_set_column(w->sheet, i, i, widths[i], NULL);
	if (language_now() != LANGUAGE_EN) {
		worksheet_right_to_left(w->sheet);
		worksheet_right_to_left(w->meta);
	}
	worksheet_freeze_panes(w->sheet, ROW_FIRST, 1);
	worksheet_protect(w->sheet, NULL, &may);
	worksheet_protect(w->meta, NULL, NULL);
	worksheet_hide(w->meta);
	worksheet_set_landscape(w->sheet);
	worksheet_set_paper(w->sheet, 9);
	worksheet_fit_to_pages(w->sheet, 1, 0);
	worksheet_repeat_rows(w->sheet, ROW_HEADER, ROW_HEADER);
}

/* ---- what may be typed */

/* Words that answer without a figure stand in column D of _meta, the one that not all may use last.
 */
enum { WORDS_ALL = 4 };

static const Inap__V1__Blank blanks[WORDS_ALL] = { INAP__V1__BLANK__BLANK_NOT_APPLICABLE,
						   INAP__V1__BLANK__BLANK_NOT_COLLECTED,
						   INAP__V1__BLANK__BLANK_NOT_AVAILABLE,
						   INAP__V1__BLANK__BLANK_WITHHELD };

static const char *blank_word(size_t i)
{
	return enum_word(&inap__v1__blank__descriptor, (int)blanks[i]);
}

/* A figure that fits, a figure in Arabic or Persian digits (read when it is handed in), or a word.
 */
static char *figure_rule(const struct writing *w, const char *fits, size_t words)
{
	struct pool *pool = &w->template->app->pool;
	const char *at = pool_printf(pool, "F%u", (unsigned)w->row + 1);
	const char *figure = sentence(pool, fits, "at", at, NULL);

	return pool_printf(pool,
			   "=IF(ISNUMBER(%s),%s,OR(LEFT(%s,1)=\"@\",ISNUMBER(MATCH(%s,_meta!$D$1:"
			   "$D$%zu,0)),ISNUMBER(FIND(LEFT(%s,1),\"٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹\"))))",
			   at, figure, at, at, words, at);
}

static void value_rule(struct writing *w, const Inap__V1__AskedCell *asked)
{
	struct app *app = w->template->app;
	size_t words = asked->may_withhold ? WORDS_ALL : WORDS_ALL - 1;
	lxw_data_validation rule = { .validate = LXW_VALIDATION_TYPE_CUSTOM_FORMULA,
				     .error_title = (char *)(uintptr_t) "INAP" };
	const char *message = "";
	bool half = strcmp(asked->part, "whole") != 0;

	if (strcmp(asked->unit, "yes_no") == 0) {
		rule.validate = LXW_VALIDATION_TYPE_LIST_FORMULA;
		rule.value_formula = pool_printf(&app->pool, "=_meta!$E$1:$E$%zu", words + 2);
		message = _("yes or no, or one of the words at the top");
	} else if (unit_takes_words(asked->unit)) {
		return;
	} else if (asked->ratio) {
		rule.value_formula = figure_rule(w, "FALSE", words);
		rule.value_formula = pool_printf(&app->pool, "=OR(ISNUMBER(FIND(\"/\",F%u)),%s)",
						 (unsigned)w->row + 1, rule.value_formula + 1);
		message = _("numerator/denominator, such as 12/40, or one of the words at the top");
	} else if (strcmp(asked->unit, "decimal") == 0 && !half) {
		rule.value_formula = figure_rule(w, "TRUE", words);
		message = _("a number, or one of the words at the top");
	} else if (strcmp(asked->unit, "percent") == 0 && !half) {
		rule.value_formula = figure_rule(w, "AND({at}>=0,{at}<=100)", words);
		message = _("a number from 0 to 100, or one of the words at the top");
	} else if (half) {
		rule.value_formula = figure_rule(w, "{at}>=0", words);
		message = _("a number from 0 on, or one of the words at the top");
	} else {
		rule.value_formula = figure_rule(w, "AND({at}>=0,{at}=INT({at}))", words);
		message = _("a whole number from 0 on, or one of the words at the top");
	}
	rule.error_message = pool_strdup(&app->pool, message);
	check(w, worksheet_data_validation_cell(w->sheet, w->row, AT_VALUE, &rule));
}

static void day_rule(struct writing *w)
{
	lxw_data_validation rule = {
		.validate = LXW_VALIDATION_TYPE_DATE,
		.criteria = LXW_VALIDATION_CRITERIA_GREATER_THAN_OR_EQUAL_TO,
		.value_datetime = { .year = 2000, .month = 1, .day = 1 },
		.error_title = (char *)(uintptr_t) "INAP",
		.error_message =
			pool_strdup(&w->template->app->pool, _("a date, such as 2024-11-30")),
	};

	check(w, worksheet_data_validation_cell(w->sheet, w->row, AT_DAY, &rule));
}

/* ---- what stands in it */

/* How to fill it in; where some entries are locked, that grey ones are. */
static const char *how_text(const struct writing *w)
{
	struct pool *pool = &w->template->app->pool;
	const char *words = "", *how;

	for (size_t i = 0; i < WORDS_ALL; i++)
		words = pool_printf(pool, "%s%s%s", words, i ? " · " : "", blank_word(i));
	how = sentence(pool,
		       _("Fill in the open cells of the column '{value}'. What cannot be given "
			 "as a figure is answered by a word: {words}. What is not yet available "
			 "needs the date on which it will be."),
		       "value", header_name(ROLE_VALUE), "words", words, NULL);
	if (!asked_half_locked(w->template->show))
		return how;
	return pool_printf(pool, "%s %s", how, _("Grey cells are locked: they stay as they are."));
}

static void top_write(struct writing *w)
{
	const struct template *template = w->template;
	struct pool *pool = &template->app->pool;
	const char *warning = _("  Do not enter classified information, names or addresses.");

	w->row = ROW_TITLE;
	row_height(w, 2);
	text_put(w, 0,
		 sentence(pool, _("{name}: report {report}, revision {revision}, due {due}"),
			  "name", name_text(template->show->name), "report", template->report,
			  "revision", template->meta.revision, "due",
			  clock_moment(template->app, template->show->due_at), NULL),
		 LOOK_TITLE);
	w->row = ROW_WARNING;
	text_put(w, 0, warning + strspn(warning, " "), LOOK_WARNING);
	w->row = ROW_HOW;
	row_height(w, 2);
	check(w, worksheet_merge_range(w->sheet, ROW_HOW, 0, ROW_HOW, COLUMNS - 1, "",
				       w->looks[LOOK_HOW]));
	text_put(w, 0, how_text(w), LOOK_HOW);
}

static void header_write(struct writing *w)
{
	static const enum role roles[COLUMNS] = { ROLE_CELL, ROLE_WHAT,       ROLE_UNIT,
						  ROLE_KIND, ROLE_PREVIOUS,   ROLE_VALUE,
						  ROLE_NOTE, ROLE_EXPECTED_ON };

	w->row = ROW_HEADER;
	for (lxw_col_t i = 0; i < COLUMNS; i++)
		text_put(w, i, header_name(roles[i]), LOOK_HEADER);
	w->row = ROW_FIRST;
}

static void heading_write(struct writing *w, const Inap__V1__AskedCell *asked)
{
	const char *help = template_help(w->template, asked);

	for (lxw_col_t i = 0; i < COLUMNS; i++)
		check(w, worksheet_write_blank(w->sheet, w->row, i, w->looks[LOOK_HEADING]));
	text_put(w, AT_WHAT, template_heading(w->template, asked), LOOK_HEADING);
	text_put(w, AT_KIND, asked->period, LOOK_HEADING);
	text_put(w, AT_PREVIOUS, asked->previous_period, LOOK_HEADING);
	row_height(w, lines_of(template_heading(w->template, asked), widths[AT_WHAT]));
	w->row++;
	if (help[0] == '\0')
		return;
	text_put(w, AT_WHAT, help, LOOK_HELP);
	row_height(w, lines_of(help, widths[AT_WHAT]));
	w->row++;
}

static void cell_height(struct writing *w, const struct template_cell *cell)
{
	const char *const texts[COLUMNS] = {
		[AT_CELL] = cell->code,
		[AT_WHAT] = cell->what,
		[AT_UNIT] = cell->unit,
		[AT_KIND] = cell->kind,
		[AT_VALUE] = template_entry(w->template->app, cell),
		[AT_NOTE] = cell->now ? cell->now->note : "",
	};
	size_t most = 1;

	for (int i = 0; i < COLUMNS; i++) {
		size_t lines = texts[i] ? lines_of(texts[i], widths[i]) : 1;

		most = lines > most ? lines : most;
	}
	row_height(w, most);
}

static void cell_write(struct writing *w, const Inap__V1__AskedCell *asked)
{
	struct app *app = w->template->app;
	bool figures = !asked->ratio && !unit_takes_words(asked->unit);
	enum look text = asked->locked ? LOOK_SHUT : LOOK_TEXT;
	struct template_cell cell;

	template_cell(w->template, asked, &cell);
	text_put(w, AT_CELL, cell.code, LOOK_FIXED);
	text_put(w, AT_WHAT, cell.what, LOOK_FIXED);
	text_put(w, AT_UNIT, cell.unit, LOOK_FIXED);
	text_put(w, AT_KIND, cell.kind, LOOK_FIXED);
	figure_put(w, AT_PREVIOUS, template_previous(app, asked), LOOK_FIXED);
	if (figures)
		figure_put(w, AT_VALUE, template_entry(app, &cell),
			   asked->locked ? LOOK_SHUT : LOOK_NUMBER);
	else
		text_put(w, AT_VALUE, template_entry(app, &cell), text);
	text_put(w, AT_NOTE, cell.now ? cell.now->note : "", text);
	day_put(w, cell.now ? cell.now->expected_on : "", asked->locked ? LOOK_SHUT_DAY : LOOK_DAY);
	if (!asked->locked) {
		value_rule(w, asked);
		day_rule(w);
	}
	cell_height(w, &cell);
	w->row++;
}

static void meta_write(struct writing *w)
{
	struct sheet_meta meta = w->template->meta;
	lxw_worksheet *sheet = w->sheet;

	w->sheet = w->meta;
	for (int key = 0; key < META_KEYS; key++) {
		w->row = (lxw_row_t)key;
		text_put(w, 0, meta_name((enum meta_key)key), LOOK_FIXED);
		text_put(w, 1, *meta_slot(&meta, (enum meta_key)key), LOOK_FIXED);
	}
	for (size_t i = 0; i < WORDS_ALL; i++) {
		w->row = (lxw_row_t)i;
		text_put(w, 3, blank_word(i), LOOK_FIXED);
		w->row = (lxw_row_t)i + 2;
		text_put(w, 4, blank_word(i), LOOK_FIXED);
	}
	w->row = 0;
	text_put(w, 4, word("yes"), LOOK_FIXED);
	w->row = 1;
	text_put(w, 4, word("no"), LOOK_FIXED);
	w->sheet = sheet;
}

/* A sheet's name may hold no / and 31 letters. */
static const char *sheet_name(const struct template *template)
{
	const char *report = template->report;
	const char *colon = strchr(report, ':');
	char *name = pool_printf(&template->app->pool, "%.31s", colon ? colon + 1 : report);

	for (char *at = name; *at; at++)
		if (strchr("/\\?*[]:'", *at))
			*at = ' ';
	return name;
}

static void sheets_write(struct writing *w)
{
	const Inap__V1__ReportShowReply *show = w->template->show;

	looks_make(w);
	sheet_shape(w);
	top_write(w);
	header_write(w);
	for (size_t i = 0; i < show->n_asked; i++) {
		const Inap__V1__AskedCell *asked = show->asked[i];

		if (i == 0 || strcmp(show->asked[i - 1]->indicator, asked->indicator) != 0)
			heading_write(w, asked);
		cell_write(w, asked);
	}
	meta_write(w);
}

bool template_book(const struct template *template, const char *path)
{
	struct writing w = { .template = template, .workbook = workbook_new(path) };
	lxw_error closed;

	if (w.workbook) {
		w.sheet = workbook_add_worksheet(w.workbook, sheet_name(template));
		w.meta = workbook_add_worksheet(w.workbook, "_meta");
	}
	if (!w.workbook || !w.sheet || !w.meta)
		return fail_with(template->app, ERROR_FILE_BAD, "file", path, "why",
				 lxw_strerror(LXW_ERROR_MEMORY_MALLOC_FAILED), NULL);
	sheets_write(&w);
	closed = workbook_close(w.workbook);
	check(&w, closed);
	return w.error == LXW_NO_ERROR || fail_with(template->app, ERROR_FILE_BAD, "file", path,
						    "why", lxw_strerror(w.error), NULL);
}
