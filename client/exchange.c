/* Frames over one connection. */
#include "client/exchange.h"

#include <stdlib.h>
#include <string.h>

#include "client/app.h"
#include "client/call.h"
#include "client/i18n.h"
#include "client/version.h"
#include "proto/unpack.h"

enum { READ_BYTES = 16384, GRACE_MS = 5000, REPLY_MEMORY_MAX = 256 << 20 };

/* Bytes that grow; freed with the exchange. */
struct buffer {
	uint8_t *bytes;
	size_t length, room;
};

struct exchange {
	struct link *link;
	struct buffer in;  /* read and not yet taken */
	struct buffer all; /* the reply's parts, joined */
	size_t taken;      /* of in: the frame given last */
	uint32_t last_id;
	uint32_t resume_id; /* 0: not asked */
	bool greeted;       /* our hello is sent */
	const Inap__V1__HelloReply *hello;
};

static bool buffer_add(struct buffer *buffer, const uint8_t *bytes, size_t length)
{
	if (buffer->length + length > REPLY_BYTES_MAX + READ_BYTES + FRAME_HEADER_BYTES)
		return false;
	if (buffer->length + length > buffer->room) {
		size_t room = (buffer->length + length) * 2;
		uint8_t *grown = realloc(buffer->bytes, room);

		if (!grown)
			return false;
		buffer->bytes = grown;
		buffer->room = room;
	}
	if (length > 0)
		memcpy(buffer->bytes + buffer->length, bytes, length);
	buffer->length += length;
	return true;
}

static bool strange(struct app *app, const char *why)
{
	return fail_with(app, ERROR_UNSUPPORTED, "why", why, NULL);
}

/* The next whole frame; it lives until the next call. */
static bool frame_read(struct app *app, struct frame *frame, int64_t deadline_ms)
{
	struct exchange *x = app->exchange;
	uint8_t chunk[READ_BYTES];

	if (x->taken > 0)
		memmove(x->in.bytes, x->in.bytes + x->taken, x->in.length - x->taken);
	x->in.length -= x->taken;
	x->taken = 0;
	for (;;) {
		enum frame_next_result next =
			frame_next(x->in.bytes, x->in.length, REPLY_BYTES_MAX, frame, &x->taken);
		size_t got;

		if (next == FRAME_WHOLE)
			return true;
		x->taken = 0;
		if (next == FRAME_TOO_LONG)
			return strange(app, _("the server sent what is no frame"));
		got = link_read(x->link, chunk, sizeof chunk, deadline_ms);
		if (got == 0)
			return false;
		if (!buffer_add(&x->in, chunk, got))
			return strange(app, _("the answer is too large"));
	}
}

static void *alloc_cb(void *data, size_t size)
{
	return pool_alloc(data, size);
}

static ProtobufCMessage *unpack(struct app *app, const ProtobufCMessageDescriptor *descriptor,
				const uint8_t *bytes, size_t length)
{
	const struct unpack_memory memory = {
		.alloc = alloc_cb, .data = &app->pool, .bytes_max = REPLY_MEMORY_MAX, .reply = true
	};
	struct unpack_fault fault;
	ProtobufCMessage *message = proto_unpack(descriptor, bytes, length, &memory, &fault);

	if (!message)
		strange(app, fault.why);
	return message;
}

bool exchange_ready(struct app *app)
{
	int64_t deadline_ms =
		clock_ms() + (app->config.timeout_s ? app->config.timeout_s * 1000 : 10000);
	struct frame frame;

	if (app->exchange)
		return true;
	app->exchange = calloc(1, sizeof *app->exchange);
	if (!app->exchange || !buffer_add(&app->exchange->in, NULL, 0))
		return strange(app, "memory");
	app->exchange->link = link_open(app, deadline_ms);
	if (!app->exchange->link || !frame_read(app, &frame, deadline_ms))
		goto out;
	if (frame.kind == FRAME_HELLO)
		app->exchange->hello = (const Inap__V1__HelloReply *)unpack(
			app, &inap__v1__hello_reply__descriptor, frame.body, frame.length);
	else
		strange(app, _("the server did not say hello"));
	if (app->exchange->hello && app->exchange->hello->protocol < 1)
		strange(app, _("the server speaks another version"));
	if (!app->failure.set)
		return true;
out:
	exchange_close(app);
	return false;
}

/* Puts a request behind what is to be sent in this flight; its id, or 0 without memory. */
static uint32_t flight_add(struct app *app, struct buffer *flight, struct frame frame)
{
	uint8_t header[FRAME_HEADER_BYTES];

	frame.kind = FRAME_REQUEST;
	frame.flags = 0;
	frame.id = ++app->exchange->last_id;
	frame.time_ms = app->config.timeout_s * 1000;
	frame_header_pack(header, &frame);
	if (!buffer_add(flight, header, sizeof header) ||
	    !buffer_add(flight, frame.body, frame.length))
		return 0;
	return frame.id;
}

static struct frame frame_of(struct app *app, enum method_number method,
			     const ProtobufCMessage *message)
{
	size_t length = protobuf_c_message_get_packed_size(message);
	uint8_t *body = pool_alloc(&app->pool, length + 1);

	protobuf_c_message_pack(message, body);
	return (struct frame){ .method = (uint16_t)method,
			       .length = (uint32_t)length,
			       .body = body };
}

static void greet(struct app *app, struct buffer *flight)
{
	static const char *const codes[] = { "en", "ar", "ckb" };
	Inap__V1__Hello hello = INAP__V1__HELLO__INIT;

	hello.client = "inap " INAP_VERSION;
	hello.protocol = 1;
	hello.language = (char *)(uintptr_t)codes[language_now()];
	flight_add(app, flight, frame_of(app, METHOD_HELLO, &hello.base));
	app->exchange->greeted = true;
}

