/* One run of inap: what commands share. */
#include "client/app.h"

#include <stdio.h>

void app_note(const struct app *app, const char *message)
{
	if (!app->options.given[OPT_QUIET])
		fprintf(stderr, "%s\n", message);
}
