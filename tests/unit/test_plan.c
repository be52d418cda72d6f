/* plan.import, plan.list, plan.show, indicator.list without a server. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/domain/indicator.h"
#include "server/domain/plan.h"
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

static void import(bool dry)
{
	static Inap__V1__PlanImport body;

	inap__v1__plan_import__init(&body);
	body.json = (char *)(uintptr_t) "{\"code\":\"INAP-II\"}";
	body.code = (char *)(uintptr_t) "INAP-II";
	body.dry_run = dry;
	step_begin(&f, METHOD_PLAN_IMPORT, plan_import, &body.base);
	assert_int_equal(f.at, STEP_WAIT);
	assert_string_equal(step_sent(&f),
			    "system_head_lock plan_import plan_import_summary plan_import_changes "
			    "plan_import_counts plan_import_warnings");
	assert_int_equal(f.r.unit.dry, dry);
	assert_string_equal(fake_parameter(&f.r.unit, 1, 0), "{\"code\":\"INAP-II\"}");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 1), "INAP-II");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 2), "7");
}

static void imported_rows(void)
{
	fake_rows(&f.r.unit, 1, "fault=NULL,receipt=\\\\x0aff");
	fake_rows(&f.r.unit, 2, "added=3,changed=1,closed=2,unchanged=600");
	fake_rows(&f.r.unit, 3,
		  "kind=indicator,code=PR-1.3,action=change,fields=names\\,unit;"
		  "kind=table,code=PR-1.3:age_band\\,sex,action=add,fields=");
	fake_rows(&f.r.unit, 4, "kind=indicator,count=62;kind=cell,count=1440");
	fake_rows(&f.r.unit, 5, "warning=PARENT_AND_CHILD:PA-2.6:KRG-MOI:KRG-GDCVAW");
}

static void imported(void)
{
	imported_rows();
	step_on(&f);
}

static void an_import_answers_with_what_it_did(void **state)
{
	const Inap__V1__PlanImportReply *reply;

	(void)state;
	import(false);
	imported();
	reply = step_reply(&f, &inap__v1__plan_import_reply__descriptor);
	assert_int_equal(reply->added, 3);
	assert_int_equal(reply->changed, 1);
	assert_int_equal(reply->closed, 2);
	assert_int_equal(reply->unchanged, 600);
	assert_int_equal(reply->n_changes, 2);
	assert_string_equal(reply->changes[0]->code, "PR-1.3");
	assert_string_equal(reply->changes[0]->fields, "names,unit");
	assert_string_equal(reply->changes[1]->kind, "table");
	assert_string_equal(reply->changes[1]->action, "add");
	assert_string_equal(reply->changes[1]->fields, "");
	assert_int_equal(reply->n_counts, 2);
	assert_string_equal(reply->counts[1]->kind, "cell");
	assert_int_equal(reply->counts[1]->count, 1440);
	assert_int_equal(reply->n_warnings, 1);
	assert_string_equal(reply->warnings[0], "PARENT_AND_CHILD:PA-2.6:KRG-MOI:KRG-GDCVAW");
	assert_int_equal(reply->receipt.len, 2);
	assert_int_equal(reply->receipt.data[1], 0xff);
	assert_false(reply->dry_run);
}

static void a_dry_run_has_no_receipt(void **state)
{
	const Inap__V1__PlanImportReply *reply;

	(void)state;
	import(true);
	imported();
	reply = step_reply(&f, &inap__v1__plan_import_reply__descriptor);
	assert_true(reply->dry_run);
	assert_int_equal(reply->added, 3);
	assert_int_equal(reply->receipt.len, 0);
}

static void a_refused_import_says_why(void **state)
{
	(void)state;
	import(false);
	fake_rows(&f.r.unit, 1, "fault=FORBIDDEN|action\\=plan.import,receipt=NULL");
	step_on(&f);
	step_refused(&f, ERROR_FORBIDDEN);
	step_argument(&f, "action", "plan.import");

	import(false);
	fake_rows(&f.r.unit, 1, "fault=KEY_REUSED,receipt=NULL");
	step_on(&f);
	step_refused(&f, ERROR_KEY_REUSED);
}

static void an_import_without_its_rows_is_our_bug(void **state)
{
	(void)state;
	import(false);
	step_on(&f);
	step_refused(&f, ERROR_INTERNAL);

	import(false);
	fake_rows(&f.r.unit, 1, "fault=NULL,receipt=\\\\x0aff");
	step_on(&f);
	step_refused(&f, ERROR_INTERNAL);
}

#define PLAN_ROW(code, current)                                                                    \
	"code=" code ",name_en=A plan,name_ar=NULL,name_ckb=K,starts_on=2021-01-01,"               \
	"ends_on=2024-12-31,state=active,current=" current

static void listed_sent(void)
{
	static Inap__V1__PlanList body = INAP__V1__PLAN_LIST__INIT;

	step_begin(&f, METHOD_PLAN_LIST, plan_list, &body.base);
	assert_string_equal(step_sent(&f), "plan_list");
	assert_string_equal(fake_parameter(&f.r.unit, 0, 1), "t");
	fake_rows(&f.r.unit, 0, PLAN_ROW("INAP-II", "t") ";" PLAN_ROW("INAP-I", "f"));
}

static void plans_are_listed(void **state)
{
	const Inap__V1__PlanListReply *reply;

	(void)state;
	listed_sent();
	step_on(&f);
	reply = step_reply(&f, &inap__v1__plan_list_reply__descriptor);
	assert_int_equal(reply->n_plans, 2);
	assert_string_equal(reply->plans[0]->code, "INAP-II");
	assert_true(reply->plans[0]->current);
	assert_false(reply->plans[1]->current);
	assert_string_equal(reply->plans[1]->name->en, "A plan");
	assert_string_equal(reply->plans[1]->name->ar, "");
	assert_string_equal(reply->plans[1]->name->ckb, "K");
	assert_string_equal(reply->plans[1]->ends_on, "2024-12-31");
}

static void show(const char *plan)
{
	static Inap__V1__PlanShow body;

	inap__v1__plan_show__init(&body);
	body.plan = (char *)(uintptr_t)plan;
	step_begin(&f, METHOD_PLAN_SHOW, plan_show, &body.base);
	assert_string_equal(step_sent(&f), "plan_list plan_results");
	assert_string_equal(fake_parameter(&f.r.unit, 0, 0), plan);
	assert_string_equal(fake_parameter(&f.r.unit, 0, 1), "f");
}

static void shown_sent(void)
{
	show("");
	fake_rows(&f.r.unit, 0, PLAN_ROW("INAP-II", "t"));
	fake_rows(&f.r.unit, 1,
		  "code=PA,kind=pillar,name_en=Participation,name_ar=A,name_ckb=K,parent=NULL,lead="
		  "NULL;"
		  "code=PA-O1.1-A1,kind=activity,name_en=Train,name_ar=A,name_ckb=K,parent=PA-O1.1,"
		  "lead=FED-WED");
}

static void a_plan_is_shown_with_its_chain(void **state)
{
	const Inap__V1__Plan *plan;

	(void)state;
	shown_sent();
	step_on(&f);
	plan = step_reply(&f, &inap__v1__plan__descriptor);
	assert_int_equal(plan->n_results, 2);
	assert_string_equal(plan->results[0]->parent, "");
	assert_string_equal(plan->results[1]->kind, "activity");
	assert_string_equal(plan->results[1]->lead, "FED-WED");
	assert_string_equal(plan->results[1]->name->en, "Train");
}

static void no_such_plan(void **state)
{
	(void)state;
	show("INAP-X");
	step_on(&f);
	step_refused(&f, ERROR_NOT_FOUND);
	step_argument(&f, "what", "plan");
	step_argument(&f, "name", "INAP-X");
	show("");
	step_on(&f);
	step_refused(&f, ERROR_NOT_FOUND);
	step_argument(&f, "name", "current");
}

#define INDICATOR_ROW(id, code)                                                                    \
	"id=" id ",code=" code ",name_en=Title,name_ar=A,name_ckb=K,pillar=PR,output=PR-O1.2,"     \
	"level=output,unit_code=count,unit_label=NULL,direction=none,frequency=quarterly,"         \
	"value_kind=in_period,combine=parts,rule=sum,protection=persons,k=5,may_withhold=t,"       \
	"may_overlap=f,numerator_en=NULL,denominator_en=NULL,source=ours,cells=44,means=lists,"    \
	"note=NULL"

static void indicators(const char *entity, const char *code)
{
	static Inap__V1__IndicatorList body;

	inap__v1__indicator_list__init(&body);
	body.entity = (char *)(uintptr_t)entity;
	body.code = (char *)(uintptr_t)code;
	step_begin(&f, METHOD_INDICATOR_LIST, indicator_list, &body.base);
	assert_string_equal(
		step_sent(&f),
		"indicator_scope indicator_list indicator_tables indicator_assignments");
	for (unsigned i = 0; i < 4; i++) {
		assert_string_equal(fake_parameter(&f.r.unit, i, 1), entity);
		assert_string_equal(fake_parameter(&f.r.unit, i, 2), code);
	}
}

static void indicators_sent(void)
{
	indicators("", "");
	fake_rows(&f.r.unit, 0, "plan_there=t,entity_there=t,code_there=t");
	fake_rows(&f.r.unit, 1,
		  INDICATOR_ROW("4", "PR-1.3") ";" INDICATOR_ROW("9", "PR-1.4") ";" INDICATOR_ROW(
			  "2", "PR-1.5"));
	fake_rows(&f.r.unit, 2,
		  "id=4,dimensions=age_band,exclusive=t;id=4,dimensions=age_band\\,sex,exclusive=f;"
		  "id=2,dimensions=governorate,exclusive=t");
	fake_rows(&f.r.unit, 3,
		  "id=4,entity=FED-MOH,part=whole,from=2021Q1,to=NULL,covers=NULL,by_hand=f;"
		  "id=9,entity=FED-SJC,part=numerator,from=2021Q1,to=2023Q4,covers=governorate\\="
		  "IQ-NI,by_hand=t;"
		  "id=9,entity=FED-MOI,part=consulted,from=2021Q1,to=NULL,covers=NULL,by_hand=f");
}

/* Three lists in one order: each indicator takes its own, and no other's. */
static void indicators_get_their_own_tables_and_reporters(void **state)
{
	const Inap__V1__IndicatorListReply *reply;
	const Inap__V1__Indicator *one;

	(void)state;
	indicators_sent();
	step_on(&f);
	reply = step_reply(&f, &inap__v1__indicator_list_reply__descriptor);
	assert_int_equal(reply->n_indicators, 3);
	one = reply->indicators[0];
	assert_string_equal(one->code, "PR-1.3");
	assert_string_equal(one->unit, "count");
	assert_string_equal(one->unit_label, "");
	assert_int_equal(one->k, 5);
	assert_true(one->may_withhold);
	assert_false(one->may_overlap);
	assert_int_equal(one->cells, 44);
	assert_string_equal(one->means_of_verification, "lists");
	assert_string_equal(one->note, "");
	assert_int_equal(one->n_tables, 2);
	assert_int_equal(one->tables[0]->n_dimensions, 1);
	assert_int_equal(one->tables[1]->n_dimensions, 2);
	assert_string_equal(one->tables[1]->dimensions[0], "age_band");
	assert_string_equal(one->tables[1]->dimensions[1], "sex");
	assert_false(one->tables[1]->exclusive);
	assert_int_equal(one->n_assignments, 1);
	one = reply->indicators[1];
	assert_int_equal(one->n_tables, 0);
	assert_int_equal(one->n_assignments, 2);
	assert_string_equal(one->assignments[0]->part, "numerator");
	assert_string_equal(one->assignments[0]->to, "2023Q4");
	assert_int_equal(one->assignments[0]->n_covers, 1);
	assert_string_equal(one->assignments[0]->covers[0], "governorate=IQ-NI");
	assert_true(one->assignments[0]->by_hand);
	assert_int_equal(one->assignments[1]->n_covers, 0);
	assert_string_equal(one->assignments[1]->entity, "FED-MOI");
	assert_string_equal(one->assignments[1]->to, "");
	one = reply->indicators[2];
	assert_int_equal(one->n_tables, 1);
	assert_int_equal(one->n_assignments, 0);
}

