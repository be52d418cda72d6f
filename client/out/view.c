/* A table of cells: filling it. */
#include "client/out/view.h"

#include <stdlib.h>
#include <string.h>

#include "client/app.h"
#include "client/i18n.h"
#include "client/out/clock.h"
#include "client/words.h"
#include "proto/text.h"

struct view *view_new(struct app *app, const struct column *columns, size_t count)
{
	struct view *view = pool_alloc(&app->pool, sizeof *view);

	*view = (struct view){ .app = app, .columns = columns, .columns_count = count };
	return view;
}

void view_both(struct view *view, const char *human, const char *machine)
{
	if (view->cells_count == view->cells_room) {
		size_t room = view->cells_room ? view->cells_room * 2 : 64;
		struct view_cell *cells = pool_alloc(&view->app->pool, room * sizeof *cells);

		if (view->cells_count > 0)
			memcpy(cells, view->cells, view->cells_count * sizeof *cells);
		view->cells = cells;
		view->cells_room = room;
	}
	view->cells[view->cells_count++] =
		(struct view_cell){ human ? human : "", machine ? machine : "" };
}

void view_code(struct view *view, const char *code)
{
	view_both(view, code, code);
}

void view_word(struct view *view, const char *key)
{
	view_both(view, key && key[0] ? word(key) : "", key);
}

void view_figure(struct view *view, const char *text)
{
	view_both(view, digits_shape(&view->app->pool, text ? text : ""), text);
}

void view_number(struct view *view, unsigned long long number)
{
	view_figure(view, number_text(&view->app->pool, number));
}

void view_time(struct view *view, const char *iso)
{
	view_both(view, clock_moment(view->app, iso), iso);
}

void view_day(struct view *view, const char *iso)
{
	view_both(view, clock_day(view->app, iso), iso);
}

void view_due(struct view *view, const char *iso, bool extended)
{
	const char *day = clock_day(view->app, iso);

	view_both(view,
		  extended ? pool_printf(&view->app->pool, "%s %s", day, word("extended")) : day,
		  iso);
}

void view_text(struct view *view, const char *text)
{
	view_both(view, text, text);
}

void view_name(struct view *view, const Inap__V1__Name *name)
{
	const char *text = name_text(name);

	view_both(view, text, text);
}

void view_yes(struct view *view, bool yes)
{
	view_word(view, yes ? "yes" : "no");
}

size_t view_rows(const struct view *view)
{
	return view->columns_count ? view->cells_count / view->columns_count : 0;
}

const char *view_human(const struct view *view, size_t row, size_t column)
{
	char *safe = text_printable(view->cells[row * view->columns_count + column].human, false);
	char *copy = pool_strdup(&view->app->pool, safe);

	free(safe);
	return copy;
}
