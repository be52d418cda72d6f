/* Targets and lights without a server. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/domain/target.h"
#include "inap/v1/target.pb-c.h"
#include "tests/unit/step.h"

#define SET                                                                                        \
	"fault=NULL,cell=XA-1.1,entity=NULL,jurisdiction=NULL,period=2024,kind=reach,number=100,"  \
	"tolerance=NULL,baseline=NULL,ended=f,revision=2,receipt=\\\\x0102"
#define REFUSED                                                                                    \
	"fault=EXISTS|what\\=target|name\\=XA-1.1 2024,cell=NULL,entity=NULL,jurisdiction=NULL,"   \
	"period=NULL,kind=NULL,number=NULL,tolerance=NULL,baseline=NULL,ended=NULL,revision=NULL," \
	"receipt=NULL"
#define HEAD(plan, round, federal, pillar)                                                         \
	"plan=" plan ",round=" round ",as_of=x,federal=" federal                                   \
	",kurdistan=f,iraq=f,green=1,amber=0.8,missing=0.2,pillar_there=" pillar
#define LABEL "code=XA-1.1,name_en=Seats,name_ar=NULL,name_ckb=NULL,pillar=PA"
#define LIGHT                                                                                      \
	"indicator=XA-1.1,cell=XA-1.1,jurisdiction=federal,entity=NULL,period=2024Q1..2024Q2,"     \
	"kind=1,number=50,denominator=NULL,percent=NULL,hidden=f,target_kind=reach,"               \
	"target_number=60,target_tolerance=NULL,target_period=2024Q2,target_revision=3,"           \
	"baseline=NULL,formula=v / t,progress=0.833,light=amber,why=NULL,set_light=red,"           \
	"set_reason=because,set_by=sec,set_at=x,set_revision=7,rate=1.000,weight_missing=0.000,"   \
	"missing=NULL,"                                                                            \
	"gaps=NULL,counted=2024Q1\\,2024Q2,before_kind=0,before_number=NULL,"                      \
	"before_denominator=NULL,before_percent=NULL"

static struct step_fixture f;
static Inap__V1__TargetSet set;
static Inap__V1__NationalLights lights;

static char *text(const char *s)
{
	return (char *)(uintptr_t)s;
}

static int begin(void **state)
{
	(void)state;
	step_init(&f);
	inap__v1__target_set__init(&set);
	set.cell = text("XA-1.1");
	set.period = text("2024");
	set.kind = text("reach");
	set.number = text("100");
	inap__v1__national_lights__init(&lights);
	return 0;
}

static int end(void **state)
{
	(void)state;
	step_fini(&f);
	return 0;
}

static void set_sent(void)
{
	step_begin(&f, METHOD_TARGET_SET, target_set, &set);
	assert_string_equal(step_sent(&f), "system_head_lock target_set");
}

static void a_target_is_set_in_one_trip(void **state)
{
	const Inap__V1__TargetReply *reply;

	(void)state;
	set.jurisdiction = INAP__V1__JURISDICTION__JURISDICTION_IRAQ;
	set.base_revision = 1;
	set_sent();
	assert_string_equal(fake_parameter(&f.r.unit, 1, 3), ""); /* the nation's has none */
	assert_string_equal(fake_parameter(&f.r.unit, 1, 6), "100");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 10), "1"); /* what was seen */
	fake_rows(&f.r.unit, 1, SET);
	step_on(&f);
	reply = step_reply(&f, &inap__v1__target_reply__descriptor);
	assert_int_equal(reply->target->jurisdiction, INAP__V1__JURISDICTION__JURISDICTION_IRAQ);
	assert_int_equal(reply->target->revision, 2);
	assert_true(reply->target->current);
	assert_int_equal(reply->receipt.len, 2);
}

static void a_fault_of_the_database_is_the_refusal(void **state)
{
	(void)state;
	set_sent();
	fake_rows(&f.r.unit, 1, REFUSED);
	step_on(&f);
	step_refused(&f, ERROR_EXISTS);
	step_argument(&f, "name", "XA-1.1 2024");
}

