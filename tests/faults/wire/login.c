/* A connection with a session. */
#include "tests/faults/wire/login.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "inap/v1/session.pb-c.h"
#include "proto/method.h"

enum { PASSWORD_BYTES = 256, PAUSE_MS = 100 };

struct wire *wire_greet(const char *server, const char *ca, const char *client)
{
	Inap__V1__Hello hello = INAP__V1__HELLO__INIT;
	struct wire *wire = wire_open(server, ca);
	struct frame frame;

	hello.client = (char *)(uintptr_t)client;
	hello.protocol = 1;
	hello.language = "en";
	if (wire && wire_read(wire, &frame, WIRE_ANSWER_MS) == WIRE_FRAME &&
	    wire_request(wire, METHOD_HELLO, 1, NULL, &hello.base) &&
	    wire_answer(wire, 1, &frame, WIRE_ANSWER_MS) == WIRE_FRAME)
		return wire;
	wire_close(wire);
	return NULL;
}

bool wire_log_in(struct wire *wire, char *user, char *password, uint8_t *token)
{
	Inap__V1__SessionLogin login = INAP__V1__SESSION_LOGIN__INIT;
	const struct wire_question question = { METHOD_SESSION_LOGIN, 2, NULL, &login.base };
	Inap__V1__SessionLoginReply *reply;
	struct frame frame;
	bool good;

	login.user = user;
	login.password = password;
	if (!wire_ask(wire, &question, &frame) || frame.kind != FRAME_REPLY)
		return false;
	reply = inap__v1__session_login_reply__unpack(NULL, frame.length, frame.body);
	good = reply && reply->token.len == WIRE_TOKEN_BYTES;
	if (good && token)
		memcpy(token, reply->token.data, WIRE_TOKEN_BYTES);
	if (reply)
		inap__v1__session_login_reply__free_unpacked(reply, NULL);
	return good;
}

bool wire_line(const char *file, char *line, size_t room)
{
	FILE *stream = fopen(file, "r");
	bool good = stream && fgets(line, (int)room, stream);

	if (good)
		line[strcspn(line, "\n")] = '\0';
	return (!stream || fclose(stream) == 0) && good;
}

struct wire *wire_enter(const char *server, const char *ca, char *user, const char *password_file)
{
	char password[PASSWORD_BYTES];
	struct wire *wire;

	if (!wire_line(password_file, password, sizeof password))
		return NULL;
	wire = wire_greet(server, ca, "tests");
	if (wire && wire_log_in(wire, user, password, NULL))
		return wire;
	wire_close(wire);
	return NULL;
}

bool wire_ask(struct wire *wire, const struct wire_question *question, struct frame *answer)
{
	int64_t end_ms = wire_clock_ms() + WIRE_ANSWER_MS;
	const struct timespec pause = { .tv_nsec = PAUSE_MS * 1000000L };

	do {
		if (!wire_request(wire, question->method, question->id, question->key,
				  question->message) ||
		    wire_answer(wire, question->id, answer, WIRE_ANSWER_MS) != WIRE_FRAME)
			return false;
		if (answer->kind != FRAME_ERROR || strcmp(wire_code(answer), "BUSY") != 0)
			return true;
		nanosleep(&pause, NULL);
	} while (wire_clock_ms() < end_ms);
	return true;
}
