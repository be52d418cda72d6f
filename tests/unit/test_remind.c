/* Tests of round.remind. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "server/domain/remind.h"
#include "tests/unit/cramped.h"
#include "tests/unit/step.h"
#include "inap/v1/remind.pb-c.h"

#define TOLD(entity, kind, already)                                                                \
	"plan=INAP-II,round=2024Q3,entity=" entity                                                 \
	",name_en=Interior,name_ar=NULL,name_ckb=NULL,state=draft,kind=" kind                      \
	",due_at=2024-10-15T20:59:59Z,already=" already
#define NOBODY                                                                                     \
	"plan=INAP-II,round=2024Q3,entity=NULL,name_en=NULL,name_ar=NULL,name_ckb=NULL,"           \
	"state=NULL,kind=NULL,due_at=NULL,already=NULL"

static struct step_fixture f;
static Inap__V1__RoundRemind in;

static int setup(void **state)
{
	(void)state;
	step_init(&f);
	inap__v1__round_remind__init(&in);
	in.days = 7;
	in.round = "2024Q3";
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	step_fini(&f);
	return 0;
}

static void reminded(void)
{
	step_begin(&f, METHOD_ROUND_REMIND, round_remind, &in.base);
	fake_rows(&f.r.unit, 1, "fault=NULL,receipt=\\\\xaabb,replayed=f");
	fake_rows(&f.r.unit, 2, TOLD("FED-MOI", "late", "f") ";" TOLD("KRG-MOI", "due", "t"));
}

static void offices_are_told_and_why(void **state)
{
	const Inap__V1__RoundRemindReply *reply;

	(void)state;
	reminded();
	assert_string_equal(step_sent(&f), "system_head_lock remind_write remind_told");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 2), "7");
	step_on(&f);
	reply = step_reply(&f, &inap__v1__round_remind_reply__descriptor);
	assert_int_equal(reply->n_reminders, 2);
	assert_string_equal(reply->reminders[0]->kind, "late");
	assert_string_equal(reply->reminders[1]->report->entity, "KRG-MOI");
	assert_true(reply->reminders[1]->already);
	assert_int_equal(reply->receipt.len, 2);
}

static void where_nobody_is_late_the_round_is_told(void **state)
{
	const Inap__V1__RoundRemindReply *reply;

	(void)state;
	in.dry_run = true;
	step_begin(&f, METHOD_ROUND_REMIND, round_remind, &in.base);
	fake_rows(&f.r.unit, 1, "fault=NULL,receipt=\\\\xaabb,replayed=f");
	fake_rows(&f.r.unit, 2, NOBODY);
	step_on(&f);
	reply = step_reply(&f, &inap__v1__round_remind_reply__descriptor);
	assert_string_equal(reply->round, "2024Q3");
	assert_int_equal(reply->n_reminders, 0);
	assert_true(f.r.unit.dry && reply->dry_run);
	assert_int_equal(reply->receipt.len, 0);
}

static void a_fault_is_a_refusal_and_no_row_our_own_bug(void **state)
{
	(void)state;
	step_begin(&f, METHOD_ROUND_REMIND, round_remind, &in.base);
	fake_rows(&f.r.unit, 1,
		  "fault=WRONG_STATE|report=2024Q3|state=closed|action=round.remind,receipt=NULL,"
		  "replayed=f");
	step_on(&f);
	step_refused(&f, ERROR_WRONG_STATE);
	step_begin(&f, METHOD_ROUND_REMIND, round_remind, &in.base);
	step_on(&f);
	step_refused(&f, ERROR_INTERNAL);
	step_begin(&f, METHOD_ROUND_REMIND, round_remind, &in.base);
	f.r.at = 9;
	step_on(&f);
	step_refused(&f, ERROR_INTERNAL);
}

static void in_an_arena_of_any_size(void **state)
{
	(void)state;
	cramped(&f, reminded);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(offices_are_told_and_why),
		TEST(where_nobody_is_late_the_round_is_told),
		TEST(a_fault_is_a_refusal_and_no_row_our_own_bug),
		TEST(in_an_arena_of_any_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
