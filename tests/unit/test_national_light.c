/* national.summary with the light of each total that has a target, without a server. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/domain/national.h"
#include "inap/v1/national.pb-c.h"
#include "tests/unit/step.h"

#define HEAD                                                                                       \
	"plan=INAP-II,round=2024Q3,as_of=x,federal=t,kurdistan=t,iraq=t,period_there=f,"           \
	"rounds=NULL,unopened=NULL,pillar_there=t,entity_there=t,table_there=t"
#define LABEL "code=XA-1.1,name_en=Seats,name_ar=NULL,name_ckb=NULL,pillar=PA"
#define SENT  "national_head national_totals national_part_list national_labels"
#define TOTAL(cell, side)                                                                          \
	"indicator=XA-1.1,cell=" cell ",jurisdiction=" side                                        \
	",period=2024Q3,kind=1,number=5,denominator=NULL,value=NULL,percent=NULL,hidden=f,label=," \
	"expected=1,valued=1,withheld=0,not_available=0,not_collected=0,not_applicable=0,"         \
	"excused=0,unanswered=0,missing=NULL,under_correction=NULL,weight_missing=NULL,rate=NULL," \
	"contested=NULL,gaps=NULL,formula=NULL,needs=NULL"
#define LIGHT(cell, side, light)                                                                   \
	"cell=" cell ",jurisdiction=" side ",target=60,light=" light ",why=,set_light=NULL"

static struct step_fixture f;
static Inap__V1__NationalSummary body;

static int setup(void **state)
{
	(void)state;
	inap__v1__national_summary__init(&body);
	step_init(&f);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	step_fini(&f);
	return 0;
}

/* Asked for as everybody, behind what splits make together. */
static void lights_stand_beside_their_totals(void **state)
{
	const Inap__V1__NationalSummaryReply *reply;

	(void)state;
	body.indicator = "XA-1.1";
	body.lights = true;
	body.for_everybody = true;
	step_begin(&f, METHOD_NATIONAL_SUMMARY, national_summary, &body);
	assert_string_equal(step_sent(&f), SENT " national_whole_list national_light_list");
	assert_string_equal(fake_parameter(&f.r.unit, 5, 2), "0");
	assert_string_equal(fake_parameter(&f.r.unit, 5, 5), "XA-1.1");
	fake_rows(&f.r.unit, 0, HEAD);
	fake_rows(&f.r.unit, 1,
		  TOTAL("XA-1.1", "federal") ";" TOTAL("XA-1.1", "iraq") ";" TOTAL("XA-1.2",
										   "federal"));
	fake_rows(&f.r.unit, 3, LABEL);
	/* The first has no total: the picture was narrowed. */
	fake_rows(&f.r.unit, 5,
		  LIGHT("XA-1.0", "iraq", "red") ";"
						 "cell=XA-1.1,jurisdiction=iraq,target=60,light="
						 "amber,why=,set_light=green;"
						 "cell=XA-1.2,jurisdiction=federal,target=NULL,"
						 "light=grey,why=no_milestone,"
						 "set_light=NULL");
	step_on(&f);
	reply = step_reply(&f, &inap__v1__national_summary_reply__descriptor);
	assert_int_equal(reply->n_totals, 3);
	assert_string_equal(reply->totals[0]->light, "");
	assert_string_equal(reply->totals[1]->light, "amber");
	assert_string_equal(reply->totals[1]->target, "60");
	assert_string_equal(reply->totals[1]->set_light, "green");
	assert_string_equal(reply->totals[2]->light, "grey");
	assert_string_equal(reply->totals[2]->light_why, "no_milestone");
	assert_string_equal(reply->totals[2]->target, "");
}

/* Nothing is worked out that nobody asked for. */
static void who_asks_for_no_lights_pays_for_none(void **state)
{
	const Inap__V1__NationalSummaryReply *reply;

	(void)state;
	step_begin(&f, METHOD_NATIONAL_SUMMARY, national_summary, &body);
	assert_string_equal(step_sent(&f), SENT);
	fake_rows(&f.r.unit, 0, HEAD);
	fake_rows(&f.r.unit, 1, TOTAL("XA-1.1", "iraq"));
	fake_rows(&f.r.unit, 3, LABEL);
	step_on(&f);
	reply = step_reply(&f, &inap__v1__national_summary_reply__descriptor);
	assert_string_equal(reply->totals[0]->light, "");
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(lights_stand_beside_their_totals),
		TEST(who_asks_for_no_lights_pays_for_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
