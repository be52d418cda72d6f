/* rule.list and rule.change without a server. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/domain/rule.h"
#include "inap/v1/rule.pb-c.h"
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

static void list(const char *plan, const char *round)
{
	static Inap__V1__RuleList body;

	inap__v1__rule_list__init(&body);
	body.plan = (char *)(uintptr_t)plan;
	body.round = (char *)(uintptr_t)round;
	step_begin(&f, METHOD_RULE_LIST, rule_list, &body.base);
	assert_string_equal(step_sent(&f), "rule_list");
	assert_string_equal(fake_parameter(&f.r.unit, 0, 0), plan);
	assert_string_equal(fake_parameter(&f.r.unit, 0, 1), round);
}

static void listed_sent(void)
{
	list("INAP-II", "2024Q3");
	fake_rows(&f.r.unit, 0,
		  "code=WOMEN,kind=given,name_en=Women,name_ar=A,name_ckb=NULL,severity=EXPLAIN,"
		  "op=<>,left_text=PA-2.1.n,right_text=PA-2.2,missing=skip_if_any,"
		  "valid_from=2024-01-01,valid_to=NULL,settings=NULL,quarter_bad=f,"
		  "by_hand=t,retired=f;"
		  "code=outlier,kind=outlier,name_en=NULL,name_ar=NULL,name_ckb=NULL,severity=WARN,"
		  "op=<>,left_text=,right_text=,missing=skip_if_any,valid_from=NULL,"
		  "valid_to=2024-09-30,settings=periods 6,quarter_bad=f,by_hand=f,"
		  "retired=t");
}

static void rules_are_listed(void **state)
{
	const Inap__V1__RuleListReply *reply;

	(void)state;
	listed_sent();
	step_on(&f);
	reply = step_reply(&f, &inap__v1__rule_list_reply__descriptor);
	assert_int_equal(reply->n_rules, 2);
	assert_string_equal(reply->rules[0]->code, "WOMEN");
	assert_string_equal(reply->rules[0]->kind, "given");
	assert_string_equal(reply->rules[0]->name->en, "Women");
	assert_string_equal(reply->rules[0]->name->ckb, "");
	assert_string_equal(reply->rules[0]->severity, "EXPLAIN");
	assert_string_equal(reply->rules[0]->left, "PA-2.1.n");
	assert_string_equal(reply->rules[0]->right, "PA-2.2");
	assert_string_equal(reply->rules[0]->missing, "skip_if_any");
	assert_string_equal(reply->rules[0]->valid_from, "2024-01-01");
	assert_string_equal(reply->rules[0]->valid_to, "");
	assert_true(reply->rules[0]->by_hand);
	assert_false(reply->rules[0]->retired);
	assert_null(reply->rules[1]->name);
	assert_true(reply->rules[1]->retired);
	assert_string_equal(reply->rules[1]->parameters, "periods 6");
	assert_string_equal(reply->rules[1]->valid_to, "2024-09-30");
}

#define NO_RULE                                                                                    \
	"code=NULL,kind=NULL,name_en=NULL,name_ar=NULL,name_ckb=NULL,severity=NULL,op=NULL,"       \
	"left_text=NULL,right_text=NULL,missing=NULL,valid_from=NULL,valid_to=NULL,settings=NULL," \
	"by_hand=f,retired=f,"

static void a_plan_without_rules_has_an_empty_list_and_no_plan_none(void **state)
{
	const Inap__V1__RuleListReply *reply;

	(void)state;
	list("", "");
	fake_rows(&f.r.unit, 0, NO_RULE "quarter_bad=f");
	step_on(&f);
	reply = step_reply(&f, &inap__v1__rule_list_reply__descriptor);
	assert_int_equal(reply->n_rules, 0);

	list("NONE", "");
	step_on(&f);
	step_refused(&f, ERROR_NOT_FOUND);
	step_argument(&f, "what", "plan");
	step_argument(&f, "name", "NONE");
}

static void what_is_no_quarter_is_refused(void **state)
{
	(void)state;
	list("", "2024");
	fake_rows(&f.r.unit, 0, NO_RULE "quarter_bad=t");
	step_on(&f);
	step_refused(&f, ERROR_BAD_ARGUMENT);
	step_argument(&f, "field", "round");
}

static void a_reply_that_does_not_fit_is_refused(void **state)
{
	(void)state;
	cramped(&f, listed_sent);
}

/* ---- changes by hand */

