/* extension.add, extension.list and extension.revoke without a server. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/domain/extension.h"
#include "inap/v1/extension.pb-c.h"
#include "tests/unit/cramped.h"
#include "tests/unit/step.h"

#define ROW(cells)                                                                                 \
	"extension=3,plan=INAP-II,entity=FED-MOI,round=2024Q4,cells=" cells                        \
	",until=2025-02-10T20:59:59Z,note=the courts answered late,by=sec,at=x,stands=live,"       \
	"revoked_by=NULL,revoked_at=NULL,revoked_note=NULL"
#define TOLD(cells) ROW(cells) ",receipt=\\\\x0b0c0d"

static struct step_fixture f;
static Inap__V1__EntityRef entity;
static Inap__V1__ExtensionAdd add;
static Inap__V1__ExtensionRevoke taken_back;

static char *text(const char *s)
{
	return (char *)(uintptr_t)s;
}

static int begin(void **state)
{
	(void)state;
	step_init(&f);
	f.reach.entity_id = 41;
	inap__v1__entity_ref__init(&entity);
	entity.entity = text("FED-MOI");
	inap__v1__extension_add__init(&add);
	add.entity = &entity;
	add.round = text("2024Q4");
	add.until = text("2025-02-10");
	add.note = text("the courts answered late");
	inap__v1__extension_revoke__init(&taken_back);
	taken_back.extension = 3;
	taken_back.note = text("it came by letter");
	return 0;
}

static int end(void **state)
{
	(void)state;
	step_fini(&f);
	return 0;
}

static void list_sent(void)
{
	static Inap__V1__ExtensionList body;

	inap__v1__extension_list__init(&body);
	body.round = text("2024Q4");
	step_begin(&f, METHOD_EXTENSION_LIST, extension_list, &body.base);
	fake_rows(&f.r.unit, 0, ROW("PR-1.2 PR-2.1:age_band\\=18-29\\,sex\\=F") ";" ROW(""));
}

static void extensions_are_listed(void **state)
{
	const Inap__V1__ExtensionListReply *reply;

	(void)state;
	list_sent();
	assert_string_equal(step_sent(&f), "extension_list");
	assert_string_equal(fake_parameter(&f.r.unit, 0, 1), "2024Q4");
	assert_string_equal(fake_parameter(&f.r.unit, 0, 3), "7");
	step_on(&f);
	reply = step_reply(&f, &inap__v1__extension_list_reply__descriptor);
	assert_int_equal(reply->n_extensions, 2);
	assert_int_equal(reply->extensions[0]->n_cells, 2);
	assert_string_equal(reply->extensions[0]->cells[0], "PR-1.2");
	assert_string_equal(reply->extensions[0]->cells[1], "PR-2.1:age_band=18-29,sex=F");
	assert_int_equal(reply->extensions[1]->n_cells, 0);
	assert_string_equal(reply->extensions[0]->report->entity, "FED-MOI");
	assert_string_equal(reply->extensions[0]->state, "live");
	assert_string_equal(reply->extensions[0]->revoked_by, "");
}

static void add_sent(void)
{
	step_begin(&f, METHOD_EXTENSION_ADD, extension_add, &add.base);
	fake_rows(&f.r.unit, 1, "fault=NULL");
	fake_rows(&f.r.unit, 2, TOLD("PR-1.2"));
}

static void one_is_given_in_one_trip(void **state)
{
	char *cells[] = { text("PR-1.2"), text("PR-1.3:sex=*") };
	const Inap__V1__ExtensionListReply *reply;

	(void)state;
	add.cells = cells;
	add.n_cells = 2;
	add_sent();
	assert_string_equal(step_sent(&f), "head_lock extension_add extension_told");
	assert_string_equal(fake_parameter(&f.r.unit, 0, 0), "{41}");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 3), "{\"PR-1.2\",\"PR-1.3:sex=*\"}");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 4), "2025-02-10");
	assert_string_equal(fake_parameter(&f.r.unit, 2, 0), "41");
	assert_null(fake_parameter(&f.r.unit, 2, 1));
	step_on(&f);
	reply = step_reply(&f, &inap__v1__extension_list_reply__descriptor);
	assert_int_equal(reply->n_extensions, 1);
	assert_int_equal(reply->extensions[0]->extension, 3);
	assert_int_equal(reply->receipt.len, 3);
	add.until = text("2025-02-10T12:00:00Z"); /* or to the second */
	add_sent();
	step_on(&f);
	step_reply(&f, &inap__v1__extension_list_reply__descriptor);
}

