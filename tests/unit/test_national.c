/* The consolidated picture without a server: what is asked of the store, what is made of its rows,
 * what is refused. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "server/domain/national.h"
#include "server/rpc/rpc.h"
#include "inap/v1/national.pb-c.h"
#include "tests/unit/fake_store.h"

struct fixture {
	struct rpc rpc;
	struct request r;
	Inap__V1__NationalSummary summary;
	Inap__V1__NationalCompleteness completeness;
	Inap__V1__NationalRecompute recompute;
};

static struct fixture f;

static void begin(enum method_number method, request_step *step, const ProtobufCMessage *body)
{
	arena_fini(&f.r.arena);
	memset(&f.r, 0, sizeof f.r);
	arena_init(&f.r.arena, REQUEST_ARENA_BYTES);
	f.rpc.send = fake_send;
	f.r.rpc = &f.rpc;
	f.r.method = method_by_number(method);
	f.r.step = step;
	f.r.user_id = 7;
	f.r.body = body;
	unit_init(&f.r.unit, &f.r.arena, f.r.method->lane);
	fake_unit = NULL;
}

static void begin_summary(void)
{
	begin(METHOD_NATIONAL_SUMMARY, national_summary, &f.summary.base);
}

static void begin_completeness(void)
{
	begin(METHOD_NATIONAL_COMPLETENESS, national_completeness, &f.completeness.base);
}

static void begin_recompute(void)
{
	begin(METHOD_NATIONAL_RECOMPUTE, national_recompute, &f.recompute.base);
}

static int setup(void **state)
{
	(void)state;
	memset(&f, 0, sizeof f);
	inap__v1__national_summary__init(&f.summary);
	inap__v1__national_completeness__init(&f.completeness);
	inap__v1__national_recompute__init(&f.recompute);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	unit_reset(&f.r.unit);
	arena_fini(&f.r.arena);
	return 0;
}

static void sent(const char *statements)
{
	char names[256];

	assert_int_equal(f.r.step(&f.r), STEP_WAIT);
	assert_ptr_equal(fake_unit, &f.r.unit);
	fake_sent(&f.r.unit, names, sizeof names);
	assert_string_equal(names, statements);
	fake_unit = NULL;
}

static void refused(enum error_code code, const char *name, const char *value)
{
	assert_int_equal(f.r.step(&f.r), STEP_DONE);
	assert_null(f.r.reply);
	assert_int_equal(f.r.error.code, code);
	assert_non_null(error_argument(&f.r.error, name));
	assert_string_equal(error_argument(&f.r.error, name), value);
}

static const void *replied(void)
{
	assert_int_equal(f.r.step(&f.r), STEP_DONE);
	assert_int_equal(f.r.error.code, ERROR_NONE);
	assert_non_null(f.r.reply);
	return f.r.reply;
}

#define SUMMARY_SENT "national_head national_totals national_part_list national_labels"
#define HEAD         "plan=INAP-II,round=2024Q3,as_of=2024-10-01T00:00:00Z,"
#define THERE                                                                                      \
	",period_there=f,rounds=NULL,unopened=NULL,pillar_there=t,entity_there=t,table_there=t"
#define HEAD_ALL HEAD "federal=t,kurdistan=t,iraq=t" THERE
#define COVERED                                                                                    \
	"expected=7,valued=1,withheld=1,not_available=1,not_collected=1,not_applicable=1,"         \
	"excused=1,unanswered=1,missing=FED-A\\,FED-B,under_correction=FED-C,weight_missing=0."    \
	"250,"                                                                                     \
	"rate=0.200,contested=FED-C\\,FED-D,gaps=2024Q1,formula=NULL,needs=NULL"
#define UNCOVERED                                                                                  \
	"expected=0,valued=0,withheld=0,not_available=0,not_collected=0,not_applicable=0,excused=" \
	"0,"                                                                                       \
	"unanswered=0,missing=NULL,under_correction=NULL,weight_missing=NULL,rate=NULL,"           \
	"contested=NULL,gaps=NULL,formula=meetings,needs=events"
#define LABEL "code=XA-1.1,name_en=Seats,name_ar=NULL,name_ckb=NULL,pillar=PA"

static void rows_summary(const char *head, const char *totals, const char *parts,
			 const char *labels)
{
	fake_rows(&f.r.unit, 0, head);
	fake_rows(&f.r.unit, 1, totals);
	fake_rows(&f.r.unit, 2, parts);
	fake_rows(&f.r.unit, 3, labels);
}

static const char totals_rows[] =
	"indicator=XA-1.1,cell=XA-1.1,jurisdiction=federal,period=2024Q3,kind=5,number=1,"
	"denominator=3,value=NULL,percent=33.3,hidden=f,label=," COVERED ";"
	"indicator=XA-1.1,cell=XA-1.1,jurisdiction=kurdistan,period=2024Q3,kind=0,number=NULL,"
	"denominator=NULL,value=NULL,percent=NULL,hidden=t,label=listed," UNCOVERED ";"
	"indicator=XA-1.1,cell=XA-1.1,jurisdiction=iraq,period=2024Q3,kind=6,number=1,"
	"denominator=NULL,value=NULL,percent=NULL,hidden=f,label=contacts," UNCOVERED ";"
	"indicator=XA-1.2,cell=XA-1.2,jurisdiction=iraq,period=2024,kind=0,number=NULL,"
	"denominator=NULL,value=NULL,percent=NULL,hidden=f,label=not_computed," UNCOVERED ";"
	"indicator=XA-1.3,cell=XA-1.3,jurisdiction=federal,period=2024Q3,kind=1,number=5,"
	"denominator=NULL,value=NULL,percent=NULL,hidden=f,label=," UNCOVERED;

static const char parts_rows[] =
	"cell=XA-1.1,jurisdiction=federal,entity=FED-A,period=2024Q3,kind=6,number=1,"
	"denominator=NULL,value=NULL,section=NULL;"
	"cell=XA-1.1,jurisdiction=federal,entity=FED-B,period=2024Q3,kind=7,number=NULL,"
	"denominator=3,value=NULL,section=NULL;"
	"cell=XA-1.1,jurisdiction=kurdistan,entity=KRG-A,period=2024Q3,kind=10,number=NULL,"
	"denominator=NULL,value=NULL,section=NULL;"
	"cell=XA-1.3,jurisdiction=federal,entity=FED-A,period=2024Q3,kind=1,number=5,"
	"denominator=NULL,value=NULL,section=NULL";

/* The accepted picture of everything is what one gets who names nothing. */
static void test_summary_asks(void **state)
{
	(void)state;
	begin_summary();
	sent(SUMMARY_SENT);
	assert_int_equal(f.r.unit.lane, LANE_READ);
	assert_int_equal(f.r.units, 1);
	assert_string_equal(fake_parameter(&f.r.unit, 0, 2), "7");
	assert_string_equal(fake_parameter(&f.r.unit, 0, 3), "accepted");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 4), "");
	unit_reset(&f.r.unit);
	f.summary.min_state = INAP__V1__STATE__STATE_ENDORSED;
	f.summary.jurisdiction = INAP__V1__JURISDICTION__JURISDICTION_KURDISTAN;
	f.summary.indicator = "XA-1.1";
	f.summary.round = "2024Q2";
	f.summary.tables = true;
	begin_summary();
	sent(SUMMARY_SENT " national_whole_list");
	assert_string_equal(fake_parameter(&f.r.unit, 4, 5), "XA-1.1");
	for (unsigned i = 1; i < 3; i++) {
		assert_string_equal(fake_parameter(&f.r.unit, i, 1), "2024Q2");
		assert_string_equal(fake_parameter(&f.r.unit, i, 2), "7");
		assert_string_equal(fake_parameter(&f.r.unit, i, 3), "endorsed");
		assert_string_equal(fake_parameter(&f.r.unit, i, 4), "kurdistan");
		assert_string_equal(fake_parameter(&f.r.unit, i, 5), "XA-1.1");
		assert_string_equal(fake_parameter(&f.r.unit, i, 6), "t");
	}
}

