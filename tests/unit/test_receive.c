/* review.receive without a server: cells judged like a save's, the whole like a submission. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/domain/save.h"
#include "inap/v1/office.pb-c.h"
#include "inap/v1/report.pb-c.h"
#include "tests/unit/cramped.h"
#include "tests/unit/step.h"

#define TEXT(literal) ((char *)(uintptr_t)(literal))
#define ROW(outcome, state, bad, whys)                                                             \
	"outcome=" outcome ",revision=1,state=" state                                              \
	",receipt=\\\\xabcd,created=2,bad_cells=" bad ",bad_whys=" whys                            \
	",lock=NULL,problems=0,problem_cells=NULL,problem_codes=NULL,problem_severities=NULL,"     \
	"unanswered=NULL,asked_of=NULL,problem_words=NULL"

static struct step_fixture f;
static Inap__V1__ReviewReceive body;
static Inap__V1__CellValue cells[2];
static Inap__V1__CellValue *list[2] = { &cells[0], &cells[1] };
static Inap__V1__Value numbers[2];

static int begin(void **state)
{
	static Inap__V1__ReportRef ref;

	(void)state;
	step_init(&f);
	inap__v1__review_receive__init(&body);
	inap__v1__report_ref__init(&ref);
	body.report = &ref;
	body.letter_number = TEXT("4417");
	body.letter_date = TEXT("2024-10-09");
	body.cells = list;
	body.n_cells = 2;
	for (size_t i = 0; i < 2; i++) {
		inap__v1__cell_value__init(&cells[i]);
		inap__v1__value__init(&numbers[i]);
		numbers[i].kind_case = INAP__V1__VALUE__KIND_NUMBER;
		numbers[i].number = TEXT("7");
		cells[i].value = &numbers[i];
		cells[i].row = (uint32_t)i + 2;
	}
	cells[0].cell = TEXT("AA-1.1");
	cells[1].cell = TEXT("AA-1.5");
	return 0;
}

static int end(void **state)
{
	(void)state;
	step_fini(&f);
	return 0;
}

static void ask(void)
{
	step_begin(&f, METHOD_REVIEW_RECEIVE, review_receive, &body.base);
}

static void sent(void)
{
	ask();
	fake_rows(&f.r.unit, 1, ROW("ok", "submitted", "NULL", "NULL"));
}

static void it_is_saved_and_submitted_in_one_trip(void **state)
{
	const Inap__V1__ReportSaveReply *reply;

	(void)state;
	sent();
	assert_string_equal(step_sent(&f), "head_lock report_receive report_totals");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 7), "4417");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 9), "{\"AA-1.1\",\"AA-1.5\"}");
	step_on(&f);
	reply = step_reply(&f, &inap__v1__report_save_reply__descriptor);
	assert_int_equal(reply->state, INAP__V1__STATE__STATE_SUBMITTED);
	assert_int_equal(reply->created, 2);
	assert_int_equal(reply->receipt.len, 2);
	cramped(&f, sent);
}

static void cells_at_fault_are_named_with_their_rows(void **state)
{
	(void)state;
	ask();
	fake_rows(&f.r.unit, 1, ROW("invalid", "expected", "{\"AA-1.5\"}", "{\"CELL_NOT_ASKED\"}"));
	step_on(&f);
	step_refused(&f, ERROR_INVALID_CELLS);
	assert_int_equal(f.r.refusal->n_fields, 1);
	assert_int_equal(f.r.refusal->fields[0]->row, 3);
	assert_string_equal(f.r.refusal->fields[0]->code, "CELL_NOT_ASKED");
}

/* The place of a field's sentence. */
static void said(size_t field, const char *name, const char *value)
{
	const Inap__V1__FieldError *error = f.r.refusal->fields[field];

	for (size_t i = 0; i < error->n_arguments; i++)
		if (strcmp(error->arguments[i]->name, name) == 0) {
			assert_string_equal(error->arguments[i]->value, value);
			return;
		}
	fail_msg("no place %s", name);
}

static void what_a_submission_lacks_is_named(void **state)
{
	(void)state;
	ask();
	fake_rows(&f.r.unit, 1,
		  "outcome=incomplete,revision=0,state=expected,receipt=NULL,created=2,bad_cells="
		  "NULL,bad_whys=NULL,"
		  "lock=NULL,problems=3,problem_cells={\"AA-1.3\"\\,\"AA-1.1:sex\"\\,\"AA-1.1\"},"
		  "problem_codes={\"UNANSWERED_TOTAL\"\\,\"UNANSWERED_TABLE\"\\,\"RULE_BROKEN\"},"
		  "problem_severities={BLOCK\\,EXPLAIN\\,EXPLAIN},"
		  "unanswered={1\\,2\\,0},asked_of={1\\,3\\,0},problem_words={"
		  "\"\"\\,\"\"\\,\"\"\\,\"\"\\,\"\"\\,\"\"\\,\"\"\\,\"\"\\,"
		  "\"\"\\,\"\"\\,\"\"\\,\"\"\\,\"\"\\,\"\"\\,\"\"\\,\"\"\\,"
		  "\"Parts make the total\"\\,\"\"\\,\"\"\\,=\\,AA-1.1\\,AA-1.1:sex=*\\,7\\,6}");
	step_on(&f);
	step_refused(&f, ERROR_INCOMPLETE);
	step_argument(&f, "count", "3");
	assert_int_equal(f.r.refusal->n_fields, 3);
	assert_string_equal(f.r.refusal->fields[0]->cell, "AA-1.3");
	assert_string_equal(f.r.refusal->fields[1]->code, "UNANSWERED_TABLE");
	assert_string_equal(f.r.refusal->fields[1]->arguments[2]->value, "3");
	said(2, "name", "Parts make the total");
	said(2, "left", "AA-1.1");
	said(2, "right_value", "6");
}

static void what_is_not_expected_any_more_is_left_alone(void **state)
{
	(void)state;
	ask();
	fake_rows(&f.r.unit, 1, ROW("wrong_state", "draft", "NULL", "NULL"));
	step_on(&f);
	step_refused(&f, ERROR_WRONG_STATE);
	step_argument(&f, "action", "receive");
	ask();
	fake_rows(&f.r.unit, 1, ROW("forbidden", "NULL", "NULL", "NULL"));
	step_on(&f);
	step_refused(&f, ERROR_NOT_FOUND);
}

static void a_letter_and_cells_are_needed(void **state)
{
	(void)state;
	body.letter_number = TEXT("");
	ask();
	step_refused(&f, ERROR_BAD_ARGUMENT);
	body.letter_number = TEXT("1");
	body.letter_date = TEXT("");
	ask();
	step_refused(&f, ERROR_BAD_ARGUMENT);
	body.letter_date = TEXT("2024-02-30");
	ask();
	step_refused(&f, ERROR_DATE_BAD);
	body.letter_date = TEXT("2024-02-28");
	body.base_revision = 1;
	ask();
	step_refused(&f, ERROR_BAD_ARGUMENT);
	body.base_revision = 0;
	body.n_cells = 0;
	ask();
	step_refused(&f, ERROR_BAD_ARGUMENT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(it_is_saved_and_submitted_in_one_trip),
		TEST(cells_at_fault_are_named_with_their_rows),
		TEST(what_a_submission_lacks_is_named),
		TEST(what_is_not_expected_any_more_is_left_alone),
		TEST(a_letter_and_cells_are_needed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
