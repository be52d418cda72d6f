/* The moves of a report: ready to send-back, each a row of the transition table. */
#include "server/domain/move.h"

#include <stdlib.h>
#include <string.h>

#include "proto/enums.h"
#include "server/rpc/change.h"
#include "server/rpc/transition.h"
#include "server/rpc/value.h"
#include "server/rpc/words.h"
#include "server/store/array.h"
#include "inap/v1/report.pb-c.h"
#include "sql/move.h"

/* What a move may bring beside its row; unset members are NULL or 0. */
struct move {
	const struct transition *row;
	uint64_t base_revision;
	const char *note;
	const char *letter_number;
	const char *letter_date;
	const char *code;
	uint64_t point;
	const char *answer;
	char *const *targets; /* what points are opened on: report, cell:CODE... */
	size_t n_targets;
};

enum { MOVE_START, MOVE_SENT };
enum { ENTRY_LOCK, ENTRY_MOVE, ENTRY_TOTALS, ENTRY_MOVED, ENTRY_STALE, ENTRY_BLOCKS };

/* An empty string of the wire is "not given" here. */
static const char *move_given(const char *text)
{
	return text && *text ? text : NULL;
}

/* Where a published edition must not hold the report, whoever publishes one waits: he holds the
 * system's head. */
static const char *move_lock_literal(struct request *r, const struct transition *row)
{
	struct array entities;

	array_begin(&entities, &r->arena);
	if (row->action == INAP__V1__ACTION__ACTION_SEND_BACK) {
		array_add_bigint(&entities, 0);
	}
	array_add_bigint(&entities, r->reach->entity_id);
	return array_end(&entities);
}

static const char *move_targets(struct request *r, const struct move *m)
{
	struct array targets;

	array_begin(&targets, &r->arena);
	for (size_t i = 0; i < m->n_targets; i++) {
		array_add_text(&targets, m->targets[i]);
	}
	return array_end(&targets);
}

static enum step move_send(struct request *r, const struct move *m)
{
	const struct transition *row = m->row;
	struct bytes key = { r->key, sizeof r->key };
	struct bytes hash = { r->body_hash, sizeof r->body_hash };
	int64_t entity = r->reach->entity_id;
	int64_t base = (int64_t)m->base_revision;
	const char *note = move_given(m->note);
	const char *targets = move_targets(r, m);

	r->state = (void *)(uintptr_t)row;
	sql_head_lock(&r->unit, move_lock_literal(r, row));
	sql_report_move(&r->unit, entity, r->plan, r->round, base, row->from_states, row->to,
			row->name, row->claim, row->four_eyes, row->role_names, note, r->user_id,
			key, hash, move_given(m->letter_number), move_given(m->letter_date),
			move_given(m->code), (int64_t)m->point, move_given(m->answer), row->freeze,
			targets);
	sql_report_totals(&r->unit, entity, key);
	sql_report_moved(&r->unit, entity, r->plan, r->round, base, row->from_states, row->name,
			 row->claim, row->four_eyes, row->role_names, r->user_id, note, key, hash,
			 (int64_t)m->point, targets);
	sql_move_stale(&r->unit, entity, r->plan, r->round,
		       (int32_t)(r->reach->roles & r->method->roles), base, key);
	if (row->action == INAP__V1__ACTION__ACTION_SUBMIT) {
		sql_report_blocks(&r->unit, entity, r->plan, r->round, key);
	}
	return request_send(r, MOVE_SENT);
}