static void what_is_no_number_is_refused_at_once(void **state)
{
	(void)state;
	set.tolerance = text("5,5");
	step_begin(&f, METHOD_TARGET_SET, target_set, &set);
	step_refused(&f, ERROR_BAD_ARGUMENT);
	step_argument(&f, "field", "tolerance");
}

static void a_light_has_all_that_makes_it(void **state)
{
	const Inap__V1__NationalLightsReply *reply;
	const Inap__V1__Light *light;

	(void)state;
	step_begin(&f, METHOD_NATIONAL_LIGHTS, national_lights, &lights);
	assert_string_equal(step_sent(&f), "light_head light_list national_labels");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 3), "accepted");
	fake_rows(&f.r.unit, 0, HEAD("INAP-II", "2024Q2", "t", "t"));
	fake_rows(&f.r.unit, 1, LIGHT);
	fake_rows(&f.r.unit, 2, LABEL);
	step_on(&f);
	reply = step_reply(&f, &inap__v1__national_lights_reply__descriptor);
	assert_string_equal(reply->amber, "0.8");
	assert_int_equal(reply->n_lights, 1);
	light = reply->lights[0];
	assert_string_equal(light->value->number, "50");
	assert_string_equal(light->target->number, "60");
	assert_int_equal(light->target->revision, 3);
	assert_string_equal(light->light, "amber");
	assert_string_equal(light->set_light, "red");
	assert_string_equal(light->set_reason, "because");
	assert_int_equal(light->set_revision, 7);
	assert_int_equal(light->n_counted, 2);
	assert_null(light->before);
}

static void what_is_not_there_is_named(void **state)
{
	static const struct {
		const char *head;
		enum error_code code;
		const char *name, *value;
	} cases[] = {
		{ HEAD("NULL", "NULL", "t", "t"), ERROR_NOT_FOUND, "what", "plan" },
		{ HEAD("INAP-II", "NULL", "t", "t"), ERROR_NOT_FOUND, "what", "round" },
		{ HEAD("INAP-II", "2024Q2", "f", "t"), ERROR_FORBIDDEN, "action",
		  "national.lights" },
		{ HEAD("INAP-II", "2024Q2", "t", "t"), ERROR_NOT_FOUND, "what", "jurisdiction" },
	};

	(void)state;
	lights.jurisdiction = INAP__V1__JURISDICTION__JURISDICTION_KURDISTAN;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		step_begin(&f, METHOD_NATIONAL_LIGHTS, national_lights, &lights);
		fake_rows(&f.r.unit, 0, cases[i].head);
		step_on(&f);
		step_refused(&f, cases[i].code);
		step_argument(&f, cases[i].name, cases[i].value);
	}
}

/* What everybody sees is asked for as nobody, and by nobody who sees one side only. */
static void everybody_sees_the_protected_nation(void **state)
{
	(void)state;
	lights.for_everybody = true;
	step_begin(&f, METHOD_NATIONAL_LIGHTS, national_lights, &lights);
	assert_string_equal(step_sent(&f), "light_head light_list national_labels");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 2), "0");
	fake_rows(&f.r.unit, 0, HEAD("INAP-II", "2024Q2", "t", "f"));
	step_on(&f);
	step_refused(&f, ERROR_FORBIDDEN);
	lights.min_state = INAP__V1__STATE__STATE_ENDORSED;
	step_begin(&f, METHOD_NATIONAL_LIGHTS, national_lights, &lights);
	step_refused(&f, ERROR_BAD_ARGUMENT);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_target_is_set_in_one_trip),
		TEST(a_fault_of_the_database_is_the_refusal),
		TEST(what_is_no_number_is_refused_at_once),
		TEST(a_light_has_all_that_makes_it),
		TEST(what_is_not_there_is_named),
		TEST(everybody_sees_the_protected_nation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
