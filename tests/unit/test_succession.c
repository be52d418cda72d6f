/* Tests of entity.succeed. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "server/domain/succession.h"
#include "tests/unit/cramped.h"
#include "tests/unit/step.h"
#include "inap/v1/succession.pb-c.h"

#define TEXT(s) ((char *)(uintptr_t)(s))

static struct step_fixture f;
static Inap__V1__EntitySucceed in;

static int setup(void **state)
{
	(void)state;
	step_init(&f);
	inap__v1__entity_succeed__init(&in);
	in.old = TEXT("FED-A");
	in.successor = TEXT("FED-B");
	in.from = TEXT("2025Q1");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	step_fini(&f);
	return 0;
}

static void succeeded(void)
{
	step_begin(&f, METHOD_ENTITY_SUCCEED, entity_succeed, &in.base);
	fake_rows(&f.r.unit, 1,
		  "fault=NULL,old=FED-A,successor=FED-B,quarter=2025Q1,assignments=4,cells=12,"
		  "reports=INAP-II:FED-B/2025Q1,receipt=\\\\xaabb,replayed=f,sections=2,"
		  "activities=1,evidence=3,users=a-focal,roles=focal_point");
}

static void what_went_over_is_told(void **state)
{
	const Inap__V1__EntitySucceedReply *reply;

	(void)state;
	succeeded();
	assert_string_equal(step_sent(&f), "succession_lock entity_succeed");
	step_on(&f);
	reply = step_reply(&f, &inap__v1__entity_succeed_reply__descriptor);
	assert_string_equal(reply->successor, "FED-B");
	assert_int_equal(reply->assignments, 4);
	assert_int_equal(reply->cells, 12);
	assert_string_equal(reply->reports[0], "INAP-II:FED-B/2025Q1");
	assert_int_equal(reply->receipt.len, 2);
	assert_int_equal(reply->sections, 2);
	assert_int_equal(reply->activities, 1);
	assert_int_equal(reply->evidence, 3);
	assert_int_equal(reply->n_people, 1);
	assert_string_equal(reply->people[0]->user, "a-focal");
	assert_string_equal(reply->people[0]->role, "focal_point");
	in.dry_run = true;
	succeeded();
	step_on(&f);
	reply = step_reply(&f, &inap__v1__entity_succeed_reply__descriptor);
	assert_true(f.r.unit.dry && reply->dry_run);
	assert_int_equal(reply->receipt.len, 0);
}

static void a_fault_is_a_refusal_and_no_row_our_own_bug(void **state)
{
	(void)state;
	step_begin(&f, METHOD_ENTITY_SUCCEED, entity_succeed, &in.base);
	fake_rows(&f.r.unit, 1,
		  "fault=NOT_FOUND|what=entity|name=FED-B,old=NULL,successor=NULL,quarter=NULL,"
		  "assignments=NULL,cells=NULL,reports=NULL,receipt=NULL,replayed=f,"
		  "sections=NULL,activities=NULL,evidence=NULL,users=NULL,roles=NULL");
	step_on(&f);
	step_refused(&f, ERROR_NOT_FOUND);
	step_begin(&f, METHOD_ENTITY_SUCCEED, entity_succeed, &in.base);
	step_on(&f);
	step_refused(&f, ERROR_INTERNAL);
	step_begin(&f, METHOD_ENTITY_SUCCEED, entity_succeed, &in.base);
	f.r.at = 9;
	step_on(&f);
	step_refused(&f, ERROR_INTERNAL);
}

static void in_an_arena_of_any_size(void **state)
{
	(void)state;
	cramped(&f, succeeded);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_went_over_is_told),
		TEST(a_fault_is_a_refusal_and_no_row_our_own_bug),
		TEST(in_an_arena_of_any_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
