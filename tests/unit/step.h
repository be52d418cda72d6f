/**
 * One request at its step function, without a connection and without a server.
 *
 *     step_begin(&f, METHOD_USER_LIST, user_list, &body.base);
 *     assert_string_equal(step_sent(&f), "user_list user_show user_show_grants");
 *     fake_rows(&f.r.unit, 0, "fault=NULL");
 *     step_on(&f);
 *     assert_step_refused(&f, ERROR_NOT_FOUND);
 *
 * Ownership  step_init() before, step_fini() after each test; a begun request ends with the next.
 */
#ifndef INAP_TESTS_STEP_H
#define INAP_TESTS_STEP_H

#include "server/rpc/rpc.h"
#include "tests/unit/fake_store.h"

struct step_fixture {
	struct rpc rpc;
	struct request r;
	struct session session;
	struct reach reach;
	enum step at;    /* what the step said last */
	bool busy;       /* no worker takes a job */
	unsigned worked; /* jobs taken */
	char sent[400];
};

void step_init(struct step_fixture *f);
void step_fini(struct step_fixture *f);
/** A fresh request of this method with this body, of user 7 in session 70, run to its first wait.
 */
void step_begin(struct step_fixture *f, enum method_number method, request_step *step,
		const void *body);
/** The unit's statements by name. */
const char *step_sent(struct step_fixture *f);
/** Goes on after a unit; statements without rows get none. */
void step_on(struct step_fixture *f);
/** Runs the waiting worker job, then goes on. */
void step_work(struct step_fixture *f);
/** The reply, of the type asked for; fails the test where it was refused. */
const void *step_reply(struct step_fixture *f, const ProtobufCMessageDescriptor *type);
/** Fails the test where it was not refused with this code. */
void step_refused(struct step_fixture *f, enum error_code code);
/** Fails the test where the refusal's argument is another. */
void step_argument(struct step_fixture *f, const char *name, const char *value);

#endif
