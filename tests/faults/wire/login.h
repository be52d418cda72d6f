/**
 * A connection with a session, for tools that speak as people do.
 *
 * Ownership  wire_greet() and wire_enter() give a wire, wire_close() takes it.
 * Errors     NULL or false: not reached, or not let in.
 */
#ifndef INAP_TESTS_FAULTS_WIRE_LOGIN_H
#define INAP_TESTS_FAULTS_WIRE_LOGIN_H

#include "tests/faults/wire/wire.h"

enum { WIRE_TOKEN_BYTES = 32, WIRE_ANSWER_MS = 15000 };

/** Connects, hears the server's hello and says its own, as request 1. */
struct wire *wire_greet(const char *server, const char *ca, const char *client);
/** Logs in, as request 2; the session's token into token, if it is not NULL. */
bool wire_log_in(struct wire *wire, char *user, char *password, uint8_t *token);
/** Both: a connection of this person's, whose password is the first line of a file. */
struct wire *wire_enter(const char *server, const char *ca, char *user, const char *password_file);
/** The first line of a file, at most `room` bytes with the end. */
bool wire_line(const char *file, char *line, size_t room);
/* What is asked. */
struct wire_question {
	unsigned method;
	uint32_t id;
	const uint8_t *key; /* NULL: none */
	const ProtobufCMessage *message;
};

/** A request and its answer, asked again under the same key while the server says "not now". */
bool wire_ask(struct wire *wire, const struct wire_question *question, struct frame *answer);

#endif
