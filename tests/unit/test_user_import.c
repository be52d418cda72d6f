/* user.import, step by step: rows judged together, all of them or none. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "server/domain/user.h"
#include "server/rpc/password.h"
#include "inap/v1/office.pb-c.h"
#include "tests/unit/cramped.h"
#include "tests/unit/step.h"

#define TEXT(literal) ((char *)(uintptr_t)(literal))

static struct step_fixture f;
static Inap__V1__UserImport body;
static Inap__V1__UserRow rows[4];
static Inap__V1__UserRow *row_list[4];

static const char done[] = "ord=1,field=NULL,fault=NULL,made=t,given=t,expires_at=2026-01-02T00:00:"
			   "00Z,in_force=t,receipt=\\\\xabcd;"
			   "ord=2,field=NULL,fault=NULL,made=f,given=t,expires_at=2026-01-02T00:00:"
			   "00Z,in_force=f,receipt=\\\\xabcd";

static int begin(void **state)
{
	(void)state;
	step_init(&f);
	inap__v1__user_import__init(&body);
	body.rows = row_list;
	for (size_t i = 0; i < 4; i++) {
		inap__v1__user_row__init(&rows[i]);
		row_list[i] = &rows[i];
	}
	return 0;
}

static int end(void **state)
{
	(void)state;
	step_fini(&f);
	return 0;
}

/* The next row of the body. */
static Inap__V1__UserRow *row(const char *user, const char *role, const char *scope)
{
	Inap__V1__UserRow *next = row_list[body.n_rows++];

	next->user = TEXT(user);
	next->name = TEXT("Some one");
	next->home = TEXT("FED-MOI");
	next->role = TEXT(role);
	next->scope = TEXT(scope);
	next->row = (uint32_t)body.n_rows + 1;
	return next;
}

static void ask(void)
{
	step_begin(&f, METHOD_USER_IMPORT, user_import, &body);
}

static void two_rows(void)
{
	body.n_rows = 0;
	row("moi-focal", "focal_point", "FED-MOI");
	row("moi-chief", "coordinator", "federal");
	ask();
	fake_rows(&f.r.unit, 1, done);
}

static void rows_travel_as_columns_in_one_trip(void **state)
{
	Inap__V1__UserRow *acting;

	(void)state;
	row("moi-focal", "focal_point", "FED-MOI")->from = TEXT("2026-01-01");
	acting = row("chief", "admin", "national");
	acting->basis = TEXT("acting");
	acting->order_number = TEXT("12");
	acting->order_date = TEXT("2026-02-01");
	row("coord", "coordinator", "kurdistan");
	row("plain", "", "");
	ask();
	assert_string_equal(step_sent(&f), "user_lock user_import");
	assert_string_equal(f.r.unit.context_write, "{0}");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 1),
			    "{\"moi-focal\",\"chief\",\"coord\",\"plain\"}");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 5), "{\"FED-MOI\",\"\",\"\",\"\"}");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 6), "{\"\",\"\",\"kurdistan\",\"\"}");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 7), "{\"2026-01-01\",NULL,NULL,NULL}");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 9),
			    "{\"own\",\"acting\",\"own\",\"own\"}");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 13), "{\"f\",\"f\",\"f\",\"f\"}");
	assert_false(f.r.unit.dry);
}

static void codes_are_shown_for_those_who_are_new(void **state)
{
	const Inap__V1__UserImportReply *reply;
	uint8_t hash[PASSWORD_SHA256_BYTES];

	(void)state;
	two_rows();
	step_on(&f);
	reply = step_reply(&f, &inap__v1__user_import_reply__descriptor);
	assert_int_equal(reply->n_rows, 2);
	assert_true(reply->rows[0]->made && reply->rows[0]->given);
	assert_true(enrol_code_hash(reply->rows[0]->code, hash));
	assert_string_equal(reply->rows[0]->expires_at, "2026-01-02T00:00:00Z");
	assert_false(reply->rows[1]->made);
	assert_true(reply->rows[1]->given);
	assert_string_equal(reply->rows[1]->code, "");
	assert_int_equal(reply->receipt.len, 2);
}

static void a_dry_run_shows_neither_code_nor_receipt(void **state)
{
	const Inap__V1__UserImportReply *reply;

	(void)state;
	body.dry_run = true;
	two_rows();
	assert_true(f.r.unit.dry);
	step_on(&f);
	reply = step_reply(&f, &inap__v1__user_import_reply__descriptor);
	assert_true(reply->dry_run && reply->rows[0]->made);
	assert_string_equal(reply->rows[0]->code, "");
	assert_int_equal(reply->receipt.len, 0);
}

