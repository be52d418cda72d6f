/* Tests of report.save: what is sent, every verdict, what a person needs to find the cell at fault.
 */
#include "tests/unit/fake_rpc.h"

#include "inap/v1/report.pb-c.h"

#define TEXT(s) ((char *)(uintptr_t)(s))

enum { ENTRY_SAVE, ENTRY_STALE, CELLS = 4 };

static Inap__V1__ReportRef reference;
static Inap__V1__ReportSave in;
static Inap__V1__CellValue cells[CELLS];
static Inap__V1__Value values[CELLS];
static Inap__V1__CellValue *list[CELLS];

static void number(unsigned i, const char *text)
{
	values[i].kind_case = INAP__V1__VALUE__KIND_NUMBER;
	values[i].number = TEXT(text);
}

static int setup(void **state)
{
	static const char *const codes[CELLS] = { "PR-1.1", "PR-2.1:age_band=18-29,sex=F", "PR-2.2",
						  "PR-3.1" };

	inap__v1__report_ref__init(&reference);
	reference.entity = TEXT("FED-MOI");
	reference.round = TEXT("2024Q3");
	inap__v1__report_save__init(&in);
	for (unsigned i = 0; i < CELLS; i++) {
		inap__v1__cell_value__init(&cells[i]);
		inap__v1__value__init(&values[i]);
		cells[i].cell = TEXT(codes[i]);
		cells[i].value = &values[i];
		cells[i].row = 10 + i;
		cells[i].column = TEXT("B");
		number(i, "12");
		list[i] = &cells[i];
	}
	in.report = &reference;
	in.base_revision = 4;
	in.via = INAP__V1__VIA__VIA_IMPORT;
	in.cells = list;
	in.n_cells = 2;
	return fake_setup(state);
}

static void answered(const char *outcome, const char *state, const char *rest)
{
	char row[1024];

	snprintf(row, sizeof row,
		 "ord=1,outcome=%s,revision=5,state=%s,receipt=\\\\x00ff,created=1,updated=2,"
		 "unchanged=3,deleted=4,%s",
		 outcome, state, rest);
	fake_rows(fake_unit, ENTRY_SAVE, row);
}
#define NO_BAD "bad_cells=NULL,bad_whys=NULL,lock=NULL"

static const Inap__V1__ReportSaveReply *saved(const char *outcome, const char *rest)
{
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);

	fake_request(c, METHOD_REPORT_SAVE, 1, &in.base);
	fake_waits("report_save report_stale");
	answered(outcome, "draft", rest);
	fake_answer();
	return fake_reply(c, METHOD_REPORT_SAVE, 1);
}

static const Inap__V1__Error *refused(const char *outcome, const char *state, const char *rest,
				      enum error_code code)
{
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);

	fake_request(c, METHOD_REPORT_SAVE, 1, &in.base);
	answered(outcome, state, rest);
	fake_answer();
	return fake_refused(c, 1, code);
}

static void a_save_is_one_statement_of_arrays(void **state)
{
	static const char *const expected[] = {
		"{\"\\\\x01010101010101010101010101010101\"}",
		"{41}",
		"{7}",
		"{\"\"}",
		"{\"2024Q3\"}",
		"{4}",
		NULL,
		"{\"import\"}",
		"{\"census\"}",
		"{\"f\"}",
		"{\"t\"}",
		"{1}",
		"{2}",
		"{\"PR-1.1\",\"PR-2.1:age_band=18-29,sex=F\"}",
		"{1,11}",
		"{\"-123456789012345678.5\",NULL}",
		"{NULL,NULL}",
		"{NULL,NULL}",
		"{\"as \\\"agreed\\\"\",NULL}",
		"{NULL,\"2025-01-31\"}",
	};
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);

	(void)state;
	number(0, "-123456789012345678.5");
	cells[0].note = TEXT("as \"agreed\"");
	values[1].kind_case = INAP__V1__VALUE__KIND_BLANK;
	values[1].blank = INAP__V1__BLANK__BLANK_NOT_AVAILABLE;
	cells[1].expected_on = TEXT("2025-01-31");
	in.note = TEXT("census");
	in.merge = true;
	fake_request(c, METHOD_REPORT_SAVE, 1, &in.base);
	fake_waits("report_save report_stale");
	for (unsigned i = 0; i < sizeof expected / sizeof *expected; i++) {
		const char *sent = fake_parameter(fake_unit, ENTRY_SAVE, i);

		if (expected[i])
			assert_string_equal(sent, expected[i]);
		else
			assert_int_equal(strlen(sent), strlen("{\"\\\\x\"}") + 64); /* the hash */
	}
	assert_string_equal(fake_parameter(fake_unit, ENTRY_STALE, 0), "7");
	assert_string_equal(fake_parameter(fake_unit, ENTRY_STALE, 3), "4");
	assert_false(fake_unit->dry);
	assert_true(fake_unit->write);
	assert_int_equal(fake_unit->route, FAKE_ENTITY);
	answered("ok", "draft", NO_BAD);
	fake_answer();
	fake_reply(c, METHOD_REPORT_SAVE, 1);
}