/* The problems that keep a report from being submitted, as fields of the refusal. */
static void move_blocks(struct request *r, Inap__V1__Error *refusal)
{
	size_t rows = unit_rows(&r->unit, ENTRY_BLOCKS);
	Inap__V1__FieldError *fields = request_array(r, rows + 1, sizeof *fields);

	refusal->fields = request_array(r, rows + 1, sizeof *refusal->fields);
	if (!fields || !refusal->fields) {
		return;
	}
	for (size_t i = 0; i < rows; i++) {
		struct sql_report_blocks_row row;

		sql_report_blocks_row(&r->unit, ENTRY_BLOCKS, i, &row);
		inap__v1__field_error__init(&fields[i]);
		fields[i].path = words(row.cell);
		fields[i].cell = fields[i].path;
		fields[i].code = words(row.code);
		fields[i].message = words(row.severity);
		fields[i].arguments =
			words_problem(r,
				      &(struct words_problem){
					      .cell = row.cell,
					      .unanswered = row.unanswered,
					      .asked = row.asked,
					      .names = { row.name_en, row.name_ar, row.name_ckb },
					      .op = row.op,
					      .terms = { row.left_term, row.right_term },
					      .values = { row.left_value, row.right_value },
				      },
				      &fields[i].n_arguments);
		refusal->fields[i] = &fields[i];
	}
	refusal->n_fields = rows;
}

/* What changed since the revision that the caller saw. */
static void move_changes(struct request *r, Inap__V1__Error *refusal)
{
	size_t rows = unit_rows(&r->unit, ENTRY_STALE);

	refusal->changes = request_array(r, rows + 1, sizeof *refusal->changes);
	for (size_t i = 0; refusal->changes && i < rows; i++) {
		struct sql_move_stale_row row;
		Inap__V1__CellChange *change;

		sql_move_stale_row(&r->unit, ENTRY_STALE, i, &row);
		change = change_make(r, &CHANGE_OF(row));
		if (!change) {
			return;
		}
		refusal->changes[refusal->n_changes++] = change;
	}
}

static const char *move_eyes(const char *fault)
{
	static const char *const reasons[][2] = {
		{ "FOUR_EYES:typed", "whoever typed figures does not sign them" },
		{ "FOUR_EYES:house", "nobody passes the report of the own house" },
		{ "FOUR_EYES:wrote", "you typed or signed this report" },
		{ "FOUR_EYES:endorsed", "you endorsed this report" },
		{ "FOUR_EYES:body", "another body endorses this entity's reports" },
	};

	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
		if (strcmp(fault, reasons[i][0]) == 0) {
			return reasons[i][1];
		}
	}
	return "four eyes";
}

/* A point on what the report does not have. */
static void move_stray(struct request *r, const char *target)
{
	static const char *const kinds[][2] = {
		{ "cell:", "asked cell" },   { "table:", "asked table" },
		{ "activity:", "activity" }, { "narrative:", "narrative section" },
		{ "asked", "asked cell" },
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		size_t length = strlen(kinds[i][0]);

		if (strncmp(target, kinds[i][0], length) == 0) {
			error_set(&r->error, ERROR_NOT_FOUND, "what", kinds[i][1], "name",
				  target[length] ? target + length : words_report(r), NULL);
			return;
		}
	}
	error_set(&r->error, ERROR_NOT_FOUND, "what", "target of a review point", "name", target,
		  NULL);
}

/* The arguments that each refusal's sentence names. */
static void move_error(struct request *r, const struct sql_report_moved_row *now, uint64_t base)
{
	const struct transition *row = r->state;
	const char *report = words_report(r);
	const char *colon = strchr(now->fault, ':');
	struct error *error = &r->error;

	if (strncmp(now->fault, "FOUR_EYES", 9) == 0) {
		error_set(error, ERROR_FOUR_EYES, "why", move_eyes(now->fault), NULL);
	} else if (strcmp(now->fault, "NOT_FOUND:point") == 0) {
		error_set(error, ERROR_NOT_FOUND, "what", "review point", "name", report, NULL);
	} else if (strcmp(now->fault, "NOT_FOUND") == 0) {
		error_set(error, ERROR_NOT_FOUND, "what", "report", "name", report, NULL);
	} else if (strncmp(now->fault, "NOT_FOUND:", 10) == 0) {
		move_stray(r, now->fault + 10);
	} else {
		error_set(error, colon ? ERROR_INTERNAL : error_by_name(now->fault), "report",
			  report, "state", now->state, "action", row->name, "round", r->round,
			  NULL);
		error_argf(error, "revision", "%lld", (long long)now->revision);
	}
	switch (error->code) {
	case ERROR_STALE_REVISION:
		error_argf(error, "base", "%llu", (unsigned long long)base);
		break;
	case ERROR_CLAIMED:
		error_argf(error, "by", "%s", now->claimed_by ? now->claimed_by : "");
		break;
	case ERROR_POINTS_OPEN:
		error_argf(error, "count", "%lld", (long long)now->points);
		break;
	case ERROR_INCOMPLETE:
	case ERROR_EXPLAIN_NEEDED:
		error_argf(error, "count", "%lld", (long long)now->problems);
		break;
	case ERROR_ROUND_NOT_OPEN:
		error_argf(error, "why", "%s", now->lock ? now->lock : "");
		break;
	case ERROR_NONE:
		error_set(error, ERROR_INTERNAL, NULL);
		break;
	default:
		break;
	}
}

