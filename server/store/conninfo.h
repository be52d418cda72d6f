/**
 * A libpq connection string, with its host names looked up where that does not block.
 *
 * libpq itself looks names up in PQconnectStart, on the caller's thread; so every name becomes its
 * addresses (hostaddr) first, in a worker. Socket directories and numeric addresses need no
 * look-up.
 *
 * Ownership  of its database connection; conninfo_fini() only while no look-up is under way.
 * Errors     init: a string that libpq refuses, a socket path over 107 bytes. resolve: in the
 *            callback.
 * Limits     CONNINFO_TARGETS_MAX addresses over all hosts; further ones are left out.
 * Threads    loop thread; the look-up itself in a worker.
 */
#ifndef INAP_STORE_CONNINFO_H
#define INAP_STORE_CONNINFO_H

#include <stdbool.h>

#include <libpq-fe.h>
#include <uv.h>

#include "server/base/error.h"

enum { CONNINFO_TARGETS_MAX = 16, CONNINFO_HOST_BYTES = 256 };

/** One place to connect to; address is empty for socket directories. */
struct conninfo_target {
	char host[CONNINFO_HOST_BYTES];
	char address[64];
	char port[8];
};

struct conninfo {
	PQconninfoOption *options;
	struct conninfo_target given[CONNINFO_TARGETS_MAX]; /* as the string names them */
	unsigned given_count;
	struct conninfo_target targets[CONNINFO_TARGETS_MAX]; /* looked up */
	unsigned target_count;
	unsigned at; /* the given host being looked up */
	bool resolving;
	uv_loop_t *loop;
	uv_getaddrinfo_t lookup;
	char why[200]; /* why the last name gave nothing */
	void (*done)(struct conninfo *conninfo, const char *why);
};

bool conninfo_init(struct conninfo *conninfo, const char *text, struct error *error)
	__attribute__((warn_unused_result));
void conninfo_fini(struct conninfo *conninfo);
/** Calls done (perhaps at once), with why NULL where there is an address to try. */
void conninfo_resolve(struct conninfo *conninfo, uv_loop_t *loop,
		      void (*done)(struct conninfo *conninfo, const char *why));
/** Asks a look-up under way to end; done is called all the same. */
void conninfo_cancel(struct conninfo *conninfo);
/** PQconnectStart over the targets; settings is a string of "-c name=value". NULL without memory.
 */
PGconn *conninfo_start(const struct conninfo *conninfo, const char *settings)
	__attribute__((warn_unused_result));

#endif
