/* One request at its step function: see step.h. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/step.h"

#include "server/base/clock.h"

static bool step_send(struct pool *pool, struct unit *unit)
{
	(void)pool;
	return !unit->broken;
}

static bool step_take_job(void *data, struct request *r)
{
	struct step_fixture *f = data;

	(void)r;
	f->worked += !f->busy;
	return !f->busy;
}

void step_init(struct step_fixture *f)
{
	struct rpc_settings settings = { .build = "test",
					 .schema = "version",
					 .idle_minutes = 30,
					 .absolute_hours = 12,
					 .password_passes = 1,
					 .password_memory_mib = 1,
					 .in_flight_per_user = 16 };

	memset(f, 0, sizeof *f);
	rpc_init(&f->rpc, &settings);
	f->rpc.send = step_send;
	f->rpc.work = step_take_job;
	f->rpc.work_data = f;
	arena_init(&f->r.arena, REQUEST_ARENA_BYTES);
	f->session.user_id = 7;
	f->session.session_id = 70;
	f->session.used_ms = 1;
	memcpy(f->session.user, "moi-focal", sizeof "moi-focal");
	f->reach =
		(struct reach){ .entity_id = 1, .entity = "FED-MOI", .roles = ROLE_BIT_APPROVER };
}

void step_fini(struct step_fixture *f)
{
	unit_reset(&f->r.unit);
	arena_fini(&f->r.arena);
	session_fini(&f->session);
	rpc_fini(&f->rpc);
	arena_spare_free();
}

void step_begin(struct step_fixture *f, enum method_number method, request_step *step,
		const void *body)
{
	struct arena arena;

	unit_reset(&f->r.unit);
	arena_reset(&f->r.arena);
	arena = f->r.arena;
	memset(&f->r, 0, sizeof f->r);
	f->r.arena = arena;
	f->r.rpc = &f->rpc;
	f->r.method = method_by_number(method);
	f->r.step = step;
	f->r.session = &f->session;
	f->r.user_id = f->session.user_id;
	f->r.session_id = f->session.session_id;
	f->r.reach = f->r.method->scope == SCOPE_NONE ? NULL : &f->reach;
	f->r.body = body;
	f->r.deadline_ms = clock_ms() + 1000;
	memset(f->r.key, 0x11, sizeof f->r.key);
	memset(f->r.body_hash, 0x22, sizeof f->r.body_hash);
	unit_init(&f->r.unit, &f->r.arena, f->r.method->lane);
	f->r.unit.context_read = "{}";
	f->r.unit.context_write = "{}";
	f->at = step(&f->r);
}

const char *step_sent(struct step_fixture *f)
{
	assert_int_equal(f->at, STEP_WAIT);
	fake_sent(&f->r.unit, f->sent, sizeof f->sent);
	return f->sent;
}

void step_on(struct step_fixture *f)
{
	assert_int_equal(f->at, STEP_WAIT);
	for (unsigned i = 0; i < f->r.unit.count; i++) {
		if (f->r.unit.entries[i].result == NULL)
			fake_rows(&f->r.unit, i, "");
	}
	f->at = f->r.step(&f->r);
}

void step_work(struct step_fixture *f)
{
	assert_int_equal(f->at, STEP_WAIT);
	assert_non_null(f->r.job);
	f->r.job(f->r.job_argument);
	f->r.job = NULL;
	f->at = f->r.step(&f->r);
}

const void *step_reply(struct step_fixture *f, const ProtobufCMessageDescriptor *type)
{
	assert_int_equal(f->at, STEP_DONE);
	assert_string_equal(f->r.error.code ? error_row(f->r.error.code)->name : "", "");
	assert_non_null(f->r.reply);
	assert_ptr_equal(f->r.reply->descriptor, type);
	assert_ptr_equal(type, f->r.method->reply);
	return f->r.reply;
}

void step_refused(struct step_fixture *f, enum error_code code)
{
	assert_int_equal(f->at, STEP_DONE);
	assert_string_equal(f->r.error.code ? error_row(f->r.error.code)->name : "",
			    error_row(code)->name);
	assert_null(f->r.reply);
}

void step_argument(struct step_fixture *f, const char *name, const char *value)
{
	const char *is = error_argument(&f->r.error, name);

	assert_non_null(is);
	assert_string_equal(is, value);
}