static void every_kind_of_value_has_its_columns(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);
	Inap__V1__Ratio ratio = INAP__V1__RATIO__INIT;
	Inap__V1__Cleared cleared = INAP__V1__CLEARED__INIT;

	(void)state;
	ratio.numerator = TEXT("3");
	ratio.denominator = TEXT("9.0");
	values[0].kind_case = INAP__V1__VALUE__KIND_RATIO;
	values[0].ratio = &ratio;
	values[1].kind_case = INAP__V1__VALUE__KIND_DENOMINATOR;
	values[1].denominator = TEXT("9");
	values[2].kind_case = INAP__V1__VALUE__KIND_TEXT;
	values[2].text = TEXT("two\nlines");
	values[3].kind_case = INAP__V1__VALUE__KIND_CLEARED;
	values[3].cleared = &cleared;
	in.n_cells = 4;
	in.partial = true;
	fake_request(c, METHOD_REPORT_SAVE, 1, &in.base);
	assert_string_equal(fake_parameter(fake_unit, ENTRY_SAVE, 9), "{\"t\"}");
	assert_string_equal(fake_parameter(fake_unit, ENTRY_SAVE, 14), "{5,7,4,0}");
	assert_string_equal(fake_parameter(fake_unit, ENTRY_SAVE, 15), "{\"3\",NULL,NULL,NULL}");
	assert_string_equal(fake_parameter(fake_unit, ENTRY_SAVE, 16), "{\"9.0\",\"9\",NULL,NULL}");
	assert_string_equal(fake_parameter(fake_unit, ENTRY_SAVE, 17),
			    "{NULL,NULL,\"two\nlines\",NULL}");
	answered("ok", "draft", NO_BAD);
	fake_answer();
	fake_reply(c, METHOD_REPORT_SAVE, 1);
}

static void a_saved_report_says_what_became_of_the_cells(void **state)
{
	const Inap__V1__ReportSaveReply *reply = saved("ok", NO_BAD);

	(void)state;
	assert_int_equal(reply->revision, 5);
	assert_int_equal(reply->state, INAP__V1__STATE__STATE_DRAFT);
	assert_int_equal(reply->created, 1);
	assert_int_equal(reply->updated, 2);
	assert_int_equal(reply->unchanged, 3);
	assert_int_equal(reply->deleted, 4);
	assert_int_equal(reply->n_rejected, 0);
	assert_int_equal(reply->receipt.len, 2);
	assert_memory_equal(reply->receipt.data, "\x00\xff", 2);
	assert_false(reply->replayed);
	assert_false(reply->dry_run);
	assert_actions(reply, "save ready");
}

static void a_replay_says_so(void **state)
{
	const Inap__V1__ReportSaveReply *reply = saved("replayed", NO_BAD);

	(void)state;
	assert_true(reply->replayed);
	assert_int_equal(reply->receipt.len, 2);
}

static void a_dry_run_has_no_receipt(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);
	const Inap__V1__ReportSaveReply *reply;

	(void)state;
	in.dry_run = true;
	fake_request(c, METHOD_REPORT_SAVE, 1, &in.base);
	assert_true(fake_unit->dry);
	answered("ok", "draft", NO_BAD);
	fake_answer();
	reply = fake_reply(c, METHOD_REPORT_SAVE, 1);
	assert_true(reply->dry_run);
	assert_int_equal(reply->receipt.len, 0);
}