/* One indicator's series over a split category. */
static void test_summary_wholes(void **state)
{
	const Inap__V1__NationalSummaryReply *reply;

	(void)state;
	f.summary.indicator = "XA-1.1";
	begin_summary();
	sent(SUMMARY_SENT " national_whole_list");
	rows_summary(HEAD_ALL, "", "", LABEL);
	fake_rows(&f.r.unit, 4,
		  "cell=XA-1.1:governorate\\=IQ-SU,jurisdiction=iraq,breaks_at=2025Q2,"
		  "parts=XA-1.1:governorate\\=IQ-SU XA-1.1:governorate\\=IQ-HA,kind=1,number=12,"
		  "denominator=NULL,percent=NULL,hidden=f;"
		  "cell=XA-1.1:governorate\\=IQ-SU,jurisdiction=federal,breaks_at=2025Q2,parts=a b,"
		  "kind=0,number=NULL,denominator=NULL,percent=NULL,hidden=t");
	reply = replied();
	assert_int_equal(reply->n_wholes, 2);
	assert_string_equal(reply->wholes[0]->value->number, "12");
	assert_int_equal(reply->wholes[0]->n_parts, 2);
	assert_string_equal(reply->wholes[0]->parts[1], "XA-1.1:governorate=IQ-HA");
	assert_string_equal(reply->wholes[0]->breaks_at, "2025Q2");
	assert_null(reply->wholes[1]->value);
	assert_true(reply->wholes[1]->hidden);
}

