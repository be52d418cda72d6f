/* Editions: what was published, byte for byte; who proposes, confirms and withdraws it. */
#include "server/domain/edition.h"

#include <string.h>

#include "server/rpc/refusal.h"
#include "server/rpc/rpc.h"
#include "server/rpc/value.h"
#include "server/rpc/words.h"
#include "inap/v1/edition.pb-c.h"
#include "sql/edition.h"
#include "sql/plan.h"
#include "sql/round.h"

enum { START, SENT };
enum { ENTRY_SCOPE, ENTRY_HEADS, ENTRY_REMARKS, ENTRY_SENTENCES };
enum { PIECE_HEAD, PIECE_DATA };
enum { ENTRY_LOCK, ENTRY_WRITE, ENTRY_TOLD };
enum { SENTENCE_MAX = 1000 };

static struct bytes write_key(const struct request *r)
{
	return (struct bytes){ r->key, sizeof r->key };
}

static struct bytes write_hash(const struct request *r)
{
	return (struct bytes){ r->body_hash, sizeof r->body_hash };
}

/* The rows of two statements have the same columns under two types. */
#define EDITION_FILL(edition, row)                                                                 \
	edition_fill(edition,                                                                      \
		     &(const struct sql_edition_list_row){ .plan = (row).plan,                     \
							   .period = (row).period,                 \
							   .number = (row).number,                 \
							   .state = (row).state,                   \
							   .sha256 = (row).sha256,                 \
							   .bytes = (row).bytes,                   \
							   .reports = (row).reports,               \
							   .kurdistan = (row).kurdistan,           \
							   .proposed_at = (row).proposed_at,       \
							   .proposed_by = (row).proposed_by,       \
							   .confirmed_at = (row).confirmed_at,     \
							   .confirmed_by = (row).confirmed_by,     \
							   .approved_by = (row).approved_by,       \
							   .letter_number = (row).letter_number,   \
							   .letter_date = (row).letter_date,       \
							   .alone = (row).alone,                   \
							   .withdrawn_at = (row).withdrawn_at,     \
							   .withdrawn_by = (row).withdrawn_by,     \
							   .withdrawn_note = (row).withdrawn_note, \
							   .second_at = (row).second_at,           \
							   .second_by = (row).second_by })

static void edition_fill(Inap__V1__Edition *edition, const struct sql_edition_list_row *row)
{
	inap__v1__edition__init(edition);
	edition->plan = words(row->plan);
	edition->period = words(row->period);
	edition->number = (uint32_t)row->number;
	edition->state = words(row->state);
	edition->sha256 = words(row->sha256);
	edition->bytes = (uint64_t)row->bytes;
	edition->reports = (uint32_t)row->reports;
	edition->kurdistan = row->kurdistan;
	edition->proposed_at = words(row->proposed_at);
	edition->proposed_by = words(row->proposed_by);
	edition->confirmed_at = words(row->confirmed_at);
	edition->confirmed_by = words(row->confirmed_by);
	edition->approved_by = words(row->approved_by);
	edition->letter_number = words(row->letter_number);
	edition->letter_date = words(row->letter_date);
	edition->alone = row->alone;
	edition->withdrawn_at = words(row->withdrawn_at);
	edition->withdrawn_by = words(row->withdrawn_by);
	edition->withdrawn_note = words(row->withdrawn_note);
	edition->second_at = words(row->second_at);
	edition->second_by = words(row->second_by);
}

/* ---- reading */

static bool list_heads(struct request *r, Inap__V1__EditionListReply *reply)
{
	size_t n = unit_rows(&r->unit, ENTRY_HEADS);
	Inap__V1__Edition *editions = request_array(r, n + 1, sizeof *editions);

	reply->editions = request_array(r, n + 1, sizeof *reply->editions);
	for (size_t i = 0; editions && reply->editions && i < n; i++) {
		struct sql_edition_list_row row;

		sql_edition_list_row(&r->unit, ENTRY_HEADS, i, &row);
		edition_fill(&editions[i], &row);
		reply->editions[reply->n_editions++] = &editions[i];
	}
	return editions && reply->editions;
}

