/* Tests of a request's life: units, jobs, replies, refusals, parts of large answers. */
#include "tests/unit/fake_rpc.h"

#include <stdlib.h>

#include "server/base/clock.h"
#include "server/base/hex.h"
#include "server/rpc/answer.h"
#include "server/rpc/refusal.h"
#include "server/rpc/words.h"
#include "inap/v1/plan.pb-c.h"
#include "inap/v1/report.pb-c.h"
#include "sql/move.h"
#include "sql/review.h"

static Inap__V1__PlanList body = { .base.descriptor = NULL };

static int setup(void **state)
{
	inap__v1__plan_list__init(&body);
	return fake_setup(state);
}

/* Runs plan.list by a step of the test; any session may call it. */
static struct connection *run(request_step *step)
{
	struct connection *c = fake_user(ROLE_BIT_APPROVER);

	fake.rpc.steps[METHOD_PLAN_LIST] = step;
	fake_request(c, METHOD_PLAN_LIST, 1, &body.base);
	return c;
}

static const Inap__V1__Error *refusal_frame(struct connection *c, struct frame *frame)
{
	assert_true(fake_next(c, frame));
	assert_int_equal(frame->kind, FRAME_ERROR);
	return fake_unpack(&inap__v1__error__descriptor, frame->body, frame->length);
}

/* Replies and refusals */

static enum step refusing_step(struct request *r)
{
	Inap__V1__Error *refusal = request_refusal(r);

	refusal->revision = 12;
	assert_ptr_equal(request_refusal(r), refusal);
	return request_fail(r, ERROR_LOGIN_DELAYED, "seconds", "30", "extra", NULL, NULL);
}

static void a_refusal_carries_arguments_trace_and_when_to_come_again(void **state)
{
	struct connection *c = run(refusing_step);
	const Inap__V1__Error *error;
	struct frame frame;
	uint8_t zero[16] = { 0 };

	(void)state;
	error = refusal_frame(c, &frame);
	assert_int_equal(frame.method, METHOD_PLAN_LIST);
	assert_int_equal(frame.time_ms, 30000);
	assert_memory_not_equal(frame.key, zero, sizeof zero);
	assert_string_equal(error->code, "LOGIN_DELAYED");
	assert_int_equal(error->n_arguments, 2);
	assert_argument(error, "seconds", "30");
	assert_argument(error, "extra", "");
	assert_int_equal(error->revision, 12);
}

static enum step not_retryable_step(struct request *r)
{
	return request_fail(r, ERROR_EXISTS, "what", "user", "seconds", "9", NULL);
}

static void what_will_not_succeed_later_says_no_time(void **state)
{
	struct connection *c = run(not_retryable_step);
	struct frame frame;

	(void)state;
	refusal_frame(c, &frame);
	assert_int_equal(frame.time_ms, 0);
}

static enum step bug_step(struct request *r)
{
	return request_bug(r);
}

static void internal_names_the_trace_of_the_frame(void **state)
{
	struct connection *c = run(bug_step);
	const Inap__V1__Error *error;
	struct frame frame;
	char hex[33];

	(void)state;
	error = refusal_frame(c, &frame);
	assert_string_equal(error->code, "INTERNAL");
	hex_encode(frame.key, 16, hex);
	assert_argument(error, "trace", hex);
}

static enum step silent_refuse_step(struct request *r)
{
	return request_refuse(r);
}

static enum step loud_refuse_step(struct request *r)
{
	error_set(&r->error, ERROR_EXISTS, "what", "user", "name", "ada", NULL);
	return request_refuse(r);
}

static void refusing_without_a_code_is_our_own_bug(void **state)
{
	struct connection *c = run(silent_refuse_step);

	(void)state;
	fake_refused(c, 1, ERROR_INTERNAL);
	fake.rpc.steps[METHOD_PLAN_LIST] = loud_refuse_step;
	fake_request(c, METHOD_PLAN_LIST, 2, &body.base);
	assert_argument(fake_refused(c, 2, ERROR_EXISTS), "name", "ada");
}

static enum step null_reply_step(struct request *r)
{
	return request_reply(r, NULL);
}

static enum step overfull_step(struct request *r)
{
	static Inap__V1__PlanListReply reply = INAP__V1__PLAN_LIST_REPLY__INIT;

	assert_null(request_alloc(r, REQUEST_ARENA_BYTES + 1));
	return request_reply(r, &reply.base);
}

static void an_answer_that_does_not_fit_is_too_large(void **state)
{
	struct connection *c = run(null_reply_step);

	(void)state;
	assert_argument(fake_refused(c, 1, ERROR_TOO_LARGE), "limit", "16 MiB");
	fake.rpc.steps[METHOD_PLAN_LIST] = overfull_step;
	fake_request(c, METHOD_PLAN_LIST, 2, &body.base);
	assert_argument(fake_refused(c, 2, ERROR_TOO_LARGE), "what", "the answer");
}

static enum step greedy_step(struct request *r)
{
	while (request_alloc(r, 16))
		;
	return request_full(r);
}