static void revoke_sent(void)
{
	step_begin(&f, METHOD_EXTENSION_REVOKE, extension_revoke, &taken_back.base);
	fake_rows(&f.r.unit, 1, "fault=NULL");
	fake_rows(&f.r.unit, 2, TOLD(""));
}

static void one_is_taken_back_under_its_entitys_lock(void **state)
{
	(void)state;
	revoke_sent();
	assert_string_equal(step_sent(&f), "extension_lock extension_revoke extension_told");
	assert_string_equal(fake_parameter(&f.r.unit, 0, 0), "3");
	assert_null(fake_parameter(&f.r.unit, 2, 0));
	assert_string_equal(fake_parameter(&f.r.unit, 2, 1), "3");
	step_on(&f);
	step_reply(&f, &inap__v1__extension_list_reply__descriptor);
}

static void assert_at_once(enum error_code code, const char *argument, const char *value)
{
	assert_int_equal(f.at, STEP_DONE);
	step_refused(&f, code);
	step_argument(&f, argument, value);
	assert_int_equal(f.r.units, 0);
}

static void what_is_missing_is_refused_at_once(void **state)
{
	(void)state;
	add.until = text("");
	step_begin(&f, METHOD_EXTENSION_ADD, extension_add, &add.base);
	assert_at_once(ERROR_BAD_ARGUMENT, "field", "until");
	add.until = text("2025-02-10T12:00:00");
	step_begin(&f, METHOD_EXTENSION_ADD, extension_add, &add.base);
	assert_at_once(ERROR_DATE_BAD, "text", "2025-02-10T12:00:00");
	add.until = text("2025-02-10");
	add.note = text("");
	step_begin(&f, METHOD_EXTENSION_ADD, extension_add, &add.base);
	assert_at_once(ERROR_BAD_ARGUMENT, "field", "note");
	taken_back.note = text("");
	step_begin(&f, METHOD_EXTENSION_REVOKE, extension_revoke, &taken_back.base);
	assert_at_once(ERROR_BAD_ARGUMENT, "field", "note");
}

static void faults_of_sql_are_refusals(void **state)
{
	(void)state;
	step_begin(&f, METHOD_EXTENSION_ADD, extension_add, &add.base);
	fake_rows(&f.r.unit, 1, "fault=CELL_UNKNOWN|cell\\=PR-9.9");
	step_on(&f);
	step_refused(&f, ERROR_CELL_UNKNOWN);
	step_argument(&f, "cell", "PR-9.9");
	step_begin(&f, METHOD_EXTENSION_REVOKE, extension_revoke, &taken_back.base);
	fake_rows(&f.r.unit, 1, "fault=NOT_FOUND|what\\=extension|name\\=3");
	step_on(&f);
	step_refused(&f, ERROR_NOT_FOUND);
}

static void an_answer_without_its_row_is_our_bug(void **state)
{
	(void)state;
	step_begin(&f, METHOD_EXTENSION_ADD, extension_add, &add.base);
	step_on(&f);
	step_refused(&f, ERROR_INTERNAL);
	step_begin(&f, METHOD_EXTENSION_REVOKE, extension_revoke, &taken_back.base);
	step_on(&f);
	step_refused(&f, ERROR_INTERNAL);
	step_begin(&f, METHOD_EXTENSION_REVOKE, extension_revoke, &taken_back.base);
	fake_rows(&f.r.unit, 1, "fault=NULL");
	step_on(&f);
	step_refused(&f, ERROR_INTERNAL);
}

static void a_reply_that_does_not_fit_is_refused(void **state)
{
	(void)state;
	cramped(&f, list_sent);
	cramped(&f, add_sent);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(extensions_are_listed, begin, end),
		cmocka_unit_test_setup_teardown(one_is_given_in_one_trip, begin, end),
		cmocka_unit_test_setup_teardown(one_is_taken_back_under_its_entitys_lock, begin,
						end),
		cmocka_unit_test_setup_teardown(what_is_missing_is_refused_at_once, begin, end),
		cmocka_unit_test_setup_teardown(faults_of_sql_are_refusals, begin, end),
		cmocka_unit_test_setup_teardown(an_answer_without_its_row_is_our_bug, begin, end),
		cmocka_unit_test_setup_teardown(a_reply_that_does_not_fit_is_refused, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