static bool list_remarks(struct request *r, Inap__V1__EditionListReply *reply)
{
	size_t n = unit_rows(&r->unit, ENTRY_REMARKS);
	Inap__V1__EditionRemark *remarks = request_array(r, n + 1, sizeof *remarks);

	reply->remarks = request_array(r, n + 1, sizeof *reply->remarks);
	for (size_t i = 0; remarks && reply->remarks && i < n; i++) {
		struct sql_edition_remarks_row row;

		sql_edition_remarks_row(&r->unit, ENTRY_REMARKS, i, &row);
		inap__v1__edition_remark__init(&remarks[i]);
		remarks[i].number = (uint32_t)row.number;
		remarks[i].text = words(row.text);
		remarks[i].by = words(row.by);
		remarks[i].at = words(row.at);
		reply->remarks[reply->n_remarks++] = &remarks[i];
	}
	return remarks && reply->remarks;
}

static bool list_sentences(struct request *r, Inap__V1__EditionListReply *reply)
{
	size_t n = unit_rows(&r->unit, ENTRY_SENTENCES);
	Inap__V1__EditionSentence *sentences = request_array(r, n + 1, sizeof *sentences);

	reply->sentences = request_array(r, n + 1, sizeof *reply->sentences);
	for (size_t i = 0; sentences && reply->sentences && i < n; i++) {
		struct sql_edition_sentences_row row;

		sql_edition_sentences_row(&r->unit, ENTRY_SENTENCES, i, &row);
		inap__v1__edition_sentence__init(&sentences[i]);
		sentences[i].number = (uint32_t)row.number;
		sentences[i].report = words_ref(r, row.plan, row.entity, row.round);
		sentences[i].section = words(row.section);
		sentences[i].text = words(row.text);
		sentences[i].by = words(row.by);
		sentences[i].at = words(row.at);
		if (!sentences[i].report) {
			return false;
		}
		reply->sentences[reply->n_sentences++] = &sentences[i];
	}
	return sentences && reply->sentences;
}

/* Refuses: no such edition. */
static enum step edition_missing(struct request *r, const char *period, uint32_t number)
{
	request_fail(r, ERROR_NOT_FOUND, "what", "edition", NULL);
	error_argf(&r->error, "name", number ? "%s/%u" : "%s", period, (unsigned)number);
	return STEP_DONE;
}

static enum step list_reply(struct request *r)
{
	const Inap__V1__EditionList *in = request_body(r);
	Inap__V1__EditionListReply *reply = request_alloc(r, sizeof *reply);
	struct sql_round_scope_row there;

	sql_round_scope_row(&r->unit, ENTRY_SCOPE, 0, &there);
	if (!there.plan_there && *in->plan) {
		return request_fail(r, ERROR_NOT_FOUND, "what", "plan", "name", in->plan, NULL);
	}
	if (in->number && unit_rows(&r->unit, ENTRY_HEADS) == 0) {
		return edition_missing(r, in->period, in->number);
	}
	if (!reply) {
		return request_full(r);
	}
	inap__v1__edition_list_reply__init(reply);
	if (!list_heads(r, reply) || !list_remarks(r, reply) || !list_sentences(r, reply)) {
		return request_full(r);
	}
	return request_reply(r, &reply->base);
}

static enum step list_step(struct request *r)
{
	const Inap__V1__EditionList *in = request_body(r);
	bool region = r->rpc->settings.kurdistan_confirms;

	switch (r->at) {
	case START:
		sql_round_scope(&r->unit, in->plan);
		sql_edition_list(&r->unit, in->plan, in->period, (int32_t)in->number, r->user_id,
				 region);
		sql_edition_remarks(&r->unit, in->plan, in->period, (int32_t)in->number, r->user_id,
				    region);
		sql_edition_sentences(&r->unit, in->plan, in->period, r->user_id);
		return request_send(r, SENT);
	case SENT:
		return list_reply(r);
	default:
		return request_bug(r);
	}
}

