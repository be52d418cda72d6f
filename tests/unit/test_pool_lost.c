/* The pool when things end too early: backends, the server, deadlines, the pool itself. */
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

static void a_write_whose_backend_dies_is_done_once(void **state)
{
	struct pool_counters counters;
	struct job first, behind;

	NEEDS_CLUSTER(state);
	fixture_pool();
	job_init(&first, LANE_WRITE, 8000);
	job_add(&first, &statement_slow, "first", "0.3");
	job_init(&behind, LANE_WRITE, 8000);
	job_add(&behind, &statement_put, "behind", "1");
	job_send(&first);
	job_send(&behind);
	run_for(100);
	kill_busy_backends();
	job_wait(&first);
	job_wait(&behind);
	assert_int_equal(first.unit.outcome, UNIT_DONE);
	assert_int_equal(behind.unit.outcome, UNIT_DONE);
	assert_true(first.unit.done_us < behind.unit.done_us); /* the order stays */
	assert_int_equal(rows("first"), 1);
	assert_int_equal(rows("behind"), 1);
	pool_count(fixture.pool, &counters);
	assert_int_equal(counters.lanes[LANE_WRITE].reconnects, 1);
	assert_int_equal(counters.lanes[LANE_WRITE].units, 4);
	job_fini(&first);
	job_fini(&behind);
}

static void what_carries_no_key_is_never_sent_twice(void **state)
{
	struct job job;

	NEEDS_CLUSTER(state);
	fixture_pool();
	job_init(&job, LANE_AUTH, 8000);
	job.unit.once = true;
	job_add(&job, &statement_slow, "once", "0.3");
	job_send(&job);
	run_for(100);
	kill_busy_backends();
	job_wait(&job);
	assert_int_equal(job.unit.outcome, UNIT_UNKNOWN);
	assert_int_equal(job.unit.error.code, ERROR_OUTCOME_UNKNOWN);
	job_fini(&job);
}

/* Goes on until the query counts something; a busy machine takes its time. */
static void counts_until(const char *sql)
{
	for (int tries = 0; tries < 200 && cluster_number(&fixture.cluster, sql) == 0; tries++)
		run_for(50);
	assert_int_not_equal(cluster_number(&fixture.cluster, sql), 0);
}

/* The write is committed here when the wait for the standby is cancelled: its "success" is not to
 * be believed. */
