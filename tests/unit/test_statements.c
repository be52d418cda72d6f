/* Every statement of server/domain, prepared without types against the migrated schema: what
 * PostgreSQL infers is declared. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/store/unit.h"
#include "sql/all.h"
#include "tests/unit/cluster.h"

static struct cluster cluster;
static bool there;

/* The schema as the changes of sqitch.plan make it, in their order. */
static int deploy(void **state)
{
	char command[1024];

	(void)state;
	there = cluster_new(&cluster);
	if (!there) {
		return 0;
	}
	snprintf(command, sizeof command,
		 "export PGHOST=%s PGUSER=tester PGOPTIONS='-c client_min_messages=warning' && cd "
		 "migrations &&"
		 " psql -qX -d postgres -f bootstrap.sql && for change in $(awk '/^[a-z]/ { print "
		 "$1 }' sqitch.plan); do"
		 " psql -qX -v ON_ERROR_STOP=1 -U inap_migrate -d inap -c 'SET ROLE inap_owner' -f "
		 "deploy/$change.sql || exit 1; done",
		 cluster.directory);
	return system(command);
}

static int stop(void **state)
{
	(void)state;
	if (there) {
		cluster_free(&cluster);
	}
	return 0;
}

static PGconn *as_role(const char *role)
{
	char conninfo[256];
	PGconn *conn;

	snprintf(conninfo, sizeof conninfo, "host=%s dbname=inap user=%s", cluster.directory, role);
	conn = PQconnectdb(conninfo);
	assert_int_equal(PQstatus(conn), CONNECTION_OK);
	return conn;
}

/* The oid of a declared type; a question mark only says that C passes a pointer. */
static Oid declared(PGconn *conn, const char *type)
{
	char name[64];
	const char *values[] = { name };
	PGresult *result;
	Oid oid;

	snprintf(name, sizeof name, "%.*s", (int)strcspn(type, "?"), type);
	result =
		PQexecParams(conn, "SELECT $1::text::regtype::oid", 1, NULL, values, NULL, NULL, 0);
	assert_int_equal(PQresultStatus(result), PGRES_TUPLES_OK);
	oid = (Oid)strtoul(PQgetvalue(result, 0, 0), NULL, 10);
	PQclear(result);
	return oid;
}

static int check(PGconn *conn, const struct statement *s)
{
	PGresult *prepared = PQprepare(conn, s->name, s->text, 0, NULL);
	PGresult *described;
	int faults = 0;

	if (PQresultStatus(prepared) != PGRES_COMMAND_OK) {
		fprintf(stderr, "%s: %s", s->name, PQresultErrorMessage(prepared));
		PQclear(prepared);
		return 1;
	}
	PQclear(prepared);
	described = PQdescribePrepared(conn, s->name);
	if (PQnparams(described) != (int)s->parameters || PQnfields(described) != (int)s->columns) {
		fprintf(stderr, "%s: %d parameters, %d columns, declared %u and %u\n", s->name,
			PQnparams(described), PQnfields(described), s->parameters, s->columns);
		faults++;
	}
	for (int i = 0; !faults && i < PQnparams(described); i++) {
		if (PQparamtype(described, i) != declared(conn, s->types_in[i])) {
			fprintf(stderr, "%s: parameter %d is declared %s, inferred oid %u\n",
				s->name, i + 1, s->types_in[i], PQparamtype(described, i));
			faults++;
		}
	}
	for (int i = 0; i < PQnfields(described) && i < (int)s->columns; i++) {
		if (PQftype(described, i) != declared(conn, s->types_out[i])) {
			fprintf(stderr, "%s: column %s is declared %s, inferred oid %u\n", s->name,
				s->names_out[i], s->types_out[i], PQftype(described, i));
			faults++;
		}
	}
	PQclear(described);
	return faults;
}

static void every_statement_has_the_types_it_declares(void **state)
{
	PGconn *app;
	PGconn *auth;
	int faults = 0;

	(void)state;
	if (!there) {
		fprintf(stderr, "SKIPPED: no PostgreSQL here\n");
		return;
	}
	app = as_role("inap_app");
	auth = as_role("inap_auth");
	for (size_t i = 0; sql_statements[i]; i++) {
		faults += check(strcmp(sql_statements[i]->lanes, "auth") == 0 ? auth : app,
				sql_statements[i]);
	}
	PQfinish(app);
	PQfinish(auth);
	assert_int_equal(faults, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_statement_has_the_types_it_declares),
	};

	return cmocka_run_group_tests(tests, deploy, stop);
}
