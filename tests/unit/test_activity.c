/* Tests of activities: activity.list, activity.add, activity.agree. */
#include "tests/unit/fake_rpc.h"

#include "inap/v1/activity.pb-c.h"

#define TEXT(s) ((char *)(uintptr_t)(s))
#define MEMBER(code, entity, lead, status)                                                         \
	"round=2024Q3,code=" code                                                                  \
	",name_en=Survey,name_ar=NULL,name_ckb=NULL,under=PA-O2.1,state=agreed,"                   \
	"member=" entity ",lead=" lead ",status=" status ",percent=NULL"
#define THERE "plan_there=t,entity_there=t,round_there=t"
#define DONE  "fault=NULL,state=proposed,receipt=\\\\xaabb,replayed=f"

static Inap__V1__EntityRef entity;
static Inap__V1__Name name;
static Inap__V1__ActivityAdd add;
static Inap__V1__ActivityAgree agree;
static Inap__V1__ActivityList list;
static char *contributors[1];

static int setup(void **state)
{
	inap__v1__entity_ref__init(&entity);
	entity.entity = TEXT("FED-MOI");
	inap__v1__name__init(&name);
	name.en = TEXT("Train midwives");
	inap__v1__activity_add__init(&add);
	add.entity = &entity;
	add.code = TEXT("FED-MOI/A-03");
	add.under = TEXT("PR-O1.2");
	add.name = &name;
	contributors[0] = TEXT("KRG-MOH");
	add.contributors = contributors;
	add.n_contributors = 1;
	inap__v1__activity_agree__init(&agree);
	agree.entity = &entity;
	agree.code = TEXT("FED-MOI/A-03");
	inap__v1__activity_list__init(&list);
	return fake_setup(state);
}

static void rows_of_one_activity_are_its_members(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_OBSERVER);
	const Inap__V1__ActivityListReply *reply;

	(void)state;
	fake_request(c, METHOD_ACTIVITY_LIST, 1, &list.base);
	fake_waits("activity_scope activity_list");
	assert_string_equal(fake_parameter(fake_unit, 1, 3), "41");
	fake_rows(fake_unit, 0, THERE);
	fake_rows(fake_unit, 1,
		  MEMBER("A1", "FED-MOI", "t", "on_track") ";" MEMBER(
			  "A1", "KRG-MOI", "f", "NULL") ";" MEMBER("A2", "FED-MOD", "t", "NULL"));
	fake_answer();
	reply = fake_reply(c, METHOD_ACTIVITY_LIST, 1);
	assert_string_equal(reply->round, "2024Q3");
	assert_int_equal(reply->n_activities, 2);
	assert_int_equal(reply->activities[0]->n_members, 2);
	assert_true(reply->activities[0]->members[0]->lead);
	assert_string_equal(reply->activities[0]->members[0]->status, "on_track");
	assert_string_equal(reply->activities[0]->members[1]->entity, "KRG-MOI");
	assert_string_equal(reply->activities[1]->members[0]->entity, "FED-MOD");
}

static void what_a_list_is_asked_of_must_be_there(void **state)
{
	static const char *const missing[][2] = {
		{ "plan_there=f,entity_there=f,round_there=f", "plan" },
		{ "plan_there=t,entity_there=f,round_there=t", "entity" },
		{ "plan_there=t,entity_there=t,round_there=f", "round" },
	};
	struct connection *c = fake_user(ROLE_BIT_OBSERVER);

	(void)state;
	for (uint32_t i = 0; i < 3; i++) {
		fake_request(c, METHOD_ACTIVITY_LIST, i + 1, &list.base);
		fake_rows(fake_unit, 0, missing[i][0]);
		fake_answer();
		assert_argument(fake_refused(c, i + 1, ERROR_NOT_FOUND), "what", missing[i][1]);
	}
}

