/* A connection that was lost on the way of a file. */
#include "client/link_lost.h"

#include <time.h>

#include "client/app.h"
#include "client/i18n.h"

enum { TRIES_MAX = 4 };

void link_lost_note(struct app *app, const struct link_lost *lost, uint64_t have)
{
	app_note(app, sentence(&app->pool, _("going on at {have} of {bytes} bytes"), "have",
			       number_text(&app->pool, have), "bytes",
			       number_text(&app->pool, lost->bytes), NULL));
}

/* Only what may be otherwise in a moment is tried again. */
static bool passes(const struct app *app)
{
	switch (app->failure.code) {
	case ERROR_NOT_REACHED:
	case ERROR_OUTCOME_UNKNOWN:
	case ERROR_BUSY:
	case ERROR_UNAVAILABLE:
	case ERROR_DEADLINE:
	case ERROR_SHUTTING_DOWN:
		return true;
	default:
		return false;
	}
}

bool link_lost_again(struct app *app, struct link_lost *lost, uint64_t have)
{
	struct timespec pause = { 0 };

	if (!passes(app))
		return false;
	lost->tries = have > lost->have ? 1 : lost->tries + 1;
	lost->have = have;
	if (lost->tries > TRIES_MAX) {
		fail_next(app, N_("To go on where it stopped:"), lost->command);
		return false;
	}
	app_note(app, failure_sentence(app));
	failure_clear(&app->failure);
	/* 0.1, 1, 2 and 4 s */
	pause.tv_sec = lost->tries > 1 ? 1 << (lost->tries - 2) : 0;
	pause.tv_nsec = lost->tries > 1 ? 0 : 100000000;
	nanosleep(&pause, NULL);
	link_lost_note(app, lost, have);
	return true;
}
