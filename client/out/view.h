/**
 * A table of cells, shown as table, card, plain text or CSV.
 *
 * Every cell has two texts: what a person reads (translated, in Baghdad's time) and what a script
 * reads (English keys, ISO 8601 UTC). Cells are added one after another; a row is full when its
 * columns are. At most one column holds right-to-left text, and it is the last: nothing else keeps
 * its columns on every terminal.
 */
#ifndef INAP_CLIENT_OUT_VIEW_H
#define INAP_CLIENT_OUT_VIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "inap/v1/common.pb-c.h"

struct app;

enum column_kind {
	COLUMN_CODE,   /* codes, user names, words */
	COLUMN_NUMBER, /* figures, to the right */
	COLUMN_TEXT    /* words of people; the last column */
};

struct column {
	const char *key;     /* heading in CSV */
	const char *heading; /* heading for people, translated */
	enum column_kind kind;
};

struct view_cell {
	const char *human;
	const char *machine;
};

struct view {
	struct app *app;
	const struct column *columns;
	size_t columns_count;
	struct view_cell *cells;
	size_t cells_count, cells_room;
};

/** A view with these columns (borrowed). */
struct view *view_new(struct app *app, const struct column *columns, size_t count);
/** A cell whose two texts differ. */
void view_both(struct view *view, const char *human, const char *machine);
/** A code, a name of a user or file: the same in every language. */
void view_code(struct view *view, const char *code);
/** A key of the protocol, in the person's language. */
void view_word(struct view *view, const char *key);
void view_number(struct view *view, unsigned long long number);
/** A figure as text. */
void view_figure(struct view *view, const char *text);
/** A moment, ISO 8601 UTC. */
void view_time(struct view *view, const char *iso);
/** The day of a moment. */
void view_day(struct view *view, const char *iso);
/** The day of a due date; people are told if it was moved. */
void view_due(struct view *view, const char *iso, bool extended);
/** People's words. */
void view_text(struct view *view, const char *text);
void view_name(struct view *view, const Inap__V1__Name *name);
void view_yes(struct view *view, bool yes);
/** How many rows are full. */
size_t view_rows(const struct view *view);
/** The cell's text for people, filtered, with its digits shaped. */
const char *view_human(const struct view *view, size_t row, size_t column);

#endif
