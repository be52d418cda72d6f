/* Tests of dispatch: every gate between a frame and its step, with the code that each refuses by.
 */
#include "tests/unit/fake_rpc.h"

#include "server/base/clock.h"
#include "inap/v1/report.pb-c.h"
#include "inap/v1/session.pb-c.h"
#include "inap/v1/user.pb-c.h"

#define TEXT(s) ((char *)(uintptr_t)(s))

static Inap__V1__ReportRef reference = { .base.descriptor = NULL };
static Inap__V1__ReportMove move;
static Inap__V1__ReportShow show;

static int setup(void **state)
{
	inap__v1__report_ref__init(&reference);
	reference.entity = TEXT("FED-MOI");
	reference.round = TEXT("2024Q3");
	inap__v1__report_move__init(&move);
	move.report = &reference;
	move.base_revision = 4;
	inap__v1__report_show__init(&show);
	show.report = &reference;
	return fake_setup(state);
}

/* A frame of a method, whose body is the packed message or raw bytes. */
static struct frame frame_of(enum method_number method, uint32_t length)
{
	return (struct frame){
		.method = (uint16_t)method, .kind = FRAME_REQUEST, .id = 1, .length = length
	};
}

static const Inap__V1__Error *refused(struct connection *c, struct frame frame, const void *body,
				      enum error_code code)
{
	fake_put(c, frame, body);
	fake_turn(c);
	return fake_refused(c, frame.id, code);
}

static const char *why(const Inap__V1__Error *error)
{
	return fake_argument(error->arguments, error->n_arguments, "why");
}

static void a_connection_begins_with_hello(void **state)
{
	struct connection *c = fake_connect();
	const Inap__V1__HelloReply *hello;
	struct frame frame;

	(void)state;
	assert_true(fake_next(c, &frame));
	assert_int_equal(frame.kind, FRAME_HELLO);
	assert_int_equal(frame.method, METHOD_HELLO);
	assert_int_equal(frame.id, 0);
	hello = fake_unpack(&inap__v1__hello_reply__descriptor, frame.body, frame.length);
	assert_int_equal(hello->protocol, 1);
	assert_string_equal(hello->build, "0.1-test");
	assert_int_equal(strlen(hello->time), strlen("2024-10-01T07:30:00.250Z"));
}

static void hello_needs_no_session_and_a_protocol_we_speak(void **state)
{
	struct connection *c = fake_connect();
	Inap__V1__Hello in = INAP__V1__HELLO__INIT;
	struct frame frame;

	(void)state;
	assert_true(fake_next(c, &frame));
	in.protocol = 1;
	fake_request(c, METHOD_HELLO, 7, &in.base);
	assert_int_equal(((const Inap__V1__HelloReply *)fake_reply(c, METHOD_HELLO, 7))->protocol,
			 1);
	in.protocol = 0;
	fake_request(c, METHOD_HELLO, 8, &in.base);
	fake_refused(c, 8, ERROR_UNSUPPORTED);
}

static void only_requests_without_flags_are_understood(void **state)
{
	static const uint8_t kinds[] = { 0,          FRAME_REPLY, FRAME_PART,  FRAME_ERROR, 5,
					 FRAME_PING, FRAME_PONG,  FRAME_HELLO, 255 };
	struct connection *c = fake_user(ROLE_BIT_APPROVER);

	(void)state;
	for (size_t i = 0; i < sizeof kinds; i++) {
		struct frame frame = frame_of(METHOD_PLAN_LIST, 0);

		frame.kind = kinds[i];
		assert_string_equal(why(refused(c, frame, NULL, ERROR_MALFORMED)),
				    "a client sends requests and pings only");
	}
	for (int bit = 0; bit < 8; bit++) {
		struct frame frame = frame_of(METHOD_PLAN_LIST, 0);

		frame.flags = (uint8_t)(1 << bit);
		assert_string_equal(why(refused(c, frame, NULL, ERROR_MALFORMED)),
				    "flags are reserved");
	}
}

static void an_id_is_not_zero(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_APPROVER);

	(void)state;
	fake_request(c, METHOD_REPORT_SHOW, 0, &show.base);
	assert_string_equal(why(fake_refused(c, 0, ERROR_MALFORMED)), "a request's id is not 0");
}

