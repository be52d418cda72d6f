/**
 * The daemon: builds every part on one loop, serves, drains and stops.
 *
 * Ownership  of main(); everything lives until daemon_run() returns.
 * Errors     a sentence at start; later the log.
 * Threads    loop thread; password hashing in libuv's workers.
 */
#ifndef INAP_DAEMON_H
#define INAP_DAEMON_H

#include <stdbool.h>

#include "server/base/config.h"

/** Serves until SIGTERM or SIGINT; false if it could not start. */
bool daemon_run(const struct config *config, struct error *error)
	__attribute__((warn_unused_result));
/** Makes the first admin's user and prints the one-time code; false if there are users already. */
bool daemon_first_admin(const struct config *config, struct error *error)
	__attribute__((warn_unused_result));

#endif
