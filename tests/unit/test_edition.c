/* Editions without a server: lists, pieces of bytes, and the writes. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/domain/edition.h"
#include "server/domain/move.h"
#include "inap/v1/edition.pb-c.h"
#include "inap/v1/report.pb-c.h"
#include "tests/unit/cramped.h"
#include "tests/unit/step.h"

#define HEAD(state)                                                                                \
	"plan=INAP-II,period=2024Q3,number=2,state=" state                                         \
	",sha256=5cc4,bytes=2936,reports=3,kurdistan=true,proposed_at=x,proposed_by=sec,"          \
	"confirmed_at=y,confirmed_by=NULL,approved_by=Secretary General,letter_number=88,"         \
	"letter_date=2024-11-20,alone=true,withdrawn_at=NULL,withdrawn_by=NULL,"                   \
	"withdrawn_note=NULL,second_at=NULL,second_by=NULL"
#define TOLD HEAD("published") ",receipt=\\\\x0b0c0d"
#define SENTENCE                                                                                   \
	"number=4,plan=INAP-II,entity=FED-MOI,round=2024Q3,section=results,text=240 were "         \
	"trained.,by=sec,at=z"

static struct step_fixture f;
static Inap__V1__EditionList list;
static Inap__V1__EditionRead piece;
static Inap__V1__EditionPropose proposal;
static Inap__V1__EditionComment remark;
static Inap__V1__EditionConfirm confirmation;
static Inap__V1__EditionWithdraw withdrawal;
static Inap__V1__ReportRef report;
static Inap__V1__EditionSelect selection;

static char *text(const char *s)
{
	return (char *)(uintptr_t)s;
}

static int begin(void **state)
{
	(void)state;
	step_init(&f);
	f.reach.entity_id = 41;
	inap__v1__edition_list__init(&list);
	list.period = text("2024Q3");
	list.number = 2;
	inap__v1__edition_read__init(&piece);
	piece.period = text("2024Q3");
	piece.number = 2;
	piece.offset = 262144;
	inap__v1__edition_propose__init(&proposal);
	proposal.period = text("2024Q3");
	inap__v1__edition_comment__init(&remark);
	remark.period = text("2024Q3");
	remark.number = 2;
	remark.text = text("name the late ones");
	inap__v1__edition_confirm__init(&confirmation);
	confirmation.period = text("2024Q3");
	confirmation.number = 2;
	confirmation.sha256 = text("5cc4");
	confirmation.approved_by = text("Secretary General");
	confirmation.letter_number = text("88");
	confirmation.letter_date = text("2024-11-20");
	inap__v1__edition_withdraw__init(&withdrawal);
	withdrawal.period = text("2024Q3");
	withdrawal.number = 2;
	withdrawal.note = text("a place can be told from it");
	inap__v1__report_ref__init(&report);
	report.entity = text("FED-MOI");
	report.round = text("2024Q3");
	inap__v1__edition_select__init(&selection);
	selection.report = &report;
	selection.base_revision = 5;
	selection.section = text("results");
	selection.text = text("240 were trained.");
	selection.vouched = true;
	return 0;
}

static int end(void **state)
{
	(void)state;
	step_fini(&f);
	return 0;
}

static void list_sent(void)
{
	step_begin(&f, METHOD_EDITION_LIST, edition_list, &list.base);
	fake_rows(&f.r.unit, 0, "plan_there=true");
	fake_rows(&f.r.unit, 1, HEAD("published"));
	fake_rows(&f.r.unit, 2, "number=1,text=name the late ones,by=team,at=z");
	fake_rows(&f.r.unit, 3, SENTENCE);
}

static void heads_come_with_remarks_and_sentences_in_one_trip(void **state)
{
	const Inap__V1__EditionListReply *reply;

	(void)state;
	list_sent();
	assert_string_equal(step_sent(&f),
			    "round_scope edition_list edition_remarks edition_sentences");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 2), "2");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 3), "7");
	step_on(&f);
	reply = step_reply(&f, &inap__v1__edition_list_reply__descriptor);
	assert_int_equal(reply->n_editions, 1);
	assert_string_equal(reply->editions[0]->sha256, "5cc4");
	assert_int_equal(reply->editions[0]->bytes, 2936);
	assert_true(reply->editions[0]->alone);
	assert_string_equal(reply->editions[0]->confirmed_by, "");
	assert_string_equal(reply->remarks[0]->by, "team");
	assert_string_equal(reply->sentences[0]->report->entity, "FED-MOI");
}

static void what_is_not_there_is_not_found(void **state)
{
	(void)state;
	step_begin(&f, METHOD_EDITION_LIST, edition_list, &list.base);
	fake_rows(&f.r.unit, 0, "plan_there=true");
	step_on(&f);
	step_refused(&f, ERROR_NOT_FOUND);
	step_argument(&f, "name", "2024Q3/2");
	list.plan = text("NONE");
	step_begin(&f, METHOD_EDITION_LIST, edition_list, &list.base);
	fake_rows(&f.r.unit, 0, "plan_there=false");
	step_on(&f);
	step_argument(&f, "what", "plan");
	piece.number = 0;
	step_begin(&f, METHOD_EDITION_READ, edition_read, &piece.base);
	step_on(&f);
	step_refused(&f, ERROR_NOT_FOUND);
	step_argument(&f, "name", "2024Q3");
}

static void bytes_come_in_pieces(void **state)
{
	const Inap__V1__EditionReadReply *reply;

	(void)state;
	step_begin(&f, METHOD_EDITION_READ, edition_read, &piece.base);
	assert_string_equal(step_sent(&f), "edition_list edition_piece");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 4), "f");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 5), "262144");
	fake_rows(&f.r.unit, 0, HEAD("published"));
	fake_rows(&f.r.unit, 1, "data=\\\\x696e6170");
	step_on(&f);
	reply = step_reply(&f, &inap__v1__edition_read_reply__descriptor);
	assert_int_equal(reply->data.len, 4);
	assert_memory_equal(reply->data.data, "inap", 4);
	piece.offset = UINT64_MAX; /* behind the end there is nothing */
	step_begin(&f, METHOD_EDITION_READ, edition_read, &piece.base);
	assert_string_equal(fake_parameter(&f.r.unit, 1, 5), "2147483647");
	fake_rows(&f.r.unit, 0, HEAD("withdrawn")); /* and of a withdrawn one no piece */
	step_on(&f);
	step_refused(&f, ERROR_WRONG_STATE);
	step_argument(&f, "report", "2024Q3/2");
}

