/* A daemon without sockets and without a database: see fake_rpc.h. */
#include "tests/unit/fake_rpc.h"

#include <stdlib.h>

#include "proto/enums.h"
#include "server/base/clock.h"
#include "server/base/log.h"
#include "server/wiring.h"

enum { WAITING_MAX = 16, OUT_MAX = 64 << 20, ONE_HOUR_MS = 3600 * 1000 };

struct fake fake;

static struct unit *waiting[WAITING_MAX];
static unsigned waiting_count;
static struct arena messages;

/* As pool_send(), but for the queue: units that are sent while one waits take their turn. */
static bool send_unit(struct pool *pool, struct unit *unit)
{
	if (unit->broken || arena_failed(unit->arena))
		return error_set(&unit->error, ERROR_TOO_LARGE, "what", "request", "limit",
				 "little", NULL);
	if (fake_unit == NULL || fake_busy)
		return fake_send(pool, unit);
	assert_true(waiting_count < WAITING_MAX);
	waiting[waiting_count++] = unit;
	return true;
}

static bool work(void *data, struct request *r)
{
	struct fake *f = data;

	if (f->job_busy)
		return false;
	f->job = r;
	return true;
}

int fake_setup(void **state)
{
	const struct rpc_settings settings = {
		.build = "0.1-test",
		.schema = WIRING_SCHEMA,
		.idle_minutes = 30,
		.absolute_hours = 12,
		.password_passes = 1,
		.password_memory_mib = 8,
		.in_flight_per_user = 3,
	};

	(void)state;
	log_descriptor_set(-1);
	memset(&fake, 0, sizeof fake);
	fake_unit = NULL;
	fake_busy = false;
	waiting_count = 0;
	rpc_init(&fake.rpc, &settings);
	rpc_handler_set(&fake.rpc);
	wiring_steps(&fake.rpc);
	fake.rpc.send = send_unit;
	fake.rpc.work = work;
	fake.rpc.work_data = &fake;
	arena_init(&messages, SIZE_MAX);
	return 0;
}

int fake_teardown(void **state)
{
	(void)state;
	while (fake.connections) {
		struct connection *c = fake.connections;

		fake.connections = c->next;
		if (!c->closed)
			fake_gone(c);
		assert_int_equal(c->closed, 1);
		buffer_fini(&c->in);
		buffer_fini(&c->out);
		free(c);
	}
	while (fake_unit)
		fake_answer();
	assert_int_equal(fake.rpc.in_flight, 0);
	assert_true(list_empty(&fake.rpc.peers));
	rpc_fini(&fake.rpc);
	arena_fini(&messages);
	arena_spare_free();
	return 0;
}

struct connection *fake_connect(void)
{
	struct connection *c = calloc(1, sizeof *c);

	assert_non_null(c);
	c->next = fake.connections;
	fake.connections = c;
	buffer_init(&c->in, OUT_MAX);
	buffer_init(&c->out, OUT_MAX);
	rpc_handler.opened(c);
	return c;
}

struct connection *fake_user(unsigned roles)
{
	struct connection *c = fake_connect();
	struct frame frame;
	struct session *session = &c->peer->session;

	assert_true(fake_next(c, &frame));
	session->session_id = FAKE_SESSION;
	session->user_id = FAKE_USER;
	session->roles = roles;
	session->expires_ms = clock_wall_ms() + ONE_HOUR_MS;
	session->used_ms = clock_ms();
	session->context_read = strdup("{7}");
	session->context_write = strdup("{7}");
	snprintf(session->user, sizeof session->user, "ada");
	c->logged_in = true;
	fake_reach(c, FAKE_ENTITY, "FED-MOI", roles);
	return c;
}

void fake_reach(struct connection *c, int64_t entity_id, const char *entity, unsigned roles)
{
	struct session *session = &c->peer->session;
	struct reach *reach;

	session->reach = realloc(session->reach, (session->reach_count + 1) * sizeof *reach);
	assert_non_null(session->reach);
	reach = &session->reach[session->reach_count++];
	*reach = (struct reach){ .entity_id = entity_id, .roles = roles, .jurisdiction = 1 };
	snprintf(reach->entity, sizeof reach->entity, "%s", entity);
	session->roles |= roles;
}

static void closed(struct connection *c, const char *why)
{
	c->closing = true;
	c->closed++;
	rpc_handler.closed(c, why);
	c->peer = NULL;
}

void fake_gone(struct connection *c)
{
	closed(c, "closed by the peer");
}

static bool may_deliver(const struct connection *c)
{
	return !connection_closing(c) && c->held == 0;
}

static bool deliver(struct connection *c)
{
	struct frame frame = { 0 };
	size_t used = 0;

	switch (frame_next(buffer_bytes(&c->in), buffer_length(&c->in),
			   c->logged_in ? METHOD_BODY_LARGE : METHOD_BODY_SMALL, &frame, &used)) {
	case FRAME_WHOLE:
		rpc_handler.frame(c, &frame);
		buffer_consume(&c->in, used);
		return true;
	case FRAME_TOO_LONG:
		rpc_handler.broken(c, &frame);
		connection_finish(c, "frame too long");
		return false;
	default:
		return false;
	}
}

void fake_turn(struct connection *c)
{
	while (may_deliver(c) && buffer_length(&c->in) > 0 && deliver(c))
		;
	if (c->ending && c->held == 0)
		connection_finish(c, c->ending);
	if (c->closing && !c->closed)
		closed(c, c->why);
}

void fake_put(struct connection *c, struct frame frame, const void *body)
{
	uint8_t header[FRAME_HEADER_BYTES];

	frame_header_pack(header, &frame);
	assert_true(buffer_append(&c->in, header, sizeof header));
	if (body)
		assert_true(buffer_append(&c->in, body, frame.length));
}

