/**
 * A person's connection: asks with messages, answers with messages.
 *
 * Ownership  talk_open() gives it, talk_close() takes it (NULL is fine). An answer is the caller's:
 *            protobuf_c_message_free_unpacked().
 * Errors     NULL: said on stderr, with the code and its arguments.
 */
#ifndef INAP_TESTS_VOLUME_TALK_H
#define INAP_TESTS_VOLUME_TALK_H

#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

#include "tests/faults/wire/login.h"

/* Where the daemon is. */
struct place {
	const char *server; /* HOST:PORT, plain:HOST:PORT or unix:PATH */
	const char *ca;     /* NULL: no TLS */
};

struct talk;

/** A connection that has said hello, and took up the session of this token if it is not NULL. */
struct talk *talk_open(const struct place *place, const uint8_t *token);
void talk_close(struct talk *talk);
/** One request and its whole answer, parts joined; a write under a fresh key. */
ProtobufCMessage *talk_ask(struct talk *talk, unsigned method, const ProtobufCMessage *request);

#endif
