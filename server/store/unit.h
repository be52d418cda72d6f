/**
 * A unit: the prepared statements that one request sends together.
 *
 * They travel in one write and end with one Sync, so PostgreSQL runs them as one
 * transaction and answers in one round trip. If any fails, none took effect.
 *
 * Ownership  lives inside its request. sql_*() (made by sqlgen.awk) call unit_add(), which copies
 *            its arguments into the request's arena; results are borrowed and die with
 *            unit_reset().
 * Errors     unit_add() cannot fail: it marks the unit, pool_send() reports it.
 * Limits     UNIT_STATEMENTS_MAX statements; the deadline (ms) counts queueing too.
 * Threads    loop thread only.
 */
#ifndef INAP_STORE_UNIT_H
#define INAP_STORE_UNIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/method.h"
#include "server/base/arena.h"
#include "server/base/error.h"
#include "server/base/list.h"

enum { UNIT_STATEMENTS_MAX = 12, UNIT_PARAMETERS_MAX = 40 };

/** A bytea value; data may hold NULs. data NULL is SQL null. */
struct bytes {
	const uint8_t *data;
	size_t length;
};

/** One named statement of server/domain (.sql files), as sqlgen.awk writes it. */
struct statement {
	const char *name;
	const char *text;
	const char *lanes; /* comma-separated lanes that prepare it: "write,read" */
	unsigned parameters;
	const char *const *types_in; /* SQL type names of the parameters */
	unsigned columns;
	const char *const *names_out; /* names of the result columns */
	const char *const *types_out; /* SQL type names of the result columns */
};

/** One parameter, in text format (bytea: binary). value NULL is SQL null. */
struct parameter {
	const char *value;
	int length; /* bytes, binary only */
	bool binary;
};

struct unit_entry {
	const struct statement *statement;
	struct parameter *parameters; /* in the arena */
	void *result;                 /* store/: a PGresult; rows through unit_text() and friends */
};

/** How a unit ended. */
enum unit_outcome {
	UNIT_DONE,   /* committed (or read); every entry has its result */
	UNIT_FAILED, /* nothing took effect; unit.error says why */
	UNIT_UNKNOWN /* a write was sent and never answered, though sent again under its key */
};

struct unit {
	struct list_node node; /* in a lane's queue or a connection's pipeline */
	enum method_lane lane;
	bool write;          /* true: an answer that does not come is UNKNOWN, never FAILED */
	bool dry;            /* BEGIN, statements, ROLLBACK, Sync */
	bool once;           /* carries no key: never sent again, lost after sending is UNKNOWN */
	bool resent;         /* internal: sent again once, after 40001 or 40P01 */
	int64_t deadline_ms; /* loop time; queueing included */
	uint32_t route;      /* write lane: connection = route % connections, 0 = any (entity id) */
	const char *context_read;  /* int8[] literal for inap.read, "{}" for none */
	const char *context_write; /* int8[] literal for inap.write */
	struct arena *arena;
	unsigned count;
	struct unit_entry entries[UNIT_STATEMENTS_MAX];
	bool broken; /* an add did not fit: too many statements, arena at its cap */
	enum unit_outcome outcome;
	struct error error;
	char sqlstate[6];
	int64_t queued_us, sent_us, done_us; /* for the log */
	void (*done)(struct unit *unit);     /* called exactly once per unit_send */
	void *owner;                         /* the request */
};

void unit_init(struct unit *unit, struct arena *arena, enum method_lane lane);
/** Appends one statement; parameters is an arena array of statement->parameters items. Used by
 * generated code. */
void unit_add(struct unit *unit, const struct statement *statement, struct parameter *parameters);
/** Frees the results; the unit is empty again and keeps lane, contexts and deadline. */
void unit_reset(struct unit *unit);

/* Rows of the entry-th statement's result. A missing entry, row or column is our own bug (assert).
 */
size_t unit_rows(const struct unit *unit, unsigned entry);
bool unit_null(const struct unit *unit, unsigned entry, size_t row, unsigned column);
/** NULL for SQL null. */
const char *unit_text(const struct unit *unit, unsigned entry, size_t row, unsigned column);
int64_t unit_bigint(const struct unit *unit, unsigned entry, size_t row, unsigned column);
bool unit_boolean(const struct unit *unit, unsigned entry, size_t row, unsigned column);
/** A bytea, decoded into the arena; data NULL for SQL null. */
struct bytes unit_bytea(struct unit *unit, unsigned entry, size_t row, unsigned column);

#endif
