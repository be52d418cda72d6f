/**
 * The rpc core of a daemon: what requests of all connections share.
 *
 * Ownership  of the daemon; rpc_init() before the listener, rpc_fini() after the last connection
 * closed. Errors     none but at start. Limits     RPC_FREE_REQUESTS kept for reuse; in flight per
 * user and per connection by configuration. Threads    loop thread only.
 */
#ifndef INAP_RPC_RPC_H
#define INAP_RPC_RPC_H

#include "server/base/list.h"
#include "server/net/connection.h"
#include "server/rpc/request.h"
#include "server/rpc/session.h"

struct pool;

enum {
	RPC_METHODS_MAX = 256,
	RPC_FREE_REQUESTS = 32,
	RPC_PART_BYTES = 256 * 1024,
	RPC_CHANGES_SEEN = 512
};

struct rpc_settings {
	const char *build;        /* version of the daemon */
	const char *schema;       /* the migration it knows */
	unsigned idle_minutes;    /* a session unused this long is over */
	unsigned absolute_hours;  /* and this long after the login in any case */
	unsigned password_passes; /* argon2id */
	unsigned password_memory_mib;
	unsigned in_flight_per_user;
};

struct rpc {
	struct rpc_settings settings;
	request_step *steps[RPC_METHODS_MAX]; /* by method number; from wiring.c */
	request_step *refresh;                /* reloads r->session's grants; from wiring.c */
	struct pool *pool;
	bool (*send)(struct pool *pool, struct unit *unit); /* pool_send(), or a test's */
	bool (*work)(void *data, struct request *r);        /* false: at the cap */
	void *work_data;
	struct list_node peers;
	struct list_node free_requests;
	unsigned free_count;
	unsigned in_flight;                     /* requests not yet answered */
	bool draining;                          /* refuses new requests; set by daemon.c */
	bool writes_refused;                    /* session_change could not be read for 5 s */
	int64_t changes_seen[RPC_CHANGES_SEEN]; /* ring of session_change ids acted upon */
	unsigned changes_next;
	int64_t changes_read_ms; /* monotonic, when session_change was last read; 0: never */
};

/** One connection as rpc sees it. */
struct peer {
	struct list_node node; /* in rpc.peers */
	struct rpc *rpc;
	struct connection *connection;
	struct session session;
	struct list_node requests; /* in flight */
	unsigned in_flight;
	bool authenticating; /* a resume, login or enrol is under way: frames are held */
	bool refused;        /* a resume was: what waits behind it is refused, then it closes */
};

void rpc_init(struct rpc *rpc, const struct rpc_settings *settings);
void rpc_fini(struct rpc *rpc);
/** Hands the rpc to each connection's handler calls; set once before the listener starts. */
extern const struct connection_handler rpc_handler;
void rpc_handler_set(struct rpc *rpc);

/** A request of the daemon's own (no peer); finished() runs when it ended. NULL without memory. */
struct request *rpc_own_request(struct rpc *rpc, enum method_number method, request_step *step,
				void (*finished)(struct request *r));
/** A row of session_change: ends or reloads the live sessions it touches, once per change. */
void rpc_session_changed(struct rpc *rpc, int64_t change_id, int64_t user_id, int64_t session_id);

/* Between the files of rpc/. */

/** A fresh or reused request with an empty arena; NULL without memory. */
struct request *rpc_request_take(struct rpc *rpc);
void rpc_request_give(struct request *r);
/** Answers an ended request and gives it back. */
void rpc_request_end(struct request *r);

#endif
