/* Frames in, requests through the gates into their steps. */
#include "server/rpc/dispatch.h"

#include <string.h>

#include <sodium.h>

#include "proto/unpack.h"
#include "server/base/clock.h"
#include "server/rpc/policy.h"
#include "server/rpc/answer.h"

static const uint8_t key_none[FRAME_KEY_BYTES];

/* What a frame's header must be, whatever its method. */
static bool dispatch_header(struct request *r, const struct peer *peer, const struct frame *frame)
{
	struct list_node *node;

	if (frame->kind != FRAME_REQUEST) {
		return error_set(&r->error, ERROR_MALFORMED, "why",
				 "a client sends requests and pings only", NULL);
	}
	if (frame->flags != 0) {
		return error_set(&r->error, ERROR_MALFORMED, "why", "flags are reserved", NULL);
	}
	if (frame->id == 0) {
		return error_set(&r->error, ERROR_MALFORMED, "why", "a request's id is not 0",
				 NULL);
	}
	for (node = list_first(&peer->requests); node; node = list_next(&peer->requests, node)) {
		const struct request *other = LIST_OWNER(node, struct request, node);

		if (other != r && other->id == frame->id) {
			return error_set(&r->error, ERROR_MALFORMED, "why",
					 "this id is in flight already", NULL);
		}
	}
	return true;
}

static bool dispatch_method(struct request *r, const struct frame *frame)
{
	r->method = method_by_number(frame->method);
	if (!r->method || frame->method >= RPC_METHODS_MAX || !r->rpc->steps[frame->method]) {
		error_set(&r->error, ERROR_UNKNOWN_METHOD, NULL);
		error_argf(&r->error, "method", "%u", (unsigned)frame->method);
		r->method = NULL;
		return false;
	}
	r->step = r->rpc->steps[frame->method];
	if (frame->length > r->method->body_max) {
		error_set(&r->error, ERROR_TOO_LARGE, "what", r->method->name, NULL);
		error_argf(&r->error, "limit", "%u bytes", r->method->body_max);
		return false;
	}
	return true;
}

/* A write carries a key, and nothing else does. */
static bool dispatch_key(struct request *r, const struct frame *frame)
{
	bool none = memcmp(frame->key, key_none, sizeof key_none) == 0;

	if (none == (r->method->access == ACCESS_WRITE)) {
		return error_set(&r->error, ERROR_MALFORMED, "why",
				 none ? "a write needs an idempotency key"
				      : "only writes carry a key",
				 NULL);
	}
	return true;
}

static bool dispatch_load(struct request *r, const struct peer *peer)
{
	const struct rpc *rpc = r->rpc;

	if (rpc->draining) {
		return error_set(&r->error, ERROR_SHUTTING_DOWN, "seconds", "5", NULL);
	}
	if (rpc->writes_refused && r->method->access == ACCESS_WRITE) {
		return error_set(&r->error, ERROR_UNAVAILABLE, NULL);
	}
	if (peer->session.user_id != 0) {
		unsigned mine = 0;
		struct list_node *node;

		for (node = list_first(&rpc->peers); node; node = list_next(&rpc->peers, node)) {
			const struct peer *other = LIST_OWNER(node, struct peer, node);

			mine += other->session.user_id == peer->session.user_id ? other->in_flight
										: 0;
		}
		if (mine > rpc->settings.in_flight_per_user) {
			return error_set(&r->error, ERROR_BUSY, "seconds", "1", NULL);
		}
	}
	return true;
}

/* A session that expired, or was not used for too long, is over. */
static void dispatch_expire(struct peer *peer)
{
	int64_t idle_ms = (int64_t)peer->rpc->settings.idle_minutes * 60 * 1000;

	if (peer->session.user_id == 0) {
		return;
	}
	if (clock_wall_ms() >= peer->session.expires_ms ||
	    clock_ms() - peer->session.used_ms > idle_ms) {
		session_fini(&peer->session);
		connection_logged_in(peer->connection, false);
		return;
	}
	peer->session.used_ms = clock_ms();
}

static void *dispatch_alloc(void *data, size_t bytes)
{
	return arena_alloc(data, bytes);
}

static bool dispatch_unpack(struct request *r, const struct frame *frame)
{
	struct unpack_memory memory = { dispatch_alloc, &r->arena, UNPACK_MEMORY_BYTES, false };
	struct unpack_fault fault;

	r->body = proto_unpack(r->method->request, frame->body, frame->length, &memory, &fault);
	if (r->body) {
		return true;
	}
	switch (fault.code) {
	case ERROR_TOO_LARGE:
		return error_set(&r->error, fault.code, "what", fault.path, "limit", fault.why,
				 NULL);
	case ERROR_BAD_TEXT:
	case ERROR_BAD_ARGUMENT:
		return error_set(&r->error, fault.code, "field", fault.path, "why", fault.why,
				 NULL);
	default:
		error_set(&r->error, ERROR_MALFORMED, NULL);
		error_argf(&r->error, "why", "%s%s%s", fault.path, *fault.path ? ": " : "",
			   fault.why);
		return false;
	}
}