static void what_a_list_is_narrowed_to_must_exist(void **state)
{
	static const struct {
		const char *row, *what, *name;
	} cases[] = {
		{ "plan_there=f,entity_there=f,code_there=f", "plan", "current" },
		{ "plan_there=t,entity_there=f,code_there=f", "entity", "FED-X" },
		{ "plan_there=t,entity_there=t,code_there=f", "indicator", "PR-9.9" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		indicators("FED-X", "PR-9.9");
		fake_rows(&f.r.unit, 0, cases[i].row);
		step_on(&f);
		step_refused(&f, ERROR_NOT_FOUND);
		step_argument(&f, "what", cases[i].what);
		step_argument(&f, "name", cases[i].name);
	}
}

static void import_sent(void)
{
	import(false);
	imported_rows();
}

static void a_reply_that_does_not_fit_is_refused(void **state)
{
	(void)state;
	cramped(&f, import_sent);
	cramped(&f, listed_sent);
	cramped(&f, shown_sent);
	cramped(&f, indicators_sent);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_import_answers_with_what_it_did, begin, end),
		cmocka_unit_test_setup_teardown(a_dry_run_has_no_receipt, begin, end),
		cmocka_unit_test_setup_teardown(a_refused_import_says_why, begin, end),
		cmocka_unit_test_setup_teardown(an_import_without_its_rows_is_our_bug, begin, end),
		cmocka_unit_test_setup_teardown(plans_are_listed, begin, end),
		cmocka_unit_test_setup_teardown(a_plan_is_shown_with_its_chain, begin, end),
		cmocka_unit_test_setup_teardown(no_such_plan, begin, end),
		cmocka_unit_test_setup_teardown(indicators_get_their_own_tables_and_reporters,
						begin, end),
		cmocka_unit_test_setup_teardown(what_a_list_is_narrowed_to_must_exist, begin, end),
		cmocka_unit_test_setup_teardown(a_reply_that_does_not_fit_is_refused, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
