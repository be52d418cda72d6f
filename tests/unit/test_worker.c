/* Tests of worker jobs: some at once, some waiting, the rest refused; each request goes on once. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdatomic.h>
#include <string.h>
#include <cmocka.h>

#include <pthread.h>
#include <uv.h>

#include "tests/unit/fake_rpc.h"
#include "server/worker.h"
#include "inap/v1/plan.pb-c.h"

enum { RUNNING = 2, WAITING = 3, JOBS = RUNNING + WAITING };

static uv_loop_t loop;
static struct worker worker;
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static atomic_uint at_once, at_once_max, ran;
static pthread_t loop_thread;
static bool off_the_loop;
static uint32_t order[JOBS];
static unsigned ended;

/* Stands at the gate until the test opens it. */
static void job(void *argument)
{
	unsigned now = atomic_fetch_add(&at_once, 1) + 1;

	(void)argument;
	if (now > atomic_load(&at_once_max))
		atomic_store(&at_once_max, now);
	pthread_mutex_lock(&gate);
	if (!pthread_equal(pthread_self(), loop_thread))
		off_the_loop = true;
	pthread_mutex_unlock(&gate);
	atomic_fetch_add(&ran, 1);
	atomic_fetch_sub(&at_once, 1);
}

static enum step step(struct request *r)
{
	static Inap__V1__PlanListReply reply = INAP__V1__PLAN_LIST_REPLY__INIT;

	if (r->at == 0)
		return request_work(r, job, NULL, 1);
	if (ended < JOBS)
		order[ended] = r->id;
	ended++;
	return request_reply(r, &reply.base);
}

static int setup(void **state)
{
	fake_setup(state);
	uv_loop_init(&loop);
	worker_init(&worker, &loop, RUNNING, WAITING);
	fake.rpc.work = worker_submit;
	fake.rpc.work_data = &worker;
	fake.rpc.settings.in_flight_per_user = 99;
	fake.rpc.steps[METHOD_PLAN_LIST] = step;
	atomic_store(&at_once_max, 0);
	atomic_store(&ran, 0);
	ended = 0;
	off_the_loop = false;
	loop_thread = pthread_self();
	return 0;
}

static int teardown(void **state)
{
	assert_int_equal(uv_loop_close(&loop), 0);
	return fake_teardown(state);
}

static void ask(struct connection *c, uint32_t id)
{
	Inap__V1__PlanList body = INAP__V1__PLAN_LIST__INIT;

	fake_request(c, METHOD_PLAN_LIST, id, &body.base);
}

static void a_few_run_some_wait_the_rest_is_busy(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_APPROVER);

	(void)state;
	pthread_mutex_lock(&gate);
	for (uint32_t id = 1; id <= JOBS; id++)
		ask(c, id);
	fake_silence(c);
	assert_int_equal(worker.running, RUNNING);
	assert_int_equal(worker.waiting, WAITING);
	ask(c, JOBS + 1);
	fake_refused(c, JOBS + 1, ERROR_BUSY);
	pthread_mutex_unlock(&gate);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(atomic_load(&ran), JOBS);
	assert_int_equal(ended, JOBS);
	assert_true(off_the_loop);
	assert_in_range(atomic_load(&at_once_max), 1, RUNNING);
	assert_int_equal(worker.running, 0);
	assert_int_equal(worker.waiting, 0);
	ask(c, JOBS + 2);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(ended, JOBS + 1); /* there is room again */
}

static void one_at_a_time_keeps_the_order(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_APPROVER);

	(void)state;
	worker_init(&worker, &loop, 1, JOBS);
	for (uint32_t id = 1; id <= JOBS; id++)
		ask(c, id);
	uv_run(&loop, UV_RUN_DEFAULT);
	for (uint32_t i = 0; i < JOBS; i++)
		assert_int_equal(order[i], i + 1);
	assert_int_equal(atomic_load(&at_once_max), 1);
}

static void a_client_that_went_leaves_its_job_to_end(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_APPROVER);

	(void)state;
	pthread_mutex_lock(&gate);
	for (uint32_t id = 1; id <= RUNNING + 1; id++)
		ask(c, id);
	fake_gone(c);
	pthread_mutex_unlock(&gate);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(ended, RUNNING + 1);
	assert_int_equal(fake.rpc.in_flight, 0);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_few_run_some_wait_the_rest_is_busy),
		TEST(one_at_a_time_keeps_the_order),
		TEST(a_client_that_went_leaves_its_job_to_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
