/* Tests of verification in the field: verify.sample, verify.record, verify.list. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "server/domain/verification.h"
#include "tests/unit/cramped.h"
#include "tests/unit/step.h"
#include "inap/v1/verification.pb-c.h"

#define TEXT(s) ((char *)(uintptr_t)(s))
#define SAMPLE                                                                                     \
	"sample=3,plan=INAP-II,round=2024Q3,seed=harvest,pool=90,size=5,agreed=1,differs=0,"       \
	"not_found=1,open=3,rate=0.500,by=secretary,at=2024-11-01T08:00:00Z"
#define CELL(kind, result)                                                                         \
	"sample=3,place=1,plan=INAP-II,entity=FED-MOI,round=2024Q3,cell=PR-1.3,revision=2,"        \
	"kind=" kind ",number=12,denominator=NULL,value=NULL,moved=f,result=" result               \
	",seen_on=NULL,note=NULL,by=NULL,at=NULL,version=0"

static struct step_fixture f;
static Inap__V1__VerifyList list;
static Inap__V1__VerifySample sample;
static Inap__V1__VerifyRecord record_in;

static int setup(void **state)
{
	(void)state;
	step_init(&f);
	inap__v1__verify_list__init(&list);
	inap__v1__verify_sample__init(&sample);
	sample.round = TEXT("2024Q3");
	sample.size = 5;
	inap__v1__verify_record__init(&record_in);
	record_in.sample = 3;
	record_in.place = 1;
	record_in.result = TEXT("agreed");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	step_fini(&f);
	return 0;
}

static void listed(void)
{
	step_begin(&f, METHOD_VERIFY_LIST, verify_list, &list.base);
	fake_rows(&f.r.unit, 0, "plan_there=t,round_there=t,entity_there=t");
	fake_rows(&f.r.unit, 1, SAMPLE);
	fake_rows(&f.r.unit, 2, CELL("1", "agreed") ";" CELL("NULL", "NULL"));
}

static void a_figure_stands_only_where_it_was_given(void **state)
{
	const Inap__V1__VerifyListReply *reply;

	(void)state;
	listed();
	assert_string_equal(step_sent(&f),
			    "verification_scope verification_samples verification_cells");
	step_on(&f);
	reply = step_reply(&f, &inap__v1__verify_list_reply__descriptor);
	assert_int_equal(reply->samples[0]->open, 3);
	assert_string_equal(reply->samples[0]->rate, "0.500");
	assert_string_equal(reply->cells[0]->result, "agreed");
	assert_string_equal(reply->cells[0]->value->number, "12");
	assert_null(reply->cells[1]->value);
	assert_string_equal(reply->cells[1]->result, "");
	assert_false(reply->more);
}

static void what_is_left_out_is_said(void **state)
{
	enum { ROWS = 2001 };
	static const char row[] = CELL("1", "agreed") ";";
	const Inap__V1__VerifyListReply *reply;
	char *rows = calloc(ROWS, sizeof row);

	(void)state;
	listed();
	for (size_t i = 0; i < ROWS; i++) {
		memcpy(rows + i * (sizeof row - 1), row, sizeof row - 1);
	}
	rows[ROWS * (sizeof row - 1) - 1] = '\0';
	fake_rows(&f.r.unit, 2, rows);
	step_on(&f);
	reply = step_reply(&f, &inap__v1__verify_list_reply__descriptor);
	assert_int_equal(reply->n_cells, 2000);
	assert_true(reply->more);
	free(rows);
}

static void what_a_list_is_asked_of_must_be_there(void **state)
{
	static const char *const missing[][2] = {
		{ "plan_there=f,round_there=f,entity_there=f", "plan" },
		{ "plan_there=t,round_there=f,entity_there=t", "round" },
		{ "plan_there=t,round_there=t,entity_there=f", "entity" },
	};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		step_begin(&f, METHOD_VERIFY_LIST, verify_list, &list.base);
		fake_rows(&f.r.unit, 0, missing[i][0]);
		step_on(&f);
		step_refused(&f, ERROR_NOT_FOUND);
		step_argument(&f, "what", missing[i][1]);
	}
}

static void drawn(void)
{
	step_begin(&f, METHOD_VERIFY_SAMPLE, verify_sample, &sample.base);
	fake_rows(&f.r.unit, 1, "fault=NULL,receipt=\\\\xaabb,replayed=f");
	fake_rows(&f.r.unit, 2, SAMPLE);
	fake_rows(&f.r.unit, 3, CELL("1", "NULL"));
}

static void a_sample_is_told_with_its_seed(void **state)
{
	const Inap__V1__VerifyListReply *reply;

	(void)state;
	drawn();
	assert_string_equal(
		step_sent(&f),
		"system_head_lock verification_sample verification_samples verification_cells");
	step_on(&f);
	reply = step_reply(&f, &inap__v1__verify_list_reply__descriptor);
	assert_string_equal(reply->samples[0]->seed, "harvest");
	assert_int_equal(reply->n_cells, 1);
	assert_int_equal(reply->receipt.len, 2);
	sample.dry_run = true;
	drawn();
	step_on(&f);
	reply = step_reply(&f, &inap__v1__verify_list_reply__descriptor);
	assert_true(f.r.unit.dry && reply->dry_run);
	assert_int_equal(reply->receipt.len, 0);
	step_begin(&f, METHOD_VERIFY_SAMPLE, verify_sample, &sample.base);
	fake_rows(&f.r.unit, 1,
		  "fault=BAD_ARGUMENT|field=round|why=no figure of it is accepted yet,"
		  "receipt=NULL,replayed=f");
	step_on(&f);
	step_refused(&f, ERROR_BAD_ARGUMENT);
}

static void recorded(void)
{
	step_begin(&f, METHOD_VERIFY_RECORD, verify_record, &record_in.base);
	fake_rows(&f.r.unit, 1,
		  "fault=NULL,version=1,plan=INAP-II,entity=FED-MOI,round=2024Q3,cell=PR-1.3,"
		  "receipt=\\\\xaabb,replayed=f");
}

static void a_record_is_written_under_the_entitys_head(void **state)
{
	const Inap__V1__VerifyReply *reply;

	(void)state;
	recorded();
	assert_string_equal(step_sent(&f), "verification_lock verification_record");
	step_on(&f);
	reply = step_reply(&f, &inap__v1__verify_reply__descriptor);
	assert_string_equal(reply->report->entity, "FED-MOI");
	assert_string_equal(reply->cell, "PR-1.3");
	assert_string_equal(reply->result, "agreed");
	assert_int_equal(reply->receipt.len, 2);
	step_begin(&f, METHOD_VERIFY_RECORD, verify_record, &record_in.base);
	fake_rows(&f.r.unit, 1,
		  "fault=FOUR_EYES|why=nobody verifies the own house,version=NULL,plan=NULL,"
		  "entity=NULL,round=NULL,cell=NULL,receipt=NULL,replayed=f");
	step_on(&f);
	step_refused(&f, ERROR_FOUR_EYES);
	record_in.seen_on = TEXT("2024-02-30");
	step_begin(&f, METHOD_VERIFY_RECORD, verify_record, &record_in.base);
	step_refused(&f, ERROR_DATE_BAD);
}

static void without_a_row_or_out_of_turn_it_is_our_own_bug(void **state)
{
	static const enum method_number methods[] = { METHOD_VERIFY_SAMPLE, METHOD_VERIFY_RECORD };
	static request_step *const steps[] = { verify_sample, verify_record };
	const ProtobufCMessage *const bodies[] = { &sample.base, &record_in.base };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		step_begin(&f, methods[i], steps[i], bodies[i]);
		step_on(&f);
		step_refused(&f, ERROR_INTERNAL);
		step_begin(&f, methods[i], steps[i], bodies[i]);
		f.r.at = 9;
		step_on(&f);
		step_refused(&f, ERROR_INTERNAL);
	}
}

static void in_an_arena_of_any_size(void **state)
{
	(void)state;
	cramped(&f, listed);
	cramped(&f, drawn);
	cramped(&f, recorded);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_figure_stands_only_where_it_was_given),
		TEST(what_is_left_out_is_said),
		TEST(what_a_list_is_asked_of_must_be_there),
		TEST(a_sample_is_told_with_its_seed),
		TEST(a_record_is_written_under_the_entitys_head),
		TEST(without_a_row_or_out_of_turn_it_is_our_own_bug),
		TEST(in_an_arena_of_any_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