/** edition.list: heads, the newest first; of one its remarks, of a period the selected sentences.
 */
enum step edition_list(struct request *r)
{
	return list_step(r);
}

static enum step piece_reply(struct request *r)
{
	const Inap__V1__EditionRead *in = request_body(r);
	Inap__V1__EditionReadReply *reply = request_alloc(r, sizeof *reply);
	struct sql_edition_list_row head;
	struct sql_edition_piece_row piece;

	if (in->number == 0 || unit_rows(&r->unit, PIECE_HEAD) == 0) {
		return edition_missing(r, in->period, in->number);
	}
	sql_edition_list_row(&r->unit, PIECE_HEAD, 0, &head);
	if (unit_rows(&r->unit, PIECE_DATA) == 0) {
		request_fail(r, ERROR_WRONG_STATE, "state", head.state, "action", r->method->name,
			     NULL);
		error_argf(&r->error, "report", "%s/%u", in->period, (unsigned)in->number);
		return STEP_DONE;
	}
	sql_edition_piece_row(&r->unit, PIECE_DATA, 0, &piece);
	if (!reply) {
		return request_full(r);
	}
	inap__v1__edition_read_reply__init(reply);
	reply->edition = request_alloc(r, sizeof *reply->edition);
	if (!reply->edition) {
		return request_full(r);
	}
	edition_fill(reply->edition, &head);
	reply->data.data = (uint8_t *)(uintptr_t)piece.data.data;
	reply->data.len = piece.data.length;
	return request_reply(r, &reply->base);
}

static enum step piece_step(struct request *r)
{
	const Inap__V1__EditionRead *in = request_body(r);
	int32_t offset = in->offset > INT32_MAX ? INT32_MAX : (int32_t)in->offset;
	bool region = r->rpc->settings.kurdistan_confirms;

	switch (r->at) {
	case START:
		sql_edition_list(&r->unit, in->plan, in->period, (int32_t)in->number, r->user_id,
				 region);
		sql_edition_piece(&r->unit, in->plan, in->period, (int32_t)in->number, r->user_id,
				  region, offset);
		return request_send(r, SENT);
	case SENT:
		return piece_reply(r);
	default:
		return request_bug(r);
	}
}

/** edition.read: canonical bytes, from an offset on. */
enum step edition_read(struct request *r)
{
	return piece_step(r);
}

/* For who has no account: of what is published, where the configuration says so. To the statements
 * the caller is then user 0, who holds no role. */
static enum step public_step(struct request *r, request_step *step)
{
	if (!r->rpc->settings.editions_public) {
		return request_fail(r, ERROR_LOGIN_REQUIRED, NULL);
	}
	r->user_id = 0;
	return step(r);
}

/** edition.public-list: edition.list without an account. */
enum step edition_public_list(struct request *r)
{
	return public_step(r, list_step);
}

/** edition.public-read: edition.read without an account. */
enum step edition_public_read(struct request *r)
{
	return public_step(r, piece_step);
}

/* ---- writing */

/* A write answers with the edition as it was logged under its key, and its receipt. */
static enum step edition_written(struct request *r, const char *fault)
{
	struct sql_edition_told_row told;
	Inap__V1__EditionReply *reply;

	if (fault) {
		return refusal_of(r, fault);
	}
	if (unit_rows(&r->unit, ENTRY_TOLD) == 0) {
		return request_bug(r);
	}
	sql_edition_told_row(&r->unit, ENTRY_TOLD, 0, &told);
	reply = request_alloc(r, sizeof *reply);
	if (!reply || !told.receipt.data) {
		return reply && !arena_failed(&r->arena) ? request_bug(r) : request_full(r);
	}
	inap__v1__edition_reply__init(reply);
	reply->edition = request_alloc(r, sizeof *reply->edition);
	if (!reply->edition) {
		return request_full(r);
	}
	EDITION_FILL(reply->edition, told);
	reply->receipt.data = (uint8_t *)(uintptr_t)told.receipt.data;
	reply->receipt.len = told.receipt.length;
	return request_reply(r, &reply->base);
}

