/* Rounds: round.list, and the Secretariat's round.add, open, close, extend and outage. */
#include "server/domain/round.h"

#include "server/rpc/refusal.h"
#include "server/rpc/value.h"
#include "server/rpc/words.h"
#include "server/store/array.h"
#include "inap/v1/extension.pb-c.h"
#include "inap/v1/plan.pb-c.h"
#include "sql/due.h"
#include "sql/plan.h"
#include "sql/round.h"

enum { START, SENT };
enum { ENTRY_SCOPE, ENTRY_LIST, ENTRY_CHANGES };
enum { ENTRY_LOCK, ENTRY_WRITE, ENTRY_TOLD };

static bool round_fill(struct request *r, const struct sql_round_list_row *row,
		       Inap__V1__Round *round)
{
	inap__v1__round__init(round);
	round->plan = words(row->plan);
	round->round = words(row->round);
	round->opens_at = words(row->opens_at);
	round->due_at = words(row->due_at);
	round->closes_at = words(row->closes_at);
	round->state = words(row->state);
	round->expected = (uint32_t)row->expected;
	round->yearly_due_at = words(row->yearly_due_at);
	round->extended = row->extended;
	return words_split(r, row->periods, &round->periods, &round->n_periods) &&
	       words_split(r, row->surveys, &round->surveys, &round->n_surveys);
}

static Inap__V1__RoundListReply *round_reply_new(struct request *r, size_t n,
						 Inap__V1__Round **rounds)
{
	Inap__V1__RoundListReply *reply = request_alloc(r, sizeof *reply);

	*rounds = request_array(r, n + 1, sizeof **rounds);
	if (!reply || !*rounds) {
		return NULL;
	}
	inap__v1__round_list_reply__init(reply);
	reply->rounds = request_array(r, n + 1, sizeof *reply->rounds);
	if (!reply->rounds) {
		return NULL;
	}
	for (size_t i = 0; i < n; i++) {
		reply->rounds[i] = &(*rounds)[i];
	}
	reply->n_rounds = n;
	return reply;
}

/* What moved the due dates of the one round that was asked for. */
static bool round_changes(struct request *r, Inap__V1__Round *round)
{
	size_t n = unit_rows(&r->unit, ENTRY_CHANGES);
	Inap__V1__DueChange *changes = request_array(r, n + 1, sizeof *changes);

	round->changes = request_array(r, n + 1, sizeof *round->changes);
	if (!changes || !round->changes) {
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		struct sql_round_due_changes_row row;

		sql_round_due_changes_row(&r->unit, ENTRY_CHANGES, i, &row);
		inap__v1__due_change__init(&changes[i]);
		changes[i].entity = words(row.entity);
		changes[i].kind = words(row.kind);
		changes[i].due_before = words(row.due_before);
		changes[i].due_after = words(row.due_after);
		changes[i].yearly_before = words(row.yearly_before);
		changes[i].yearly_after = words(row.yearly_after);
		changes[i].outage_from = words(row.outage_from);
		changes[i].outage_to = words(row.outage_to);
		changes[i].note = words(row.note);
		changes[i].by = words(row.by);
		changes[i].at = words(row.at);
		round->changes[i] = &changes[i];
	}
	round->n_changes = n;
	return true;
}

static enum step round_list_reply(struct request *r)
{
	const Inap__V1__RoundList *in = request_body(r);
	size_t n = unit_rows(&r->unit, ENTRY_LIST);
	struct sql_round_scope_row there;
	Inap__V1__RoundListReply *reply;
	Inap__V1__Round *rounds;

	sql_round_scope_row(&r->unit, ENTRY_SCOPE, 0, &there);
	if (!there.plan_there && (*in->plan || *in->round)) {
		return request_fail(r, ERROR_NOT_FOUND, "what", "plan", "name",
				    *in->plan ? in->plan : "current", NULL);
	}
	if (n == 0 && *in->round) {
		return request_fail(r, ERROR_NOT_FOUND, "what", "round", "name", in->round, NULL);
	}
	reply = round_reply_new(r, n, &rounds);
	if (!reply) {
		return request_full(r);
	}
	for (size_t i = 0; i < n; i++) {
		struct sql_round_list_row row;

		sql_round_list_row(&r->unit, ENTRY_LIST, i, &row);
		if (!round_fill(r, &row, &rounds[i])) {
			return request_full(r);
		}
	}
	if (*in->round && !round_changes(r, &rounds[0])) {
		return request_full(r);
	}
	return request_reply(r, &reply->base);
}