static void without_an_account_only_where_it_is_configured(void **state)
{
	(void)state;
	step_begin(&f, METHOD_EDITION_PUBLIC_LIST, edition_public_list, &list.base);
	assert_int_equal(f.at, STEP_DONE);
	step_refused(&f, ERROR_LOGIN_REQUIRED);
	f.rpc.settings.editions_public = true;
	step_begin(&f, METHOD_EDITION_PUBLIC_READ, edition_public_read, &piece.base);
	assert_string_equal(step_sent(&f), "edition_list edition_piece");
	assert_string_equal(fake_parameter(&f.r.unit, 0, 3), "0"); /* nobody, though logged in */
	f.rpc.settings.editions_public = false;
}

static void propose_sent(void)
{
	step_begin(&f, METHOD_EDITION_PROPOSE, edition_propose, &proposal.base);
	fake_rows(&f.r.unit, 1, "fault=NULL");
	fake_rows(&f.r.unit, 2, TOLD);
}

static void every_write_is_one_trip_under_the_systems_chain(void **state)
{
	const Inap__V1__EditionReply *reply;

	(void)state;
	propose_sent();
	assert_string_equal(step_sent(&f), "system_head_lock edition_propose edition_told");
	step_on(&f);
	reply = step_reply(&f, &inap__v1__edition_reply__descriptor);
	assert_string_equal(reply->edition->state, "published");
	assert_int_equal(reply->receipt.len, 3);
	step_begin(&f, METHOD_EDITION_COMMENT, edition_comment, &remark.base);
	assert_string_equal(step_sent(&f), "system_head_lock edition_comment edition_told");
	fake_rows(&f.r.unit, 1, "fault=NULL");
	fake_rows(&f.r.unit, 2, TOLD);
	step_on(&f);
	step_reply(&f, &inap__v1__edition_reply__descriptor);
	f.rpc.settings.kurdistan_confirms = true;
	step_begin(&f, METHOD_EDITION_CONFIRM, edition_confirm, &confirmation.base);
	assert_string_equal(step_sent(&f), "system_head_lock edition_confirm edition_told");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 3), "5cc4");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 7), "t");
	fake_rows(&f.r.unit, 1, "fault=EDITION_MOVED|edition\\=2024Q3/2");
	step_on(&f);
	step_refused(&f, ERROR_EDITION_MOVED);
	step_argument(&f, "edition", "2024Q3/2");
	f.rpc.settings.kurdistan_confirms = false;
	step_begin(&f, METHOD_EDITION_WITHDRAW, edition_withdraw, &withdrawal.base);
	assert_string_equal(step_sent(&f), "system_head_lock edition_withdraw edition_told");
	fake_rows(&f.r.unit, 1, "fault=NULL");
	fake_rows(&f.r.unit, 2, TOLD);
	step_on(&f);
	step_reply(&f, &inap__v1__edition_reply__descriptor);
}

static void sentence_sent(void)
{
	step_begin(&f, METHOD_EDITION_SENTENCE, edition_sentence, &selection.base);
	fake_rows(&f.r.unit, 1, "fault=NULL");
	fake_rows(&f.r.unit, 2, SENTENCE ",receipt=\\\\x0b0c0d");
}