static void without_any_room_left_the_code_alone_is_sent(void **state)
{
	struct connection *c;

	(void)state;
	fake_arena(4096);
	c = run(greedy_step);
	assert_int_equal(fake_refused(c, 1, ERROR_TOO_LARGE)->n_arguments, 0);
}

/* Faults that SQL words */

static const char *fault;

static enum step fault_step(struct request *r)
{
	return refusal_of(r, fault);
}

static void faults_in_words_become_refusals(void **state)
{
	struct connection *c;
	const Inap__V1__Error *error;

	(void)state;
	fault = "EXISTS|what=user|name=a=b";
	c = run(fault_step);
	error = fake_refused(c, 1, ERROR_EXISTS);
	assert_argument(error, "what", "user");
	assert_argument(error, "name", "a=b");
	fault = "KEY_REUSED";
	fake_request(c, METHOD_PLAN_LIST, 2, &body.base);
	fake_refused(c, 2, ERROR_KEY_REUSED);
	fault = "NO_SUCH_CODE|a=b";
	fake_request(c, METHOD_PLAN_LIST, 3, &body.base);
	fake_refused(c, 3, ERROR_INTERNAL);
	/* What a person wrote stays one argument, whatever stands in it. */
	fault = "NOT_FOUND|what=cell|name=a|b=c|what=d|name=e||=";
	fake_request(c, METHOD_PLAN_LIST, 4, &body.base);
	error = fake_refused(c, 4, ERROR_NOT_FOUND);
	assert_int_equal(error->n_arguments, 2);
	assert_argument(error, "what", "cell");
	assert_argument(error, "name", "a|b=c|what=d|name=e||=");
}

/* Units */

enum { START, FIRST, SECOND };

static unsigned sent_units;

static enum step two_units_step(struct request *r)
{
	static Inap__V1__PlanListReply reply = INAP__V1__PLAN_LIST_REPLY__INIT;

	switch (r->at) {
	case START:
		sql_todo_list(&r->unit, r->user_id);
		return request_send(r, FIRST);
	case FIRST:
		request_unit_again(r);
		assert_int_equal(r->unit.count, 0);
		assert_string_equal(r->unit.context_read, "{7}");
		sql_report_list(&r->unit, "", "", r->user_id, 2, false);
		return request_send(r, SECOND);
	case SECOND:
		sent_units = r->units;
		return request_reply(r, &reply.base);
	default:
		return request_bug(r);
	}
}

static void a_second_unit_starts_empty_and_keeps_the_contexts(void **state)
{
	struct connection *c = run(two_units_step);

	(void)state;
	fake_waits("todo_list");
	fake_answer();
	fake_silence(c);
	assert_non_null(fake_unit);
	fake_answer();
	fake_reply(c, METHOD_PLAN_LIST, 1);
	assert_int_equal(sent_units, 2);
}

static void a_failed_unit_refuses_and_the_step_never_sees_it(void **state)
{
	struct connection *c = run(two_units_step);
	struct frame frame;

	(void)state;
	assert_false(fake_unit->write);
	fake_lost(UNIT_FAILED, ERROR_DEADLINE);
	fake_refused(c, 1, ERROR_DEADLINE);
	fake_request(c, METHOD_PLAN_LIST, 2, &body.base);
	fake_answer();
	fake_lost(UNIT_UNKNOWN, ERROR_UNAVAILABLE);
	fake_refused(c, 2, ERROR_OUTCOME_UNKNOWN);
	fake_request(c, METHOD_PLAN_LIST, 3, &body.base);
	snprintf(fake_unit->sqlstate, sizeof fake_unit->sqlstate, "XX000");
	fake_lost(UNIT_FAILED, ERROR_NONE);
	assert_string_equal(refusal_frame(c, &frame)->code, "INTERNAL");
	fake_busy = true;
	fake_request(c, METHOD_PLAN_LIST, 4, &body.base);
	refusal_frame(c, &frame);
	assert_int_equal(frame.time_ms, 1000);
}

/* Jobs */

static unsigned jobs_done;

static void job(void *argument)
{
	*(unsigned *)argument += 1;
}

static enum step job_step(struct request *r)
{
	static Inap__V1__PlanListReply reply = INAP__V1__PLAN_LIST_REPLY__INIT;

	return r->at == START ? request_work(r, job, &jobs_done, FIRST)
			      : request_reply(r, &reply.base);
}

static void a_job_runs_elsewhere_and_the_step_goes_on(void **state)
{
	struct connection *c = run(job_step);

	(void)state;
	jobs_done = 0;
	fake_silence(c);
	fake.job->job(fake.job->job_argument);
	request_job_done(fake.job);
	fake_reply(c, METHOD_PLAN_LIST, 1);
	assert_int_equal(jobs_done, 1);
}

static void at_the_workers_cap_it_is_busy(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_APPROVER);

	(void)state;
	fake.job_busy = true;
	fake.rpc.steps[METHOD_PLAN_LIST] = job_step;
	fake_request(c, METHOD_PLAN_LIST, 1, &body.base);
	assert_argument(fake_refused(c, 1, ERROR_BUSY), "seconds", "2");
}