static void partial_lists_what_was_left_out(void **state)
{
	const Inap__V1__ReportSaveReply *reply;

	(void)state;
	in.partial = true;
	in.n_cells = 3;
	reply = saved("ok", "bad_cells={\"PR-2.1:age_band=18-29\\,sex=F\"\\,PR-2.2},"
			    "bad_whys={NUMBER_NEGATIVE\\,CELL_LOCKED},lock=returned");
	assert_int_equal(reply->n_rejected, 2);
	assert_string_equal(reply->rejected[0]->cell, "PR-2.1:age_band=18-29,sex=F");
	assert_string_equal(reply->rejected[0]->code, "NUMBER_NEGATIVE");
	assert_int_equal(reply->rejected[0]->row, 11);
	assert_string_equal(reply->rejected[1]->cell, "PR-2.2");
	assert_int_equal(reply->rejected[1]->row, 12);
	assert_argument(reply->rejected[1], "lock", "returned");
}

static void invalid_cells_come_with_row_column_and_places(void **state)
{
	const Inap__V1__Error *error;

	(void)state;
	in.n_cells = 4;
	number(2, "100.5");
	error = refused("invalid", "draft",
			"bad_cells={PR-1.1\\,\"PR-2.1:age_band=18-29\\,sex=F\"\\,PR-2.2\\,PR-3.1},"
			"bad_whys={CELL_UNKNOWN\\,CELL_NOT_ASKED\\,NUMBER_RANGE\\,CELL_KIND},"
			"lock=NULL",
			ERROR_INVALID_CELLS);
	assert_argument(error, "count", "4");
	assert_int_equal(error->n_fields, 4);
	assert_int_equal(error->revision, 5);
	assert_actions(error, "save ready");
	for (unsigned i = 0; i < CELLS; i++) {
		assert_string_equal(error->fields[i]->cell, cells[i].cell);
		assert_string_equal(error->fields[i]->path, cells[i].cell);
		assert_int_equal(error->fields[i]->row, 10 + i);
		assert_string_equal(error->fields[i]->column, "B");
		assert_argument(error->fields[i], "cell", cells[i].cell);
	}
	assert_argument(error->fields[1], "entity", "FED-MOI");
	assert_argument(error->fields[1], "round", "2024Q3");
	assert_argument(error->fields[2], "value", "100.5");
	assert_argument(error->fields[2], "low", "0");
	assert_argument(error->fields[2], "high", "100");
	assert_argument(error->fields[3], "given", "number");
}

static void a_cell_given_twice_names_both_rows(void **state)
{
	const Inap__V1__Error *error;

	(void)state;
	in.n_cells = 4;
	cells[1].cell = cells[2].cell = cells[0].cell;
	error = refused("invalid", "draft",
			"bad_cells={PR-1.1\\,PR-1.1},bad_whys={CELL_TWICE\\,CELL_TWICE},lock=NULL",
			ERROR_INVALID_CELLS);
	assert_int_equal(error->n_fields, 2);
	assert_int_equal(error->fields[0]->row, 11);
	assert_argument(error->fields[0], "row", "11");
	assert_argument(error->fields[0], "other", "10");
	assert_int_equal(error->fields[1]->row, 12);
	assert_argument(error->fields[1], "row", "12");
	assert_argument(error->fields[1], "other", "11");
}

static void cells_that_do_not_ascend_are_refused(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);

	(void)state;
	cells[0].cell = TEXT("PR-9");
	fake_request(c, METHOD_REPORT_SAVE, 1, &in.base);
	assert_argument(fake_refused(c, 1, ERROR_BAD_ARGUMENT), "field", "cells");
	assert_null(fake_unit);
}