static void test_summary_states(void **state)
{
	static const struct {
		Inap__V1__State given;
		bool minimum;
	} cases[] = { { INAP__V1__STATE__STATE_EXPECTED, false },
		      { INAP__V1__STATE__STATE_DRAFT, false },
		      { INAP__V1__STATE__STATE_SUBMITTED, true },
		      { INAP__V1__STATE__STATE_IN_REVIEW, false },
		      { INAP__V1__STATE__STATE_RETURNED, false },
		      { INAP__V1__STATE__STATE_ENDORSED, true },
		      { INAP__V1__STATE__STATE_ACCEPTED, true } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		f.summary.min_state = cases[i].given;
		begin_summary();
		if (cases[i].minimum) {
			sent(SUMMARY_SENT);
			unit_reset(&f.r.unit);
		} else {
			refused(ERROR_BAD_ARGUMENT, "field", "min_state");
			assert_null(fake_unit);
		}
	}
}

static void check_coverage(const Inap__V1__Coverage *coverage)
{
	assert_int_equal(coverage->expected, 7);
	assert_int_equal(coverage->valued + coverage->withheld + coverage->not_available +
				 coverage->not_collected + coverage->not_applicable +
				 coverage->excused + coverage->unanswered,
			 7);
	assert_int_equal(coverage->n_missing, 2);
	assert_string_equal(coverage->missing[0], "FED-A");
	assert_string_equal(coverage->missing[1], "FED-B");
	assert_int_equal(coverage->n_under_correction, 1);
	assert_string_equal(coverage->under_correction[0], "FED-C");
	assert_string_equal(coverage->weight_missing, "0.250");
	assert_string_equal(coverage->rate, "0.200");
}

