/**
 * Worker jobs: password hashing off the loop, a few at once, a few waiting, then BUSY.
 *
 * Ownership  of the daemon. The request outlives its job: it waits for it even if its client is
 * gone. Limits     jobs running and jobs waiting, by configuration. Threads    worker_submit() on
 * the loop thread; a job runs in libuv's pool.
 */
#ifndef INAP_WORKER_H
#define INAP_WORKER_H

#include <uv.h>

#include "server/rpc/request.h"

struct worker {
	uv_loop_t *loop;
	unsigned running_max;
	unsigned waiting_max;
	unsigned running;
	unsigned waiting;
	struct worker_job *first; /* waiting, oldest first */
	struct worker_job **last;
};

void worker_init(struct worker *worker, uv_loop_t *loop, unsigned running_max,
		 unsigned waiting_max);
/** Runs worker->job(r->job_argument); false at the cap. */
bool worker_submit(void *worker, struct request *r);

#endif