static enum step missing(struct request *r, const char *field)
{
	return request_fail(r, ERROR_BAD_ARGUMENT, "field", field, "why", "is missing", NULL);
}

/** edition.propose: what is accepted now, frozen and hashed. */
enum step edition_propose(struct request *r)
{
	const Inap__V1__EditionPropose *in = request_body(r);
	struct sql_edition_propose_row row;

	switch (r->at) {
	case START:
		sql_system_head_lock(&r->unit);
		sql_edition_propose(&r->unit, in->plan, in->period, in->note, r->user_id,
				    write_key(r), write_hash(r));
		sql_edition_told(&r->unit, write_key(r));
		return request_send(r, SENT);
	case SENT:
		if (unit_rows(&r->unit, ENTRY_WRITE) == 0) {
			return request_bug(r);
		}
		sql_edition_propose_row(&r->unit, ENTRY_WRITE, 0, &row);
		return edition_written(r, row.fault);
	default:
		return request_bug(r);
	}
}

/** edition.comment: a remark on a proposal. */
enum step edition_comment(struct request *r)
{
	const Inap__V1__EditionComment *in = request_body(r);
	struct sql_edition_comment_row row;

	switch (r->at) {
	case START:
		if (!*in->text) {
			return missing(r, "text");
		}
		sql_system_head_lock(&r->unit);
		sql_edition_comment(&r->unit, in->plan, in->period, (int32_t)in->number, in->text,
				    r->rpc->settings.kurdistan_confirms, r->user_id, write_key(r),
				    write_hash(r));
		sql_edition_told(&r->unit, write_key(r));
		return request_send(r, SENT);
	case SENT:
		if (unit_rows(&r->unit, ENTRY_WRITE) == 0) {
			return request_bug(r);
		}
		sql_edition_comment_row(&r->unit, ENTRY_WRITE, 0, &row);
		return edition_written(r, row.fault);
	default:
		return request_bug(r);
	}
}

static enum step confirm_send(struct request *r)
{
	const Inap__V1__EditionConfirm *in = request_body(r);

	if (!*in->approved_by || !*in->letter_number || !*in->letter_date) {
		return missing(r, !*in->approved_by     ? "approved_by"
				  : !*in->letter_number ? "letter_number"
							: "letter_date");
	}
	if (!date_valid(in->letter_date)) {
		return request_fail(r, ERROR_DATE_BAD, "text", in->letter_date, NULL);
	}
	sql_system_head_lock(&r->unit);
	sql_edition_confirm(&r->unit, in->plan, in->period, (int32_t)in->number, in->sha256,
			    in->approved_by, in->letter_number, in->letter_date,
			    r->rpc->settings.kurdistan_confirms, r->user_id, write_key(r),
			    write_hash(r));
	sql_edition_told(&r->unit, write_key(r));
	return request_send(r, SENT);
}

/** edition.confirm: published by a second person, if nothing moved. */
enum step edition_confirm(struct request *r)
{
	struct sql_edition_confirm_row row;

	switch (r->at) {
	case START:
		return confirm_send(r);
	case SENT:
		if (unit_rows(&r->unit, ENTRY_WRITE) == 0) {
			return request_bug(r);
		}
		sql_edition_confirm_row(&r->unit, ENTRY_WRITE, 0, &row);
		return edition_written(r, row.fault);
	default:
		return request_bug(r);
	}
}

/** edition.withdraw: at once by one, for good by a second person within 24 hours. */
enum step edition_withdraw(struct request *r)
{
	const Inap__V1__EditionWithdraw *in = request_body(r);
	struct sql_edition_withdraw_row row;

