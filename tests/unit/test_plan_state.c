/* Tests of plan.suspend, plan.resume and plan.current. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "server/domain/plan_state.h"
#include "tests/unit/cramped.h"
#include "tests/unit/step.h"
#include "inap/v1/plan_state.pb-c.h"

#define TEXT(s) ((char *)(uintptr_t)(s))
#define TURNED                                                                                     \
	"fault=NULL,plan=INAP-I,state=suspended,current=f,rounds=2,receipt=\\\\xaabb,replayed=f"

static struct step_fixture f;
static Inap__V1__PlanTurn in;

static int setup(void **state)
{
	(void)state;
	step_init(&f);
	inap__v1__plan_turn__init(&in);
	in.plan = TEXT("INAP-I");
	in.note = TEXT("Decision 201");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	step_fini(&f);
	return 0;
}

static const struct turn_case {
	enum method_number method;
	request_step *step;
	const char *sent, *action;
} turns[] = {
	{ METHOD_PLAN_SUSPEND, plan_suspend, "system_head_lock plan_turn", "plan.suspend" },
	{ METHOD_PLAN_RESUME, plan_resume, "system_head_lock plan_turn", "plan.resume" },
	{ METHOD_PLAN_CURRENT, plan_current, "system_head_lock plan_turn plan_make_current",
	  "plan.current" },
};

static void turned(void)
{
	step_begin(&f, METHOD_PLAN_SUSPEND, plan_suspend, &in.base);
	fake_rows(&f.r.unit, 1, TURNED);
}

static void a_turn_names_its_action_and_tells_the_open_rounds(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof turns / sizeof *turns; i++) {
		const Inap__V1__PlanTurnReply *reply;

		step_begin(&f, turns[i].method, turns[i].step, &in.base);
		assert_string_equal(step_sent(&f), turns[i].sent);
		assert_string_equal(fake_parameter(&f.r.unit, 1, 1), turns[i].action);
		fake_rows(&f.r.unit, 1, TURNED);
		step_on(&f);
		reply = step_reply(&f, &inap__v1__plan_turn_reply__descriptor);
		assert_string_equal(reply->state, "suspended");
		assert_int_equal(reply->rounds, 2);
		assert_int_equal(reply->receipt.len, 2);
	}
}

static void a_dry_run_has_no_receipt(void **state)
{
	const Inap__V1__PlanTurnReply *reply;

	(void)state;
	in.dry_run = true;
	turned();
	step_on(&f);
	reply = step_reply(&f, &inap__v1__plan_turn_reply__descriptor);
	assert_true(f.r.unit.dry && reply->dry_run);
	assert_int_equal(reply->receipt.len, 0);
}

static void a_fault_is_a_refusal_and_no_row_our_own_bug(void **state)
{
	(void)state;
	step_begin(&f, METHOD_PLAN_RESUME, plan_resume, &in.base);
	fake_rows(&f.r.unit, 1,
		  "fault=WRONG_STATE|report=INAP-I|state=active|action=plan.resume,plan=NULL,"
		  "state=NULL,current=NULL,rounds=NULL,receipt=NULL,replayed=f");
	step_on(&f);
	step_refused(&f, ERROR_WRONG_STATE);
	step_begin(&f, METHOD_PLAN_RESUME, plan_resume, &in.base);
	step_on(&f);
	step_refused(&f, ERROR_INTERNAL);
	step_begin(&f, METHOD_PLAN_RESUME, plan_resume, &in.base);
	f.r.at = 9;
	step_on(&f);
	step_refused(&f, ERROR_INTERNAL);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_turn_names_its_action_and_tells_the_open_rounds),
		TEST(a_dry_run_has_no_receipt),
		TEST(a_fault_is_a_refusal_and_no_row_our_own_bug),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
