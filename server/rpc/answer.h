/**
 * Answers: replies, their parts and errors, packed straight into the connection's out buffer.
 *
 * Errors     an out buffer at its cap closes the connection.
 * Threads    loop thread only.
 */
#ifndef INAP_RPC_ANSWER_H
#define INAP_RPC_ANSWER_H

#include "server/rpc/rpc.h"
#include "inap/v1/session.pb-c.h"

/** The frame or frames of an ended request. */
void answer_request(struct request *r);
/** The first frame of a connection: kind 8, id 0. */
void answer_hello(struct peer *peer);
/** What the daemon says of itself; fields point into rpc and time (CLOCK_ISO_BYTES). */
void answer_hello_fill(const struct rpc *rpc, Inap__V1__HelloReply *hello, char *time);
/** The step of method hello. */
enum step hello(struct request *r);

#endif
