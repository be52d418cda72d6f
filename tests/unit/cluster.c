/* A private PostgreSQL cluster for a test: see cluster.h. */
#include "tests/unit/cluster.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BIN "/usr/lib/postgresql/15/bin"

__attribute__((format(printf, 1, 2))) static void shell(const char *format, ...)
{
	char command[1024];
	va_list list;
	int length;

	va_start(list, format);
	length = vsnprintf(command, sizeof command, format, list);
	va_end(list);
	assert(length > 0 && (size_t)length < sizeof command);
	if (system(command) != 0) {
		fprintf(stderr, "failed: %s\n", command);
		abort();
	}
}

static const char *as_postgres(void)
{
	return geteuid() == 0 ? "runuser -u postgres -- " : "";
}

void cluster_sql(struct cluster *cluster, const char *sql)
{
	PGresult *result = PQexec(cluster->admin, sql);

	if (PQresultStatus(result) != PGRES_COMMAND_OK &&
	    PQresultStatus(result) != PGRES_TUPLES_OK) {
		fprintf(stderr, "%s: %s", sql, PQerrorMessage(cluster->admin));
		abort();
	}
	PQclear(result);
}

long cluster_number(struct cluster *cluster, const char *sql)
{
	PGresult *result = PQexec(cluster->admin, sql);
	long number = -1;

	if (PQresultStatus(result) != PGRES_TUPLES_OK) {
		fprintf(stderr, "%s: %s", sql, PQerrorMessage(cluster->admin));
		abort();
	}
	if (PQntuples(result) > 0)
		number = strtol(PQgetvalue(result, 0, 0), NULL, 10);
	PQclear(result);
	return number;
}

void cluster_start(struct cluster *cluster)
{
	shell("cd / && %s" BIN "/pg_ctl -s -w -D %s/data -l %s/log"
	      " -o \"-c listen_addresses='' -k %s -c fsync=off\" start",
	      as_postgres(), cluster->directory, cluster->directory, cluster->directory);
	cluster->admin = PQconnectdb(cluster->conninfo);
	if (PQstatus(cluster->admin) != CONNECTION_OK) {
		fprintf(stderr, "%s", PQerrorMessage(cluster->admin));
		abort();
	}
}

void cluster_stop(struct cluster *cluster)
{
	PQfinish(cluster->admin);
	cluster->admin = NULL;
	shell("cd / && %s" BIN "/pg_ctl -s -w -m immediate -D %s/data stop", as_postgres(),
	      cluster->directory);
}

bool cluster_new(struct cluster *cluster)
{
	memset(cluster, 0, sizeof *cluster);
	if (access(BIN "/initdb", X_OK) != 0) {
		fprintf(stderr, "SKIPPED: there is no " BIN "/initdb\n");
		return false;
	}
	strcpy(cluster->directory, "/tmp/inap-test-XXXXXX");
	if (mkdtemp(cluster->directory) == NULL)
		abort();
	if (geteuid() == 0)
		shell("chown postgres: %s", cluster->directory);
	snprintf(cluster->conninfo, sizeof cluster->conninfo, "host=%s user=tester dbname=postgres",
		 cluster->directory);
	shell("cd / && %s" BIN "/initdb -D %s/data -U tester -A trust -E UTF8 --locale=C.UTF-8"
	      " --no-sync >/dev/null",
	      as_postgres(), cluster->directory);
	/* A test that is killed, with its process group, must not leave a server behind. */
	shell("cd /; setsid sh -c 'while kill -0 %ld && [ -d %s ]; do sleep 1; done; [ ! -d %s ] ||"
	      " { %s" BIN "/pg_ctl -s -m immediate -D %s/data stop; rm -rf %s; }'"
	      " >/dev/null 2>&1 &",
	      (long)getpid(), cluster->directory, cluster->directory, as_postgres(),
	      cluster->directory, cluster->directory);
	cluster_start(cluster);
	return true;
}

void cluster_free(struct cluster *cluster)
{
	if (cluster->admin != NULL)
		cluster_stop(cluster);
	shell("rm -rf %s", cluster->directory);
}