static void a_standby_that_did_not_confirm_means_asking_again(void **state)
{
	struct pool_counters counters;
	struct cluster *cluster = &fixture.cluster;
	struct job job;

	NEEDS_CLUSTER(state);
	fixture_pool();
	cluster_sql(cluster, "ALTER SYSTEM SET synchronous_standby_names = 'ghost'");
	cluster_sql(cluster, "SELECT pg_reload_conf()");
	job_init(&job, LANE_WRITE, 8000);
	job_add(&job, &statement_put, "doubt", "1");
	counts_until(
		"SELECT count(*) FROM pg_settings WHERE name = 'synchronous_standby_names' AND "
		"setting = 'ghost'");
	job_send(&job);
	counts_until("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
	assert_int_equal(job.dones, 0);
	cluster_sql(cluster, "ALTER SYSTEM RESET synchronous_standby_names");
	cluster_sql(cluster, "SELECT pg_cancel_backend(pid) FROM pg_stat_activity"
			     " WHERE wait_event = 'SyncRep'");
	cluster_sql(cluster, "SELECT pg_reload_conf()");
	job_wait(&job);
	assert_int_equal(job.unit.outcome, UNIT_DONE);
	assert_int_equal(unit_rows(&job.unit, 0), 0); /* the second time it was there already */
	assert_int_equal(rows("doubt"), 1);
	pool_count(fixture.pool, &counters);
	assert_int_equal(counters.lanes[LANE_WRITE].reconnects, 1);
	job_fini(&job);
}

static void units_wait_while_the_server_restarts(void **state)
{
	struct job write, read, late;

	NEEDS_CLUSTER(state);
	fixture_pool();
	cluster_stop(&fixture.cluster);
	job_init(&write, LANE_WRITE, 9000);
	job_add(&write, &statement_put, "waits", "1");
	job_init(&read, LANE_READ, 9000);
	job_add(&read, &statement_echo, "hello", NULL);
	job_init(&late, LANE_READ, 150);
	job_add(&late, &statement_echo, "late", NULL);
	job_send(&write);
	job_send(&read);
	job_send(&late);
	job_wait(&late);
	assert_int_equal(late.unit.outcome, UNIT_FAILED);
	assert_int_equal(late.unit.error.code, ERROR_UNAVAILABLE);
	assert_false(pool_healthy(fixture.pool));
	cluster_start(&fixture.cluster);
	job_wait(&write);
	job_wait(&read);
	assert_int_equal(write.unit.outcome, UNIT_DONE);
	assert_int_equal(read.unit.outcome, UNIT_DONE);
	assert_int_equal(rows("waits"), 1);
	job_fini(&write);
	job_fini(&read);
	job_fini(&late);
}

static void a_write_never_sent_is_unavailable_and_a_lost_one_unknown(void **state)
{
	struct job sent, unsent;

	NEEDS_CLUSTER(state);
	fixture_pool();
	job_init(&sent, LANE_WRITE, 1000);
	job_add(&sent, &statement_slow, "sent", "0.6");
	job_send(&sent);
	run_for(100);
	cluster_stop(&fixture.cluster);
	run_for(50);
	job_init(&unsent, LANE_WRITE, 300);
	job_add(&unsent, &statement_put, "unsent", "1");
	job_send(&unsent);
	job_wait(&unsent);
	job_wait(&sent);
	cluster_start(&fixture.cluster);
	assert_int_equal(unsent.unit.outcome, UNIT_FAILED);
	assert_int_equal(unsent.unit.error.code, ERROR_UNAVAILABLE);
	assert_int_equal(sent.unit.outcome, UNIT_UNKNOWN);
	assert_int_equal(sent.unit.error.code, ERROR_OUTCOME_UNKNOWN);
	job_fini(&sent);
	job_fini(&unsent);
}

/* The statement under way is not cancelled: its socket is closed, and what waited behind it is sent
 * again. */
static void what_runs_past_its_deadline_loses_the_connection(void **state)
{
	struct job read, behind, write;

	NEEDS_CLUSTER(state);
	fixture_pool();
	job_init(&read, LANE_READ, 150);
	job_add(&read, &statement_sleep, "3", NULL);
	job_init(&behind, LANE_READ, 5000);
	job_add(&behind, &statement_echo, "behind", NULL);
	job_init(&write, LANE_WRITE, 150);
	job_add(&write, &statement_slow, "late", "0.5");
	job_send(&read);
	job_send(&behind);
	job_send(&write);
	job_wait(&read);
	job_wait(&write);
	assert_int_equal(read.unit.outcome, UNIT_FAILED);
	assert_int_equal(read.unit.error.code, ERROR_DEADLINE);
	assert_int_equal(write.unit.outcome, UNIT_UNKNOWN);
	job_wait(&behind);
	assert_int_equal(behind.unit.outcome, UNIT_DONE);
	assert_string_equal(unit_text(&behind.unit, 0, 0, 0), "behind");
	run_for(700);
	assert_int_equal(rows("late"), 1); /* unknown it was, and done */
	job_fini(&read);
	job_fini(&behind);
	job_fini(&write);
}

static void what_waits_in_the_pipeline_past_its_deadline_costs_no_connection(void **state)
{
	struct pool_counters counters;
	struct job first, second, third;

	NEEDS_CLUSTER(state);
	fixture_pool();
	job_init(&first, LANE_READ, 5000);
	job_add(&first, &statement_sleep, "0.4", NULL);
	job_init(&second, LANE_READ, 100);
	job_add(&second, &statement_echo, "second", NULL);
	job_init(&third, LANE_READ, 5000);
	job_add(&third, &statement_echo, "third", NULL);
	job_send(&first);
	job_send(&second);
	job_send(&third);
	job_wait(&second);
	assert_int_equal(second.unit.error.code, ERROR_DEADLINE);
	job_wait(&first);
	job_wait(&third);
	assert_string_equal(unit_text(&third.unit, 0, 0, 0), "third");
	pool_count(fixture.pool, &counters);
	assert_int_equal(counters.lanes[LANE_READ].reconnects, 0);
	job_fini(&first);
	job_fini(&second);
	job_fini(&third);
}

static void closing_ends_every_unit(void **state)
{
	struct job write, read, queued;

	NEEDS_CLUSTER(state);
	fixture.config.lanes[LANE_READ].pipeline_depth = 1;
	fixture_pool();
	job_init(&write, LANE_WRITE, 5000);
	job_add(&write, &statement_slow, "close", "0.2");
	job_init(&read, LANE_READ, 5000);
	job_add(&read, &statement_sleep, "0.2", NULL);
	job_init(&queued, LANE_READ, 5000);
	job_add(&queued, &statement_echo, "x", NULL);
	job_send(&write);
	job_send(&read);
	job_send(&queued);
	run_for(60);
	assert_int_equal(fixture_loop_end(state), 0);
	assert_int_equal(write.dones + read.dones + queued.dones, 3);
	assert_int_equal(write.unit.outcome, UNIT_UNKNOWN);
	assert_int_equal(read.unit.error.code, ERROR_SHUTTING_DOWN);
	assert_int_equal(queued.unit.error.code, ERROR_SHUTTING_DOWN);
	fixture_loop(state); /* for the tear-down */
	job_fini(&write);
	job_fini(&read);
	job_fini(&queued);
}

static void close_cb(void *data)
{
	struct pool_fixture *f = data;

	f->closed = true;
}

static void close_pool(struct job *job)
{
	(void)job;
	if (fixture.pool != NULL)
		pool_close(fixture.pool, close_cb, &fixture);
	fixture.pool = NULL;
}

/* Each of the three ways a unit ends, with another one behind it that the closing ends. */
static void the_end_of_a_unit_may_close_the_pool(void **state)
{
	static const struct {
		const struct statement *statement;
		const char *argument;
		int64_t deadline_ms;
		enum unit_outcome outcome;
	} rows[] = {
		{ &statement_echo, "x", 5000, UNIT_DONE },
		{ &statement_divide, "0", 5000, UNIT_FAILED },
		{ &statement_sleep, "1", 100, UNIT_FAILED },
	};

	NEEDS_CLUSTER(state);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct job job, behind;

		fixture_pool();
		job_init(&job, LANE_READ, rows[i].deadline_ms);
		job_add(&job, rows[i].statement, rows[i].argument, NULL);
		job.then = close_pool;
		job_init(&behind, LANE_READ, 5000);
		job_add(&behind, &statement_sleep, "0.5", NULL);
		job_send(&job);
		job_send(&behind);
		job_wait(&job);
		assert_true(fixture.closed || run_until(&fixture.closed, 1000));
		assert_int_equal(job.unit.outcome, rows[i].outcome);
		assert_int_equal(behind.dones, 1);
		assert_int_equal(behind.unit.error.code, ERROR_SHUTTING_DOWN);
		job_fini(&job);
		job_fini(&behind);
		assert_int_equal(fixture_loop_end(state), 0);
		fixture_loop(state);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_loop, fixture_loop_end)
	const struct CMUnitTest tests[] = {
		TEST(a_write_whose_backend_dies_is_done_once),
		TEST(what_carries_no_key_is_never_sent_twice),
		TEST(a_standby_that_did_not_confirm_means_asking_again),
		TEST(units_wait_while_the_server_restarts),
		TEST(a_write_never_sent_is_unavailable_and_a_lost_one_unknown),
		TEST(what_runs_past_its_deadline_loses_the_connection),
		TEST(what_waits_in_the_pipeline_past_its_deadline_costs_no_connection),
		TEST(closing_ends_every_unit),
		TEST(the_end_of_a_unit_may_close_the_pool),
	};
#undef TEST

	return cmocka_run_group_tests(tests, fixture_cluster, fixture_cluster_end);
}
