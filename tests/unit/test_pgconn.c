/* One database connection: strings, names, schemas it does not know, and what it leaves. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/store/pgconn.h"
#include "tests/unit/pool_fixture.h"

#define NEEDS_CLUSTER(state)                                                                       \
	if (*(state) == NULL)                                                                      \
	skip()

static void bad_strings_are_refused_at_once(void **state)
{
	static const struct {
		const char *text;
		const char *why;
	} rows[] = {
		{ "host=/tmp nonsense=1", "nonsense" },
		{ "host", "missing" },
		{ "host=a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q", "too many database hosts: 17" },
		{ "host=/a123456789/b123456789/c123456789/d123456789/e123456789/f123456789/"
		  "g123456789/h123456789/i1234567",
		  "socket path too long" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct conninfo conninfo;
		struct error error;

		assert_false(conninfo_init(&conninfo, rows[i].text, &error));
		assert_non_null(strstr(error_argument(&error, "why"), rows[i].why));
	}
}

static void hosts_addresses_and_ports_go_together(void **state)
{
	struct conninfo c;
	struct error error;

	(void)state;
	assert_true(conninfo_init(&c, "host=a,/run/x,b hostaddr=,,192.0.2.1 port=1,2,3", &error));
	assert_int_equal(c.given_count, 3);
	assert_string_equal(c.given[0].host, "a");
	assert_string_equal(c.given[0].address, "");
	assert_string_equal(c.given[1].port, "2");
	assert_string_equal(c.given[2].address, "192.0.2.1");
	conninfo_fini(&c);
	assert_true(conninfo_init(&c, "host=a,b port=7", &error));
	assert_string_equal(c.given[1].port, "7");
	conninfo_fini(&c);
	setenv("PGHOST", "from.environment", 1);
	setenv("PGPORT", "9", 1);
	assert_true(conninfo_init(&c, "dbname=x", &error));
	unsetenv("PGHOST");
	unsetenv("PGPORT");
	assert_string_equal(c.given[0].host, "from.environment");
	assert_string_equal(c.given[0].port, "9");
	conninfo_fini(&c);
	assert_true(conninfo_init(&c, "dbname=x", &error));
	assert_int_equal(c.given_count, 1);
	assert_string_equal(c.given[0].host, "");
	assert_string_equal(c.given[0].port, "5432");
	conninfo_fini(&c);
}

static bool looked_up;
static char looked_up_why[200];

static void looked_up_cb(struct conninfo *conninfo, const char *why)
{
	(void)conninfo;
	looked_up = true;
	snprintf(looked_up_why, sizeof looked_up_why, "%s", why == NULL ? "" : why);
}

static void names_become_addresses_in_a_worker(void **state)
{
	struct conninfo c;
	struct error error;
	bool has_v4 = false;

	NEEDS_CLUSTER(state);
	assert_true(conninfo_init(&c, "host=/run/x,localhost port=1,2", &error));
	looked_up = false;
	conninfo_resolve(&c, &fixture.loop, looked_up_cb);
	assert_false(looked_up); /* not here, but in the loop's own time */
	assert_true(run_until(&looked_up, 5000));
	assert_string_equal(looked_up_why, "");
	assert_string_equal(c.targets[0].host, "/run/x");
	assert_string_equal(c.targets[0].address, "");
	for (unsigned i = 1; i < c.target_count; i++) {
		assert_string_equal(c.targets[i].host, "localhost");
		assert_string_equal(c.targets[i].port, "2");
		has_v4 = has_v4 || strcmp(c.targets[i].address, "127.0.0.1") == 0;
	}
	assert_true(has_v4);
	conninfo_fini(&c);

	assert_true(conninfo_init(&c, "host=no-such-host.invalid", &error));
	looked_up = false;
	conninfo_resolve(&c, &fixture.loop, looked_up_cb);
	assert_true(run_until(&looked_up, 5000));
	assert_non_null(strstr(looked_up_why, "cannot look up 'no-such-host.invalid'"));
	conninfo_fini(&c);

	assert_true(conninfo_init(&c, "host=/run/x", &error));
	looked_up = false;
	conninfo_resolve(&c, &fixture.loop, looked_up_cb);
	assert_true(looked_up);
	conninfo_fini(&c);
}

