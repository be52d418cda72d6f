/* Packs answers into frames. */
#include "server/rpc/answer.h"

#include <stdlib.h>
#include <string.h>

#include "proto/split.h"
#include "server/base/clock.h"

static bool answer_frame(struct connection *connection, const struct frame *frame)
{
	uint8_t header[FRAME_HEADER_BYTES];
	struct buffer *out = connection_out(connection);

	frame_header_pack(header, frame);
	if (!buffer_append(out, header, sizeof header)) {
		return false;
	}
	return frame->length == 0 || buffer_append(out, frame->body, frame->length);
}

/* One message as one frame, packed in place. */
static bool answer_message(struct connection *connection, struct frame *frame,
			   const ProtobufCMessage *message)
{
	uint8_t header[FRAME_HEADER_BYTES];
	struct buffer *out = connection_out(connection);
	size_t bytes = protobuf_c_message_get_packed_size(message);
	uint8_t *room;

	frame->length = (uint32_t)bytes;
	frame_header_pack(header, frame);
	room = buffer_reserve(out, sizeof header + bytes);
	if (!room) {
		return false;
	}
	memcpy(room, header, sizeof header);
	protobuf_c_message_pack(message, room + sizeof header);
	buffer_commit(out, sizeof header + bytes);
	return true;
}

/* A large message as parts: kind 3 ..., then kind 2. */
static bool answer_parts(struct connection *connection, struct frame *frame,
			 const ProtobufCMessage *message)
{
	size_t bytes = protobuf_c_message_get_packed_size(message);
	uint8_t *packed = malloc(bytes);
	struct proto_split split;
	struct proto_piece piece = { 0 };
	bool ok = packed != NULL;

	if (ok) {
		protobuf_c_message_pack(message, packed);
		proto_split_init(&split, packed, bytes, RPC_PART_BYTES);
	}
	while (ok && !piece.last) {
		ok = proto_split_next(&split, &piece);
		if (ok) {
			frame->kind = piece.last ? FRAME_REPLY : FRAME_PART;
			frame->body = piece.bytes;
			frame->length = (uint32_t)piece.length;
			ok = answer_frame(connection, frame);
		}
	}
	free(packed);
	return ok;
}

/* BUSY and its kin say when to come again. */
static uint32_t answer_retry_ms(const struct error *error)
{
	const char *seconds = error_argument(error, "seconds");

	return seconds && error_row(error->code)->retry
		       ? (uint32_t)strtoul(seconds, NULL, 10) * 1000
		       : 0;
}

static bool answer_error(struct request *r, struct frame *frame)
{
	Inap__V1__Error minimal = INAP__V1__ERROR__INIT;
	const Inap__V1__Error *body = request_error_body(r);

	if (!body) {
		minimal.code = (char *)(uintptr_t)error_row(r->error.code)->name;
		body = &minimal;
	}
	frame->kind = FRAME_ERROR;
	frame->time_ms = answer_retry_ms(&r->error);
	return answer_message(r->peer->connection, frame, &body->base);
}

void answer_request(struct request *r)
{
	struct frame frame = { .method = r->number, .id = r->id };
	struct connection *connection = r->peer->connection;
	bool ok;

	memcpy(frame.key, r->trace, sizeof frame.key);
	if (r->error.code != ERROR_NONE) {
		ok = answer_error(r, &frame);
	} else if (protobuf_c_message_get_packed_size(r->reply) <= RPC_PART_BYTES) {
		frame.kind = FRAME_REPLY;
		ok = answer_message(connection, &frame, r->reply);
	} else {
		ok = answer_parts(connection, &frame, r->reply);
	}
	if (!ok) {
		connection_close(connection, "its answers are not read");
		return;
	}
	connection_flush_later(connection);
}

void answer_hello_fill(const struct rpc *rpc, Inap__V1__HelloReply *hello_reply, char *time)
{
	inap__v1__hello_reply__init(hello_reply);
	hello_reply->protocol = 1;
	hello_reply->build = (char *)(uintptr_t)rpc->settings.build;
	hello_reply->schema = (char *)(uintptr_t)rpc->settings.schema;
	hello_reply->time = (char *)(uintptr_t)clock_iso(clock_wall_ms(), time);
}

void answer_hello(struct peer *peer)
{
	Inap__V1__HelloReply reply;
	char time[CLOCK_ISO_BYTES];
	struct frame frame = { .method = METHOD_HELLO, .kind = FRAME_HELLO };

	answer_hello_fill(peer->rpc, &reply, time);
	if (!answer_message(peer->connection, &frame, &reply.base)) {
		connection_close(peer->connection, "no room for hello");
		return;
	}
	connection_flush_later(peer->connection);
}

enum step hello(struct request *r)
{
	const Inap__V1__Hello *in = request_body(r);
	Inap__V1__HelloReply *reply = request_alloc(r, sizeof *reply);
	char *time = request_alloc(r, CLOCK_ISO_BYTES);

	if (in->protocol < 1) {
		return request_fail(r, ERROR_UNSUPPORTED, "why", "this server speaks protocol 1",
				    NULL);
	}
	if (!reply || !time) {
		return request_full(r);
	}
	answer_hello_fill(r->rpc, reply, time);
	return request_reply(r, &reply->base);
}