static void an_id_in_flight_is_not_taken_twice(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_APPROVER);

	(void)state;
	fake_request(c, METHOD_REPORT_SHOW, 1, &show.base);
	fake_silence(c);
	fake_request(c, METHOD_REPORT_SHOW, 1, &show.base);
	assert_string_equal(why(fake_refused(c, 1, ERROR_MALFORMED)),
			    "this id is in flight already");
	fake_request(c, METHOD_REPORT_SHOW, 2, &show.base);
	fake_silence(c);
	fake_answer();
	fake_refused(c, 1, ERROR_NOT_FOUND);
	fake_answer();
	fake_refused(c, 2, ERROR_NOT_FOUND);
	fake_request(c, METHOD_REPORT_SHOW, 1, &show.base);
	fake_silence(c); /* free again */
	fake_answer();
	fake_refused(c, 1, ERROR_NOT_FOUND);
}

static void unknown_methods_are_named_and_echoed(void **state)
{
	static const uint16_t unknown[] = { 0, 11, 127, 128, 255, 40000, 65535 };
	struct connection *c = fake_user(ROLE_BIT_APPROVER);

	(void)state;
	for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
		struct frame frame = frame_of(unknown[i], 0);
		const Inap__V1__Error *error;
		char number[8];

		fake_put(c, frame, NULL);
		fake_turn(c);
		assert_true(fake_next(c, &frame));
		assert_int_equal(frame.kind, FRAME_ERROR);
		assert_int_equal(frame.method, unknown[i]);
		error = fake_unpack(&inap__v1__error__descriptor, frame.body, frame.length);
		assert_string_equal(error->code, "UNKNOWN_METHOD");
		snprintf(number, sizeof number, "%u", (unsigned)unknown[i]);
		assert_argument(error, "method", number);
	}
	/* a row without a step is none either */
	fake.rpc.steps[METHOD_REPORT_SHOW] = NULL;
	fake_request(c, METHOD_REPORT_SHOW, 1, &show.base);
	fake_refused(c, 1, ERROR_UNKNOWN_METHOD);
}

static void a_body_over_its_methods_limit_is_too_large(void **state)
{
	static uint8_t body[METHOD_BODY_SMALL + 1];
	struct connection *c = fake_user(ROLE_BIT_APPROVER);
	const Inap__V1__Error *error =
		refused(c, frame_of(METHOD_REPORT_SHOW, sizeof body), body, ERROR_TOO_LARGE);

	(void)state;
	assert_argument(error, "what", "report.show");
	assert_argument(error, "limit", "4096 bytes");
}

static void a_frame_over_the_limit_is_answered_and_closes(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_APPROVER);
	struct connection *stranger = fake_connect();
	struct frame frame = frame_of(METHOD_REPORT_SAVE, METHOD_BODY_LARGE + 1);

	(void)state;
	fake_put(c, frame, NULL);
	fake_turn(c);
	assert_argument(fake_refused(c, 1, ERROR_TOO_LARGE), "limit", "1048576 bytes");
	assert_true(c->finishing);
	assert_true(fake_next(stranger, &frame));
	frame = frame_of(METHOD_SESSION_LOGIN, METHOD_BODY_SMALL + 1);
	fake_put(stranger, frame, NULL);
	fake_turn(stranger);
	assert_true(fake_next(stranger, &frame));
	assert_int_equal(frame.method, METHOD_SESSION_LOGIN);
	assert_true(stranger->finishing);
}

static void without_a_session_log_in_first(void **state)
{
	struct connection *c = fake_connect();
	struct frame frame;

	(void)state;
	assert_true(fake_next(c, &frame));
	fake_request(c, METHOD_REPORT_SHOW, 1, &show.base);
	fake_refused(c, 1, ERROR_LOGIN_REQUIRED);
	assert_int_equal(c->in_flight, 0);
	assert_false(c->finishing);
}

static void a_session_that_expired_is_over(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_APPROVER);

	(void)state;
	c->peer->session.expires_ms = clock_wall_ms() - 1;
	fake_request(c, METHOD_REPORT_SHOW, 1, &show.base);
	fake_refused(c, 1, ERROR_LOGIN_REQUIRED);
	assert_int_equal(c->peer->session.user_id, 0);
	assert_null(c->peer->session.reach);
	assert_false(c->logged_in);
}