static void test_summary_replies(void **state)
{
	const Inap__V1__NationalSummaryReply *reply;

	(void)state;
	begin_summary();
	sent(SUMMARY_SENT);
	rows_summary(HEAD_ALL, totals_rows, parts_rows, LABEL);
	reply = replied();
	assert_string_equal(reply->plan, "INAP-II");
	assert_string_equal(reply->round, "2024Q3");
	assert_string_equal(reply->as_of, "2024-10-01T00:00:00Z");
	assert_int_equal(reply->min_state, INAP__V1__STATE__STATE_ACCEPTED);
	assert_int_equal(reply->n_totals, 5);
	assert_string_equal(reply->totals[0]->indicator, "XA-1.1");
	assert_string_equal(reply->totals[0]->cell, "XA-1.1");
	assert_string_equal(reply->totals[0]->period, "2024Q3");
	assert_int_equal(reply->totals[0]->jurisdiction,
			 INAP__V1__JURISDICTION__JURISDICTION_FEDERAL);
	assert_string_equal(reply->totals[0]->value->ratio->numerator, "1");
	assert_string_equal(reply->totals[0]->value->ratio->denominator, "3");
	assert_string_equal(reply->totals[0]->percent, "33.3");
	assert_int_equal(reply->totals[0]->n_contested, 2);
	assert_string_equal(reply->totals[0]->contested[1], "FED-D");
	assert_string_equal(reply->totals[0]->gaps[0], "2024Q1");
	assert_string_equal(reply->totals[0]->needs, "");
	assert_string_equal(reply->totals[3]->formula, "meetings");
	assert_string_equal(reply->totals[3]->needs, "events");
	check_coverage(reply->totals[0]->coverage);
	assert_string_equal(reply->totals[2]->label, "contacts");
	assert_string_equal(reply->totals[2]->value->numerator, "1");
	assert_string_equal(reply->totals[3]->label, "not_computed");
	assert_null(reply->totals[3]->value);
	assert_int_equal(reply->totals[3]->coverage->n_missing, 0);
	assert_string_equal(reply->totals[3]->coverage->rate, "");
	assert_int_equal(reply->n_indicators, 1);
	assert_string_equal(reply->indicators[0]->code, "XA-1.1");
	assert_string_equal(reply->indicators[0]->name->en, "Seats");
	assert_string_equal(reply->indicators[0]->name->ar, "");
	assert_string_equal(reply->indicators[0]->pillar, "PA");
}

/* Each part stands under its own jurisdiction and under Iraq; a total without parts does not lose
 * the next one's. */
static void test_summary_parts(void **state)
{
	const Inap__V1__NationalSummaryReply *reply;

	(void)state;
	begin_summary();
	sent(SUMMARY_SENT);
	rows_summary(HEAD_ALL, totals_rows, parts_rows, LABEL);
	reply = replied();
	assert_int_equal(reply->totals[0]->n_parts, 2);
	assert_string_equal(reply->totals[0]->parts[0]->entity, "FED-A");
	assert_string_equal(reply->totals[0]->parts[0]->value->numerator, "1");
	assert_string_equal(reply->totals[0]->parts[1]->entity, "FED-B");
	assert_string_equal(reply->totals[0]->parts[1]->value->denominator, "3");
	assert_int_equal(reply->totals[2]->n_parts, 3);
	assert_string_equal(reply->totals[2]->parts[2]->entity, "KRG-A");
	assert_int_equal(reply->totals[2]->parts[2]->value->blank, INAP__V1__BLANK__BLANK_WITHHELD);
	assert_int_equal(reply->totals[3]->n_parts, 0);
	assert_int_equal(reply->totals[4]->n_parts, 1);
	assert_string_equal(reply->totals[4]->parts[0]->value->number, "5");
}

/* Hidden is hidden here too, even if rows came with figures. */
static void test_summary_hides(void **state)
{
	static const char hidden[] =
		"indicator=XA-1.1,cell=XA-1.1,jurisdiction=federal,period=2024Q3,kind=1,number=3,"
		"denominator=NULL,value=NULL,percent=1.0,hidden=t,label=," UNCOVERED;
	const Inap__V1__NationalSummaryReply *reply;

	(void)state;
	begin_summary();
	sent(SUMMARY_SENT);
	rows_summary(HEAD_ALL, hidden, parts_rows, LABEL);
	reply = replied();
	assert_true(reply->totals[0]->hidden);
	assert_null(reply->totals[0]->value);
	assert_string_equal(reply->totals[0]->percent, "");
	assert_int_equal(reply->totals[0]->n_parts, 0);
	assert_non_null(reply->totals[0]->coverage);
}

struct refusal {
	const char *head;
	const char *labels;
	Inap__V1__Jurisdiction side;
	enum error_code code; /* ERROR_NONE: it is answered */
	const char *name, *value;
};