static void resume(struct app *app, struct buffer *flight)
{
	Inap__V1__SessionResume message = INAP__V1__SESSION_RESUME__INIT;

	message.token.data = app->login.token;
	message.token.len = TOKEN_BYTES;
	app->exchange->resume_id =
		flight_add(app, flight, frame_of(app, METHOD_SESSION_RESUME, &message.base));
}

/* The roles of the last contact are what help goes by. */
static void session_note(struct app *app, const Inap__V1__SessionState *state)
{
	const unsigned before = app->login.roles;
	unsigned now = 0;

	for (size_t i = 0; i < state->n_grants; i++)
		if (state->grants[i]->role > 0 && state->grants[i]->role < 31)
			now |= 1u << state->grants[i]->role;
	if (now != before && !login_store(app, NULL, state))
		failure_clear(&app->failure);
}

static bool is_not_now(enum error_code code)
{
	return code == ERROR_BUSY || code == ERROR_UNAVAILABLE || code == ERROR_SHUTTING_DOWN ||
	       code == ERROR_LOGIN_REQUIRED || code == ERROR_DEADLINE;
}

static enum outcome error_note(struct app *app, const struct frame *frame)
{
	const ProtobufCMessage *message =
		unpack(app, &inap__v1__error__descriptor, frame->body, frame->length);
	enum error_code code;

	if (!message)
		return OUTCOME_UNKNOWN;
	fail_wire(app, (const Inap__V1__Error *)message, frame->key);
	code = app->failure.code;
	if (code == ERROR_LOGIN_REQUIRED)
		fail_next(app, N_("To log in:"), "inap login");
	if (code == ERROR_OUTCOME_UNKNOWN)
		return OUTCOME_UNKNOWN;
	return is_not_now(code) ? OUTCOME_NOT_NOW : OUTCOME_REFUSED;
}

/* Reads answers until that of `id` is whole; those of hello and resume come by on the way. */
static enum outcome answer_read(struct app *app, uint32_t id, const struct method *method,
				ProtobufCMessage **reply, int64_t deadline_ms)
{
	struct exchange *x = app->exchange;
	struct frame frame;

	x->all.length = 0;
	while (frame_read(app, &frame, deadline_ms)) {
		bool ours = frame.id == id;

		if (frame.kind == FRAME_ERROR)
			return error_note(app, &frame);
		if (frame.id == x->resume_id && frame.kind == FRAME_REPLY) {
			ProtobufCMessage *state = unpack(app, &inap__v1__session_state__descriptor,
							 frame.body, frame.length);

			if (state)
				session_note(app, (const Inap__V1__SessionState *)state);
		}
		if (!ours || (frame.kind != FRAME_REPLY && frame.kind != FRAME_PART))
			continue;
		if (!buffer_add(&x->all, frame.body, frame.length)) {
			strange(app, _("the answer is too large"));
			return OUTCOME_UNKNOWN;
		}
		if (frame.kind == FRAME_PART)
			continue;
		*reply = unpack(app, method->reply, x->all.bytes, x->all.length);
		return *reply ? OUTCOME_REPLY : OUTCOME_UNKNOWN;
	}
	return OUTCOME_UNKNOWN;
}

enum outcome exchange_send(struct app *app, const struct frame *request, ProtobufCMessage **reply)
{
	const struct method *method = method_by_number(request->method);
	bool needs_session = !(method->roles & ROLE_BITS_NOBODY_YET);
	uint32_t wait_ms = app->config.timeout_s ? app->config.timeout_s * 1000
						 : method->deadline_ms + GRACE_MS;
	struct buffer flight = { 0 };
	enum outcome outcome = OUTCOME_UNSENT;
	int64_t deadline_ms;
	uint32_t id;

	if (needs_session && !app->login.present) {
		fail_with(app, ERROR_LOGIN_REQUIRED, NULL);
		fail_next(app, N_("To log in:"), "inap login");
		return OUTCOME_UNSENT;
	}
	if (!exchange_ready(app))
		return OUTCOME_UNSENT;
	if (!app->exchange->greeted)
		greet(app, &flight);
	if (needs_session && !app->exchange->resume_id)
		resume(app, &flight);
	id = flight_add(app, &flight, *request);
	deadline_ms = clock_ms() + wait_ms;
	if (id == 0 || !link_write(app->exchange->link, flight.bytes, flight.length, deadline_ms))
		outcome = id == 0 ? OUTCOME_UNSENT : OUTCOME_UNKNOWN;
	else
		outcome = answer_read(app, id, method, reply, deadline_ms);
	if (flight.bytes)
		explicit_bzero(flight.bytes, flight.length);
	free(flight.bytes);
	if (outcome == OUTCOME_UNKNOWN)
		exchange_close(app);
	return outcome;
}

bool exchange_call(struct app *app, enum method_number method, const ProtobufCMessage *request,
		   ProtobufCMessage **reply)
{
	const struct frame frame = frame_of(app, method, request);

	return exchange_send(app, &frame, reply) == OUTCOME_REPLY;
}

const Inap__V1__HelloReply *exchange_hello(const struct app *app)
{
	return app->exchange ? app->exchange->hello : NULL;
}

const char *exchange_authority(const struct app *app)
{
	return app->exchange && app->exchange->link ? link_authority(app->exchange->link) : "";
}

void exchange_close(struct app *app)
{
	struct exchange *x = app->exchange;

	if (!x)
		return;
	link_close(x->link);
	free(x->in.bytes);
	if (x->all.bytes)
		explicit_bzero(x->all.bytes, x->all.room);
	free(x->all.bytes);
	free(x);
	app->exchange = NULL;
}