/** round.list: rounds of a plan, newest first; before the first plan none. */
enum step round_list(struct request *r)
{
	const Inap__V1__RoundList *in = request_body(r);

	switch (r->at) {
	case START:
		sql_round_scope(&r->unit, in->plan);
		sql_round_list(&r->unit, in->plan, in->round);
		sql_round_due_changes(&r->unit, in->plan, in->round);
		return request_send(r, SENT);
	case SENT:
		return round_list_reply(r);
	default:
		return request_bug(r);
	}
}

/* ---- writes */

/* A write answers with the round as it was logged under its key, and its receipt. */
static enum step round_written(struct request *r, const char *fault)
{
	struct sql_round_told_row told;
	Inap__V1__RoundListReply *reply;
	Inap__V1__Round *round;

	if (fault) {
		return refusal_of(r, fault);
	}
	if (unit_rows(&r->unit, ENTRY_TOLD) == 0) {
		return request_bug(r);
	}
	sql_round_told_row(&r->unit, ENTRY_TOLD, 0, &told);
	const struct sql_round_list_row row = { .plan = told.plan,
						.round = told.round,
						.opens_at = told.opens_at,
						.due_at = told.due_at,
						.closes_at = told.closes_at,
						.state = told.state,
						.periods = told.periods,
						.surveys = told.surveys,
						.expected = told.expected,
						.yearly_due_at = told.yearly_due_at,
						.extended = told.extended };
	if (!told.receipt.data) {
		return arena_failed(&r->arena) ? request_full(r) : request_bug(r);
	}
	reply = round_reply_new(r, 1, &round);
	if (!reply || !round_fill(r, &row, round)) {
		return request_full(r);
	}
	round->due_moved_from = words(told.due_moved_from);
	round->yearly_moved_from = words(told.yearly_moved_from);
	reply->dry_run = r->unit.dry;
	if (!r->unit.dry) { /* what was rolled back has no entry to vouch for */
		reply->receipt.data = (uint8_t *)(uintptr_t)told.receipt.data;
		reply->receipt.len = told.receipt.length;
	}
	return request_reply(r, &reply->base);
}

static struct bytes round_key(const struct request *r)
{
	return (struct bytes){ r->key, sizeof r->key };
}

static struct bytes round_body_hash(const struct request *r)
{
	return (struct bytes){ r->body_hash, sizeof r->body_hash };
}

static bool round_date(struct request *r, const char *field, const char *text, bool wanted)
{
	if (!*text) {
		return !wanted || error_set(&r->error, ERROR_BAD_ARGUMENT, "field", field, "why",
					    "is missing", NULL);
	}
	return date_valid(text) || error_set(&r->error, ERROR_DATE_BAD, "text", text, NULL);
}

static enum step round_add_send(struct request *r)
{
	const Inap__V1__RoundAdd *in = request_body(r);
	struct array surveys;

	if (!round_date(r, "opens_on", in->opens_on, false) ||
	    !round_date(r, "due_on", in->due_on, true) ||
	    !round_date(r, "yearly_due_on", in->yearly_due_on, false) ||
	    !round_date(r, "closes_on", in->closes_on, false)) {
		return request_refuse(r);
	}
	array_begin(&surveys, &r->arena);
	for (size_t i = 0; i < in->n_surveys; i++) {
		array_add_text(&surveys, in->surveys[i]);
	}
	r->unit.dry = in->dry_run;
	sql_system_head_lock(&r->unit);
	sql_round_add(&r->unit, in->plan, in->round, in->opens_on, in->due_on, in->yearly_due_on,
		      in->closes_on, array_end(&surveys), r->user_id, round_key(r),
		      round_body_hash(r));
	sql_round_told(&r->unit, 0, round_key(r));
	return request_send(r, SENT);
}

static enum step round_add_reply(struct request *r)
{
	struct sql_round_add_row row;

	if (unit_rows(&r->unit, ENTRY_WRITE) == 0) {
		return request_bug(r);
	}
	sql_round_add_row(&r->unit, ENTRY_WRITE, 0, &row);
	return round_written(r, row.fault);
}

/** round.add: a quarter of the plan is opened for reporting, now or later. */
enum step round_add(struct request *r)
{
	switch (r->at) {
	case START:
		return round_add_send(r);
	case SENT:
		return round_add_reply(r);
	default:
		return request_bug(r);
	}
}