/* The refusal's field at a place. */
static void field(size_t at, uint32_t from_row, const char *path, const char *code)
{
	assert_int_equal(f.r.refusal->fields[at]->row, from_row);
	assert_string_equal(f.r.refusal->fields[at]->path, path);
	assert_string_equal(f.r.refusal->fields[at]->code, code);
}

static void faults_of_daemon_and_store_are_told_together_by_row_and_column(void **state)
{
	(void)state;
	row("Moi Focal", "", "");
	row("moi-focal", "focal_point", "FED-MOI");
	row("chief", "approver", "");
	row("coord", "coordinator", "federal");
	ask();
	assert_string_equal(fake_parameter(&f.r.unit, 1, 13), "{\"t\",\"f\",\"t\",\"f\"}");
	fake_rows(&f.r.unit, 1,
		  "ord=2,field=home,fault=NOT_FOUND|what=entity|name=FED-MOI,made=f,given=f,"
		  "expires_at=NULL,in_force=f,receipt=NULL;"
		  "ord=4,field=role,fault=ROLE_CONFLICT|user=coord|role=coordinator|other=admin,"
		  "made=f,given=f,expires_at=NULL,in_force=f,receipt=NULL");
	step_on(&f);
	step_refused(&f, ERROR_INVALID_ROWS);
	step_argument(&f, "count", "4");
	assert_int_equal(f.r.refusal->n_fields, 4);
	field(0, 2, "user", "BAD_ARGUMENT");
	field(1, 3, "home", "NOT_FOUND");
	field(2, 4, "scope", "BAD_ARGUMENT");
	field(3, 5, "role", "ROLE_CONFLICT");
	assert_string_equal(f.r.refusal->fields[2]->arguments[0]->value, "scope");
	assert_string_equal(f.r.refusal->fields[3]->arguments[2]->value, "admin");
}

static void each_cell_of_a_row_is_named_where_it_is_at_fault(void **state)
{
	static const struct {
		const char *role, *scope, *from, *to, *basis, *order_date, *path, *code;
	} cases[] = {
		{ "king", "FED-MOI", "", "", "", "", "role", "NOT_FOUND" },
		{ "approver", "moi", "", "", "", "", "scope", "NOT_FOUND" },
		{ "coordinator", "FED-MOI", "", "", "", "", "scope", "BAD_ARGUMENT" },
		{ "secretariat", "federal", "", "", "", "", "scope", "BAD_ARGUMENT" },
		{ "approver", "FED-MOI", "soon", "", "", "", "from", "DATE_BAD" },
		{ "approver", "FED-MOI", "", "2026-02-30", "", "", "to", "DATE_BAD" },
		{ "approver", "FED-MOI", "2026-02-02", "2026-02-01", "", "", "to", "BAD_ARGUMENT" },
		{ "approver", "FED-MOI", "", "", "", "1.2.2026", "order_date", "DATE_BAD" },
		{ "approver", "FED-MOI", "", "", "perhaps", "", "basis", "BAD_ARGUMENT" },
		{ "approver", "FED-MOI", "", "", "delegated", "", "basis", "BAD_ARGUMENT" },
		{ "approver", "FED-MOI", "", "", "acting", "2026-01-01", "order", "BAD_ARGUMENT" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		Inap__V1__UserRow *one;

		body.n_rows = 0;
		one = row("moi-chief", cases[i].role, cases[i].scope);
		one->from = TEXT(cases[i].from);
		one->to = TEXT(cases[i].to);
		one->basis = TEXT(cases[i].basis);
		one->order_date = TEXT(cases[i].order_date);
		ask();
		step_on(&f);
		step_refused(&f, ERROR_INVALID_ROWS);
		field(0, 2, cases[i].path, cases[i].code);
	}
}

static void a_fault_of_the_whole_is_the_refusal(void **state)
{
	(void)state;
	row("moi-focal", "", "");
	ask();
	fake_rows(&f.r.unit, 1,
		  "ord=0,field=NULL,fault=FORBIDDEN|action=user.import,made=f,given=f,expires_at="
		  "NULL,in_force=f,receipt=NULL");
	step_on(&f);
	step_refused(&f, ERROR_FORBIDDEN);
	body.n_rows = 0;
	ask();
	step_refused(&f, ERROR_BAD_ARGUMENT);
}

static void the_arena_may_be_too_small(void **state)
{
	(void)state;
	cramped(&f, two_rows);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(rows_travel_as_columns_in_one_trip),
		TEST(codes_are_shown_for_those_who_are_new),
		TEST(a_dry_run_shows_neither_code_nor_receipt),
		TEST(faults_of_daemon_and_store_are_told_together_by_row_and_column),
		TEST(each_cell_of_a_row_is_named_where_it_is_at_fault),
		TEST(a_fault_of_the_whole_is_the_refusal),
		TEST(the_arena_may_be_too_small),
	};

	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
