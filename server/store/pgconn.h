/**
 * One connection to PostgreSQL, which makes and repairs itself, and its pipeline of units.
 *
 *     new -> resolving -> connecting -> preparing -> ready
 *              ^               |            |          |       any -> closing
 *              +--- waiting <--+------------+----------+
 *
 * Ownership  of the pool; freed by it after config.closed(). Units in the pipeline belong to their
 *            requests.
 * Errors     a lost connection is repaired: its units go back through config.again();
 *            config.refused() where the schema or a statement is not what this build knows.
 * Limits     config.depth units in the pipeline; 5 s per attempt to connect.
 * Threads    loop thread; names are looked up in a worker.
 */
#ifndef INAP_STORE_PGCONN_H
#define INAP_STORE_PGCONN_H

#include <stdbool.h>
#include <stdint.h>

#include <libpq-fe.h>
#include <uv.h>

#include "server/base/error.h"
#include "server/base/machine.h"
#include "server/store/conninfo.h"
#include "server/store/unit.h"

enum pgconn_state {
	PGCONN_NEW,
	PGCONN_RESOLVING,
	PGCONN_CONNECTING,
	PGCONN_PREPARING,
	PGCONN_READY,
	PGCONN_WAITING,
	PGCONN_CLOSING
};

enum { PGCONN_DEPTH_MAX = 64, PGCONN_CONNECT_MS_MAX = 5000, PGCONN_WAIT_MS_MAX = 5000 };

struct pgconn;

struct pgconn_config {
	uv_loop_t *loop;
	const char *conninfo;
	const char *lane;
	unsigned number; /* within its lane, for the log */
	const struct statement *const *statements;
	const char *schema_version; /* NULL: not checked */
	unsigned depth;
	unsigned statement_timeout_ms;
	void (*ready)(struct pgconn *c);
	void (*refused)(struct pgconn *c, const struct error *error);
	void (*finished)(struct pgconn *c, struct unit *unit); /* outcome is set */
	void (*again)(struct pgconn *c, struct unit *unit);    /* to the head of its queue */
	void (*closed)(struct pgconn *c);
	void *data;
};

enum slot_kind { SLOT_UNIT, SLOT_SETUP, SLOT_ROLLBACK };

/** What was sent up to one Sync, and how far its results have come. */
struct pgconn_slot {
	enum slot_kind kind;
	struct unit *unit; /* NULL: given up at its deadline, results go nowhere */
	unsigned step;     /* results seen */
	unsigned first;    /* results before the first entry's */
	bool dry;
	bool failed;
	bool again; /* failed in a way that is worth one more try */
};

struct pgconn {
	struct pgconn_config config;
	struct machine machine;
	struct conninfo conninfo;
	PGconn *pg;
	uv_poll_t *poll; /* on the heap: libuv frees it later than libpq its descriptor */
	int events;      /* that it polls for now */
	uv_timer_t timer;
	unsigned handles; /* libuv's, not yet closed */
	unsigned attempts;
	struct pgconn_slot *slots; /* a ring of config.depth */
	unsigned head, count;
	bool barrier; /* a dry run or its repair is on its way: nothing may follow it */
	bool doubt;   /* a notice said that the standby did not confirm */
	bool dirty;   /* something is to be flushed */
	struct error setup_error;
	uint64_t units, syncs, reconnects;
};

struct pgconn *pgconn_new(const struct pgconn_config *config, struct error *error)
	__attribute__((warn_unused_result));
void pgconn_free(struct pgconn *c);
void pgconn_start(struct pgconn *c);
bool pgconn_ready(const struct pgconn *c);
/** True if a unit may be sent now. */
bool pgconn_room(const struct pgconn *c);
/** Into the pipeline; only with room. */
void pgconn_send(struct pgconn *c, struct unit *unit);
/** Writes what was sent since; once per loop turn. */
void pgconn_flush(struct pgconn *c);
/** Ends what is past its deadline. */
void pgconn_expire(struct pgconn *c, int64_t now_ms);
/** Drops the connection and comes again; its units too. */
void pgconn_lose(struct pgconn *c, const char *why);
/** Ends every unit; config.closed() after the last handle. */
void pgconn_close(struct pgconn *c);

/* Between pgconn.c and pipeline.c. */
void pgconn_prepared(struct pgconn *c);
void pipeline_setup(struct pgconn *c);
/** Reads results until libpq has no more. */
void pipeline_read(struct pgconn *c);
/** Empties the pipeline into list (by unit.node, in order), results dropped. */
void pipeline_take(struct pgconn *c, struct list_node *list);

/** True if nobody knows whether the unit took effect: it was sent, and its doing matters. */
bool unit_doubtful(const struct unit *unit);
/** Outcome and error of a unit whose deadline passed; reachable: the database was there all the
 * time. */
void unit_expired(struct unit *unit, bool reachable);
/** Outcome and error of a unit that will not be sent again because the pool closes. */
void unit_abandoned(struct unit *unit);

#endif
