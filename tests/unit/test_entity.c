/* entity.list and entity.edit without a server. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/domain/entity.h"
#include "inap/v1/office.pb-c.h"
#include "inap/v1/plan.pb-c.h"
#include "tests/unit/cramped.h"
#include "tests/unit/step.h"

static struct step_fixture f;

static int begin(void **state)
{
	(void)state;
	step_init(&f);
	return 0;
}

static int end(void **state)
{
	(void)state;
	step_fini(&f);
	return 0;
}

static void list(const char *code, Inap__V1__Jurisdiction jurisdiction)
{
	static Inap__V1__EntityList body;

	inap__v1__entity_list__init(&body);
	body.code = (char *)(uintptr_t)code;
	body.jurisdiction = jurisdiction;
	step_begin(&f, METHOD_ENTITY_LIST, entity_list, &body.base);
	assert_string_equal(step_sent(&f), "entity_list");
	assert_string_equal(fake_parameter(&f.r.unit, 0, 0), code);
}

static void listed_sent(void)
{
	list("", INAP__V1__JURISDICTION__JURISDICTION_UNSPECIFIED);
	fake_rows(
		&f.r.unit, 0,
		"code=FED-WED,name_en=Directorate,name_ar=A,name_ckb=NULL,jurisdiction=federal,"
		"kind=agency,"
		"parent=FED-COMSEC,reporting=t,valid_from=NULL,valid_to=2025-06-30,endorsed_by="
		"NULL,single_signatory=f,order_number=NULL,order_date=NULL;"
		"code=KRG-MOI,name_en=Interior,name_ar=A,name_ckb=K,jurisdiction=kurdistan,kind="
		"ministry,"
		"parent=NULL,reporting=f,valid_from=2020-01-01,valid_to=NULL,endorsed_by=KRG-HCWD,"
		"single_signatory=t,order_number=118,order_date=2024-09-01");
}

static void entities_are_listed(void **state)
{
	const Inap__V1__EntityListReply *reply;

	(void)state;
	listed_sent();
	step_on(&f);
	reply = step_reply(&f, &inap__v1__entity_list_reply__descriptor);
	assert_int_equal(reply->n_entities, 2);
	assert_string_equal(reply->entities[0]->code, "FED-WED");
	assert_int_equal(reply->entities[0]->jurisdiction,
			 INAP__V1__JURISDICTION__JURISDICTION_FEDERAL);
	assert_string_equal(reply->entities[0]->parent, "FED-COMSEC");
	assert_true(reply->entities[0]->reporting);
	assert_string_equal(reply->entities[0]->from, "");
	assert_string_equal(reply->entities[0]->to, "2025-06-30");
	assert_string_equal(reply->entities[0]->name->ckb, "");
	assert_int_equal(reply->entities[1]->jurisdiction,
			 INAP__V1__JURISDICTION__JURISDICTION_KURDISTAN);
	assert_false(reply->entities[1]->reporting);
	assert_string_equal(reply->entities[1]->parent, "");
	assert_string_equal(reply->entities[1]->endorsed_by, "KRG-HCWD");
	assert_false(reply->entities[0]->single_signatory);
	assert_string_equal(reply->entities[0]->order_number, "");
	assert_true(reply->entities[1]->single_signatory);
	assert_string_equal(reply->entities[1]->order_date, "2024-09-01");
}

static void a_jurisdiction_narrows_and_both_do_not(void **state)
{
	(void)state;
	list("", INAP__V1__JURISDICTION__JURISDICTION_KURDISTAN);
	assert_string_equal(fake_parameter(&f.r.unit, 0, 1), "kurdistan");
	list("", INAP__V1__JURISDICTION__JURISDICTION_FEDERAL);
	assert_string_equal(fake_parameter(&f.r.unit, 0, 1), "federal");
	list("", INAP__V1__JURISDICTION__JURISDICTION_IRAQ);
	assert_string_equal(fake_parameter(&f.r.unit, 0, 1), "");
	list("", INAP__V1__JURISDICTION__JURISDICTION_UNSPECIFIED);
	assert_string_equal(fake_parameter(&f.r.unit, 0, 1), "");
}

static void no_such_entity(void **state)
{
	const Inap__V1__EntityListReply *reply;

	(void)state;
	list("FED-X", INAP__V1__JURISDICTION__JURISDICTION_UNSPECIFIED);
	step_on(&f);
	step_refused(&f, ERROR_NOT_FOUND);
	step_argument(&f, "what", "entity");
	step_argument(&f, "name", "FED-X");

	list("", INAP__V1__JURISDICTION__JURISDICTION_UNSPECIFIED);
	step_on(&f);
	reply = step_reply(&f, &inap__v1__entity_list_reply__descriptor);
	assert_int_equal(reply->n_entities, 0);
}

static void a_reply_that_does_not_fit_is_refused(void **state)
{
	(void)state;
	cramped(&f, listed_sent);
}

static Inap__V1__EntityEdit edit;

static void edit_begin(const char *number, const char *date)
{
	inap__v1__entity_edit__init(&edit);
	edit.single_signatory = true;
	edit.order_number = (char *)(uintptr_t)number;
	edit.order_date = (char *)(uintptr_t)date;
	step_begin(&f, METHOD_ENTITY_EDIT, entity_edit, &edit.base);
}

static void edit_sent(void)
{
	edit_begin("118", "2024-09-01");
	fake_rows(&f.r.unit, 1,
		  "fault=NULL,single_signatory=t,order_number=118,order_date=2024-09-01,receipt="
		  "\\\\xabcd");
}

static void a_single_signatory_is_set_by_order(void **state)
{
	const Inap__V1__EntityEditReply *reply;

	(void)state;
	edit_sent();
	assert_string_equal(step_sent(&f), "system_head_lock entity_edit");
	assert_string_equal(f.r.unit.context_write, "{0}");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 3), "2024-09-01");
	step_on(&f);
	reply = step_reply(&f, &inap__v1__entity_edit_reply__descriptor);
	assert_true(reply->single_signatory);
	assert_string_equal(reply->order_number, "118");
	assert_int_equal(reply->receipt.len, 2);
	cramped(&f, edit_sent);
}

static void no_order_no_single_signatory(void **state)
{
	(void)state;
	edit_begin("", "2024-09-01");
	step_refused(&f, ERROR_BAD_ARGUMENT);
	edit_begin("118", "");
	step_refused(&f, ERROR_BAD_ARGUMENT);
	edit_begin("118", "2024-02-30");
	step_refused(&f, ERROR_DATE_BAD);
	edit_begin("118", "2024-09-01");
	fake_rows(&f.r.unit, 1,
		  "fault=FORBIDDEN|action=entity.edit,single_signatory=NULL,order_number=,order_"
		  "date=,receipt=NULL");
	step_on(&f);
	step_refused(&f, ERROR_FORBIDDEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(entities_are_listed, begin, end),
		cmocka_unit_test_setup_teardown(a_jurisdiction_narrows_and_both_do_not, begin, end),
		cmocka_unit_test_setup_teardown(no_such_entity, begin, end),
		cmocka_unit_test_setup_teardown(a_single_signatory_is_set_by_order, begin, end),
		cmocka_unit_test_setup_teardown(no_order_no_single_signatory, begin, end),
		cmocka_unit_test_setup_teardown(a_reply_that_does_not_fit_is_refused, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
