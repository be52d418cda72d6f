/**
 * A daemon without sockets and without a database: a struct rpc with every step wired, clients that
 * are two buffers, units that wait for the test to answer them (fake_store.h).
 *
 *     struct connection *c = fake_user(ROLE_BIT_APPROVER);
 *     fake_request(c, METHOD_REPORT_WITHDRAW, 1, &body.base);
 *     fake_rows(fake_unit, 0, "entity_id=7");
 *     fake_answer();
 *     const Inap__V1__ReportMoveReply *reply = fake_reply(c, METHOD_REPORT_WITHDRAW, 1);
 *
 * connection.h is implemented here, with the promises of net: what is held waits, what is released
 * goes on at the next fake_turn(), `closed` is called last and once.
 *
 * Ownership  everything is given back by fake_teardown(), which asserts that no request is left.
 */
#ifndef INAP_TESTS_FAKE_RPC_H
#define INAP_TESTS_FAKE_RPC_H

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "proto/frame.h"
#include "server/rpc/rpc.h"
#include "tests/unit/fake_store.h"
#include "inap/v1/common.pb-c.h"

enum { FAKE_ENTITY = 7, FAKE_USER = 41, FAKE_SESSION = 5 };

struct connection {
	struct connection *next; /* older one */
	struct peer *peer;       /* NULL once closed */
	struct buffer in, out;
	size_t read; /* of out, by fake_next() */
	unsigned held;
	unsigned in_flight;
	unsigned closed; /* how often `closed` was called */
	bool logged_in;
	bool finishing;
	bool closing;
	const char *why;
	const char *ending;
};

struct fake {
	struct rpc rpc;
	struct connection *connections;
	struct request *job; /* that waits in the worker */
	bool job_busy;       /* the worker is at its cap */
};

extern struct fake fake;

int fake_setup(void **state);
int fake_teardown(void **state);

/** A new connection; its hello waits to be read. */
struct connection *fake_connect(void);
/** A connection of ada, with these roles for FED-MOI; its hello is read. */
struct connection *fake_user(unsigned roles);
/** Another entity within reach; in ascending order of codes. */
void fake_reach(struct connection *c, int64_t entity_id, const char *entity, unsigned roles);
/** The client goes away. */
void fake_gone(struct connection *c);
/** The next turn of the loop: frames that wait are delivered, what is closing closes. */
void fake_turn(struct connection *c);

/** Bytes of a frame, delivered at the next turn. */
void fake_put(struct connection *c, struct frame frame, const void *body);
/** A request; writes carry a key made of the id. Delivered at once unless the connection is held.
 */
void fake_request(struct connection *c, enum method_number method, uint32_t id,
		  const ProtobufCMessage *body);
/** Asserts that these statements wait for an answer, as the first unit of their request. */
void fake_waits(const char *statements);
/** Ends fake_unit; the next that was sent meanwhile takes its place. */
void fake_answer(void);
/** The same, failed or unknown. */
void fake_lost(enum unit_outcome outcome, enum error_code code);

/** The next frame of the client's input; false: there is none. */
bool fake_next(struct connection *c, struct frame *frame);
/** The body of the next frame, which must be this reply. */
const void *fake_reply(struct connection *c, enum method_number method, uint32_t id);
/** The body of the next frame, which must be an error with this code. */
const Inap__V1__Error *fake_refused(struct connection *c, uint32_t id, enum error_code code);
void fake_silence(struct connection *c);
/** A packed message, from memory that lives until the end of the test. */
const void *fake_unpack(const ProtobufCMessageDescriptor *type, const uint8_t *bytes, size_t n);
/** The value of a named place, "" where there is none. */
const char *fake_argument(Inap__V1__Argument *const *arguments, size_t count, const char *name);
#define assert_argument(from, name, value)                                                         \
	do {                                                                                       \
		__typeof__(from) from_ = (from);                                                   \
		assert_string_equal(fake_argument(from_->arguments, from_->n_arguments, name),     \
				    value);                                                        \
	} while (0)
/** The words of actions, by spaces. */
const char *fake_actions(const Inap__V1__Action *actions, size_t count);
#define assert_actions(from, words)                                                                \
	do {                                                                                       \
		__typeof__(from) from_ = (from);                                                   \
		assert_string_equal(fake_actions(from_->actions, from_->n_actions), words);        \
	} while (0)
/** The next request has this many bytes of arena. */
void fake_arena(size_t bytes_max);

/* Columns of a problem's row that only rules fill. */
#define NO_SIDES                                                                                   \
	",name_en=NULL,name_ar=NULL,name_ckb=NULL,op=NULL,left_term=NULL,right_term=NULL,"         \
	"left_value=NULL,right_value=NULL"

#endif
