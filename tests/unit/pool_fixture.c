/* What the tests of the pool share: see pool_fixture.h. */
#include "tests/unit/pool_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct pool_fixture fixture;

#define STATEMENT(symbol, lanes_, parameters_, columns_, text_)                                    \
	const struct statement statement_##symbol = {                                              \
		.name = #symbol,                                                                   \
		.lanes = lanes_,                                                                   \
		.parameters = parameters_,                                                         \
		.columns = columns_,                                                               \
		.text = text_,                                                                     \
	}

STATEMENT(put, "write,auth", 2, 1,
	  "INSERT INTO t (key, n) VALUES ($1, $2::bigint) ON CONFLICT DO NOTHING RETURNING n");
STATEMENT(slow, "write,auth", 2, 1,
	  "INSERT INTO t (key, n) SELECT $1, 1 FROM pg_sleep($2::text::float8)"
	  " ON CONFLICT DO NOTHING RETURNING n");
STATEMENT(echo, "read,write", 1, 4,
	  "SELECT $1::text, current_setting('inap.read'), current_setting('inap.write'),"
	  " pg_backend_pid()");
STATEMENT(sleep, "read,write,auth", 1, 1, "SELECT pg_sleep($1::text::float8)");
STATEMENT(divide, "read,write", 1, 1, "SELECT 1 / $1::bigint");
STATEMENT(serial, "write", 1, 1, "SELECT serial($1)");
STATEMENT(raise, "bulk", 0, 1, "SELECT refuse()");
STATEMENT(nowhere, "none", 0, 1, "SELECT no_such_column FROM no_such_table");

const struct statement *const fixture_statements[] = {
	&statement_put,   &statement_slow,    &statement_echo,
	&statement_sleep, &statement_divide,  &statement_serial,
	&statement_raise, &statement_nowhere, NULL,
};

static const char schema[] =
	"CREATE SCHEMA inap;"
	"CREATE TABLE inap.t (key text PRIMARY KEY, n bigint);"
	"CREATE SEQUENCE inap.calls;"
	"CREATE FUNCTION inap.schema_version() RETURNS text LANGUAGE sql AS $$SELECT 'now'::text$$;"
	"CREATE FUNCTION inap.serial(n bigint) RETURNS bigint LANGUAGE plpgsql AS $$"
	"DECLARE c bigint := nextval('inap.calls'); BEGIN"
	" IF c < n THEN RAISE 'again' USING ERRCODE = '40001'; END IF; RETURN c; END$$;"
	"CREATE FUNCTION inap.refuse() RETURNS bigint LANGUAGE plpgsql AS $$BEGIN"
	" RAISE 'refused' USING ERRCODE = 'INPLN', DETAIL = 'PLAN_BAD|place=x|why=y'; END$$;";

int fixture_cluster(void **state)
{
	*state = NULL;
	if (!cluster_new(&fixture.cluster))
		return 0;
	cluster_sql(&fixture.cluster, schema);
	cluster_sql(&fixture.cluster, "CREATE DATABASE bare");
	*state = &fixture;
	return 0;
}

int fixture_cluster_end(void **state)
{
	if (*state != NULL)
		cluster_free(&fixture.cluster);
	return 0;
}

int fixture_loop(void **state)
{
	if (*state == NULL)
		return 0;
	cluster_sql(&fixture.cluster, "TRUNCATE inap.t");
	cluster_sql(&fixture.cluster, "ALTER SEQUENCE inap.calls RESTART");
	uv_loop_init(&fixture.loop);
	fixture.pool = NULL;
	fixture.ready = fixture.failed = fixture.closed = fixture.idle = false;
	memset(&fixture.config, 0, sizeof fixture.config);
	fixture.config.conninfo = fixture.config.conninfo_auth = fixture.cluster.conninfo;
	fixture.config.statements = fixture_statements;
	fixture.config.schema_version = "now";
	for (int l = LANE_WRITE; l <= LANE_AUTH; l++)
		fixture.config.lanes[l] = (struct pool_lane_config){ 1, 64, 8, 5000 };
	return 0;
}

static void closed(void *data)
{
	struct pool_fixture *f = data;

	f->closed = true;
	f->pool = NULL;
}

int fixture_loop_end(void **state)
{
	if (*state == NULL)
		return 0;
	if (fixture.pool != NULL)
		pool_close(fixture.pool, closed, &fixture);
	/* What a failed test left open must not hang all. */
	for (int ms = 0; ms < 3000 && uv_run(&fixture.loop, UV_RUN_NOWAIT) != 0; ms++)
		usleep(1000);
	return uv_loop_close(&fixture.loop) == 0 && fixture.pool == NULL ? 0 : -1;
}

static void ready(void *data)
{
	struct pool_fixture *f = data;

	f->ready = true;
}

static void failed(void *data, const struct error *error)
{
	struct pool_fixture *f = data;

	f->failed = true;
	f->error = *error;
}

void fixture_pool(void)
{
	struct error error;

	fixture.pool = pool_new(&fixture.loop, &fixture.config, &error);
	assert_non_null(fixture.pool);
	pool_start(fixture.pool, ready, failed, &fixture);
	if (fixture.config.schema_version != NULL &&
	    strcmp(fixture.config.schema_version, "now") == 0)
		assert_true(run_until(&fixture.ready, 10000));
}

static void stop_cb(uv_timer_t *timer)
{
	bool *over = timer->data;

	*over = true;
}

bool run_until(const bool *flag, unsigned ms)
{
	bool over = false;
	uv_timer_t timer;

	uv_timer_init(&fixture.loop, &timer);
	timer.data = &over;
	uv_timer_start(&timer, stop_cb, ms, 0);
	while (!over && !(flag != NULL && *flag))
		uv_run(&fixture.loop, UV_RUN_ONCE);
	uv_close((uv_handle_t *)&timer, NULL);
	uv_run(&fixture.loop, UV_RUN_NOWAIT);
	return flag != NULL && *flag;
}

void run_for(unsigned ms)
{
	run_until(NULL, ms);
}

static void done(struct unit *unit)
{
	struct job *job = unit->owner;

	job->dones++;
	if (job->then != NULL)
		job->then(job);
}

void job_init(struct job *job, enum method_lane lane, int64_t deadline_ms)
{
	memset(job, 0, sizeof *job);
	arena_init(&job->arena, JOB_CAP);
	unit_init(&job->unit, &job->arena, lane);
	uv_update_time(&fixture.loop);
	job->unit.write = lane == LANE_WRITE;
	job->unit.deadline_ms = (int64_t)uv_now(&fixture.loop) + deadline_ms;
	job->unit.done = done;
	job->unit.owner = job;
}

void job_add(struct job *job, const struct statement *statement, const char *a, const char *b)
{
	struct parameter *p = parameter_array(&job->unit, 2);

	assert_non_null(p);
	parameter_text(&job->unit, &p[0], a);
	parameter_text(&job->unit, &p[1], b);
	unit_add(&job->unit, statement, p);
}

void job_send(struct job *job)
{
	assert_true(pool_send(fixture.pool, &job->unit));
}

void job_wait(struct job *job)
{
	for (int i = 0; i < 500 && job->dones == 0; i++)
		run_for(20);
	assert_int_equal(job->dones, 1);
}

void job_fini(struct job *job)
{
	unit_reset(&job->unit);
	arena_fini(&job->arena);
}

void kill_busy_backends(void)
{
	assert_true(cluster_number(&fixture.cluster,
				   "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
				   " WHERE application_name = 'inapd' AND state = 'active'") > 0);
}
