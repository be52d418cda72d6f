/** What the tests of the pool share: a cluster, a loop, a pool, and units that remember their end.
 */
#ifndef INAP_TESTS_POOL_FIXTURE_H
#define INAP_TESTS_POOL_FIXTURE_H

#include <uv.h>

#include "server/store/parameter.h"
#include "server/store/pool.h"
#include "tests/unit/cluster.h"

enum { JOB_CAP = 4 << 20 };

/** A request as the pool sees one. */
struct job {
	struct arena arena;
	struct unit unit;
	unsigned dones;
	void (*then)(struct job *job); /* called at the end; may be NULL */
};

struct pool_fixture {
	struct cluster cluster;
	uv_loop_t loop;
	struct pool_config config;
	struct pool *pool;
	bool ready;
	bool failed;
	bool closed;
	bool idle;
	struct error error;
};

extern struct pool_fixture fixture;

/* Statements over `CREATE TABLE inap.t (key text PRIMARY KEY, n bigint)`. */
extern const struct statement *const fixture_statements[];
extern const struct statement statement_put;    /* (text key, bigint n), once per key */
extern const struct statement statement_slow;   /* (text key, text seconds): put after a sleep */
extern const struct statement statement_echo;   /* (text) -> (text, inap.read, inap.write, pid) */
extern const struct statement statement_sleep;  /* (text seconds) */
extern const struct statement statement_divide; /* (bigint): 1 / it */
extern const struct statement statement_serial; /* (bigint n): 40001 until the n-th call */
extern const struct statement statement_raise;  /* raises INPLN */

/** Group set-up: the cluster and the schema; *state is NULL where PostgreSQL is not there. */
int fixture_cluster(void **state);
int fixture_cluster_end(void **state);
/** Before each test: empty table, an empty loop, a configuration of one connection per lane. */
int fixture_loop(void **state);
/** After each test: closes the pool; a handle left in the loop fails it. */
int fixture_loop_end(void **state);
/** Makes the pool and waits until it is ready. */
void fixture_pool(void);
/** Runs the loop until *flag or for ms. */
bool run_until(const bool *flag, unsigned ms);
void run_for(unsigned ms);
/** A job of up to two text parameters. deadline_ms from now. */
void job_init(struct job *job, enum method_lane lane, int64_t deadline_ms);
void job_add(struct job *job, const struct statement *statement, const char *a, const char *b);
void job_send(struct job *job);
/** Runs until the job is done (10 s at most) and asserts that it ended exactly once. */
void job_wait(struct job *job);
void job_fini(struct job *job);
/** Ends the backend of every connection of the pool that runs something. */
void kill_busy_backends(void);

#endif