static void more_verdicts_than_cells_are_cut(void **state)
{
	const Inap__V1__Error *error;

	(void)state;
	in.n_cells = 1;
	error = refused("invalid", "draft",
			"bad_cells={X\\,\"a\\\\\"b\"\\,Z},bad_whys={CELL_UNKNOWN},lock=NULL",
			ERROR_INVALID_CELLS);
	assert_int_equal(error->n_fields, 1);
	assert_string_equal(error->fields[0]->cell, "X");
	assert_int_equal(error->fields[0]->row, 0); /* none of ours */
	in.n_cells = 2;
	error = refused("invalid", "draft",
			"bad_cells={\"a\\\\\\\"b\"\\,Z},bad_whys={CELL_UNKNOWN},lock=NULL",
			ERROR_INVALID_CELLS);
	assert_string_equal(error->fields[0]->cell, "a\"b");
	assert_string_equal(error->fields[1]->code, "");
}

static void a_stale_base_shows_what_changed_and_what_is_yours(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);
	const Inap__V1__Error *error;

	(void)state;
	fake_request(c, METHOD_REPORT_SAVE, 1, &in.base);
	answered("stale", "draft", NO_BAD);
	fake_rows(fake_unit, ENTRY_STALE,
		  "cell=PR-0.9,b_kind=NULL,b_number=NULL,b_denominator=NULL,b_text=NULL,"
		  "b_note=NULL,b_expected_on=NULL,kind=2,"
		  "number=NULL,denominator=NULL,value=NULL,note=new,expected_on=NULL,by=noor,at="
		  "2024-10-01T07:30:00Z,via=set,reason=NULL,"
		  "revision=5;"
		  "cell=PR-1.1,b_kind=1,b_number=7.0,b_denominator=NULL,b_text=NULL,"
		  "b_note=NULL,b_expected_on=NULL,kind=0,"
		  "number=NULL,denominator=NULL,value=NULL,note=NULL,expected_on=NULL,by=noor,at=x,"
		  "via=set,reason=NULL,"
		  "revision=5;"
		  "cell=PR-3.1,b_kind=4,b_number=NULL,b_denominator=NULL,b_text=old,"
		  "b_note=NULL,b_expected_on=NULL,kind=5,"
		  "number=1,denominator=2,value=NULL,note=NULL,expected_on=NULL,by=noor,at=x,via="
		  "set,reason=NULL,"
		  "revision=5");
	fake_answer();
	error = fake_refused(c, 1, ERROR_STALE_REVISION);
	assert_argument(error, "report", "FED-MOI/2024Q3");
	assert_argument(error, "revision", "5");
	assert_argument(error, "base", "4");
	assert_int_equal(error->revision, 5);
	assert_int_equal(error->n_changes, 3);
	assert_null(error->changes[0]->before);
	assert_int_equal(error->changes[0]->after->kind_case, INAP__V1__VALUE__KIND_YES_NO);
	assert_false(error->changes[0]->yours);
	assert_string_equal(error->changes[0]->by, "noor");
	assert_string_equal(error->changes[0]->note, "new");
	assert_string_equal(error->changes[1]->before->number, "7.0");
	assert_null(error->changes[1]->after);
	assert_true(error->changes[1]->yours);
	assert_non_null(error->changes[1]->mine);
	assert_null(error->changes[0]->mine);
	assert_string_equal(error->changes[2]->before->text, "old");
	assert_string_equal(error->changes[2]->after->ratio->denominator, "2");
	assert_false(error->changes[2]->yours); /* beyond the cells of this save */
}

static void a_merged_save_lists_what_it_was_saved_beside(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);
	const Inap__V1__ReportSaveReply *reply;

	(void)state;
	in.merge = true;
	fake_request(c, METHOD_REPORT_SAVE, 1, &in.base);
	answered("ok", "draft", NO_BAD);
	fake_rows(
		fake_unit, ENTRY_STALE,
		"cell=PR-0.9,b_kind=NULL,b_number=NULL,b_denominator=NULL,b_text=NULL,b_note=NULL,"
		"b_expected_on=NULL,kind=2,number=NULL,denominator=NULL,value=NULL,note=new,"
		"expected_on=NULL,by=noor,at=x,via=import,reason=NULL,revision=5");
	fake_answer();
	reply = fake_reply(c, METHOD_REPORT_SAVE, 1);
	assert_int_equal(reply->n_merged, 1);
	assert_string_equal(reply->merged[0]->cell, "PR-0.9");
	assert_int_equal(reply->merged[0]->via, INAP__V1__VIA__VIA_IMPORT);
	assert_false(reply->merged[0]->yours);
}

