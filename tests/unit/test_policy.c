/* Tests of the gates: who may call which method, for which entity. The matrix is written by hand.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "proto/enums.h"
#include "server/rpc/policy.h"
#include "inap/v1/common.pb-c.h"

/*
 * One letter a role: F focal point, A approver, C coordinator, S secretariat, N national team, O
 * observer, D admin, U auditor.
 * "-" before a login, "*" any session. DESIGN.md section 8 and CLI.md; a method without a row
 * fails.
 */
static const char *const matrix[][2] = {
	{ "hello", "-" },
	{ "session.resume", "-" },
	{ "session.login", "-" },
	{ "session.enrol", "-" },
	{ "session.logout", "*" },
	{ "session.passwd", "*" },
	{ "session.whoami", "*" },
	{ "session.list", "*" },
	{ "session.revoke", "*" },
	{ "todo.list", "*" },
	{ "plan.import", "S" },
	{ "plan.list", "*" },
	{ "plan.show", "*" },
	{ "indicator.list", "*" },
	{ "entity.list", "*" },
	{ "category.list", "*" },
	{ "rule.list", "*" },
	{ "round.list", "*" },
	{ "round.add", "S" },
	{ "round.open", "S" },
	{ "round.close", "S" },
	{ "round.extend", "S" },
	{ "round.outage", "S" },
	{ "round.extend-one", "S" },
	{ "round.excuse", "S" },
	{ "rule.change", "S" },
	{ "report.list", "FACSN" },
	{ "report.show", "FACSN" },
	{ "report.save", "F" },
	{ "report.check", "FACS" },
	{ "report.diff", "FACS" },
	{ "report.history", "FACSN" },
	{ "report.trail", "FACS" },
	{ "report.ready", "FA" },
	{ "report.hand-back", "A" },
	{ "report.submit", "A" },
	{ "report.withdraw", "A" },
	{ "report.answer", "FA" },
	{ "report.ask-cells", "F" },
	{ "assignment.change", "S" },
	{ "report.narrative", "F" },
	{ "consult.list", "FA" },
	{ "report.consult", "FA" },
	{ "report.activity", "F" },
	{ "activity.list", "*" },
	{ "activity.add", "FA" },
	{ "activity.agree", "C" },
	{ "review.queue", "CS" },
	{ "review.claim", "C" },
	{ "review.release", "C" },
	{ "review.point", "C" },
	{ "review.return", "C" },
	{ "review.endorse", "C" },
	{ "review.accept", "S" },
	{ "review.send-back", "S" },
	{ "review.withdraw", "C" },
	{ "report.contest", "A" },
	{ "review.receive", "C" },
	{ "entity.edit", "S" },
	{ "extension.add", "S" },
	{ "extension.list", "FACS" },
	{ "extension.revoke", "S" },
	{ "national.summary", "CSN" },
	{ "national.completeness", "CSN" },
	{ "national.recompute", "S" },
	{ "user.add", "D" },
	{ "user.list", "D" },
	{ "user.disable", "D" },
	{ "user.enable", "D" },
	{ "user.reset", "D" },
	{ "role.grant", "D" },
	{ "role.revoke", "D" },
	{ "role.delegate", "A" },
	{ "user.import", "D" },
	{ "evidence.begin", "FC" },
	{ "evidence.chunk", "FC" },
	{ "evidence.attach", "FC" },
	{ "evidence.detach", "F" },
	{ "evidence.keep", "F" },
	{ "evidence.list", "FACSN" },
	{ "evidence.read", "FACSN" },
	{ "target.set", "S" },
	{ "target.list", "FACSN" },
	{ "national.lights", "CSN" },
	{ "light.override", "S" },
	{ "edition.list", "*" },
	{ "edition.read", "*" },
	{ "edition.propose", "S" },
	{ "edition.comment", "CSN" },
	{ "edition.confirm", "CS" },
	{ "edition.withdraw", "S" },
	{ "edition.sentence", "S" },
	{ "edition.restate", "S" },
	{ "report.ask-restatement", "A" },
	{ "edition.public-list", "-" },
	{ "edition.public-read", "-" },
	{ "review.pairs", "CS" },
	{ "event.list", "FACSNDU" },
	{ "event.write", "S" },
	{ "event.decide", "S" },
	{ "event.done", "S" },
	{ "organisation.list", "FACSNDU" },
	{ "organisation.write", "S" },
	{ "verify.sample", "S" },
	{ "verify.record", "S" },
	{ "verify.list", "FACSN" },
	{ "round.remind", "CS" },
	{ "plan.suspend", "S" },
	{ "plan.resume", "S" },
	{ "plan.current", "S" },
	{ "entity.succeed", "S" },
};
enum { ROWS = sizeof matrix / sizeof *matrix, NOW = 1000000 };

static const char letters[] = " FACSNODU"; /* at the number of Inap__V1__Role */

static const char *row_of(const struct method *method)
{
	for (size_t i = 0; i < ROWS; i++)
		if (strcmp(matrix[i][0], method->name) == 0)
			return matrix[i][1];
	fail_msg("method %s is not in the matrix", method->name);
	return NULL;
}

