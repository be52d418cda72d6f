/**
 * A request: one frame in, at most two units of SQL, one frame out.
 *
 * A method is a step function over this struct: `switch (r->at)`, each case ends by sending a unit,
 * a worker job, a reply or a refusal. No coroutines, no callback chains.
 *
 * Ownership  made by dispatch from a free list; lives until its reply is packed, or, if the client
 * is gone, until its unit has drained. Everything it points to lies in its arena. Errors     a step
 * refuses with request_fail() and friends; the refusal is packed by dispatch. Limits     arena
 * REQUEST_ARENA_BYTES; two units and one worker job; the method's deadline. Threads    loop thread;
 * a job runs in a worker and touches only its own argument.
 */
#ifndef INAP_RPC_REQUEST_H
#define INAP_RPC_REQUEST_H

#include <protobuf-c/protobuf-c.h>

#include "proto/method.h"
#include "server/base/arena.h"
#include "server/base/error.h"
#include "server/base/list.h"
#include "server/store/unit.h"
#include "server/rpc/session.h"
#include "inap/v1/common.pb-c.h"

enum { REQUEST_ARENA_BYTES = 16 << 20, REQUEST_FIELDS_MAX = 4000 };

enum step {
	STEP_WAIT,  /* a unit or a job is on its way; the step is called again at r->at */
	STEP_BATCH, /* report.save: the unit waits to travel with others (one each for now) */
	STEP_DONE   /* replied or refused */
};

struct rpc;
struct peer;

struct request;

/** A step of a method. */
typedef enum step request_step(struct request *r);

struct request {
	struct list_node node;
	struct rpc *rpc;
	const struct method *method;
	request_step *step;
	struct peer *peer; /* NULL when the client is gone, or for the daemon's own requests */
	struct session *session; /* the peer's (an empty one before login); NULL when the client is
				  * gone: take user_id and the contexts from the request */
	int64_t user_id;         /* who asks; 0 before login */
	int64_t session_id;      /* 0 before login */
	uint32_t id;             /* echoed */
	uint16_t number;         /* of the method as sent, known or not; echoed */
	uint8_t key[16];         /* idempotency key of a write */
	uint8_t body_hash[32];   /* SHA-256 of the body as received, writes only */
	uint8_t trace[16];       /* for log and reply */
	int64_t began_us;        /* loop clock */
	int64_t deadline_ms;     /* loop clock */
	int at;                  /* the step to run next */
	unsigned units;          /* sent so far */
	const ProtobufCMessage *body;
	struct arena arena;
	struct unit unit;
	const struct reach *reach; /* gate (b): the entity that field 1 names; NULL without scope */
	const char *plan;          /* ReportRef.plan, "" for the current one */
	const char *round;         /* ReportRef.round */
	struct error error;        /* the refusal, code ERROR_NONE while there is none */
	Inap__V1__Error *refusal;  /* more of it: fields, revision, actions, changes; in the arena,
				      may be NULL */
	const ProtobufCMessage *reply;
	void *state;                 /* the step's own, in the arena */
	void (*job)(void *argument); /* worker job under way */
	void *job_argument;
	void (*finished)(
		struct request *r); /* the daemon's own requests: called before it is freed */
};

/** The unpacked body; cast to the method's request type. */
static inline const void *request_body(const struct request *r)
{
	return r->body;
}

/** Zeroed arena memory; NULL at the cap: end the step with request_full(). */
void *request_alloc(struct request *r, size_t bytes) __attribute__((warn_unused_result));
/** n items of `bytes` each. */
void *request_array(struct request *r, size_t n, size_t bytes) __attribute__((warn_unused_result));
/** Refuses TOO_LARGE, after the arena met its cap. */
enum step request_full(struct request *r);
/** Empties the unit for a second trip (results are gone: copy what is needed first). */
void request_unit_again(struct request *r);
/** Sends the unit that sql_*() calls filled; the step runs again at `next`. A unit that fails or
 * whose outcome is unknown refuses the request by itself; the step never sees it. */
enum step request_send(struct request *r, int next);
/** Runs fn(argument) in a worker (hashing only); the step runs again at `next`. BUSY at the cap. */
enum step request_work(struct request *r, void (*fn)(void *argument), void *argument, int next);
/** Ends the request with this reply (in the arena). */
enum step request_reply(struct request *r, const ProtobufCMessage *reply);
/** Refuses with (name, value) pairs ended by NULL. */
enum step request_fail(struct request *r, enum error_code code, ...) __attribute__((sentinel));
/** Refuses with r->error as it stands (after a failed unit, or a check that set it). */
enum step request_refuse(struct request *r);
/** The refusal's further parts, made on first use. */
Inap__V1__Error *request_refusal(struct request *r);
/** A step that fell out of its switch: logged as INTERNAL. */
enum step request_bug(struct request *r);

/* What the layers around call. */

/** A worker job ended: the step goes on (daemon.c). */
void request_job_done(struct request *r);
/** Runs the step until it waits or ends; ended, it is answered and freed (dispatch). */
void request_run(struct request *r);
/** The body of an error frame for r->error and r->refusal, in the arena; NULL at the cap. */
Inap__V1__Error *request_error_body(struct request *r);

#endif