static void a_name_too_long_to_look_up_is_no_address(void **state)
{
	struct conninfo c;
	struct error error;
	char text[300] = "host=";

	NEEDS_CLUSTER(state);
	memset(text + 5, 'a', 250);
	assert_true(conninfo_init(&c, text, &error));
	looked_up = false;
	conninfo_resolve(&c, &fixture.loop, looked_up_cb);
	assert_true(looked_up || run_until(&looked_up, 5000));
	assert_string_not_equal(looked_up_why, "");
	conninfo_fini(&c);
}

/* Closed while a name is looked up, while connecting, while waiting to come again: nothing is left
 * over. */
static void a_pool_can_be_closed_at_any_moment(void **state)
{
	static const char *const strings[] = { "host=localhost port=1", "host=127.0.0.1 port=1",
					       "host=no-such-host.invalid" };
	static const unsigned moments[] = { 0, 1, 5, 50, 250 };

	NEEDS_CLUSTER(state);
	for (size_t s = 0; s < sizeof strings / sizeof *strings; s++)
		for (size_t m = 0; m < sizeof moments / sizeof *moments; m++) {
			fixture.config.conninfo = strings[s];
			fixture.config.schema_version = "other";
			fixture_pool();
			if (moments[m] > 0)
				run_for(moments[m]);
			assert_false(fixture.ready);
			assert_int_equal(fixture_loop_end(state), 0);
			fixture_loop(state);
		}
}

static void another_schema_stops_the_start_and_says_both(void **state)
{
	NEEDS_CLUSTER(state);
	fixture.config.schema_version = "next";
	fixture_pool();
	assert_true(run_until(&fixture.failed, 5000));
	assert_false(fixture.ready);
	assert_string_equal(error_argument(&fixture.error, "why"),
			    "the database has schema 'now', this inapd knows 'next': "
			    "run `sqitch deploy`");
	struct job job;

	job_init(&job, LANE_READ, 5000);
	assert_false(pool_send(fixture.pool, &job.unit));
	assert_int_equal(job.unit.error.code, ERROR_UNAVAILABLE);
	job_fini(&job);
}

static void a_database_without_schema_stops_the_start(void **state)
{
	char conninfo[CLUSTER_PATH_BYTES + 64];

	NEEDS_CLUSTER(state);
	snprintf(conninfo, sizeof conninfo, "host=%s user=tester dbname=template1",
		 fixture.cluster.directory);
	fixture.config.conninfo = fixture.config.conninfo_auth = conninfo;
	fixture.config.schema_version = "other";
	fixture_pool();
	assert_true(run_until(&fixture.failed, 5000));
	assert_non_null(strstr(error_argument(&fixture.error, "why"), "has no schema of inap"));
	assert_non_null(strstr(error_argument(&fixture.error, "why"), "'other': run `sqitch"));
	assert_int_equal(fixture_loop_end(state), 0);
	fixture_loop(state);
}

static void a_statement_that_does_not_fit_stops_the_start(void **state)
{
	static const struct statement nowhere = {
		.name = "nowhere",
		.text = "SELECT no_such_column FROM no_such_table",
		.lanes = "read,bulk",
	};
	static const struct statement *const statements[] = { &nowhere, NULL };

	NEEDS_CLUSTER(state);
	fixture.config.statements = statements;
	fixture.config.schema_version = NULL;
	fixture_pool();
	assert_true(run_until(&fixture.failed, 5000));
	assert_non_null(strstr(error_argument(&fixture.error, "why"), "42P01"));
}

static void a_lane_beyond_its_limits_is_refused(void **state)
{
	static const struct pool_lane_config lanes[] = {
		{ 17, 1, 1, 1 },
		{ 1, 1, 0, 1 },
		{ 1, 1, PGCONN_DEPTH_MAX + 1, 1 },
	};
	struct error error;

	NEEDS_CLUSTER(state);
	for (size_t i = 0; i < sizeof lanes / sizeof *lanes; i++) {
		fixture.config.lanes[LANE_BULK] = lanes[i];
		assert_null(pool_new(&fixture.loop, &fixture.config, &error));
		assert_non_null(strstr(error_argument(&error, "why"), "lane 'bulk'"));
	}
	fixture.config.conninfo_auth = "nonsense=1";
	fixture.config.lanes[LANE_BULK] = (struct pool_lane_config){ 1, 1, 1, 1 };
	assert_null(pool_new(&fixture.loop, &fixture.config, &error));
	assert_non_null(strstr(error_argument(&error, "why"), "nonsense"));
}