void fake_request(struct connection *c, enum method_number method, uint32_t id,
		  const ProtobufCMessage *body)
{
	struct frame frame = { .method = (uint16_t)method, .kind = FRAME_REQUEST, .id = id };
	size_t bytes = protobuf_c_message_get_packed_size(body);
	uint8_t *packed = malloc(bytes + 1);

	assert_non_null(packed);
	frame.length = (uint32_t)protobuf_c_message_pack(body, packed);
	if (method_by_number(method)->access == ACCESS_WRITE)
		memset(frame.key, (int)id, sizeof frame.key);
	fake_put(c, frame, packed);
	free(packed);
	fake_turn(c);
}

void fake_waits(const char *statements)
{
	char sent[256];

	assert_non_null(fake_unit);
	fake_sent(fake_unit, sent, sizeof sent);
	assert_string_equal(sent, statements);
	assert_int_equal(((const struct request *)fake_unit->owner)->units, 1);
}

static void next_unit(void)
{
	if (fake_unit == NULL && waiting_count > 0) {
		fake_unit = waiting[0];
		memmove(waiting, waiting + 1, --waiting_count * sizeof *waiting);
	}
}

void fake_answer(void)
{
	fake_done();
	next_unit();
}

void fake_lost(enum unit_outcome outcome, enum error_code code)
{
	fake_fail(outcome, code);
	next_unit();
}

bool fake_next(struct connection *c, struct frame *frame)
{
	size_t used = 0;
	const uint8_t *bytes = buffer_bytes(&c->out);

	if (bytes == NULL || frame_next(bytes + c->read, buffer_length(&c->out) - c->read,
					UINT32_MAX, frame, &used) != FRAME_WHOLE)
		return false;
	c->read += used;
	return true;
}

static void *message_alloc(void *data, size_t bytes)
{
	return arena_alloc(data, bytes);
}

static void message_free(void *data, void *memory)
{
	(void)data;
	(void)memory;
}

const void *fake_unpack(const ProtobufCMessageDescriptor *type, const uint8_t *bytes, size_t n)
{
	ProtobufCAllocator allocator = { message_alloc, message_free, &messages };
	const ProtobufCMessage *message = protobuf_c_message_unpack(type, &allocator, n, bytes);

	assert_non_null(message);
	return message;
}

const void *fake_reply(struct connection *c, enum method_number method, uint32_t id)
{
	struct frame frame;

	assert_true(fake_next(c, &frame));
	if (frame.kind == FRAME_ERROR) {
		const Inap__V1__Error *error =
			fake_unpack(&inap__v1__error__descriptor, frame.body, frame.length);

		fail_msg("refused: %s", error->code);
	}
	assert_int_equal(frame.kind, FRAME_REPLY);
	assert_int_equal(frame.method, method);
	assert_int_equal(frame.id, id);
	return fake_unpack(method_by_number(method)->reply, frame.body, frame.length);
}

const Inap__V1__Error *fake_refused(struct connection *c, uint32_t id, enum error_code code)
{
	const Inap__V1__Error *error;
	struct frame frame;

	assert_true(fake_next(c, &frame));
	assert_int_equal(frame.kind, FRAME_ERROR);
	assert_int_equal(frame.id, id);
	error = fake_unpack(&inap__v1__error__descriptor, frame.body, frame.length);
	assert_string_equal(error->code, error_row(code)->name);
	return error;
}

void fake_silence(struct connection *c)
{
	struct frame frame;

	assert_false(fake_next(c, &frame));
}

const char *fake_argument(Inap__V1__Argument *const *arguments, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(arguments[i]->name, name) == 0)
			return arguments[i]->value;
	return "";
}

const char *fake_actions(const Inap__V1__Action *actions, size_t count)
{
	char *words = arena_alloc(&messages, 512);

	assert_non_null(words);
	for (size_t i = 0; i < count; i++)
		snprintf(words + strlen(words), 512 - strlen(words), "%s%s", i > 0 ? " " : "",
			 proto_enum_text(&inap__v1__action__descriptor, (int)actions[i]));
	return words;
}

void fake_arena(size_t bytes_max)
{
	struct request *r = rpc_request_take(&fake.rpc);

	assert_non_null(r);
	r->arena.bytes_max = bytes_max;
	rpc_request_give(r);
}

/* connection.h */

void connection_data_set(struct connection *c, void *data)
{
	c->peer = data;
}

void *connection_data(const struct connection *c)
{
	return c->peer;
}

struct buffer *connection_out(struct connection *c)
{
	assert_int_equal(c->closed, 0);
	return &c->out;
}

void connection_flush_later(struct connection *c)
{
	(void)c;
}

void connection_hold(struct connection *c)
{
	c->held++;
}

void connection_release(struct connection *c)
{
	assert_true(c->held > 0);
	c->held--;
}

void connection_request_begins(struct connection *c)
{
	c->in_flight++;
}

void connection_request_ends(struct connection *c)
{
	assert_true(c->in_flight > 0);
	c->in_flight--;
}

void connection_logged_in(struct connection *c, bool logged_in)
{
	c->logged_in = logged_in;
}

void connection_finish(struct connection *c, const char *why)
{
	if (connection_closing(c))
		return;
	c->finishing = true;
	c->why = why;
}

void connection_finish_later(struct connection *c, const char *why)
{
	c->ending = why;
}

void connection_close(struct connection *c, const char *why)
{
	c->closing = true;
	c->why = c->why ? c->why : why;
}

bool connection_closing(const struct connection *c)
{
	return c->closing || c->finishing;
}

const char *connection_peer(const struct connection *c)
{
	(void)c;
	return "unix:";
}

uint64_t connection_number(const struct connection *c)
{
	(void)c;
	return 1;
}