static void test_summary_refuses(void **state)
{
	static const struct refusal cases[] = {
		{ "plan=NULL,round=NULL,as_of=x,federal=t,kurdistan=t,iraq=t" THERE, "", 0,
		  ERROR_NOT_FOUND, "name", "INAP-X" },
		{ "plan=INAP-II,round=NULL,as_of=x,federal=t,kurdistan=t,iraq=t" THERE, "", 0,
		  ERROR_NOT_FOUND, "name", "1999Q1" },
		{ HEAD "federal=f,kurdistan=f,iraq=f" THERE, LABEL, 0, ERROR_FORBIDDEN, "action",
		  "national.summary from submitted on" },
		{ HEAD "federal=f,kurdistan=f,iraq=f" THERE, LABEL,
		  INAP__V1__JURISDICTION__JURISDICTION_FEDERAL, ERROR_FORBIDDEN, "action",
		  "national.summary from submitted on" },
		{ HEAD "federal=t,kurdistan=f,iraq=f" THERE, LABEL,
		  INAP__V1__JURISDICTION__JURISDICTION_KURDISTAN, ERROR_NOT_FOUND, "name",
		  "kurdistan" },
		{ HEAD "federal=f,kurdistan=t,iraq=f" THERE, LABEL,
		  INAP__V1__JURISDICTION__JURISDICTION_FEDERAL, ERROR_NOT_FOUND, "name",
		  "federal" },
		{ HEAD "federal=t,kurdistan=f,iraq=f" THERE, LABEL,
		  INAP__V1__JURISDICTION__JURISDICTION_IRAQ, ERROR_NOT_FOUND, "name", "iraq" },
		{ HEAD "federal=t,kurdistan=f,iraq=f" THERE, "",
		  INAP__V1__JURISDICTION__JURISDICTION_FEDERAL, ERROR_NOT_FOUND, "name", "XA-9.9" },
		{ HEAD "federal=f,kurdistan=t,iraq=f" THERE, LABEL, 0, ERROR_NONE, NULL, NULL },
	};

	(void)state;
	f.summary.plan = "INAP-X";
	f.summary.round = "1999Q1";
	f.summary.indicator = "XA-9.9";
	f.summary.min_state = INAP__V1__STATE__STATE_SUBMITTED;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		f.summary.jurisdiction = cases[i].side;
		begin_summary();
		sent(SUMMARY_SENT " national_whole_list");
		rows_summary(cases[i].head, "", "", cases[i].labels);
		fake_rows(&f.r.unit, 4, "");
		if (cases[i].code == ERROR_NONE) {
			assert_int_equal(
				((const Inap__V1__NationalSummaryReply *)replied())->n_totals, 0);
		} else {
			refused(cases[i].code, cases[i].name, cases[i].value);
		}
		unit_reset(&f.r.unit);
	}
}

/* Nothing named, nothing there: the refusal says what was looked for. */
static void test_summary_defaults_missing(void **state)
{
	(void)state;
	begin_summary();
	sent(SUMMARY_SENT);
	rows_summary("plan=NULL,round=NULL,as_of=x,federal=t,kurdistan=t,iraq=t" THERE, "", "", "");
	refused(ERROR_NOT_FOUND, "name", "current");
	unit_reset(&f.r.unit);
	begin_summary();
	sent(SUMMARY_SENT);
	rows_summary("plan=INAP-II,round=NULL,as_of=x,federal=t,kurdistan=t,iraq=t" THERE, "", "",
		     "");
	refused(ERROR_NOT_FOUND, "name", "open");
}

#define STATES_HEAD "plan=INAP-II,round=2024Q3,allowed=t,"
#define NAMES       "name_en=A,name_ar=NULL,name_ckb=NULL,"