static void a_session_unused_too_long_is_over(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_APPROVER);
	int64_t idle_ms = 30 * 60 * 1000;

	(void)state;
	c->peer->session.used_ms = clock_ms() - idle_ms + 5000;
	fake_request(c, METHOD_REPORT_SHOW, 1, &show.base);
	fake_answer();
	fake_refused(c, 1, ERROR_NOT_FOUND);
	assert_true(c->peer->session.used_ms > clock_ms() - 5000); /* used now */
	c->peer->session.used_ms = clock_ms() - idle_ms - 1;
	fake_request(c, METHOD_REPORT_SHOW, 2, &show.base);
	fake_refused(c, 2, ERROR_LOGIN_REQUIRED);
	assert_int_equal(c->peer->session.user_id, 0);
}

static void a_role_that_may_not_is_forbidden(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_OBSERVER);

	(void)state;
	fake_request(c, METHOD_REPORT_SHOW, 1, &show.base);
	assert_argument(fake_refused(c, 1, ERROR_FORBIDDEN), "action", "report.show");
}

static void in_reach_by_another_role_is_forbidden_out_of_reach_is_not_found(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);

	(void)state;
	fake_reach(c, 8, "FED-MOLSA", ROLE_BIT_APPROVER);
	fake_request(c, METHOD_REPORT_WITHDRAW, 1, &move.base);
	assert_argument(fake_refused(c, 1, ERROR_FORBIDDEN), "action", "report.withdraw");
	reference.entity = TEXT("KRG-HCWD");
	fake_request(c, METHOD_REPORT_WITHDRAW, 2, &move.base);
	assert_argument(fake_refused(c, 2, ERROR_NOT_FOUND), "name", "KRG-HCWD/2024Q3");
	reference.entity = TEXT("FED-MOLSA");
	fake_request(c, METHOD_REPORT_WITHDRAW, 3, &move.base);
	fake_waits("head_lock report_move report_totals report_moved move_stale");
	assert_string_equal(fake_parameter(fake_unit, 1, 0), "8");
	assert_int_equal(fake_unit->route, 8);
	fake_answer();
	fake_refused(c, 3, ERROR_NOT_FOUND);
}

static void an_entity_method_reads_its_entity_in_field_one(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_APPROVER);
	Inap__V1__RoleDelegate in = INAP__V1__ROLE_DELEGATE__INIT;
	Inap__V1__EntityRef entity = INAP__V1__ENTITY_REF__INIT;

	(void)state;
	fake_request(c, METHOD_ROLE_DELEGATE, 1, &in.base);
	assert_argument(fake_refused(c, 1, ERROR_BAD_ARGUMENT), "why", "is missing");
	in.entity = &entity;
	entity.entity = TEXT("KRG-MOI");
	fake_request(c, METHOD_ROLE_DELEGATE, 2, &in.base);
	assert_argument(fake_refused(c, 2, ERROR_NOT_FOUND), "what", "entity");
}

static void a_write_carries_a_key_and_nothing_else_does(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_APPROVER);
	struct frame frame = frame_of(METHOD_REPORT_WITHDRAW, 0);
	uint8_t body[64];

	(void)state;
	frame.length = (uint32_t)protobuf_c_message_pack(&move.base, body);
	assert_string_equal(why(refused(c, frame, body, ERROR_MALFORMED)),
			    "a write needs an idempotency key");
	frame = frame_of(METHOD_REPORT_SHOW, 0);
	frame.length = (uint32_t)protobuf_c_message_pack(&show.base, body);
	frame.key[15] = 1;
	assert_string_equal(why(refused(c, frame, body, ERROR_MALFORMED)),
			    "only writes carry a key");
}

static void a_malformed_body_is_refused_with_the_path(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_APPROVER);
	const uint8_t cut[] = { 0x0a, 0x20, 0x01 };
	const uint8_t zero[] = { 0x0a, 0x05, 0x12, 0x03, 'a', 0x00, 'b' };
	const uint8_t broken[] = { 0x0a, 0x04, 0x12, 0x02, 0xc3, 0x28 };
	const Inap__V1__Error *error;

	(void)state;
	error = refused(c, frame_of(METHOD_REPORT_SHOW, sizeof cut), cut, ERROR_MALFORMED);
	assert_int_not_equal(strlen(why(error)), 0);
	assert_null(strstr(why(error), ": ")); /* no field is to blame */
	error = refused(c, frame_of(METHOD_REPORT_SHOW, sizeof broken), broken, ERROR_BAD_TEXT);
	assert_argument(error, "field", "report.entity");
	error = refused(c, frame_of(METHOD_REPORT_SHOW, sizeof zero), zero, ERROR_BAD_TEXT);
	assert_argument(error, "field", "report.entity");
}

