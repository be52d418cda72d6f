/* A person's connection: asks with messages, answers with messages. */
#include "tests/volume/parts/talk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "inap/v1/common.pb-c.h"
#include "inap/v1/session.pb-c.h"
#include "proto/method.h"

struct talk {
	struct wire *wire;
	uint32_t id;
	uint8_t *whole; /* of an answer in parts */
	size_t bytes;
};

static void refused(const struct method *method, const struct frame *frame)
{
	Inap__V1__Error *error = inap__v1__error__unpack(NULL, frame->length, frame->body);

	fprintf(stderr, "volume: %s: %s", method->name, error ? error->code : "?");
	for (size_t i = 0; error && i < error->n_arguments; i++)
		fprintf(stderr, " %s=%s", error->arguments[i]->name, error->arguments[i]->value);
	for (size_t i = 0; error && i < error->n_fields && i < 5; i++)
		fprintf(stderr, "; %s: %s", error->fields[i]->path, error->fields[i]->code);
	fputc('\n', stderr);
	if (error)
		inap__v1__error__free_unpacked(error, NULL);
}

/* Adds a piece of the answer to what is there. */
static bool joined(struct talk *talk, const struct frame *frame)
{
	uint8_t *grown = realloc(talk->whole, talk->bytes + frame->length + 1);

	if (!grown)
		return false;
	if (frame->length > 0)
		memcpy(grown + talk->bytes, frame->body, frame->length);
	talk->whole = grown;
	talk->bytes += frame->length;
	return true;
}

/* The frames of one answer, until its last; the last is in *frame. */
static bool answered(struct talk *talk, const struct wire_question *question, struct frame *frame)
{
	talk->bytes = 0;
	if (!wire_ask(talk->wire, question, frame))
		return false;
	while (frame->kind == FRAME_PART) {
		if (!joined(talk, frame) ||
		    wire_answer(talk->wire, question->id, frame, WIRE_ANSWER_MS) != WIRE_FRAME)
			return false;
	}
	return frame->kind != FRAME_REPLY || joined(talk, frame);
}

ProtobufCMessage *talk_ask(struct talk *talk, unsigned method, const ProtobufCMessage *request)
{
	const struct method *row = method_by_number((uint16_t)method);
	uint8_t key[FRAME_KEY_BYTES];
	struct wire_question question = { method, ++talk->id, NULL, request };
	struct frame frame;

	if (getrandom(key, sizeof key, 0) != sizeof key)
		abort();
	if (row->access == ACCESS_WRITE)
		question.key = key;
	if (!answered(talk, &question, &frame)) {
		fprintf(stderr, "volume: %s: no answer\n", row->name);
		return NULL;
	}
	if (frame.kind == FRAME_REPLY)
		return protobuf_c_message_unpack(row->reply, NULL, talk->bytes, talk->whole);
	refused(row, &frame);
	return NULL;
}

static bool taken_up(struct talk *talk, const uint8_t *token)
{
	Inap__V1__SessionResume resume = INAP__V1__SESSION_RESUME__INIT;
	ProtobufCMessage *state;

	resume.token.data = (uint8_t *)(uintptr_t)token;
	resume.token.len = WIRE_TOKEN_BYTES;
	state = talk_ask(talk, METHOD_SESSION_RESUME, &resume.base);
	if (!state)
		return false;
	protobuf_c_message_free_unpacked(state, NULL);
	return true;
}

struct talk *talk_open(const struct place *place, const uint8_t *token)
{
	struct talk *talk = calloc(1, sizeof *talk);

	if (!talk)
		return NULL;
	talk->wire = wire_greet(place->server, place->ca, "volume");
	talk->id = 1; /* the hello's */
	if (talk->wire && (!token || taken_up(talk, token)))
		return talk;
	talk_close(talk);
	return NULL;
}

void talk_close(struct talk *talk)
{
	if (!talk)
		return;
	wire_close(talk->wire);
	free(talk->whole);
	free(talk);
}