static const char states_rows[] = STATES_HEAD
	"entity=FED-A," NAMES
	"jurisdiction=federal,state=accepted,submitted_at=2024-10-01T00:00:00Z,"
	"on_time=t,answered=9,asked=9,valued=7,excused=f,accepted_first=t,due_at=2024-10-20T20:59:"
	"59Z,"
	"extended=t,excused_note=NULL;" STATES_HEAD "entity=FED-B," NAMES
	"jurisdiction=federal,state=returned,submitted_at=2024-"
	"10-02T00:00:00Z,on_time=f,answered=5,asked=6,valued=5,excused=f,"
	"accepted_first=f,due_at=2024-10-20T20:59:59Z,extended=t,excused_note=NULL;" STATES_HEAD
	"entity=KRG-A," NAMES "jurisdiction=kurdistan,state=expected,submitted_at=NULL,"
	"on_time=f,answered=0,asked=4,valued=0,excused=f,accepted_first=f,due_at=2024-10-20T20:59:"
	"59Z,"
	"extended=t,excused_note=NULL;" STATES_HEAD "entity=KRG-B," NAMES
	"jurisdiction=kurdistan,state=accepted,submitted_at=2024-"
	"10-02T00:00:00Z,on_time=t,answered=4,asked=4,valued=4,excused=t,"
	"accepted_first=t,due_at=2024-10-20T20:59:59Z,extended=t,excused_note=NULL";

static void check_rate(const Inap__V1__CompletenessRate *rate, const unsigned counts[6])
{
	assert_int_equal(rate->expected, counts[0]);
	assert_int_equal(rate->submitted, counts[1]);
	assert_int_equal(rate->on_time, counts[2]);
	assert_int_equal(rate->accepted, counts[3]);
	assert_int_equal(rate->accepted_first, counts[4]);
	assert_int_equal(rate->excused, counts[5]);
}

static void test_completeness(void **state)
{
	const Inap__V1__NationalCompletenessReply *reply;

	(void)state;
	f.completeness.round = "2024Q3";
	begin_completeness();
	sent("national_report_states");
	assert_string_equal(fake_parameter(&f.r.unit, 0, 1), "2024Q3");
	assert_string_equal(fake_parameter(&f.r.unit, 0, 2), "7");
	fake_rows(&f.r.unit, 0, states_rows);
	reply = replied();
	assert_string_equal(reply->round, "2024Q3");
	assert_int_equal(reply->n_entities, 4);
	assert_string_equal(reply->entities[1]->entity, "FED-B");
	assert_string_equal(reply->entities[1]->name->en, "A");
	assert_int_equal(reply->entities[1]->state, INAP__V1__STATE__STATE_RETURNED);
	assert_int_equal(reply->entities[1]->answered, 5);
	assert_int_equal(reply->entities[1]->asked, 6);
	assert_int_equal(reply->entities[1]->valued, 5);
	assert_int_equal(reply->rates[0]->asked, 15);
	assert_int_equal(reply->rates[0]->answered, 14);
	assert_int_equal(reply->rates[0]->valued, 12);
	assert_false(reply->entities[1]->on_time);
	assert_string_equal(reply->entities[2]->submitted_at, "");
	assert_true(reply->entities[3]->excused);
	assert_int_equal(reply->n_rates, 3);
	check_rate(reply->rates[0], (unsigned[]){ 2, 2, 1, 1, 1, 0 });
	check_rate(reply->rates[1], (unsigned[]){ 1, 0, 0, 0, 0, 1 });
	check_rate(reply->rates[2], (unsigned[]){ 3, 2, 1, 1, 1, 1 });
	assert_int_equal(reply->rates[2]->jurisdiction, INAP__V1__JURISDICTION__JURISDICTION_IRAQ);
}

#define NO_ENTITY                                                                                  \
	"entity=NULL,name_en=NULL,name_ar=NULL,name_ckb=NULL,jurisdiction=NULL,state=NULL,"        \
	"submitted_at=NULL,on_time=NULL,answered=NULL,asked=NULL,valued=NULL,excused=NULL,"        \
	"accepted_first="                                                                          \
	"NULL,due_at=NULL,extended=NULL,excused_note=NULL"

static void test_completeness_of_nobody(void **state)
{
	const Inap__V1__NationalCompletenessReply *reply;

	(void)state;
	begin_completeness();
	sent("national_report_states");
	fake_rows(&f.r.unit, 0, STATES_HEAD NO_ENTITY);
	reply = replied();
	assert_int_equal(reply->n_entities, 0);
	check_rate(reply->rates[2], (unsigned[]){ 0, 0, 0, 0, 0, 0 });
}