/* A field of another wire type, three messages deep, says which. */
static void a_wrong_wire_type_names_its_field(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_APPROVER);
	const uint8_t body[] = { 0x0a, 0x02, 0x10, 0x01 };
	const Inap__V1__Error *error =
		refused(c, frame_of(METHOD_REPORT_SHOW, sizeof body), body, ERROR_MALFORMED);

	(void)state;
	assert_int_equal(strncmp(why(error), "report.entity: ", 15), 0);
}

static void bad_text_and_bad_enums_name_their_field(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT | ROLE_BIT_APPROVER);
	Inap__V1__ReportSave save = INAP__V1__REPORT_SAVE__INIT;
	const Inap__V1__Error *error;

	(void)state;
	move.note = TEXT("a \xe2\x80\xae bidi override");
	fake_request(c, METHOD_REPORT_WITHDRAW, 1, &move.base);
	assert_argument(fake_refused(c, 1, ERROR_BAD_TEXT), "field", "note");
	move.note = TEXT("not cafe\xcc\x81 in NFC");
	fake_request(c, METHOD_REPORT_WITHDRAW, 2, &move.base);
	assert_argument(fake_refused(c, 2, ERROR_BAD_TEXT), "field", "note");
	save.report = &reference;
	save.via = (Inap__V1__Via)99;
	fake_request(c, METHOD_REPORT_SAVE, 3, &save.base);
	error = fake_refused(c, 3, ERROR_BAD_ARGUMENT);
	assert_argument(error, "field", "via");
}

static void too_many_entries_are_too_large(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);
	static Inap__V1__CellValue cell;
	static Inap__V1__CellValue *cells[REQUEST_FIELDS_MAX + 1];
	Inap__V1__ReportSave save = INAP__V1__REPORT_SAVE__INIT;

	(void)state;
	inap__v1__cell_value__init(&cell);
	for (size_t i = 0; i <= REQUEST_FIELDS_MAX; i++)
		cells[i] = &cell;
	save.report = &reference;
	save.cells = cells;
	save.n_cells = REQUEST_FIELDS_MAX + 1;
	fake_request(c, METHOD_REPORT_SAVE, 1, &save.base);
	assert_argument(fake_refused(c, 1, ERROR_TOO_LARGE), "what", "cells[4000]");
}

static void a_missing_reference_is_a_bad_argument(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_APPROVER);
	const Inap__V1__Error *error;

	(void)state;
	move.report = NULL;
	fake_request(c, METHOD_REPORT_WITHDRAW, 1, &move.base);
	error = fake_refused(c, 1, ERROR_BAD_ARGUMENT);
	assert_argument(error, "field", "report");
	assert_argument(error, "why", "is missing");
}

static void a_draining_daemon_takes_nothing_new(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_APPROVER);
	struct frame frame;

	(void)state;
	fake_request(c, METHOD_REPORT_SHOW, 1, &show.base);
	fake.rpc.draining = true;
	fake_request(c, METHOD_REPORT_SHOW, 2, &show.base);
	assert_true(fake_next(c, &frame));
	assert_int_equal(frame.kind, FRAME_ERROR);
	assert_int_equal(frame.time_ms, 5000);
	fake_answer(); /* what was under way is answered */
	fake_refused(c, 1, ERROR_NOT_FOUND);
}

static void while_revocations_cannot_be_read_nothing_is_written(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_APPROVER);

	(void)state;
	fake.rpc.writes_refused = true;
	fake_request(c, METHOD_REPORT_WITHDRAW, 1, &move.base);
	fake_refused(c, 1, ERROR_UNAVAILABLE);
	assert_null(fake_unit);
	fake_request(c, METHOD_REPORT_SHOW, 2, &show.base);
	fake_answer();
	fake_refused(c, 2, ERROR_NOT_FOUND); /* reads go on */
}