static struct session session_of(unsigned roles)
{
	return (struct session){
		.user_id = 41, .session_id = 5, .roles = roles, .expires_ms = NOW + 1
	};
}

static void every_method_opens_to_its_roles_and_to_no_other(void **state)
{
	size_t count;
	const struct method *all = method_all(&count);

	(void)state;
	assert_int_equal(count, ROWS);
	for (size_t i = 0; i < count; i++) {
		const char *row = row_of(&all[i]);

		for (int role = 1; role <= 8; role++) {
			struct session session = session_of(1u << role);
			struct error error = { 0 };
			bool may = policy_method(&all[i], &session, NOW, &error);
			bool expected = strchr("*", row[0]) || strchr(row, letters[role]) ||
					strcmp(row, "-") == 0;

			if (strcmp(row, "-") == 0 && all[i].access == ACCESS_SESSION)
				expected = false; /* the connection has its session */
			if (may != expected)
				fail_msg("%s by %c: %s", all[i].name, letters[role],
					 may ? "allowed" : error_row(error.code)->name);
			if (!may && strcmp(row, "-") != 0) {
				assert_int_equal(error.code, ERROR_FORBIDDEN);
				assert_string_equal(error_argument(&error, "action"), all[i].name);
			}
		}
	}
}

static void without_a_session_only_what_precedes_one_is_open(void **state)
{
	size_t count;
	const struct method *all = method_all(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		struct session nobody = { 0 };
		struct session expired = session_of(ROLE_BITS_ANYONE);
		struct error error = { 0 };
		bool before = strcmp(row_of(&all[i]), "-") == 0;

		assert_int_equal(policy_method(&all[i], &nobody, NOW, &error), before);
		assert_int_equal(error.code, before ? ERROR_NONE : ERROR_LOGIN_REQUIRED);
		if (!before) {
			assert_false(policy_method(&all[i], &expired, NOW + 1, &error));
			assert_int_equal(error.code, ERROR_LOGIN_REQUIRED);
		}
	}
}

static void a_session_without_a_grant_may_do_what_anyone_may(void **state)
{
	struct session session = session_of(0);
	struct error error = { 0 };

	(void)state;
	assert_true(policy_method(method_by_name("plan.list"), &session, NOW, &error));
	assert_false(policy_method(method_by_name("report.list"), &session, NOW, &error));
	assert_int_equal(error.code, ERROR_FORBIDDEN);
}

static void a_second_session_on_a_connection_is_malformed(void **state)
{
	struct session session = session_of(ROLE_BIT_APPROVER);
	struct error error = { 0 };

	(void)state;
	assert_false(policy_method(method_by_name("session.login"), &session, NOW, &error));
	assert_int_equal(error.code, ERROR_MALFORMED);
	assert_string_equal(error_argument(&error, "why"), "this connection has its session");
}

static void an_entity_out_of_reach_does_not_exist(void **state)
{
	struct reach reach[] = {
		{ .entity_id = 7, .entity = "FED-MOI", .roles = ROLE_BIT_APPROVER },
		{ .entity_id = 8, .entity = "FED-MOLSA", .roles = ROLE_BIT_FOCAL_POINT },
	};
	struct session session = session_of(ROLE_BIT_APPROVER | ROLE_BIT_FOCAL_POINT);
	const struct method *save = method_by_name("report.save");
	const struct method *delegate = method_by_name("role.delegate");
	struct error error = { 0 };

	(void)state;
	assert_null(policy_entity(save, &session, "FED-MOI", &error));
	assert_int_equal(error.code, ERROR_NOT_FOUND); /* no reach at all */
	session.reach = reach;
	session.reach_count = 2;
	assert_ptr_equal(policy_entity(save, &session, "FED-MOLSA", &error), &reach[1]);
	/* an approver's grant there does not let a focal point's method through */
	assert_null(policy_entity(save, &session, "FED-MOI", &error));
	assert_int_equal(error.code, ERROR_FORBIDDEN);
	assert_string_equal(error_argument(&error, "action"), "report.save");
	assert_null(policy_entity(save, &session, "KRG-MOI", &error));
	assert_int_equal(error.code, ERROR_NOT_FOUND);
	assert_string_equal(error_argument(&error, "what"), "report");
	assert_string_equal(error_argument(&error, "name"), "KRG-MOI");
	assert_null(policy_entity(delegate, &session, "", &error));
	assert_int_equal(error.code, ERROR_NOT_FOUND);
	assert_string_equal(error_argument(&error, "what"), "entity");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_method_opens_to_its_roles_and_to_no_other),
		cmocka_unit_test(without_a_session_only_what_precedes_one_is_open),
		cmocka_unit_test(a_session_without_a_grant_may_do_what_anyone_may),
		cmocka_unit_test(a_second_session_on_a_connection_is_malformed),
		cmocka_unit_test(an_entity_out_of_reach_does_not_exist),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
