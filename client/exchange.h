/**
 * Frames over one connection: hello, resume and the request in one flight; parts joined; errors
 * noted.
 *
 * Ownership  replies live in the app's pool.
 * Errors     noted in the app.
 * Limits     REPLY_BYTES_MAX of a whole reply.
 */
#ifndef INAP_CLIENT_EXCHANGE_H
#define INAP_CLIENT_EXCHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

#include "inap/v1/session.pb-c.h"
#include "proto/frame.h"
#include "proto/method.h"

struct app;

enum { REPLY_BYTES_MAX = 32 << 20 };

/* What became of a request. */
enum outcome {
	OUTCOME_REPLY,   /* it was answered */
	OUTCOME_REFUSED, /* the server refused it for good: nothing was done */
	OUTCOME_NOT_NOW, /* the server refused it for now, unlooked at: nothing was done by this try
			  */
	OUTCOME_UNSENT,  /* it never left */
	OUTCOME_UNKNOWN  /* it left, and no answer came */
};

/** Connects and hears the server's hello, if that has not happened yet. */
bool exchange_ready(struct app *app);
/** A request that changes nothing, or only the caller's session. False: noted as a failure. */
bool exchange_call(struct app *app, enum method_number method, const ProtobufCMessage *request,
		   ProtobufCMessage **reply);
/** A packed request under a key. All but OUTCOME_REPLY is noted as a failure. */
enum outcome exchange_send(struct app *app, const struct frame *request, ProtobufCMessage **reply);
/** What the server said of itself, after exchange_ready(). */
const Inap__V1__HelloReply *exchange_hello(const struct app *app);
/** The fingerprint of the authority that vouched for the server; "" where none did or nobody was
 * asked yet. */
const char *exchange_authority(const struct app *app);
void exchange_close(struct app *app);

#endif
