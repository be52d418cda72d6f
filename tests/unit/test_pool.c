/* The pool against a real PostgreSQL: units, dry runs, errors, caps, queues, draining. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/pool_fixture.h"

/* cmocka's skip() counts as failed under TAP; the reason was printed when the cluster was not made.
 */
#define NEEDS_CLUSTER(state)                                                                       \
	if (*(state) == NULL)                                                                      \
	skip()

static long rows(const char *key)
{
	char sql[128];

	snprintf(sql, sizeof sql, "SELECT count(*) FROM inap.t WHERE key LIKE '%s'", key);
	return cluster_number(&fixture.cluster, sql);
}

static uint64_t syncs(enum method_lane lane)
{
	struct pool_counters counters;

	pool_count(fixture.pool, &counters);
	return counters.lanes[lane].syncs;
}

static void units_are_pipelined_with_one_sync_each(void **state)
{
	struct job jobs[6];
	uint64_t before;

	NEEDS_CLUSTER(state);
	fixture_pool();
	before = syncs(LANE_WRITE);
	for (int i = 0; i < 6; i++) {
		char key[16];

		snprintf(key, sizeof key, "k%d", i);
		job_init(&jobs[i], LANE_WRITE, 5000);
		job_add(&jobs[i], &statement_put, key, "5");
		job_add(&jobs[i], &statement_echo, key, NULL);
		jobs[i].unit.context_read = "{1,2}";
		jobs[i].unit.context_write = i % 2 ? "{2}" : "{3}";
		job_send(&jobs[i]);
	}
	for (int i = 0; i < 6; i++) {
		struct unit *unit = &jobs[i].unit;

		job_wait(&jobs[i]);
		assert_int_equal(unit->outcome, UNIT_DONE);
		assert_int_equal(unit_bigint(unit, 0, 0, 0), 5);
		assert_int_equal(unit_text(unit, 1, 0, 0)[1], '0' + i);
		assert_string_equal(unit_text(unit, 1, 0, 1), "{1,2}");
		assert_string_equal(unit_text(unit, 1, 0, 2), i % 2 ? "{2}" : "{3}");
		assert_true(unit->queued_us <= unit->sent_us && unit->sent_us < unit->done_us);
		job_fini(&jobs[i]);
	}
	assert_int_equal(syncs(LANE_WRITE) - before, 6);
	assert_int_equal(rows("k%"), 6);
	assert_true(pool_healthy(fixture.pool));
}

static void an_error_in_the_middle_undoes_the_whole_unit(void **state)
{
	struct job bad, good;

	NEEDS_CLUSTER(state);
	fixture_pool();
	job_init(&bad, LANE_WRITE, 5000);
	job_add(&bad, &statement_put, "a", "1");
	job_add(&bad, &statement_divide, "0", NULL);
	job_add(&bad, &statement_put, "b", "1");
	job_send(&bad);
	job_init(&good, LANE_WRITE, 5000);
	job_add(&good, &statement_put, "c", "1");
	job_send(&good);
	job_wait(&bad);
	job_wait(&good);
	assert_int_equal(bad.unit.outcome, UNIT_FAILED);
	assert_int_equal(bad.unit.error.code, ERROR_INTERNAL);
	assert_string_equal(bad.unit.sqlstate, "22012");
	assert_null(bad.unit.entries[0].result);
	assert_int_equal(good.unit.outcome, UNIT_DONE);
	assert_int_equal(rows("%"), 1);
	job_fini(&bad);
	job_fini(&good);
}

static void a_dry_run_shows_its_rows_and_leaves_nothing(void **state)
{
	struct job dry, failing, real;

	NEEDS_CLUSTER(state);
	fixture_pool();
	job_init(&dry, LANE_WRITE, 5000);
	dry.unit.dry = true;
	dry.unit.context_read = "{7}";
	job_add(&dry, &statement_put, "dry", "1");
	job_add(&dry, &statement_echo, "x", NULL);
	job_init(&failing, LANE_WRITE, 5000);
	failing.unit.dry = true;
	job_add(&failing, &statement_put, "dry", "1");
	job_add(&failing, &statement_divide, "0", NULL);
	job_init(&real, LANE_WRITE, 5000);
	job_add(&real, &statement_put, "real", "1");
	job_send(&dry);
	job_send(&failing);
	job_send(&real);
	job_wait(&dry);
	job_wait(&failing);
	job_wait(&real);
	assert_int_equal(dry.unit.outcome, UNIT_DONE);
	assert_int_equal(unit_bigint(&dry.unit, 0, 0, 0), 1);
	assert_string_equal(unit_text(&dry.unit, 1, 0, 1), "{7}");
	assert_int_equal(failing.unit.outcome, UNIT_FAILED);
	assert_int_equal(real.unit.outcome, UNIT_DONE);
	assert_int_equal(rows("dry"), 0);
	assert_int_equal(rows("real"), 1);
	job_fini(&dry);
	job_fini(&failing);
	job_fini(&real);
}

