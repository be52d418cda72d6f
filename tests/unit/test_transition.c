/* Tests of the transition table against a matrix written by hand from DESIGN.md section 7. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "proto/enums.h"
#include "server/rpc/transition.h"

enum { STATES = 7, ROLES = 8 };

/* What each role may do in each state: expected, draft, submitted, in_review, returned, endorsed,
 * accepted. Words in the order of the table. */
static const struct {
	const char *role;
	const char *actions[STATES];
} matrix[ROLES] = {
	{ "focal_point", { "save", "save ready", "", "", "save ready answer ask-cells", "", "" } },
	{ "approver",
	  { "", "ready hand-back submit", "withdraw", "", "ready hand-back answer submit", "",
	    "" } },
	{ "coordinator",
	  { "receive", "", "claim point withdraw-point return endorse",
	    "release point withdraw-point return endorse", "point withdraw-point", "", "" } },
	{ "secretariat", { "", "", "", "", "", "accept send-back", "send-back" } },
	{ "national_team", { "", "", "", "", "", "", "" } },
	{ "observer", { "", "", "", "", "", "", "" } },
	{ "admin", { "", "", "", "", "", "", "" } },
	{ "auditor", { "", "", "", "", "", "", "" } },
};

/* What each move does, beside who and from where: to, claim, four eyes, frozen contribution. */
static const char *const moves[][5] = {
	{ "save", "draft", "any", "none", "" },
	{ "ready", "", "any", "none", "" },
	{ "hand-back", "", "any", "none", "" },
	{ "answer", "", "any", "none", "" },
	{ "submit", "submitted", "any", "typist", "submitted" },
	{ "withdraw", "back", "any", "none", "" },
	{ "receive", "submitted", "any", "none", "submitted" },
	{ "contest", "draft", "any", "none", "" },
	{ "claim", "in_review", "any", "none", "" },
	{ "release", "submitted", "mine", "none", "" },
	{ "ask-cells", "", "any", "none", "" },
	{ "point", "held", "mine", "none", "" },
	{ "withdraw-point", "", "mine", "none", "" },
	{ "return", "returned", "mine", "none", "" },
	{ "endorse", "endorsed", "mine", "house", "endorsed" },
	{ "accept", "accepted", "any", "house", "accepted" },
	{ "send-back", "in_review", "any", "none", "" },
	{ "ask-restatement", "", "any", "none", "" },
	{ "restate", "returned", "any", "none", "" },
	{ "decline-restatement", "", "any", "none", "" },
};
enum { MOVES = sizeof moves / sizeof *moves };

static struct request request;

static int setup(void **state)
{
	(void)state;
	arena_init(&request.arena, 1 << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_fini(&request.arena);
	arena_spare_free();
	return 0;
}

static void words_of(int state, unsigned roles, bool held, char out[256])
{
	size_t count;
	const Inap__V1__Action *actions =
		transition_actions(&request, state, roles, held ? TRANSITION_HELD : 0, &count);

	assert_non_null(actions);
	out[0] = '\0';
	for (size_t i = 0; i < count; i++)
		snprintf(out + strlen(out), 256 - strlen(out), "%s%s", i > 0 ? " " : "",
			 transition_of(actions[i])->name);
}

static void every_state_and_role_has_the_moves_of_the_design(void **state)
{
	char words[256];

	(void)state;
	for (int role = 0; role < ROLES; role++) {
		int number = proto_enum_value(&inap__v1__role__descriptor, matrix[role].role);

		assert_int_equal(number, role + 1);
		for (int at = 0; at < STATES; at++) {
			words_of(at + 1, 1u << number, false, words);
			if (strcmp(words, matrix[role].actions[at]) != 0)
				fail_msg("%s in %s: '%s', expected '%s'", matrix[role].role,
					 proto_enum_text(&inap__v1__state__descriptor, at + 1),
					 words, matrix[role].actions[at]);
		}
	}
	words_of(INAP__V1__STATE__STATE_UNSPECIFIED, ~0u, false, words);
	assert_string_equal(words, "");
}

static void what_another_coordinator_claimed_is_held(void **state)
{
	char words[256];

	(void)state;
	words_of(INAP__V1__STATE__STATE_IN_REVIEW, ROLE_BIT_COORDINATOR, true, words);
	assert_string_equal(words, "");
	/* a claim says nothing in another state, nor to who needs none */
	words_of(INAP__V1__STATE__STATE_SUBMITTED, ROLE_BIT_COORDINATOR, true, words);
	assert_string_equal(words, "claim point withdraw-point return endorse");
	words_of(INAP__V1__STATE__STATE_ENDORSED, ROLE_BIT_SECRETARIAT, true, words);
	assert_string_equal(words, "accept send-back");
}

static void roles_add_up(void **state)
{
	char words[256];

	(void)state;
	words_of(INAP__V1__STATE__STATE_DRAFT, ROLE_BIT_FOCAL_POINT | ROLE_BIT_APPROVER, false,
		 words);
	assert_string_equal(words, "save ready hand-back submit");
}

static const struct transition *row_of(const char *name)
{
	for (int action = 1; action <= MOVES; action++) {
		const struct transition *row = transition_of((Inap__V1__Action)action);

		assert_non_null(row);
		assert_int_equal(row->action, action);
		if (strcmp(row->name, name) == 0)
			return row;
	}
	fail_msg("no row %s", name);
	return NULL;
}

static void every_move_leads_where_the_design_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < MOVES; i++) {
		const struct transition *row = row_of(moves[i][0]);

		assert_string_equal(row->to, moves[i][1]);
		assert_string_equal(row->claim, moves[i][2]);
		assert_string_equal(row->four_eyes, moves[i][3]);
		assert_string_equal(row->freeze, moves[i][4]);
	}
	assert_null(transition_of(INAP__V1__ACTION__ACTION_UNSPECIFIED));
	assert_null(transition_of((Inap__V1__Action)(MOVES + 1)));
}