static void a_confirmation_of_anything_else_is_said_so(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);
	const Inap__V1__Error *error;

	(void)state;
	in.via = INAP__V1__VIA__VIA_CONFIRM;
	fake_request(c, METHOD_REPORT_SAVE, 1, &in.base);
	assert_string_equal(fake_parameter(fake_unit, ENTRY_SAVE, 7), "{\"confirm\"}");
	answered("invalid", "draft", "bad_cells={PR-1.1},bad_whys={CELL_KIND},lock=NULL");
	fake_answer();
	error = fake_refused(c, 1, ERROR_INVALID_CELLS);
	assert_string_equal(error->fields[0]->code, "CELL_NOT_OFFERED");
	assert_argument(error->fields[0], "cell", "PR-1.1");
}

static void every_verdict_has_its_code(void **state)
{
	const Inap__V1__Error *error;

	(void)state;
	error = refused("wrong_state", "submitted", NO_BAD, ERROR_WRONG_STATE);
	assert_argument(error, "report", "FED-MOI/2024Q3");
	assert_argument(error, "state", "submitted");
	assert_argument(error, "action", "save");
	assert_actions(error, "");
	error = refused("round_lock", "draft", "bad_cells=NULL,bad_whys=NULL,lock=closed",
			ERROR_ROUND_NOT_OPEN);
	assert_argument(error, "round", "2024Q3");
	assert_argument(error, "why", "closed");
	assert_int_equal(error->revision, 5);
	error = refused("forbidden", "NULL", NO_BAD, ERROR_NOT_FOUND);
	assert_argument(error, "what", "report");
	assert_int_equal(error->revision, 0);
	error = refused("key_reused", "draft", NO_BAD, ERROR_KEY_REUSED);
	assert_int_equal(error->revision, 0);
	assert_argument(refused("again", "draft", NO_BAD, ERROR_BUSY), "seconds", "1");
	refused("never heard of", "draft", NO_BAD, ERROR_INTERNAL);
	error = refused("stale", "NULL", NO_BAD, ERROR_STALE_REVISION);
	assert_int_equal(error->n_actions, 0);
}

static void no_verdict_is_our_own_bug(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);

	(void)state;
	fake_request(c, METHOD_REPORT_SAVE, 1, &in.base);
	fake_answer();
	fake_refused(c, 1, ERROR_INTERNAL);
	fake_request(c, METHOD_REPORT_SAVE, 2, &in.base);
	((struct request *)fake_unit->owner)->at = 9;
	fake_answer();
	fake_refused(c, 2, ERROR_INTERNAL);
	fake_request(c, METHOD_REPORT_SAVE, 3, &in.base);
	fake_lost(UNIT_UNKNOWN, ERROR_NONE);
	fake_refused(c, 3, ERROR_OUTCOME_UNKNOWN);
	fake_busy = true;
	fake_request(c, METHOD_REPORT_SAVE, 4, &in.base);
	fake_refused(c, 4, ERROR_BUSY);
}

/* A cell at fault before anything is sent. */
static const Inap__V1__FieldError *bad(enum error_code code, const Inap__V1__Error **whole)
{
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);
	const Inap__V1__Error *error;

	fake_request(c, METHOD_REPORT_SAVE, 1, &in.base);
	error = fake_refused(c, 1, code);
	assert_null(fake_unit);
	assert_int_equal(error->n_fields, 1);
	assert_string_equal(error->fields[0]->code, error->code);
	assert_string_equal(error->fields[0]->cell, cells[1].cell);
	assert_int_equal(error->fields[0]->row, 11);
	assert_string_equal(error->fields[0]->column, "B");
	*whole = error;
	return error->fields[0];
}