static void a_full_queue_is_busy_at_once(void **state)
{
	struct job running, waiting, refused;

	NEEDS_CLUSTER(state);
	fixture.config.lanes[LANE_READ] = (struct pool_lane_config){ 1, 1, 1, 5000 };
	fixture_pool();
	job_init(&running, LANE_READ, 5000);
	job_add(&running, &statement_sleep, "0.2", NULL);
	job_init(&waiting, LANE_READ, 5000);
	job_add(&waiting, &statement_echo, "x", NULL);
	job_init(&refused, LANE_READ, 5000);
	job_add(&refused, &statement_echo, "x", NULL);
	job_send(&running);
	run_for(50);
	job_send(&waiting);
	assert_false(pool_send(fixture.pool, &refused.unit));
	assert_int_equal(refused.unit.error.code, ERROR_BUSY);
	assert_string_equal(error_argument(&refused.unit.error, "seconds"), "1");
	job_wait(&running);
	job_wait(&waiting);
	assert_int_equal(waiting.unit.outcome, UNIT_DONE);
	assert_int_equal(refused.dones, 0);
	job_fini(&running);
	job_fini(&waiting);
	job_fini(&refused);
}

static void a_broken_unit_is_too_large(void **state)
{
	struct job job;

	NEEDS_CLUSTER(state);
	fixture_pool();
	job_init(&job, LANE_READ, 5000);
	for (int i = 0; i <= UNIT_STATEMENTS_MAX; i++)
		job_add(&job, &statement_echo, "x", NULL);
	assert_false(pool_send(fixture.pool, &job.unit));
	assert_int_equal(job.unit.error.code, ERROR_TOO_LARGE);
	assert_string_equal(error_argument(&job.unit.error, "limit"), "4194304 B");
	job_fini(&job);
}

static void the_deadline_counts_the_queue(void **state)
{
	struct job running, waiting;

	NEEDS_CLUSTER(state);
	fixture.config.lanes[LANE_WRITE].pipeline_depth = 1;
	fixture_pool();
	job_init(&running, LANE_WRITE, 5000);
	job_add(&running, &statement_sleep, "0.5", NULL);
	job_init(&waiting, LANE_WRITE, 100);
	job_add(&waiting, &statement_put, "x", "1");
	job_send(&running);
	job_send(&waiting);
	job_wait(&waiting);
	assert_int_equal(running.dones, 0);
	assert_int_equal(waiting.unit.outcome, UNIT_FAILED);
	assert_int_equal(waiting.unit.error.code, ERROR_DEADLINE);
	assert_in_range(atoi(error_argument(&waiting.unit.error, "ms")), 95, 105);
	job_wait(&running);
	assert_int_equal(running.unit.outcome, UNIT_DONE);
	assert_int_equal(rows("x"), 0);
	job_fini(&running);
	job_fini(&waiting);
}

static void a_serialization_failure_is_sent_once_more(void **state)
{
	struct job once, always;

	NEEDS_CLUSTER(state);
	fixture_pool();
	job_init(&once, LANE_WRITE, 5000);
	job_add(&once, &statement_put, "serial", "1");
	job_add(&once, &statement_serial, "2", NULL);
	job_send(&once);
	job_wait(&once);
	assert_int_equal(once.unit.outcome, UNIT_DONE);
	assert_int_equal(once.unit.error.code, ERROR_NONE);
	assert_int_equal(unit_bigint(&once.unit, 1, 0, 0), 2);
	assert_int_equal(rows("serial"), 1);
	job_init(&always, LANE_WRITE, 5000);
	job_add(&always, &statement_serial, "99", NULL);
	job_send(&always);
	job_wait(&always);
	assert_int_equal(always.unit.outcome, UNIT_FAILED);
	assert_int_equal(always.unit.error.code, ERROR_BUSY);
	assert_int_equal(cluster_number(&fixture.cluster, "SELECT last_value FROM inap.calls"), 4);
	job_fini(&once);
	job_fini(&always);
}

static void a_function_of_ours_refuses_with_a_code(void **state)
{
	struct job job;

	NEEDS_CLUSTER(state);
	fixture_pool();
	job_init(&job, LANE_BULK, 5000);
	job_add(&job, &statement_raise, NULL, NULL);
	job_send(&job);
	job_wait(&job);
	assert_int_equal(job.unit.outcome, UNIT_FAILED);
	assert_int_equal(job.unit.error.code, ERROR_PLAN_BAD);
	assert_string_equal(error_argument(&job.unit.error, "why"), "y");
	job_fini(&job);
}

static void a_statement_past_its_timeout_is_deadline(void **state)
{
	struct job job;

	NEEDS_CLUSTER(state);
	fixture.config.lanes[LANE_READ].statement_timeout_ms = 100;
	fixture_pool();
	job_init(&job, LANE_READ, 5000);
	job_add(&job, &statement_sleep, "3", NULL);
	job_send(&job);
	job_wait(&job);
	assert_string_equal(job.unit.sqlstate, "57014");
	assert_int_equal(job.unit.error.code, ERROR_DEADLINE);
	job_fini(&job);
}

