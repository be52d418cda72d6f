/* One run of inap: what every command gets. */
#ifndef INAP_CLIENT_APP_H
#define INAP_CLIENT_APP_H

#include <stdbool.h>

#include "client/command.h"
#include "client/config.h"
#include "client/failure.h"
#include "client/options.h"
#include "client/out/out.h"
#include "client/pool.h"
#include "client/state.h"

struct exchange;

/**
 * The run. Zeroed at the start of main().
 *
 * Ownership  everything it points to lives in its pool, but the connection and the output.
 */
struct app {
	struct pool pool;
	struct options options;
	struct config config;
	struct login login; /* the stored login of this profile */
	struct failure failure;
	struct out out;
	struct exchange *exchange; /* NULL until the first call */
	const struct command *command;
	char **words; /* the command's arguments */
	int words_count;
	int status; /* exit status of a run without a failure: 0, 3 or 9 */
};

/** Says a message (translated, without the name of the program) on stderr, unless -q. */
void app_note(const struct app *app, const char *message);

#endif
