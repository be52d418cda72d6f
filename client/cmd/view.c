/* inap view: the national picture as a page, or its figures for other programs. */
#include <string.h>
#include <unistd.h>

#include "client/app.h"
#include "client/i18n.h"
#include "client/picture/export.h"
#include "client/picture/picture.h"

/* A terminal is no place for a file, and JSON has its own command. */
static bool place_needed(struct app *app)
{
	if (out_is_json(app))
		return fail_with(app, ERROR_USAGE, "why",
				 _("for JSON take inap national summary --json"), NULL);
	if (app->options.given[OPT_OUT] || !isatty(STDOUT_FILENO))
		return true;
	return fail_with(app, ERROR_USAGE, "why", _("say where to: --out FILE"), NULL);
}

static bool view(struct app *app, bool (*write)(const struct picture *picture, FILE *stream),
		 bool tables)
{
	struct picture picture = { .app = app };

	return place_needed(app) && picture_read(&picture, tables) &&
	       write(&picture, app->out.stream);
}

bool cmd_view_html(struct app *app)
{
	return view(app, picture_html, false);
}

bool cmd_view_csv(struct app *app)
{
	return view(app, picture_csv, true);
}

bool cmd_view_xlsx(struct app *app)
{
	return view(app, picture_book, true);
}

bool cmd_view_sdmx(struct app *app)
{
	return view(app, picture_sdmx, true);
}

bool cmd_view_adx(struct app *app)
{
	return view(app, picture_adx, true);
}