static void large_units_wait_for_room_in_the_socket(void **state)
{
	struct job jobs[8];
	size_t size = 1 << 20;
	char *text = malloc(size);

	NEEDS_CLUSTER(state);
	fixture_pool();
	assert_non_null(text);
	memset(text, 'x', size);
	text[size - 1] = '\0';
	for (int i = 0; i < 8; i++) {
		job_init(&jobs[i], LANE_READ, 9000);
		text[0] = (char)('a' + i);
		job_add(&jobs[i], &statement_echo, text, NULL);
		job_send(&jobs[i]);
	}
	for (int i = 0; i < 8; i++) {
		job_wait(&jobs[i]);
		assert_int_equal(jobs[i].unit.outcome, UNIT_DONE);
		assert_int_equal(unit_text(&jobs[i].unit, 0, 0, 0)[0], 'a' + i);
		assert_int_equal(strlen(unit_text(&jobs[i].unit, 0, 0, 0)), size - 1);
		job_fini(&jobs[i]);
	}
	free(text);
}

static void writes_of_one_entity_share_a_connection(void **state)
{
	struct job jobs[4];
	long pids[4];

	NEEDS_CLUSTER(state);
	fixture.config.lanes[LANE_WRITE].connections = 2;
	fixture_pool();
	run_for(200); /* both are there */
	for (uint32_t i = 0; i < 4; i++) {
		job_init(&jobs[i], LANE_WRITE, 5000);
		jobs[i].unit.route = 10 + i % 2;
		job_add(&jobs[i], &statement_echo, "x", NULL);
		job_send(&jobs[i]);
	}
	for (int i = 0; i < 4; i++) {
		job_wait(&jobs[i]);
		pids[i] = (long)unit_bigint(&jobs[i].unit, 0, 0, 3);
		job_fini(&jobs[i]);
	}
	assert_int_equal(pids[0], pids[2]);
	assert_int_equal(pids[1], pids[3]);
	assert_int_not_equal(pids[0], pids[1]);
}

static void idle(void *data)
{
	struct pool_fixture *f = data;

	f->idle = true;
}

static void draining_ends_what_is_sent_and_takes_no_more(void **state)
{
	struct job job, refused;

	NEEDS_CLUSTER(state);
	fixture_pool();
	job_init(&job, LANE_WRITE, 5000);
	job_add(&job, &statement_slow, "drain", "0.2");
	job_send(&job);
	pool_drain(fixture.pool, idle, &fixture);
	job_init(&refused, LANE_WRITE, 5000);
	assert_false(pool_send(fixture.pool, &refused.unit));
	assert_int_equal(refused.unit.error.code, ERROR_SHUTTING_DOWN);
	assert_false(fixture.idle);
	assert_true(run_until(&fixture.idle, 3000));
	assert_int_equal(job.dones, 1);
	assert_int_equal(job.unit.outcome, UNIT_DONE);
	job_fini(&job);
	job_fini(&refused);
}

static void send_again(struct job *job)
{
	job->then = NULL;
	unit_reset(&job->unit);
	job_add(job, &statement_put, "second", "2");
	job_send(job);
}

/* The way of a login: its second unit is sent from the end of the first. */
static void the_end_of_a_unit_may_send_the_next(void **state)
{
	struct job job;

	NEEDS_CLUSTER(state);
	fixture_pool();
	job_init(&job, LANE_WRITE, 5000);
	job_add(&job, &statement_put, "first", "1");
	job.then = send_again;
	job_send(&job);
	for (int i = 0; i < 100 && job.dones < 2; i++)
		run_for(20);
	assert_int_equal(job.dones, 2);
	assert_int_equal(unit_bigint(&job.unit, 0, 0, 0), 2);
	assert_int_equal(rows("%"), 2);
	job_fini(&job);
}

static void a_lane_without_connections_is_unavailable(void **state)
{
	struct job job;

	NEEDS_CLUSTER(state);
	fixture.config.lanes[LANE_BULK].connections = 0;
	fixture_pool();
	job_init(&job, LANE_BULK, 5000);
	assert_false(pool_send(fixture.pool, &job.unit));
	assert_int_equal(job.unit.error.code, ERROR_UNAVAILABLE);
	job_fini(&job);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_loop, fixture_loop_end)
	const struct CMUnitTest tests[] = {
		TEST(units_are_pipelined_with_one_sync_each),
		TEST(an_error_in_the_middle_undoes_the_whole_unit),
		TEST(a_dry_run_shows_its_rows_and_leaves_nothing),
		TEST(a_full_queue_is_busy_at_once),
		TEST(a_broken_unit_is_too_large),
		TEST(the_deadline_counts_the_queue),
		TEST(a_serialization_failure_is_sent_once_more),
		TEST(a_function_of_ours_refuses_with_a_code),
		TEST(a_statement_past_its_timeout_is_deadline),
		TEST(large_units_wait_for_room_in_the_socket),
		TEST(writes_of_one_entity_share_a_connection),
		TEST(draining_ends_what_is_sent_and_takes_no_more),
		TEST(the_end_of_a_unit_may_send_the_next),
		TEST(a_lane_without_connections_is_unavailable),
	};
#undef TEST

	return cmocka_run_group_tests(tests, fixture_cluster, fixture_cluster_end);
}
