/**
 * Writes that happen exactly once: the whole frame lies on disk under its key before it is sent,
 * and goes away on a definite answer. Found again by the next command for that report, it is sent
 * first, to the server that it was for.
 *
 * They lie in $XDG_STATE_HOME/inap/PROFILE/pending/, one file each, mode 0600: a few name=value
 * lines, an empty line, the frame.
 */
#ifndef INAP_CLIENT_PENDING_H
#define INAP_CLIENT_PENDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

#include "proto/method.h"

struct app;

/** What the person wants, as a number: the command with its own options and what it read. */
uint64_t intent_of(const struct app *app, const void *extra, size_t length);

/* A write that an earlier run left behind. */
struct pending {
	const char *path;
	const char *report; /* FED-MOI/2024Q3, or "" */
	const char *user;   /* who wanted it */
	const char *server; /* of which server, as it was configured: no other gets it */
	uint64_t intent;
	int64_t at;           /* seconds since 1970 */
	const uint8_t *bytes; /* the frame */
	size_t length;
};

/** Reads what is left behind for a report (or, report "", by a method); *count of them, oldest
 * first. */
struct pending *pending_list(struct app *app, const char *report, enum method_number method,
			     size_t *count);

/* One write. */
struct write {
	enum method_number method;
	const ProtobufCMessage *request;
	const char *report; /* "" where it is about none */
	uint64_t intent;
	bool dry_run; /* nothing can be lost: not kept on disk */
};

/** Sends a write exactly once. False: noted as a failure; OUTCOME_UNKNOWN leaves it on disk. */
bool write_call(struct app *app, const struct write *write, ProtobufCMessage **reply);

/**
 * Sends what was left behind for this server and says what became of it; what is for another one
 * stays, and that is said. *settled is the answer to the write of
 * this very intent, if that was among them: then there is nothing more to do. False: not settled,
 * noted as a failure.
 */
bool pending_settle(struct app *app, const char *report, enum method_number method, uint64_t intent,
		    ProtobufCMessage **settled);

/** A write as "the {what} of 12:03 was done" names it: by a word for the method, else for its verb.
 */
const char *pending_word(struct app *app, const struct method *method);

/** The number in a reply's field `revision`; 0 where it has none. */
uint64_t reply_revision(const ProtobufCMessage *reply);

#endif