/* "{draft,returned}" as bits. */
static unsigned bits_of(const ProtobufCEnumDescriptor *descriptor, const char *literal)
{
	char copy[128];
	unsigned bits = 0;

	snprintf(copy, sizeof copy, "%.*s", (int)strlen(literal) - 2, literal + 1);
	for (char *rest = copy, *word; (word = strsep(&rest, ",")) != NULL;) {
		assert_int_not_equal(proto_enum_value(descriptor, word), 0);
		bits |= 1u << proto_enum_value(descriptor, word);
	}
	return bits;
}

static void literals_say_the_same_as_bits(void **state)
{
	(void)state;
	for (size_t i = 0; i < MOVES; i++) {
		const struct transition *row = row_of(moves[i][0]);

		assert_int_equal(bits_of(&inap__v1__state__descriptor, row->from_states),
				 row->from);
		assert_int_equal(bits_of(&inap__v1__role__descriptor, row->role_names), row->roles);
	}
}

static void what_came_on_paper_may_be_contested_until_it_is_accepted(void **state)
{
	static const bool may[STATES] = { [2] = true, [3] = true, [5] = true };

	(void)state;
	for (int at = 0; at < STATES; at++) {
		size_t count;
		bool listed = false;
		const Inap__V1__Action *actions = transition_actions(
			&request, at + 1, ROLE_BIT_APPROVER, TRANSITION_DESK, &count);

		for (size_t i = 0; i < count; i++)
			listed = listed || actions[i] == INAP__V1__ACTION__ACTION_CONTEST;
		assert_int_equal(listed, may[at]);
	}
}

static bool listed(int state, unsigned roles, unsigned facts, Inap__V1__Action action)
{
	size_t count;
	const Inap__V1__Action *actions = transition_actions(&request, state, roles, facts, &count);

	for (size_t i = 0; i < count; i++)
		if (actions[i] == action)
			return true;
	return false;
}

static void what_is_published_is_restated_and_not_sent_back(void **state)
{
	const int at = INAP__V1__STATE__STATE_ACCEPTED;
	const unsigned office = ROLE_BIT_APPROVER, secretariat = ROLE_BIT_SECRETARIAT;

	(void)state;
	assert_true(listed(at, secretariat, 0, INAP__V1__ACTION__ACTION_SEND_BACK));
	assert_false(
		listed(at, secretariat, TRANSITION_PUBLISHED, INAP__V1__ACTION__ACTION_SEND_BACK));
	assert_true(listed(INAP__V1__STATE__STATE_ENDORSED, secretariat, TRANSITION_PUBLISHED,
			   INAP__V1__ACTION__ACTION_SEND_BACK));
	assert_false(listed(at, office, 0, INAP__V1__ACTION__ACTION_ASK_RESTATEMENT));
	assert_true(
		listed(at, office, TRANSITION_PUBLISHED, INAP__V1__ACTION__ACTION_ASK_RESTATEMENT));
	assert_false(
		listed(at, secretariat, TRANSITION_PUBLISHED, INAP__V1__ACTION__ACTION_RESTATE));
	assert_true(listed(at, secretariat, TRANSITION_PUBLISHED | TRANSITION_ASKED,
			   INAP__V1__ACTION__ACTION_RESTATE));
	assert_false(listed(at, secretariat, TRANSITION_PUBLISHED,
			    INAP__V1__ACTION__ACTION_DECLINE_RESTATEMENT));
	assert_true(listed(at, secretariat, TRANSITION_PUBLISHED | TRANSITION_ASKED,
			   INAP__V1__ACTION__ACTION_DECLINE_RESTATEMENT));
}

static void a_full_arena_gives_no_actions(void **state)
{
	size_t count = 9;

	(void)state;
	request.arena.bytes_max = 16;
	assert_null(transition_actions(&request, INAP__V1__STATE__STATE_DRAFT, ~0u, 0, &count));
	assert_int_equal(count, 0);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_state_and_role_has_the_moves_of_the_design),
		TEST(what_another_coordinator_claimed_is_held),
		TEST(roles_add_up),
		TEST(every_move_leads_where_the_design_says),
		TEST(literals_say_the_same_as_bits),
		TEST(what_came_on_paper_may_be_contested_until_it_is_accepted),
		TEST(what_is_published_is_restated_and_not_sent_back),
		TEST(a_full_arena_gives_no_actions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
