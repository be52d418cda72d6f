/* rule.list without a server. */
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
		  "valid_from=2024-01-01,valid_to=NULL,settings=NULL,quarter_bad=f;"
		  "code=outlier,kind=outlier,name_en=NULL,name_ar=NULL,name_ckb=NULL,severity=WARN,"
		  "op=<>,left_text=,right_text=,missing=skip_if_any,valid_from=NULL,"
		  "valid_to=2024-09-30,settings=periods 6,quarter_bad=f");
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
	assert_null(reply->rules[1]->name);
	assert_string_equal(reply->rules[1]->parameters, "periods 6");
	assert_string_equal(reply->rules[1]->valid_to, "2024-09-30");
}

#define NO_RULE                                                                                    \
	"code=NULL,kind=NULL,name_en=NULL,name_ar=NULL,name_ckb=NULL,severity=NULL,op=NULL,"       \
	"left_text=NULL,right_text=NULL,missing=NULL,valid_from=NULL,valid_to=NULL,settings=NULL,"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(rules_are_listed, begin, end),
		cmocka_unit_test_setup_teardown(
			a_plan_without_rules_has_an_empty_list_and_no_plan_none, begin, end),
		cmocka_unit_test_setup_teardown(what_is_no_quarter_is_refused, begin, end),
		cmocka_unit_test_setup_teardown(a_reply_that_does_not_fit_is_refused, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