static enum step move_refused(struct request *r, const struct sql_report_moved_row *now,
			      uint64_t base)
{
	bool mine = r->session && now->claimed_by && strcmp(now->claimed_by, r->session->user) == 0;
	Inap__V1__Error *refusal;

	move_error(r, now, base);
	if (r->error.code == ERROR_NOT_FOUND || r->error.code == ERROR_KEY_REUSED) {
		return STEP_DONE;
	}
	refusal = request_refusal(r);
	if (!refusal) {
		return request_full(r);
	}
	refusal->revision = (uint64_t)now->revision;
	refusal->actions = transition_actions(
		r, proto_enum_value(&inap__v1__state__descriptor, now->state), r->reach->roles,
		now->claimed_by != NULL && !mine ? TRANSITION_HELD : 0, &refusal->n_actions);
	if (r->error.code == ERROR_INCOMPLETE || r->error.code == ERROR_EXPLAIN_NEEDED) {
		move_blocks(r, refusal);
	} else if (r->error.code == ERROR_STALE_REVISION) {
		move_changes(r, refusal);
	}
	return STEP_DONE;
}

/* "2,3" as numbers. */
static bool move_points(struct request *r, const char *text, Inap__V1__ReportMoveReply *reply)
{
	char **numbers;

	if (!words_split(r, text, &numbers, &reply->n_points)) {
		return false;
	}
	reply->points = request_array(r, reply->n_points + 1, sizeof *reply->points);
	for (size_t i = 0; reply->points && i < reply->n_points; i++) {
		reply->points[i] = strtoull(numbers[i], NULL, 10);
	}
	return reply->points != NULL;
}

static enum step move_reply(struct request *r, uint64_t base)
{
	struct sql_report_moved_row now;
	Inap__V1__ReportMoveReply *reply;

	if (unit_rows(&r->unit, ENTRY_MOVED) == 0) {
		return request_fail(r, ERROR_NOT_FOUND, "what", "report", "name", words_report(r),
				    NULL);
	}
	sql_report_moved_row(&r->unit, ENTRY_MOVED, 0, &now);
	if (now.fault) {
		return move_refused(r, &now, base);
	}
	reply = request_alloc(r, sizeof *reply);
	if (!reply || !now.receipt.data) {
		return reply ? request_bug(r) : request_full(r);
	}
	inap__v1__report_move_reply__init(reply);
	reply->from = (Inap__V1__State)proto_enum_value(&inap__v1__state__descriptor, now.was);
	reply->to = (Inap__V1__State)proto_enum_value(&inap__v1__state__descriptor, now.state);
	reply->revision = (uint64_t)now.revision;
	reply->receipt.data = (uint8_t *)(uintptr_t)now.receipt.data;
	reply->receipt.len = now.receipt.length;
	reply->replayed = unit_rows(&r->unit, ENTRY_MOVE) == 0;
	if (!move_points(r, now.numbers, reply)) {
		return request_full(r);
	}
	reply->actions =
		transition_actions(r, (int)reply->to, r->reach->roles, 0, &reply->n_actions);
	return request_reply(r, &reply->base);
}

/* Every move: send once, answer. */
static enum step move_step(struct request *r, const struct move *m)
{
	switch (r->at) {
	case MOVE_START:
		return move_send(r, m);
	case MOVE_SENT:
		return move_reply(r, m->base_revision);
	default:
		return request_bug(r);
	}
}

