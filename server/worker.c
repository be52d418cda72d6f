/* Password hashing off the loop. */
#include "server/worker.h"

#include <stdlib.h>

struct worker_job {
	uv_work_t work;
	struct worker *worker;
	struct request *request;
	struct worker_job *next;
};

void worker_init(struct worker *worker, uv_loop_t *loop, unsigned running_max, unsigned waiting_max)
{
	*worker = (struct worker){ .loop = loop,
				   .running_max = running_max,
				   .waiting_max = waiting_max };
	worker->last = &worker->first;
}

static void worker_run(uv_work_t *work)
{
	struct worker_job *job = work->data;

	job->request->job(job->request->job_argument);
}

static void worker_start(struct worker_job *job);

static void worker_after_cb(uv_work_t *work, int status)
{
	struct worker_job *job = work->data;
	struct worker *worker = job->worker;
	struct request *r = job->request;
	struct worker_job *next = worker->first;

	(void)status; /* jobs are never cancelled */
	free(job);
	worker->running--;
	if (next) {
		worker->first = next->next;
		if (!worker->first) {
			worker->last = &worker->first;
		}
		worker->waiting--;
		worker_start(next);
	}
	request_job_done(r);
}

static void worker_start(struct worker_job *job)
{
	job->worker->running++;
	uv_queue_work(job->worker->loop, &job->work, worker_run, worker_after_cb);
}

bool worker_submit(void *data, struct request *r)
{
	struct worker *worker = data;
	struct worker_job *job;

	if (worker->running >= worker->running_max && worker->waiting >= worker->waiting_max) {
		return false;
	}
	job = calloc(1, sizeof *job);
	if (!job) {
		return false;
	}
	job->work.data = job;
	job->worker = worker;
	job->request = r;
	if (worker->running < worker->running_max) {
		worker_start(job);
	} else {
		*worker->last = job;
		worker->last = &job->next;
		worker->waiting++;
	}
	return true;
}
