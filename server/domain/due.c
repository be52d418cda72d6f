/* One report's deadline: a later due date, and excuses. */
#include "server/domain/due.h"

#include "proto/enums.h"
#include "server/rpc/refusal.h"
#include "server/rpc/value.h"
#include "server/rpc/words.h"
#include "server/store/array.h"
#include "inap/v1/extension.pb-c.h"
#include "sql/due.h"
#include "sql/move.h"

enum { START, SENT };
enum { ENTRY_LOCK, ENTRY_WRITE, ENTRY_TOLD };

static void due_lock(struct request *r)
{
	struct array entities;

	array_begin(&entities, &r->arena);
	array_add_bigint(&entities, r->reach->entity_id);
	sql_head_lock(&r->unit, array_end(&entities));
}

static enum step due_reply(struct request *r, const char *fault)
{
	struct sql_due_told_row told;
	Inap__V1__ReportDueReply *reply;

	if (fault) {
		return refusal_of(r, fault);
	}
	if (unit_rows(&r->unit, ENTRY_TOLD) == 0) {
		return request_bug(r);
	}
	sql_due_told_row(&r->unit, ENTRY_TOLD, 0, &told);
	reply = request_alloc(r, sizeof *reply);
	if (!reply) {
		return request_full(r);
	}
	inap__v1__report_due_reply__init(reply);
	reply->report = words_ref(r, told.plan, told.entity, told.round);
	if (!reply->report) {
		return request_full(r);
	}
	reply->state = (Inap__V1__State)proto_enum_value(&inap__v1__state__descriptor, told.state);
	reply->due_at = words(told.due_at);
	reply->extended = told.extended;
	reply->due_moved_from = words(told.due_moved_from);
	reply->excused = told.excused;
	reply->excused_note = words(told.excused_note);
	reply->dry_run = r->unit.dry;
	if (!r->unit.dry) { /* what was rolled back has no entry to vouch for */
		reply->receipt.data = (uint8_t *)(uintptr_t)told.receipt.data;
		reply->receipt.len = told.receipt.length;
	}
	return request_reply(r, &reply->base);
}

static enum step extend_send(struct request *r)
{
	const Inap__V1__RoundExtendOne *in = request_body(r);
	struct bytes key = { r->key, sizeof r->key };

	if (!*in->due_on) {
		return request_fail(r, ERROR_BAD_ARGUMENT, "field", "due_on", "why", "is missing",
				    NULL);
	}
	if (!date_valid(in->due_on)) {
		return request_fail(r, ERROR_DATE_BAD, "text", in->due_on, NULL);
	}
	if (!*in->note) {
		return request_fail(r, ERROR_BAD_ARGUMENT, "field", "note", "why",
				    "say why the date moves", NULL);
	}
	r->unit.dry = in->dry_run;
	due_lock(r);
	sql_due_one(&r->unit, r->reach->entity_id, in->plan, in->round, in->due_on, in->note,
		    r->user_id, key, (struct bytes){ r->body_hash, sizeof r->body_hash });
	sql_due_told(&r->unit, r->reach->entity_id, key);
	return request_send(r, SENT);
}

static enum step extend_reply(struct request *r)
{
	struct sql_due_one_row row;

	if (unit_rows(&r->unit, ENTRY_WRITE) == 0) {
		return request_bug(r);
	}
	sql_due_one_row(&r->unit, ENTRY_WRITE, 0, &row);
	return due_reply(r, row.fault);
}

/** round.extend-one: a later due date for one report, and why. */
enum step round_extend_one(struct request *r)
{
	switch (r->at) {
	case START:
		return extend_send(r);
	case SENT:
		return extend_reply(r);
	default:
		return request_bug(r);
	}
}

static enum step excuse_send(struct request *r)
{
	const Inap__V1__RoundExcuse *in = request_body(r);
	struct bytes key = { r->key, sizeof r->key };

	if (!*in->note && !in->back) {
		return request_fail(r, ERROR_BAD_ARGUMENT, "field", "note", "why",
				    "a reason is needed", NULL);
	}
	r->unit.dry = in->dry_run;
	due_lock(r);
	sql_excuse(&r->unit, r->reach->entity_id, in->plan, in->round, in->back, in->note,
		   r->user_id, key, (struct bytes){ r->body_hash, sizeof r->body_hash });
	sql_due_told(&r->unit, r->reach->entity_id, key);
	return request_send(r, SENT);
}

static enum step excuse_reply(struct request *r)
{
	struct sql_excuse_row row;

	if (unit_rows(&r->unit, ENTRY_WRITE) == 0) {
		return request_bug(r);
	}
	sql_excuse_row(&r->unit, ENTRY_WRITE, 0, &row);
	return due_reply(r, row.fault);
}

/** round.excuse: a report is taken out of expected, with a reason, or back. */
enum step round_excuse(struct request *r)
{
	switch (r->at) {
	case START:
		return excuse_send(r);
	case SENT:
		return excuse_reply(r);
	default:
		return request_bug(r);
	}
}