static void the_client_may_go_while_a_job_runs(void **state)
{
	struct connection *c = run(job_step);

	(void)state;
	fake_gone(c);
	request_job_done(fake.job);
	assert_int_equal(fake.rpc.in_flight, 0);
}

/* Large replies */

enum { PLANS = 4000 };

static enum step large_step(struct request *r)
{
	Inap__V1__PlanListReply *reply = request_alloc(r, sizeof *reply);
	Inap__V1__Plan *plans = request_array(r, PLANS, sizeof *plans);
	char *text = request_alloc(r, 201);

	inap__v1__plan_list_reply__init(reply);
	memset(text, 'x', 200);
	reply->plans = request_array(r, PLANS, sizeof *reply->plans);
	for (size_t i = 0; i < PLANS; i++) {
		inap__v1__plan__init(&plans[i]);
		plans[i].code = arena_printf(&r->arena, "P-%zu", i);
		plans[i].name = words_name(r, text, "", "");
		reply->plans[i] = &plans[i];
	}
	reply->n_plans = PLANS;
	return request_reply(r, &reply->base);
}

static void a_large_reply_comes_in_parts_that_join_to_one_message(void **state)
{
	struct connection *c = run(large_step);
	const Inap__V1__PlanListReply *reply;
	struct frame frame = { .kind = FRAME_PART };
	uint8_t *all = NULL;
	uint8_t trace[16];
	size_t bytes = 0, plans = 0;
	unsigned parts = 0;

	(void)state;
	while (frame.kind == FRAME_PART) {
		assert_true(fake_next(c, &frame));
		assert_true(frame.kind == FRAME_PART || frame.kind == FRAME_REPLY);
		assert_int_equal(frame.method, METHOD_PLAN_LIST);
		assert_int_equal(frame.id, 1);
		assert_in_range(frame.length, 1, RPC_PART_BYTES);
		if (parts++ > 0)
			assert_memory_equal(frame.key, trace, sizeof trace);
		memcpy(trace, frame.key, sizeof trace);
		/* each part is a message of its own */
		reply = fake_unpack(&inap__v1__plan_list_reply__descriptor, frame.body,
				    frame.length);
		plans += reply->n_plans;
		all = realloc(all, bytes + frame.length);
		assert_non_null(all);
		memcpy(all + bytes, frame.body, frame.length);
		bytes += frame.length;
	}
	fake_silence(c);
	assert_true(parts >= 4);
	assert_int_equal(plans, PLANS);
	reply = fake_unpack(&inap__v1__plan_list_reply__descriptor, all, bytes);
	free(all);
	assert_int_equal(reply->n_plans, PLANS);
	assert_string_equal(reply->plans[PLANS - 1]->code, "P-3999");
}

static void parts_that_find_no_room_close_the_connection(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_APPROVER);

	(void)state;
	c->out.max = RPC_PART_BYTES + 4096;
	fake.rpc.steps[METHOD_PLAN_LIST] = large_step;
	fake_request(c, METHOD_PLAN_LIST, 1, &body.base);
	assert_true(c->closing);
	assert_string_equal(c->why, "its answers are not read");
	fake_turn(c);
}

/* hello at every size of arena: refused or answered, never half */
static void hello_in_an_arena_of_any_size(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_APPROVER);
	Inap__V1__Hello in = INAP__V1__HELLO__INIT;
	struct frame frame = { 0 };

	(void)state;
	in.protocol = 1;
	for (size_t cap = 0; frame.kind != FRAME_REPLY; cap += 16) {
		assert_true(cap < 4096);
		fake_arena(cap);
		fake_request(c, METHOD_HELLO, 1, &in.base);
		assert_true(fake_next(c, &frame));
		if (frame.kind == FRAME_ERROR) {
			const Inap__V1__Error *error =
				fake_unpack(&inap__v1__error__descriptor, frame.body, frame.length);

			assert_string_equal(error->code, "TOO_LARGE");
		}
	}
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, fake_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_refusal_carries_arguments_trace_and_when_to_come_again),
		TEST(what_will_not_succeed_later_says_no_time),
		TEST(internal_names_the_trace_of_the_frame),
		TEST(refusing_without_a_code_is_our_own_bug),
		TEST(an_answer_that_does_not_fit_is_too_large),
		TEST(without_any_room_left_the_code_alone_is_sent),
		TEST(faults_in_words_become_refusals),
		TEST(a_second_unit_starts_empty_and_keeps_the_contexts),
		TEST(a_failed_unit_refuses_and_the_step_never_sees_it),
		TEST(a_job_runs_elsewhere_and_the_step_goes_on),
		TEST(at_the_workers_cap_it_is_busy),
		TEST(the_client_may_go_while_a_job_runs),
		TEST(a_large_reply_comes_in_parts_that_join_to_one_message),
		TEST(parts_that_find_no_room_close_the_connection),
		TEST(hello_in_an_arena_of_any_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