static void a_proposal_is_written_under_the_entitys_head(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT);
	const Inap__V1__ActivityReply *reply;

	(void)state;
	fake_request(c, METHOD_ACTIVITY_ADD, 1, &add.base);
	fake_waits("head_lock activity_add");
	assert_string_equal(fake_parameter(fake_unit, 0, 0), "{7}");
	assert_string_equal(fake_parameter(fake_unit, 1, 7), "{\"KRG-MOH\"}");
	fake_rows(fake_unit, 1, DONE);
	fake_answer();
	reply = fake_reply(c, METHOD_ACTIVITY_ADD, 1);
	assert_string_equal(reply->code, "FED-MOI/A-03");
	assert_string_equal(reply->state, "proposed");
	assert_int_equal(reply->receipt.len, 2);
	fake_request(c, METHOD_ACTIVITY_ADD, 2, &add.base);
	fake_rows(fake_unit, 1,
		  "fault=EXISTS|what=activity|name=FED-MOI/A-03,state=proposed,receipt=NULL,"
		  "replayed=f");
	fake_answer();
	assert_argument(fake_refused(c, 2, ERROR_EXISTS), "name", "FED-MOI/A-03");
	name.en = TEXT("");
	fake_request(c, METHOD_ACTIVITY_ADD, 3, &add.base);
	assert_null(fake_unit);
	assert_argument(fake_refused(c, 3, ERROR_BAD_ARGUMENT), "field", "name");
}

static void a_coordinator_agrees(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_COORDINATOR);

	(void)state;
	fake_request(c, METHOD_ACTIVITY_AGREE, 1, &agree.base);
	fake_waits("head_lock activity_agree");
	fake_rows(fake_unit, 1, "fault=NULL,state=agreed,receipt=\\\\xaabb,replayed=t");
	fake_answer();
	assert_true(((const Inap__V1__ActivityReply *)fake_reply(c, METHOD_ACTIVITY_AGREE, 1))
			    ->replayed);
	fake_request(c, METHOD_ACTIVITY_AGREE, 2, &agree.base);
	fake_answer();
	fake_refused(c, 2, ERROR_INTERNAL);
}

static void a_step_called_out_of_turn_is_our_own_bug(void **state)
{
	static const enum method_number methods[] = { METHOD_ACTIVITY_LIST, METHOD_ACTIVITY_ADD,
						      METHOD_ACTIVITY_AGREE };
	const ProtobufCMessage *const bodies[] = { &list.base, &add.base, &agree.base };
	struct connection *c = fake_user(ROLE_BIT_FOCAL_POINT | ROLE_BIT_COORDINATOR);

	(void)state;
	for (uint32_t i = 0; i < 3; i++) {
		fake_request(c, methods[i], i + 1, bodies[i]);
		((struct request *)fake_unit->owner)->at = 9;
		fake_answer();
		fake_refused(c, i + 1, ERROR_INTERNAL);
	}
}

static bool lists(struct connection *c, size_t cap)
{
	struct frame frame;

	fake_arena(cap);
	fake_request(c, METHOD_ACTIVITY_LIST, 1, &list.base);
	if (fake_unit) {
		fake_rows(fake_unit, 0, THERE);
		fake_rows(fake_unit, 1, MEMBER("A1", "FED-MOI", "t", "on_track"));
		fake_answer();
	}
	assert_true(fake_next(c, &frame));
	return frame.kind == FRAME_REPLY;
}

static void listing_in_an_arena_of_any_size(void **state)
{
	struct connection *c = fake_user(ROLE_BIT_OBSERVER);
	size_t cap = 0;

	(void)state;
	while (!lists(c, cap))
		assert_in_range(cap += 16, 0, 65536);
	assert_true(cap > 256);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, fake_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(rows_of_one_activity_are_its_members),
		TEST(what_a_list_is_asked_of_must_be_there),
		TEST(a_proposal_is_written_under_the_entitys_head),
		TEST(a_coordinator_agrees),
		TEST(a_step_called_out_of_turn_is_our_own_bug),
		TEST(listing_in_an_arena_of_any_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