static Inap__V1__RuleChange change;

#define CHANGED "fault=NULL,code=FEW,retired=f,from=2024Q4,receipt=\\\\x0102"

static void change_sent(const char *rule, const char *code, bool dry)
{
	inap__v1__rule_change__init(&change);
	change.json = (char *)(uintptr_t)rule;
	change.code = (char *)(uintptr_t)code;
	change.note = (char *)(uintptr_t) "letter 214";
	change.dry_run = dry;
	step_begin(&f, METHOD_RULE_CHANGE, rule_change, &change.base);
}

static void added(void)
{
	change_sent("{\"code\": \"FEW\"}", "", false);
	assert_string_equal(step_sent(&f), "system_head_lock rule_change");
	fake_rows(&f.r.unit, 1, CHANGED);
}

static void a_rule_is_added_in_one_trip(void **state)
{
	const Inap__V1__RuleChangeReply *reply;

	(void)state;
	added();
	assert_string_equal(fake_parameter(&f.r.unit, 1, 1), "");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 2), "{\"code\": \"FEW\"}");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 3), "letter 214");
	step_on(&f);
	reply = step_reply(&f, &inap__v1__rule_change_reply__descriptor);
	assert_string_equal(reply->code, "FEW");
	assert_false(reply->retired);
	assert_string_equal(reply->from, "2024Q4");
	assert_int_equal(reply->receipt.len, 2);
}

static void a_dry_run_leaves_no_receipt(void **state)
{
	const Inap__V1__RuleChangeReply *reply;

	(void)state;
	change_sent("", "FEW", true);
	assert_true(f.r.unit.dry);
	fake_rows(&f.r.unit, 1, "fault=NULL,code=FEW,retired=t,from=2024Q4,receipt=\\\\x0102");
	step_on(&f);
	reply = step_reply(&f, &inap__v1__rule_change_reply__descriptor);
	assert_true(reply->retired);
	assert_true(reply->dry_run);
	assert_int_equal(reply->receipt.len, 0);
}

static void a_change_adds_or_retires(void **state)
{
	(void)state;
	change_sent("", "", false);
	step_refused(&f, ERROR_BAD_ARGUMENT);
	step_argument(&f, "field", "json");
	change_sent("{}", "FEW", false);
	step_refused(&f, ERROR_BAD_ARGUMENT);
	assert_int_equal(f.r.units, 0);
}

static void a_fault_of_the_database_is_the_refusal(void **state)
{
	(void)state;
	change_sent("", "FEW", false);
	fake_rows(&f.r.unit, 1,
		  "fault=NOT_FOUND|what\\=rule|name\\=FEW,code=NULL,retired=f,from=NULL,receipt="
		  "NULL");
	step_on(&f);
	step_refused(&f, ERROR_NOT_FOUND);
	step_argument(&f, "what", "rule");
	change_sent("", "FEW", false);
	step_on(&f); /* no row */
	step_refused(&f, ERROR_INTERNAL);
	change_sent("", "FEW", false);
	fake_rows(&f.r.unit, 1, "fault=NULL,code=FEW,retired=f,from=NULL,receipt=NULL");
	step_on(&f); /* no receipt */
	step_refused(&f, ERROR_INTERNAL);
}

static void a_change_that_does_not_fit_is_refused(void **state)
{
	(void)state;
	cramped(&f, added);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(rules_are_listed, begin, end),
		cmocka_unit_test_setup_teardown(
			a_plan_without_rules_has_an_empty_list_and_no_plan_none, begin, end),
		cmocka_unit_test_setup_teardown(what_is_no_quarter_is_refused, begin, end),
		cmocka_unit_test_setup_teardown(a_reply_that_does_not_fit_is_refused, begin, end),
		cmocka_unit_test_setup_teardown(a_rule_is_added_in_one_trip, begin, end),
		cmocka_unit_test_setup_teardown(a_dry_run_leaves_no_receipt, begin, end),
		cmocka_unit_test_setup_teardown(a_change_adds_or_retires, begin, end),
		cmocka_unit_test_setup_teardown(a_fault_of_the_database_is_the_refusal, begin, end),
		cmocka_unit_test_setup_teardown(a_change_that_does_not_fit_is_refused, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