static void a_sentence_is_selected_by_who_vouches(void **state)
{
	const Inap__V1__EditionReply *reply;

	(void)state;
	sentence_sent();
	assert_string_equal(step_sent(&f), "system_head_lock sentence_change sentence_told");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 0), "41");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 3), "5");
	step_on(&f);
	reply = step_reply(&f, &inap__v1__edition_reply__descriptor);
	assert_null(reply->edition);
	assert_int_equal(reply->sentence->number, 4);
	step_begin(&f, METHOD_EDITION_SENTENCE, edition_sentence, &selection.base);
	fake_rows(&f.r.unit, 1, "fault=NOT_FOUND|what\\=sentence|name\\=4");
	step_on(&f);
	step_refused(&f, ERROR_NOT_FOUND);
}

static void assert_at_once(enum error_code code, const char *argument, const char *value)
{
	assert_int_equal(f.at, STEP_DONE);
	step_refused(&f, code);
	step_argument(&f, argument, value);
	assert_int_equal(f.r.units, 0);
}

static void what_is_missing_is_refused_at_once(void **state)
{
	(void)state;
	remark.text = text("");
	step_begin(&f, METHOD_EDITION_COMMENT, edition_comment, &remark.base);
	assert_at_once(ERROR_BAD_ARGUMENT, "field", "text");
	withdrawal.note = text("");
	step_begin(&f, METHOD_EDITION_WITHDRAW, edition_withdraw, &withdrawal.base);
	assert_at_once(ERROR_BAD_ARGUMENT, "field", "note");
	confirmation.letter_date = text("20.11.2024");
	step_begin(&f, METHOD_EDITION_CONFIRM, edition_confirm, &confirmation.base);
	assert_at_once(ERROR_DATE_BAD, "text", "20.11.2024");
	confirmation.letter_number = text("");
	step_begin(&f, METHOD_EDITION_CONFIRM, edition_confirm, &confirmation.base);
	assert_at_once(ERROR_BAD_ARGUMENT, "field", "letter_number");
	selection.vouched = false;
	step_begin(&f, METHOD_EDITION_SENTENCE, edition_sentence, &selection.base);
	assert_at_once(ERROR_BAD_ARGUMENT, "field", "vouched");
	selection.text = text("two\nlines");
	step_begin(&f, METHOD_EDITION_SENTENCE, edition_sentence, &selection.base);
	assert_at_once(ERROR_BAD_ARGUMENT, "field", "text");
}

static void an_answer_without_its_row_is_our_bug(void **state)
{
	static const struct {
		enum method_number method;
		request_step *step;
		const ProtobufCMessage *body;
	} writes[] = {
		{ METHOD_EDITION_PROPOSE, edition_propose, &proposal.base },
		{ METHOD_EDITION_COMMENT, edition_comment, &remark.base },
		{ METHOD_EDITION_CONFIRM, edition_confirm, &confirmation.base },
		{ METHOD_EDITION_WITHDRAW, edition_withdraw, &withdrawal.base },
		{ METHOD_EDITION_SENTENCE, edition_sentence, &selection.base },
	};

	(void)state;
	for (size_t i = 0; i < sizeof writes / sizeof *writes; i++) {
		step_begin(&f, writes[i].method, writes[i].step, writes[i].body);
		step_on(&f);
		step_refused(&f, ERROR_INTERNAL);
		step_begin(&f, writes[i].method, writes[i].step, writes[i].body);
		fake_rows(&f.r.unit, 1, "fault=NULL");
		step_on(&f);
		step_refused(&f, ERROR_INTERNAL);
	}
}

static void a_reply_that_does_not_fit_is_refused(void **state)
{
	(void)state;
	cramped(&f, list_sent);
	cramped(&f, propose_sent);
	cramped(&f, sentence_sent);
}

/* What is asked for is declined with a reason, by a move of its own that leaves the report where it
 * is. */
static void who_declines_a_restatement_says_why(void **state)
{
	Inap__V1__ReportMove move = INAP__V1__REPORT_MOVE__INIT;

	(void)state;
	move.report = &report;
	move.decline = true;
	step_begin(&f, METHOD_EDITION_RESTATE, edition_restate, &move.base);
	step_refused(&f, ERROR_BAD_ARGUMENT);
	step_argument(&f, "field", "note");
	move.note = text("the letter has 40");
	step_begin(&f, METHOD_EDITION_RESTATE, edition_restate, &move.base);
	assert_string_equal(fake_parameter(&f.r.unit, 1, 5), "");
	assert_string_equal(fake_parameter(&f.r.unit, 1, 6), "decline-restatement");
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(heads_come_with_remarks_and_sentences_in_one_trip),
		TEST(what_is_not_there_is_not_found),
		TEST(bytes_come_in_pieces),
		TEST(without_an_account_only_where_it_is_configured),
		TEST(every_write_is_one_trip_under_the_systems_chain),
		TEST(a_sentence_is_selected_by_who_vouches),
		TEST(what_is_missing_is_refused_at_once),
		TEST(an_answer_without_its_row_is_our_bug),
		TEST(a_reply_that_does_not_fit_is_refused),
		TEST(who_declines_a_restatement_says_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
