/* inap view: the national picture as a page, or its figures for other programs; of now, or of an
 * edition. */
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "client/app.h"
#include "client/cmd/edition.h"
#include "client/i18n.h"
#include "client/picture/export.h"
#include "client/picture/picture.h"

enum { OPENER_TRIES = 20, OPENER_PAUSE_MS = 100 };

/* A terminal is no place for a file, and JSON has its own command. */
static bool place_needed(struct app *app)
{
	bool edition = app->options.given[OPT_EDITION];

	if (out_is_json(app))
		return fail_with(app, ERROR_USAGE, "why",
				 edition ? _("for JSON take inap edition show --json")
					 : _("for JSON take inap national summary --json"),
				 NULL);
	if (edition && app->options.given[OPT_ROUND])
		return fail_with(app, ERROR_USAGE, "why",
				 _("--edition names its round: take --round away"), NULL);
	if (!edition && app->options.given[OPT_PUBLIC])
		return fail_with(app, ERROR_USAGE, "why",
				 _("--public wants an --edition: nothing else is public"), NULL);
	if (app->options.given[OPT_OUT] ||
	    (!app->options.given[OPT_OPEN] && !isatty(STDOUT_FILENO)))
		return true;
	return fail_with(app, ERROR_USAGE, "why", _("say where to: --out FILE"), NULL);
}

static bool edition_gather(struct app *app, struct picture *picture)
{
	const Inap__V1__Edition *edition = NULL;
	const struct edition_text *text;

	text = edition_fetch(app, option_text(app, OPT_EDITION), &edition);
	if (text)
		picture_of_edition(picture, edition, text);
	return text != NULL;
}

static bool view(struct app *app, bool (*write)(const struct picture *picture, FILE *stream),
		 bool tables)
{
	struct picture picture = { .app = app };

	return place_needed(app) &&
	       (app->options.given[OPT_EDITION] ? edition_gather(app, &picture)
						: picture_read(&picture, tables)) &&
	       write(&picture, app->out.stream);
}

/* ---- --open */

/* Openers end at once or become the browser: what has not failed soon has not failed. */
static bool opener_good(pid_t pid)
{
	const struct timespec pause = { .tv_nsec = OPENER_PAUSE_MS * 1000000L };
	int status = 0;

	for (int i = 0; i < OPENER_TRIES; i++) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return WIFEXITED(status) && WEXITSTATUS(status) == 0;
		nanosleep(&pause, NULL);
	}
	return true;
}

/* No shell, no output of its own, and it lives on when this program ends. */
static bool opener_run(const char *file)
{
	char *const words[] = { (char *)"xdg-open", (char *)file, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	pid_t pid = 0;
	bool good;

	if (posix_spawn_file_actions_init(&actions) != 0)
		return false;
	if (posix_spawnattr_init(&attributes) != 0) {
		posix_spawn_file_actions_destroy(&actions);
		return false;
	}
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_RDWR, 0);
	good = posix_spawnp(&pid, words[0], &actions, &attributes, words, environ) == 0;
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return good && opener_good(pid);
}

/* The page is there, whether or not it is opened. */
static bool page_open(struct app *app)
{
	const char *file = option_text(app, OPT_OUT);

	if (!app->options.given[OPT_OPEN])
		return true;
	if (!out_end(app))
		return false;
	if (file[0] == '-') /* no option of the opener */
		file = pool_printf(&app->pool, "./%s", file);
	if (!opener_run(file))
		app_note(app, sentence(&app->pool,
				       _("nothing here opens {file} (xdg-open): open it in a "
					 "browser"),
				       "file", file, NULL));
	return true;
}

bool cmd_view_html(struct app *app)
{
	if (app->options.given[OPT_OPEN] && strcmp(option_text(app, OPT_OUT), "-") == 0)
		return fail_with(app, ERROR_USAGE, "why", _("say where to: --out FILE"), NULL);
	return view(app, picture_html, false) && page_open(app);
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