static void what_is_no_number_or_date_is_named_with_its_place(void **state)
{
	static const char *const numbers[] = {
		"1,5", "1e3", "0x10", "1.", "1234567890123456789", "1.123456789012345678901",
		"+1",  " 1"
	};
	const Inap__V1__Error *error;

	(void)state;
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		number(1, numbers[i]);
		assert_argument(bad(ERROR_NUMBER_BAD, &error), "text", numbers[i]);
		assert_argument(error, "text", numbers[i]);
	}
	number(1, "");
	bad(ERROR_BAD_ARGUMENT, &error);
	number(1, "1");
	cells[1].expected_on = TEXT("2025-02-29");
	assert_argument(bad(ERROR_DATE_BAD, &error), "text", "2025-02-29");
	cells[1].expected_on = TEXT("");
	cells[1].value = NULL;
	assert_argument(bad(ERROR_BAD_ARGUMENT, &error), "why", "it has no value");
}

static void a_save_says_its_door_and_brings_cells(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);

	(void)state;
	in.via = INAP__V1__VIA__VIA_UNSPECIFIED;
	fake_request(c, METHOD_REPORT_SAVE, 1, &in.base);
	assert_argument(fake_refused(c, 1, ERROR_BAD_ARGUMENT), "field", "via");
	in.via = INAP__V1__VIA__VIA_DESK;
	fake_request(c, METHOD_REPORT_SAVE, 2, &in.base);
	assert_argument(fake_refused(c, 2, ERROR_BAD_ARGUMENT), "field", "via");
	in.via = INAP__V1__VIA__VIA_SET;
	in.n_cells = 0;
	fake_request(c, METHOD_REPORT_SAVE, 3, &in.base);
	assert_argument(fake_refused(c, 3, ERROR_BAD_ARGUMENT), "field", "cells");
}

/* A save, done or refused as stale, in an arena of this size; true once the answer is whole. */
static bool saves(struct connection *c, size_t cap, bool ok)
{
	const Inap__V1__Error *error;
	struct frame frame;

	fake_arena(cap);
	fake_request(c, METHOD_REPORT_SAVE, 1, &in.base);
	if (fake_unit) {
		answered(ok ? "ok" : "stale", "draft",
			 "bad_cells={PR-1.1},bad_whys={NUMBER_RANGE},lock=NULL");
		fake_rows(fake_unit, ENTRY_STALE,
			  "cell=PR-1.1,b_kind=1,b_number=7.0,b_denominator=NULL,b_text=NULL,"
			  "b_note=NULL,b_expected_on=NULL,kind=5,"
			  "number=1,denominator=2,value=NULL,note=NULL,expected_on=NULL,by=noor,at="
			  "x,via=set,reason=NULL,"
			  "revision=5");
		fake_answer();
	}
	assert_true(fake_next(c, &frame));
	if (frame.kind == FRAME_REPLY) {
		assert_true(ok);
		return true;
	}
	error = fake_unpack(&inap__v1__error__descriptor, frame.body, frame.length);
	if (strcmp(error->code, "TOO_LARGE") == 0)
		return false;
	assert_false(ok);
	assert_string_equal(error->code, "STALE_REVISION");
	return error->n_changes == 1 && error->changes[0]->after && error->n_arguments == 3;
}

static void a_save_in_an_arena_of_any_size(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);

	(void)state;
	for (int ok = 0; ok < 2; ok++) {
		size_t cap = 0;

		while (!saves(c, cap, ok))
			assert_in_range(cap += 16, 0, 65536);
		assert_true(cap > 2048);
	}
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, fake_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_save_is_one_statement_of_arrays),
		TEST(every_kind_of_value_has_its_columns),
		TEST(a_saved_report_says_what_became_of_the_cells),
		TEST(a_replay_says_so),
		TEST(a_dry_run_has_no_receipt),
		TEST(partial_lists_what_was_left_out),
		TEST(invalid_cells_come_with_row_column_and_places),
		TEST(a_cell_given_twice_names_both_rows),
		TEST(cells_that_do_not_ascend_are_refused),
		TEST(more_verdicts_than_cells_are_cut),
		TEST(a_stale_base_shows_what_changed_and_what_is_yours),
		TEST(a_merged_save_lists_what_it_was_saved_beside),
		TEST(a_confirmation_of_anything_else_is_said_so),
		TEST(every_verdict_has_its_code),
		TEST(no_verdict_is_our_own_bug),
		TEST(what_is_no_number_or_date_is_named_with_its_place),
		TEST(a_save_says_its_door_and_brings_cells),
		TEST(a_save_in_an_arena_of_any_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