static void test_completeness_refuses(void **state)
{
	(void)state;
	begin_completeness();
	sent("national_report_states");
	fake_rows(&f.r.unit, 0, "plan=INAP-II,round=2024Q3,allowed=f," NO_ENTITY);
	refused(ERROR_FORBIDDEN, "action", "national.completeness");
	unit_reset(&f.r.unit);
	f.completeness.round = "1999Q1";
	begin_completeness();
	sent("national_report_states");
	fake_rows(&f.r.unit, 0, "plan=INAP-II,round=NULL,allowed=t," NO_ENTITY);
	refused(ERROR_NOT_FOUND, "name", "1999Q1");
}

#define SAME                                                                                       \
	"plan=INAP-II,round=2024Q3,allowed=t,cell=NULL,jurisdiction=NULL,state=NULL,fault=NULL,"   \
	"compared=120"
#define DIFFERENT                                                                                  \
	"plan=INAP-II,round=2024Q3,allowed=t,cell=XA-1.1,jurisdiction=federal,state=accepted,"     \
	"fault=figure,compared=120;"

static void test_busy_and_lost_steps(void **state)
{
	static request_step *const steps[] = { national_summary, national_completeness,
					       national_recompute };
	static void (*const begins[])(void) = { begin_summary, begin_completeness,
						begin_recompute };

	(void)state;
	for (int i = 0; i < 3; i++) {
		begins[i]();
		fake_busy = true;
		assert_int_equal(steps[i](&f.r), STEP_DONE);
		fake_busy = false;
		assert_int_equal(f.r.error.code, ERROR_BUSY);
		unit_reset(&f.r.unit);
		begins[i]();
		f.r.at = 9;
		assert_int_equal(steps[i](&f.r), STEP_DONE);
		assert_int_equal(f.r.error.code, ERROR_INTERNAL);
	}
}

static void rows_of(int i)
{
	if (i == 0) {
		rows_summary(HEAD_ALL, totals_rows, parts_rows, LABEL);
	} else {
		fake_rows(&f.r.unit, 0, i == 1 ? states_rows : DIFFERENT SAME);
	}
}

/* However little memory is left for the reply: TOO_LARGE, until it fits. */
static void test_every_cap(void **state)
{
	static void (*const begins[])(void) = { begin_summary, begin_completeness,
						begin_recompute };

	(void)state;
	for (int i = 0; i < 3; i++) {
		size_t room = 0;

		do {
			begins[i]();
			assert_int_equal(f.r.step(&f.r), STEP_WAIT);
			rows_of(i);
			f.r.arena.bytes_max = f.r.arena.used + room;
			assert_int_equal(f.r.step(&f.r), STEP_DONE);
			assert_int_equal(f.r.error.code, f.r.reply ? ERROR_NONE : ERROR_TOO_LARGE);
			unit_reset(&f.r.unit);
			room += 16;
			assert_true(room < 65536);
		} while (!f.r.reply);
		assert_true(room > 16);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_summary_asks, setup, teardown),
		cmocka_unit_test_setup_teardown(test_summary_wholes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_summary_states, setup, teardown),
		cmocka_unit_test_setup_teardown(test_summary_replies, setup, teardown),
		cmocka_unit_test_setup_teardown(test_summary_parts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_summary_hides, setup, teardown),
		cmocka_unit_test_setup_teardown(test_summary_refuses, setup, teardown),
		cmocka_unit_test_setup_teardown(test_summary_defaults_missing, setup, teardown),
		cmocka_unit_test_setup_teardown(test_completeness, setup, teardown),
		cmocka_unit_test_setup_teardown(test_completeness_of_nobody, setup, teardown),
		cmocka_unit_test_setup_teardown(test_completeness_refuses, setup, teardown),
		cmocka_unit_test_setup_teardown(test_busy_and_lost_steps, setup, teardown),
		cmocka_unit_test_setup_teardown(test_every_cap, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