/* Gate (b): field 1 names the entity; its descriptor says which of the two references it is. */
static bool dispatch_scope(struct request *r)
{
	const ProtobufCFieldDescriptor *field;
	const ProtobufCMessage *reference;
	const char *entity;

	if (r->method->scope == SCOPE_NONE) {
		return true;
	}
	field = protobuf_c_message_descriptor_get_field(r->method->request, 1);
	reference =
		*(ProtobufCMessage *const *)(const void *)((const char *)r->body + field->offset);
	if (!reference) {
		return error_set(&r->error, ERROR_BAD_ARGUMENT, "field", field->name, "why",
				 "is missing", NULL);
	}
	if (r->method->scope == SCOPE_REPORT) {
		const Inap__V1__ReportRef *report = (const Inap__V1__ReportRef *)reference;

		entity = report->entity;
		r->plan = report->plan;
		r->round = report->round;
	} else {
		entity = ((const Inap__V1__EntityRef *)reference)->entity;
	}
	r->reach = policy_entity(r->method, r->session, entity, &r->error);
	if (!r->reach && r->error.code == ERROR_NOT_FOUND && r->round) {
		error_set(&r->error, ERROR_NOT_FOUND, "what", "report", NULL);
		error_argf(&r->error, "name", "%s/%s", entity, r->round);
	}
	return r->reach != NULL;
}

/* Every gate before the step, cheapest first. False: r->error says why. */
static bool dispatch_admit(struct request *r, struct peer *peer, const struct frame *frame)
{
	if (!dispatch_header(r, peer, frame) || !dispatch_method(r, frame)) {
		return false;
	}
	if (peer->refused) {
		return error_set(&r->error, ERROR_LOGIN_REQUIRED, NULL);
	}
	dispatch_expire(peer);
	if (!dispatch_load(r, peer) ||
	    !policy_method(r->method, r->session, clock_wall_ms(), &r->error) ||
	    !dispatch_key(r, frame) || !dispatch_unpack(r, frame)) {
		return false;
	}
	return dispatch_scope(r);
}

static void dispatch_begin(struct request *r, struct peer *peer, const struct frame *frame)
{
	r->peer = peer;
	r->session = &peer->session;
	r->id = frame->id;
	r->number = frame->method;
	memcpy(r->key, frame->key, sizeof r->key);
	list_push_back(&peer->requests, &r->node);
	peer->in_flight++;
	connection_request_begins(peer->connection);
}

/* What the step needs once the gates are passed: deadline, hash, the unit with its contexts. */
static bool dispatch_prepare(struct request *r, const struct frame *frame)
{
	uint32_t wait_ms = r->method->deadline_ms;

	if (frame->time_ms > 0 && frame->time_ms < wait_ms) {
		wait_ms = frame->time_ms;
	}
	r->deadline_ms = clock_ms() + wait_ms;
	crypto_hash_sha256(r->body_hash, frame->body, frame->length);
	unit_init(&r->unit, &r->arena, r->method->lane);
	r->user_id = r->session->user_id;
	r->session_id = r->session->session_id;
	r->unit.context_read =
		arena_strdup(&r->arena, r->session->context_read ? r->session->context_read : "{}");
	r->unit.context_write = arena_strdup(
		&r->arena, r->session->context_write ? r->session->context_write : "{}");
	if (r->reach) {
		r->reach = arena_memdup(&r->arena, r->reach, sizeof *r->reach);
	}
	return !arena_failed(&r->arena);
}

/* Only the answer of a resume, login or enrol decides limits, session and gates of what follows. */
static void dispatch_hold(struct request *r)
{
	if (r->method->roles == ROLE_BITS_NOBODY_YET && r->method->access == ACCESS_SESSION) {
		r->peer->authenticating = true;
		connection_hold(r->peer->connection);
	}
}

void dispatch_frame(struct peer *peer, const struct frame *frame)
{
	struct request *r = rpc_request_take(peer->rpc);

	if (!r) {
		connection_close(peer->connection, "no memory");
		return;
	}
	dispatch_begin(r, peer, frame);
	if (!dispatch_admit(r, peer, frame)) {
		rpc_request_end(r);
		return;
	}
	if (!dispatch_prepare(r, frame)) {
		request_full(r);
		rpc_request_end(r);
		return;
	}
	dispatch_hold(r);
	request_run(r);
}

void dispatch_broken(struct peer *peer, const struct frame *header)
{
	struct request *r = rpc_request_take(peer->rpc);

	if (!r) {
		return;
	}
	dispatch_begin(r, peer, header);
	if (peer->refused) {
		/* a body that the session which was not resumed would have allowed */
		error_set(&r->error, ERROR_LOGIN_REQUIRED, NULL);
	} else {
		error_set(&r->error, ERROR_TOO_LARGE, "what", "a frame", NULL);
		error_argf(&r->error, "limit", "%u bytes",
			   peer->session.user_id ? METHOD_BODY_LARGE : METHOD_BODY_SMALL);
	}
	rpc_request_end(r);
}