static enum step round_change_send(struct request *r)
{
	const Inap__V1__RoundChange *in = request_body(r);

	r->unit.dry = in->dry_run;
	sql_system_head_lock(&r->unit);
	sql_round_change(&r->unit, in->plan, in->round, r->method->name, in->due_on,
			 in->yearly_due_on, in->closes_on, in->note, r->user_id, round_key(r),
			 round_body_hash(r));
	sql_round_told(&r->unit, 0, round_key(r));
	return request_send(r, SENT);
}

static enum step round_change_reply(struct request *r)
{
	struct sql_round_change_row row;

	if (unit_rows(&r->unit, ENTRY_WRITE) == 0) {
		return request_bug(r);
	}
	sql_round_change_row(&r->unit, ENTRY_WRITE, 0, &row);
	return round_written(r, row.fault);
}

/* The three changes differ in what they must be given. */
static enum step round_change(struct request *r, bool given)
{
	switch (r->at) {
	case START:
		return given ? round_change_send(r) : request_refuse(r);
	case SENT:
		return round_change_reply(r);
	default:
		return request_bug(r);
	}
}

static bool round_unwanted(struct request *r, const char *field, const char *text)
{
	return !*text || error_set(&r->error, ERROR_BAD_ARGUMENT, "field", field, "why",
				   "has no place here", NULL);
}

static bool round_note(struct request *r, const char *note)
{
	return *note || error_set(&r->error, ERROR_BAD_ARGUMENT, "field", "note", "why",
				  "say why the date moves", NULL);
}

/** round.open: now, before its time, or again after it was closed. */
enum step round_open(struct request *r)
{
	const Inap__V1__RoundChange *in = request_body(r);

	return round_change(r, round_unwanted(r, "due_on", in->due_on) &&
				       round_unwanted(r, "yearly_due_on", in->yearly_due_on) &&
				       round_unwanted(r, "closes_on", in->closes_on));
}

/** round.close: at the end of a day, or now. */
enum step round_close(struct request *r)
{
	const Inap__V1__RoundChange *in = request_body(r);

	return round_change(r, round_unwanted(r, "due_on", in->due_on) &&
				       round_unwanted(r, "yearly_due_on", in->yearly_due_on) &&
				       round_date(r, "closes_on", in->closes_on, false));
}

/** round.extend: later due dates for all, and why. */
enum step round_extend(struct request *r)
{
	const Inap__V1__RoundChange *in = request_body(r);

	return round_change(r, round_unwanted(r, "closes_on", in->closes_on) &&
				       round_date(r, "due_on", in->due_on, !*in->yearly_due_on) &&
				       round_date(r, "yearly_due_on", in->yearly_due_on, false) &&
				       round_note(r, in->note));
}

static bool round_moment(struct request *r, const char *field, const char *text)
{
	if (!*text) {
		return error_set(&r->error, ERROR_BAD_ARGUMENT, "field", field, "why", "is missing",
				 NULL);
	}
	return moment_valid(text) || error_set(&r->error, ERROR_DATE_BAD, "text", text, NULL);
}

static enum step round_outage_send(struct request *r)
{
	const Inap__V1__RoundOutage *in = request_body(r);

	if (!round_moment(r, "from_at", in->from_at) || !round_moment(r, "to_at", in->to_at) ||
	    !round_note(r, in->note)) {
		return request_refuse(r);
	}
	r->unit.dry = in->dry_run;
	sql_outage_lock(&r->unit, in->plan, in->round);
	sql_outage_add(&r->unit, in->plan, in->round, in->from_at, in->to_at, in->note, r->user_id,
		       round_key(r), round_body_hash(r));
	sql_round_told(&r->unit, 0, round_key(r));
	return request_send(r, SENT);
}

static enum step round_outage_reply(struct request *r)
{
	struct sql_outage_add_row row;

	if (unit_rows(&r->unit, ENTRY_WRITE) == 0) {
		return request_bug(r);
	}
	sql_outage_add_row(&r->unit, ENTRY_WRITE, 0, &row);
	return round_written(r, row.fault);
}

/** round.outage: what nobody could do in the last days moves the due dates for all. */
enum step round_outage(struct request *r)
{
	switch (r->at) {
	case START:
		return round_outage_send(r);
	case SENT:
		return round_outage_reply(r);
	default:
		return request_bug(r);
	}
}
