/* Tests of events and organisations: event.list, event.write, event.decide, event.done,
 * organisation.list, organisation.write. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "server/domain/event.h"
#include "tests/unit/cramped.h"
#include "tests/unit/step.h"
#include "inap/v1/event.pb-c.h"

#define TEXT(s) ((char *)(uintptr_t)(s))
#define THERE   "plan_there=t,entity_there=t,number_there=t"
#define EVENT(n)                                                                                   \
	"number=" n                                                                                \
	",version=2,plan=INAP-II,kind=workshop,title=Training,held_on=2024-07-10,ends_on=NULL,"    \
	"places=NULL,organiser=FED-COMSEC,technical=UN Women,operational=NULL,financial=NULL,"     \
	"present=FED-MOI,organisations=3,women=31,men=NULL,minutes=,minutes_on=NULL,confined=f,"   \
	"indicators=OE-1.4,activities=NULL,women_led=2,unnamed=1,by=secretary"
#define DECISION(n, d)                                                                             \
	"number=" n ",decision=" d                                                                 \
	",words=name a focal point,owner=FED-MOI,due_on=2024-10-31,done_on=NULL,done_by=NULL,"     \
	"done_note=NULL"
#define ORGANISATION                                                                               \
	"number=3,version=1,name_en=Basra Mothers,name_ar=NULL,name_ckb=NULL,women_led=t,"         \
	"may_be_named=t,places=IQ-BA,events=1"
#define WRITTEN(more) "fault=NULL,number=12,version=1" more ",receipt=\\\\xaabb,replayed=f"
#define LISTED        "event_scope event_list event_decisions organisation_list"

static struct step_fixture f;
static Inap__V1__EventList list;
static Inap__V1__EventWrite event_in;
static Inap__V1__EventBody body;
static Inap__V1__EventDecide decide;
static Inap__V1__EventDone done;
static Inap__V1__OrganisationWrite organisation;
static Inap__V1__OrganisationList organisations;
static Inap__V1__Name name;
static uint64_t numbers[] = { 3, 7 };
static char *codes[] = { TEXT("FED-MOI") };

static int setup(void **state)
{
	(void)state;
	step_init(&f);
	inap__v1__event_list__init(&list);
	inap__v1__event_body__init(&body);
	body.kind = TEXT("workshop");
	body.held_on = TEXT("2024-07-10");
	body.organisations = numbers;
	body.n_organisations = 2;
	body.present = codes;
	body.n_present = 1;
	inap__v1__event_write__init(&event_in);
	event_in.event = &body;
	inap__v1__event_decide__init(&decide);
	decide.number = 12;
	decide.due_on = TEXT("2024-10-31");
	inap__v1__event_done__init(&done);
	done.number = 12;
	done.decision = 1;
	inap__v1__name__init(&name);
	name.en = TEXT("Basra Mothers");
	inap__v1__organisation_list__init(&organisations);
	inap__v1__organisation_write__init(&organisation);
	organisation.name = &name;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	step_fini(&f);
	return 0;
}

static void listed(void)
{
	step_begin(&f, METHOD_EVENT_LIST, event_list, &list.base);
	fake_rows(&f.r.unit, 0, THERE);
	fake_rows(&f.r.unit, 1, EVENT("12") ";" EVENT("9"));
	fake_rows(&f.r.unit, 2, DECISION("9", "1") ";" DECISION("12", "1") ";" DECISION("12", "2"));
	fake_rows(&f.r.unit, 3, ORGANISATION);
}

static void decisions_go_to_their_events(void **state)
{
	const Inap__V1__EventListReply *reply;

	(void)state;
	listed();
	assert_string_equal(step_sent(&f), LISTED);
	step_on(&f);
	reply = step_reply(&f, &inap__v1__event_list_reply__descriptor);
	assert_int_equal(reply->n_events, 2);
	assert_int_equal(reply->events[0]->n_decisions, 2);
	assert_int_equal(reply->events[0]->decisions[1]->decision, 2);
	assert_int_equal(reply->events[1]->n_decisions, 1);
	assert_string_equal(reply->events[0]->event->women, "31");
	assert_string_equal(reply->events[0]->event->men, "");
	assert_int_equal(reply->events[0]->event->organisations[0], 3);
	assert_int_equal(reply->events[0]->unnamed, 1);
	assert_string_equal(reply->organisations[0]->name->en, "Basra Mothers");
}

static void what_a_list_is_asked_of_must_be_there(void **state)
{
	static const char *const missing[][2] = {
		{ "plan_there=f,entity_there=f,number_there=f", "plan" },
		{ "plan_there=t,entity_there=f,number_there=t", "entity" },
		{ "plan_there=t,entity_there=t,number_there=f", "event" },
	};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		step_begin(&f, METHOD_EVENT_LIST, event_list, &list.base);
		fake_rows(&f.r.unit, 0, missing[i][0]);
		step_on(&f);
		step_refused(&f, ERROR_NOT_FOUND);
		step_argument(&f, "what", missing[i][1]);
	}
	list.from = TEXT("2024-02-30");
	step_begin(&f, METHOD_EVENT_LIST, event_list, &list.base);
	step_refused(&f, ERROR_DATE_BAD);
}

static void organisations_are_named_or_counted(void **state)
{
	const Inap__V1__OrganisationListReply *reply;

	(void)state;
	step_begin(&f, METHOD_ORGANISATION_LIST, organisation_list, &organisations.base);
	assert_string_equal(step_sent(&f), "organisation_list organisation_count");
	fake_rows(&f.r.unit, 0, ORGANISATION);
	fake_rows(&f.r.unit, 1, "women_led=5,unnamed=4");
	step_on(&f);
	reply = step_reply(&f, &inap__v1__organisation_list_reply__descriptor);
	assert_int_equal(reply->n_organisations, 1);
	assert_int_equal(reply->women_led, 5);
	assert_int_equal(reply->unnamed, 4);
}

/* Every write by the same rule: what is sent, what it answers, a fault, a dry run. */
static const struct write_case {
	enum method_number method;
	request_step *step;
	const ProtobufCMessage *in;
	const char *sent, *row;
} writes[] = {
	{ METHOD_EVENT_WRITE, event_write, &event_in.base, "system_head_lock event_write",
	  WRITTEN("") },
	{ METHOD_EVENT_DECIDE, event_decide, &decide.base, "system_head_lock event_decide",
	  "fault=NULL,version=1,decision=2,receipt=\\\\xaabb,replayed=f" },
	{ METHOD_EVENT_DONE, event_done, &done.base, "system_head_lock event_done",
	  "fault=NULL,version=1,receipt=\\\\xaabb,replayed=f" },
	{ METHOD_ORGANISATION_WRITE, organisation_write, &organisation.base,
	  "system_head_lock organisation_write", WRITTEN("") },
};