/* The plain ones bring a revision and a note. */
static enum step move_plain(struct request *r, Inap__V1__Action action)
{
	const Inap__V1__ReportMove *in = request_body(r);
	struct move m = { .row = transition_of(action),
			  .base_revision = in->base_revision,
			  .note = in->note };

	return move_step(r, &m);
}

/** report.ready: the focal point marks it ready for the signature. */
enum step report_ready(struct request *r)
{
	return move_plain(r, INAP__V1__ACTION__ACTION_READY);
}

/** report.hand-back: the approver wants more before signing. */
enum step report_hand_back(struct request *r)
{
	return move_plain(r, INAP__V1__ACTION__ACTION_HAND_BACK);
}

/** report.withdraw: the approver takes a submission back before anyone claims it. */
enum step report_withdraw(struct request *r)
{
	return move_plain(r, INAP__V1__ACTION__ACTION_WITHDRAW);
}

/** report.contest: the entity does not own what the desk entered from paper. */
enum step report_contest(struct request *r)
{
	const Inap__V1__ReportMove *in = request_body(r);

	if (!move_given(in->note)) {
		return request_fail(r, ERROR_BAD_ARGUMENT, "field", "note", "why",
				    "a reason is needed", NULL);
	}
	return move_plain(r, INAP__V1__ACTION__ACTION_CONTEST);
}

/** review.claim: a coordinator takes it for review. */
enum step review_claim(struct request *r)
{
	return move_plain(r, INAP__V1__ACTION__ACTION_CLAIM);
}

/** review.release: and gives it up again. */
enum step review_release(struct request *r)
{
	return move_plain(r, INAP__V1__ACTION__ACTION_RELEASE);
}

/** review.endorse: the coordinator vouches for it. */
enum step review_endorse(struct request *r)
{
	return move_plain(r, INAP__V1__ACTION__ACTION_ENDORSE);
}

/** review.accept: the Secretariat takes it into the national total. */
enum step review_accept(struct request *r)
{
	return move_plain(r, INAP__V1__ACTION__ACTION_ACCEPT);
}

/** review.send-back: the Secretariat gives it back to review, with a reason. */
enum step review_send_back(struct request *r)
{
	const Inap__V1__ReportMove *in = request_body(r);

	if (!move_given(in->note)) {
		return request_fail(r, ERROR_BAD_ARGUMENT, "field", "note", "why",
				    "a reason is needed", NULL);
	}
	return move_plain(r, INAP__V1__ACTION__ACTION_SEND_BACK);
}

/** report.submit: the approver's signature. */
enum step report_submit(struct request *r)
{
	const Inap__V1__ReportSubmit *in = request_body(r);
	struct move m = {
		.row = transition_of(INAP__V1__ACTION__ACTION_SUBMIT),
		.base_revision = in->base_revision,
		.note = in->note,
		.letter_number = in->letter_number,
		.letter_date = in->letter_date,
	};

	if (move_given(in->letter_date) && !date_valid(in->letter_date)) {
		return request_fail(r, ERROR_DATE_BAD, "text", in->letter_date, NULL);
	}
	return move_step(r, &m);
}

/** review.return: back to the entity, with at least one open point. */
enum step review_return(struct request *r)
{
	static char whole[] = "report";
	static char *const targets[] = { whole };
	const Inap__V1__ReviewReturn *in = request_body(r);
	struct move m = {
		.row = transition_of(INAP__V1__ACTION__ACTION_RETURN),
		.base_revision = in->base_revision,
		.note = in->note,
		.code = in->code,
		.targets = targets,
		.n_targets = 1,
	};

	return move_step(r, &m);
}

/** review.point: a question on a part of the report; a submitted report is claimed by it, of a
 * returned one it opens more. */
enum step review_point(struct request *r)
{
	const Inap__V1__ReviewPointAdd *in = request_body(r);
	struct move m = {
		.row = transition_of(INAP__V1__ACTION__ACTION_POINT),
		.base_revision = in->base_revision,
		.note = in->text,
		.code = in->code,
		.targets = &in->target,
		.n_targets = 1,
	};

