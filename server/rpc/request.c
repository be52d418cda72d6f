/* The life of a request: units, jobs, replies and refusals. */
#include "server/rpc/request.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "server/base/clock.h"
#include "server/base/hex.h"
#include "server/base/log.h"
#include "server/rpc/rpc.h"

void *request_alloc(struct request *r, size_t bytes)
{
	return arena_alloc(&r->arena, bytes);
}

void *request_array(struct request *r, size_t n, size_t bytes)
{
	return arena_array(&r->arena, n, bytes);
}

enum step request_full(struct request *r)
{
	return request_fail(r, ERROR_TOO_LARGE, "what", "the answer", "limit", "16 MiB", NULL);
}

void request_unit_again(struct request *r)
{
	unit_reset(&r->unit);
}

/* A unit came back: the step goes on, or the request is refused. */
static void request_unit_done(struct unit *unit)
{
	struct request *r = unit->owner;

	if (unit->outcome == UNIT_UNKNOWN) {
		error_set(&r->error, ERROR_OUTCOME_UNKNOWN, NULL);
	} else if (unit->outcome == UNIT_FAILED) {
		r->error = unit->error;
		if (r->error.code == ERROR_NONE) {
			error_set(&r->error, ERROR_INTERNAL, NULL);
		}
	}
	request_run(r);
}

enum step request_send(struct request *r, int next)
{
	r->at = next;
	r->units++;
	r->unit.done = request_unit_done;
	r->unit.owner = r;
	r->unit.deadline_ms = r->deadline_ms;
	r->unit.write = r->method->access != ACCESS_READ;
	r->unit.once = r->method->access == ACCESS_SESSION;
	if (r->reach) {
		r->unit.route = (uint32_t)r->reach->entity_id;
	}
	if (r->rpc->send(r->rpc->pool, &r->unit)) {
		return STEP_WAIT;
	}
	r->error = r->unit.error;
	return STEP_DONE;
}

enum step request_work(struct request *r, void (*fn)(void *argument), void *argument, int next)
{
	r->at = next;
	r->job = fn;
	r->job_argument = argument;
	if (r->rpc->work(r->rpc->work_data, r)) {
		return STEP_WAIT;
	}
	r->job = NULL;
	return request_fail(r, ERROR_BUSY, "seconds", "2", NULL);
}

void request_job_done(struct request *r)
{
	r->job = NULL;
	request_run(r);
}

enum step request_reply(struct request *r, const ProtobufCMessage *reply)
{
	if (!reply || arena_failed(&r->arena)) {
		return request_full(r);
	}
	r->reply = reply;
	return STEP_DONE;
}

enum step request_fail(struct request *r, enum error_code code, ...)
{
	va_list list;
	const char *name;

	error_set(&r->error, code, NULL);
	va_start(list, code);
	while ((name = va_arg(list, const char *)) != NULL) {
		const char *value = va_arg(list, const char *);

		error_argf(&r->error, name, "%s", value ? value : "");
	}
	va_end(list);
	return STEP_DONE;
}

enum step request_refuse(struct request *r)
{
	if (r->error.code == ERROR_NONE) {
		return request_bug(r);
	}
	return STEP_DONE;
}

Inap__V1__Error *request_refusal(struct request *r)
{
	if (!r->refusal) {
		r->refusal = request_alloc(r, sizeof *r->refusal);
		if (r->refusal) {
			inap__v1__error__init(r->refusal);
		}
	}
	return r->refusal;
}

enum step request_bug(struct request *r)
{
	struct log_line line;

	log_begin(&line, LOG_LEVEL_ERROR, "step_bug");
	log_text(&line, "method", r->method->name);
	log_number(&line, "at", r->at);
	log_trace(&line, r->trace);
	log_end(&line);
	return request_fail(r, ERROR_INTERNAL, NULL);
}

void request_run(struct request *r)
{
	enum step step = STEP_DONE;

	if (r->error.code == ERROR_NONE) {
		step = r->step(r);
	}
	if (step == STEP_DONE) {
		rpc_request_end(r);
	}
}

/* INTERNAL always names the trace: the help desk finds the log line by it. */
static void request_name_trace(struct request *r)
{
	char hex[2 * sizeof r->trace + 1];

	if (r->error.code != ERROR_INTERNAL) {
		return;
	}
	hex_encode(r->trace, sizeof r->trace, hex);
	error_set(&r->error, ERROR_INTERNAL, "trace", hex, NULL);
}

Inap__V1__Error *request_error_body(struct request *r)
{
	Inap__V1__Error *body = request_refusal(r);
	Inap__V1__Argument *arguments;

	request_name_trace(r);
	if (!body) {
		return NULL;
	}
	body->code = (char *)(uintptr_t)error_row(r->error.code)->name;
	arguments = request_array(r, r->error.count + 1, sizeof *arguments);
	body->arguments = request_array(r, r->error.count + 1, sizeof *body->arguments);
	if (!arguments || !body->arguments) {
		return NULL;
	}
	for (unsigned i = 0; i < r->error.count; i++) {
		inap__v1__argument__init(&arguments[i]);
		arguments[i].name = (char *)(uintptr_t)r->error.arguments[i].name;
		arguments[i].value = r->error.arguments[i].value;
		body->arguments[i] = &arguments[i];
	}
	body->n_arguments = r->error.count;
	return body;
}