	switch (r->at) {
	case START:
		if (!*in->note) {
			return missing(r, "note");
		}
		sql_system_head_lock(&r->unit);
		sql_edition_withdraw(&r->unit, in->plan, in->period, (int32_t)in->number, in->note,
				     r->user_id, write_key(r), write_hash(r));
		sql_edition_told(&r->unit, write_key(r));
		return request_send(r, SENT);
	case SENT:
		if (unit_rows(&r->unit, ENTRY_WRITE) == 0) {
			return request_bug(r);
		}
		sql_edition_withdraw_row(&r->unit, ENTRY_WRITE, 0, &row);
		return edition_written(r, row.fault);
	default:
		return request_bug(r);
	}
}

/* ---- sentences */

static enum step sentence_reply(struct request *r)
{
	Inap__V1__EditionReply *reply = request_alloc(r, sizeof *reply);
	struct sql_sentence_change_row row;
	struct sql_sentence_told_row told;
	Inap__V1__EditionSentence *sentence;

	if (unit_rows(&r->unit, ENTRY_WRITE) == 0) {
		return request_bug(r);
	}
	sql_sentence_change_row(&r->unit, ENTRY_WRITE, 0, &row);
	if (row.fault) {
		return refusal_of(r, row.fault);
	}
	if (unit_rows(&r->unit, ENTRY_TOLD) == 0) {
		return request_bug(r);
	}
	sql_sentence_told_row(&r->unit, ENTRY_TOLD, 0, &told);
	sentence = request_alloc(r, sizeof *sentence);
	if (!reply || !sentence) {
		return request_full(r);
	}
	inap__v1__edition_reply__init(reply);
	inap__v1__edition_sentence__init(sentence);
	sentence->number = (uint32_t)told.number;
	sentence->report = words_ref(r, told.plan, told.entity, told.round);
	sentence->section = words(told.section);
	sentence->text = words(told.text);
	sentence->by = words(told.by);
	sentence->at = words(told.at);
	reply->sentence = sentence;
	reply->receipt.data = (uint8_t *)(uintptr_t)told.receipt.data;
	reply->receipt.len = told.receipt.length;
	return sentence->report && told.receipt.data ? request_reply(r, &reply->base)
						     : request_full(r);
}

/* What is wrong with a sentence before anybody looks where it stands; NULL: nothing. */
static const char *sentence_fault(const Inap__V1__EditionSelect *in)
{
	if (!*in->text) {
		return "is missing";
	}
	if (strlen(in->text) > SENTENCE_MAX) {
		return "is too long";
	}
	return strpbrk(in->text, "\t\n") ? "is one sentence, in one line" : NULL;
}

static enum step sentence_send(struct request *r)
{
	const Inap__V1__EditionSelect *in = request_body(r);
	const char *fault = in->remove ? NULL : sentence_fault(in);

	if (fault) {
		return request_fail(r, ERROR_BAD_ARGUMENT, "field", "text", "why", fault, NULL);
	}
	if (!in->remove && !in->vouched) {
		return request_fail(r, ERROR_BAD_ARGUMENT, "field", "vouched", "why",
				    "somebody vouches that it names nobody and places nobody",
				    NULL);
	}
	sql_system_head_lock(&r->unit);
	sql_sentence_change(&r->unit, r->reach->entity_id, r->plan, r->round,
			    (int64_t)in->base_revision, in->section, in->text, (int32_t)in->remove,
			    r->user_id, write_key(r), write_hash(r));
	sql_sentence_told(&r->unit, write_key(r));
	return request_send(r, SENT);
}

/** edition.sentence: a sentence of a narrative goes into editions, or no longer. */
enum step edition_sentence(struct request *r)
{
	switch (r->at) {
	case START:
		return sentence_send(r);
	case SENT:
		return sentence_reply(r);
	default:
		return request_bug(r);
	}
}