	if (!move_given(in->text) && strcmp(in->target, "asked") != 0) {
		return request_fail(r, ERROR_BAD_ARGUMENT, "field", "text", "why",
				    "a point asks something", NULL);
	}
	return move_step(r, &m);
}

/** review.withdraw: a point taken back. */
enum step review_withdraw(struct request *r)
{
	const Inap__V1__ReviewWithdraw *in = request_body(r);
	struct move m = {
		.row = transition_of(INAP__V1__ACTION__ACTION_WITHDRAW_POINT),
		.base_revision = in->base_revision,
		.note = in->note,
		.point = in->point,
	};

	return move_step(r, &m);
}

/* The entity wants cells opened, or, where `whole` is given and no cell named, the report. */
static enum step move_ask(struct request *r, Inap__V1__Action action, const char *code, char *whole)
{
	const Inap__V1__ReportAskCells *in = request_body(r);
	char **targets = request_array(r, in->n_cells + 1, sizeof *targets);
	struct move m = {
		.row = transition_of(action),
		.base_revision = in->base_revision,
		.note = in->note,
		.code = code,
		.targets = targets,
		.n_targets = in->n_cells,
	};

	if (r->at != MOVE_START) {
		return move_step(r, &m);
	}
	if ((in->n_cells == 0 && !whole) || !move_given(in->note)) {
		bool cells = in->n_cells > 0 || whole;

		return request_fail(r, ERROR_BAD_ARGUMENT, "field", cells ? "note" : "cells", "why",
				    cells ? "a reason is needed" : "is missing", NULL);
	}
	for (size_t i = 0; targets && i < in->n_cells; i++) {
		targets[i] = arena_printf(&r->arena, "cell:%s", in->cells[i]);
	}
	if (targets && in->n_cells == 0) {
		targets[m.n_targets++] = whole;
	}
	return targets ? move_step(r, &m) : request_full(r);
}

/** report.ask-cells: the entity wants more of a returned report opened; the coordinator decides. */
enum step report_ask_cells(struct request *r)
{
	return move_ask(r, INAP__V1__ACTION__ACTION_ASK_CELLS, NULL, NULL);
}

/** report.ask-restatement: it wants to correct what is published; the Secretariat decides. */
enum step report_ask_restatement(struct request *r)
{
	static char whole[] = "report";

	return move_ask(r, INAP__V1__ACTION__ACTION_ASK_RESTATEMENT, "restatement", whole);
}

/** edition.restate: the Secretariat opens what was asked for, or declines; the edition stays. */
enum step edition_restate(struct request *r)
{
	const Inap__V1__ReportMove *in = request_body(r);

	if (in->decline && !move_given(in->note)) {
		return request_fail(r, ERROR_BAD_ARGUMENT, "field", "note", "why", "is missing",
				    NULL);
	}
	if (in->decline) {
		return move_plain(r, INAP__V1__ACTION__ACTION_DECLINE_RESTATEMENT);
	}
	return move_plain(r, INAP__V1__ACTION__ACTION_RESTATE);
}

/** report.answer: corrected, or confirmed because. */
enum step report_answer(struct request *r)
{
	const Inap__V1__ReportAnswer *in = request_body(r);
	struct move m = {
		.row = transition_of(INAP__V1__ACTION__ACTION_ANSWER),
		.base_revision = in->base_revision,
		.note = in->text,
		.point = in->point,
		.answer = in->answer,
	};
	bool confirmed = strcmp(in->answer, "confirmed") == 0;

	if (!confirmed && strcmp(in->answer, "corrected") != 0) {
		return request_fail(r, ERROR_BAD_ARGUMENT, "field", "answer", "why",
				    "write corrected or confirmed", NULL);
	}
	if (confirmed && !move_given(in->text)) {
		return request_fail(r, ERROR_BAD_ARGUMENT, "field", "text", "why",
				    "confirmed needs a because", NULL);
	}
	return move_step(r, &m);
}