static bool conn_ready, conn_finished, conn_closed;

static void conn_ready_cb(struct pgconn *c)
{
	(void)c;
	conn_ready = true;
}

static void conn_finished_cb(struct pgconn *c, struct unit *unit)
{
	(void)c;
	(void)unit;
	conn_finished = true;
}

static void conn_closed_cb(struct pgconn *c)
{
	conn_closed = true;
	pgconn_free(c);
}

static const char *setting(PGconn *pg, const char *name, char out[64])
{
	char sql[100];
	PGresult *result;

	snprintf(sql, sizeof sql, "SELECT current_setting('%s', true)", name);
	result = PQexec(pg, sql);
	assert_int_equal(PQresultStatus(result), PGRES_TUPLES_OK);
	snprintf(out, 64, "%s", PQgetvalue(result, 0, 0));
	PQclear(result);
	return out;
}

/* Looks at the session itself after a unit: the next unit must not inherit what this one might
 * touch. */
static void a_unit_leaves_nothing_in_its_session(void **state)
{
	struct pgconn_config config = {
		.loop = &fixture.loop,
		.conninfo = fixture.cluster.conninfo,
		.lane = "read",
		.statements = fixture_statements,
		.depth = 1,
		.statement_timeout_ms = 4321,
		.ready = conn_ready_cb,
		.finished = conn_finished_cb,
		.closed = conn_closed_cb,
	};
	struct error error;
	struct pgconn *c;
	struct job job;
	char text[64];

	NEEDS_CLUSTER(state);
	c = pgconn_new(&config, &error);
	assert_non_null(c);
	conn_ready = conn_finished = conn_closed = false;
	pgconn_start(c);
	assert_true(run_until(&conn_ready, 5000));
	job_init(&job, LANE_READ, 5000);
	job.unit.context_read = "{11,12}";
	job.unit.context_write = "{13}";
	job_add(&job, &statement_echo, "x", NULL);
	pgconn_send(c, &job.unit);
	assert_false(pgconn_room(c));
	pgconn_flush(c);
	assert_true(run_until(&conn_finished, 5000));
	assert_string_equal(unit_text(&job.unit, 0, 0, 1), "{11,12}");

	assert_int_equal(PQexitPipelineMode(c->pg), 1);
	assert_int_equal(PQsetnonblocking(c->pg, 0), 0);
	assert_string_equal(setting(c->pg, "inap.read", text), "");
	assert_string_equal(setting(c->pg, "inap.write", text), "");
	assert_string_equal(setting(c->pg, "statement_timeout", text), "4321ms");
	assert_string_equal(setting(c->pg, "lock_timeout", text), "2s");
	assert_string_equal(setting(c->pg, "idle_in_transaction_session_timeout", text), "10s");
	assert_string_equal(setting(c->pg, "TimeZone", text), "UTC");
	assert_string_equal(setting(c->pg, "search_path", text), "inap,pg_temp");
	assert_string_equal(setting(c->pg, "client_encoding", text), "UTF8");
	assert_string_equal(setting(c->pg, "application_name", text), "inapd");
	pgconn_close(c);
	pgconn_close(c); /* the second time is nothing */
	assert_true(run_until(&conn_closed, 1000));
	job_fini(&job);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_loop, fixture_loop_end)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_strings_are_refused_at_once),
		cmocka_unit_test(hosts_addresses_and_ports_go_together),
		TEST(names_become_addresses_in_a_worker),
		TEST(a_name_too_long_to_look_up_is_no_address),
		TEST(a_pool_can_be_closed_at_any_moment),
		TEST(another_schema_stops_the_start_and_says_both),
		TEST(a_database_without_schema_stops_the_start),
		TEST(a_statement_that_does_not_fit_stops_the_start),
		TEST(a_lane_beyond_its_limits_is_refused),
		TEST(a_unit_leaves_nothing_in_its_session),
	};
#undef TEST

	return cmocka_run_group_tests(tests, fixture_cluster, fixture_cluster_end);
}
