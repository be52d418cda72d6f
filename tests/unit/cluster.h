/**
 * A private PostgreSQL 15 cluster in a fresh directory under /tmp, on a Unix socket there.
 *
 * As root it runs as user postgres. Who may enter the directory (0700) is who may connect.
 */
#ifndef INAP_TESTS_CLUSTER_H
#define INAP_TESTS_CLUSTER_H

#include <stdbool.h>

#include <libpq-fe.h>

enum { CLUSTER_PATH_BYTES = 64 };

struct cluster {
	char directory[CLUSTER_PATH_BYTES];
	char conninfo[CLUSTER_PATH_BYTES + 64];
	PGconn *admin; /* a blocking connection of the superuser */
};

/** False, after saying why on stderr, where PostgreSQL's programs are not there. */
bool cluster_new(struct cluster *cluster);
void cluster_free(struct cluster *cluster);
void cluster_start(struct cluster *cluster);
/** -m immediate: as a crash. Closes admin. */
void cluster_stop(struct cluster *cluster);
/** Runs SQL on admin; a failure is the test's. */
void cluster_sql(struct cluster *cluster, const char *sql);
/** The first column of the first row, as a number; -1 without a row. */
long cluster_number(struct cluster *cluster, const char *sql);

#endif