static const Inap__V1__EventReply *write_on(const struct write_case *one, const char *row)
{
	step_begin(&f, one->method, one->step, one->in);
	assert_string_equal(step_sent(&f), one->sent);
	fake_rows(&f.r.unit, 1, row);
	step_on(&f);
	return f.r.error.code ? NULL : step_reply(&f, &inap__v1__event_reply__descriptor);
}

static void a_write_answers_with_its_number_or_its_fault(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof writes / sizeof *writes; i++) {
		const Inap__V1__EventReply *reply = write_on(&writes[i], writes[i].row);

		assert_int_equal(reply->number, 12);
		assert_int_equal(reply->version, 1);
		assert_int_equal(reply->receipt.len, 2);
		assert_false(reply->dry_run);
	}
	write_on(&writes[0], "fault=STALE_REVISION|report=E12|revision=3|base=2,number=NULL,"
			     "version=NULL,receipt=NULL,replayed=f");
	step_refused(&f, ERROR_STALE_REVISION);
	step_argument(&f, "revision", "3");
	assert_int_equal(write_on(&writes[1], writes[1].row)->decision, 2);
}

static void a_dry_run_has_no_receipt(void **state)
{
	const Inap__V1__EventReply *reply;

	(void)state;
	event_in.dry_run = decide.dry_run = done.dry_run = organisation.dry_run = true;
	for (size_t i = 0; i < sizeof writes / sizeof *writes; i++) {
		reply = write_on(&writes[i], writes[i].row);
		assert_true(f.r.unit.dry && reply->dry_run);
		assert_int_equal(reply->receipt.len, 0);
	}
}

static void lists_travel_as_arrays(void **state)
{
	(void)state;
	step_begin(&f, METHOD_EVENT_WRITE, event_write, &event_in.base);
	assert_string_equal(fake_parameter(&f.r.unit, 1, 12), "{\"FED-MOI\"}");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 13), "{3,7}");
}

static void days_are_days_and_what_is_wanted_is_there(void **state)
{
	(void)state;
	body.held_on = TEXT("2024-13-01");
	step_begin(&f, METHOD_EVENT_WRITE, event_write, &event_in.base);
	step_refused(&f, ERROR_DATE_BAD);
	body.held_on = TEXT("");
	step_begin(&f, METHOD_EVENT_WRITE, event_write, &event_in.base);
	step_refused(&f, ERROR_BAD_ARGUMENT);
	event_in.event = NULL;
	step_begin(&f, METHOD_EVENT_WRITE, event_write, &event_in.base);
	step_refused(&f, ERROR_BAD_ARGUMENT);
	decide.due_on = TEXT("");
	step_begin(&f, METHOD_EVENT_DECIDE, event_decide, &decide.base);
	step_refused(&f, ERROR_BAD_ARGUMENT);
	organisation.name = NULL;
	step_begin(&f, METHOD_ORGANISATION_WRITE, organisation_write, &organisation.base);
	step_refused(&f, ERROR_BAD_ARGUMENT);
}

static void without_a_row_or_out_of_turn_it_is_our_own_bug(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof writes / sizeof *writes; i++) {
		step_begin(&f, writes[i].method, writes[i].step, writes[i].in);
		step_on(&f);
		step_refused(&f, ERROR_INTERNAL);
		step_begin(&f, writes[i].method, writes[i].step, writes[i].in);
		f.r.at = 9;
		step_on(&f);
		step_refused(&f, ERROR_INTERNAL);
	}
}

static void in_an_arena_of_any_size(void **state)
{
	(void)state;
	cramped(&f, listed);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(decisions_go_to_their_events),
		TEST(what_a_list_is_asked_of_must_be_there),
		TEST(organisations_are_named_or_counted),
		TEST(a_write_answers_with_its_number_or_its_fault),
		TEST(a_dry_run_has_no_receipt),
		TEST(lists_travel_as_arrays),
		TEST(days_are_days_and_what_is_wanted_is_there),
		TEST(without_a_row_or_out_of_turn_it_is_our_own_bug),
		TEST(in_an_arena_of_any_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