static void one_user_has_so_many_in_flight_over_all_connections(void **state)
{
	struct connection *one = fake_user(ROLE_BIT_APPROVER);
	struct connection *two = fake_user(ROLE_BIT_APPROVER);
	struct connection *other = fake_user(ROLE_BIT_APPROVER);
	struct frame frame;

	(void)state;
	other->peer->session.user_id = FAKE_USER + 1;
	fake_request(one, METHOD_REPORT_SHOW, 1, &show.base);
	fake_request(one, METHOD_REPORT_SHOW, 2, &show.base);
	fake_request(two, METHOD_REPORT_SHOW, 3, &show.base);
	fake_request(other, METHOD_REPORT_SHOW, 4, &show.base);
	fake_silence(two);
	fake_silence(other);
	fake_request(two, METHOD_REPORT_SHOW, 5, &show.base);
	assert_true(fake_next(two, &frame));
	assert_int_equal(frame.kind, FRAME_ERROR);
	assert_int_equal(frame.time_ms, 1000);
	fake_answer();
	fake_refused(one, 1, ERROR_NOT_FOUND);
	fake_request(two, METHOD_REPORT_SHOW, 6, &show.base);
	fake_silence(two); /* there is room again */
}

static void deadline_hash_and_contexts_are_the_requests(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_APPROVER);
	struct frame frame = frame_of(METHOD_REPORT_WITHDRAW, 0);
	const struct request *r;
	uint8_t body[64];
	uint8_t zero[32] = { 0 };

	(void)state;
	frame.length = (uint32_t)protobuf_c_message_pack(&move.base, body);
	memset(frame.key, 9, sizeof frame.key);
	frame.time_ms = 250;
	fake_put(c, frame, body);
	fake_turn(c);
	r = fake_unit->owner;
	assert_in_range(r->deadline_ms - clock_ms(), 1, 250);
	assert_int_equal(fake_unit->deadline_ms, r->deadline_ms);
	assert_memory_equal(r->key, frame.key, sizeof r->key);
	assert_memory_not_equal(r->body_hash, zero, sizeof zero);
	assert_memory_not_equal(r->trace, zero, sizeof r->trace);
	assert_string_equal(fake_unit->context_read, "{7}");
	assert_string_equal(fake_unit->context_write, "{7}");
	assert_true(fake_unit->write);
	assert_int_equal(r->user_id, FAKE_USER);
	assert_int_equal(r->session_id, FAKE_SESSION);
	fake_answer();
	fake_refused(c, 1, ERROR_NOT_FOUND);
	frame.time_ms = UINT32_MAX; /* the method's own is the most */
	fake_put(c, frame, body);
	fake_turn(c);
	r = fake_unit->owner;
	assert_in_range(r->deadline_ms - clock_ms(), 9000, 10000);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, fake_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_connection_begins_with_hello),
		TEST(hello_needs_no_session_and_a_protocol_we_speak),
		TEST(only_requests_without_flags_are_understood),
		TEST(an_id_is_not_zero),
		TEST(an_id_in_flight_is_not_taken_twice),
		TEST(unknown_methods_are_named_and_echoed),
		TEST(a_body_over_its_methods_limit_is_too_large),
		TEST(a_frame_over_the_limit_is_answered_and_closes),
		TEST(without_a_session_log_in_first),
		TEST(a_session_that_expired_is_over),
		TEST(a_session_unused_too_long_is_over),
		TEST(a_role_that_may_not_is_forbidden),
		TEST(in_reach_by_another_role_is_forbidden_out_of_reach_is_not_found),
		TEST(an_entity_method_reads_its_entity_in_field_one),
		TEST(a_write_carries_a_key_and_nothing_else_does),
		TEST(a_malformed_body_is_refused_with_the_path),
		TEST(a_wrong_wire_type_names_its_field),
		TEST(bad_text_and_bad_enums_name_their_field),
		TEST(too_many_entries_are_too_large),
		TEST(a_missing_reference_is_a_bad_argument),
		TEST(a_draining_daemon_takes_nothing_new),
		TEST(while_revocations_cannot_be_read_nothing_is_written),
		TEST(one_user_has_so_many_in_flight_over_all_connections),
		TEST(deadline_hash_and_contexts_are_the_requests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
