/* assignment.change: an assignment made or ended by hand. Everything about it is judged in SQL. */
#include "server/domain/assignment.h"

#include "server/rpc/refusal.h"
#include "server/rpc/words.h"
#include "server/store/array.h"
#include "inap/v1/assignment.pb-c.h"
#include "sql/assignment.h"
#include "sql/plan.h"

enum { START, SENT };
enum { ENTRY_LOCK, ENTRY_CHANGE };

static enum step change_send(struct request *r)
{
	const Inap__V1__AssignmentChange *in = request_body(r);
	bool ends = *in->part == '\0';
	struct array covers;

	if (ends ? *in->from || in->n_covers > 0 : *in->to) {
		return request_fail(r, ERROR_BAD_ARGUMENT, "field", ends ? "part" : "to", "why",
				    "an assignment is made from a quarter on, or ended with one",
				    NULL);
	}
	array_begin(&covers, &r->arena);
	for (size_t i = 0; i < in->n_covers; i++) {
		array_add_text(&covers, in->covers[i]);
	}
	r->unit.dry = in->dry_run;
	sql_system_head_lock(&r->unit);
	sql_assignment_change(&r->unit, in->plan, in->entity, in->indicator, in->part,
			      array_end(&covers), ends ? in->to : in->from, ends, in->note,
			      r->user_id, (struct bytes){ r->key, sizeof r->key },
			      (struct bytes){ r->body_hash, sizeof r->body_hash });
	return request_send(r, SENT);
}

static enum step change_reply(struct request *r)
{
	const Inap__V1__AssignmentChange *in = request_body(r);
	struct sql_assignment_change_row row;
	Inap__V1__AssignmentReply *reply;

	if (unit_rows(&r->unit, ENTRY_CHANGE) == 0) {
		return request_bug(r);
	}
	sql_assignment_change_row(&r->unit, ENTRY_CHANGE, 0, &row);
	if (row.fault) {
		return refusal_of(r, row.fault);
	}
	reply = request_alloc(r, sizeof *reply);
	if (!reply || !row.receipt.data) {
		return arena_failed(&r->arena) ? request_full(r) : request_bug(r);
	}
	inap__v1__assignment_reply__init(reply);
	reply->entity = words(row.entity);
	reply->indicator = words(row.indicator);
	reply->part = words(row.part);
	reply->from = words(row.from);
	reply->to = words(row.to);
	reply->before = (uint32_t)row.before;
	reply->cells = (uint32_t)row.cells;
	reply->dry_run = in->dry_run;
	if (!in->dry_run) { /* what was rolled back has no entry to vouch for */
		reply->receipt.data = (uint8_t *)(uintptr_t)row.receipt.data;
		reply->receipt.len = row.receipt.length;
	}
	if (!words_split(r, row.covers, &reply->covers, &reply->n_covers) ||
	    !words_split(r, row.warnings, &reply->warnings, &reply->n_warnings)) {
		return request_full(r);
	}
	return request_reply(r, &reply->base);
}

/** assignment.change: an entity reports an indicator from a quarter on, or no more after one. */
enum step assignment_change(struct request *r)
{
	switch (r->at) {
	case START:
		return change_send(r);
	case SENT:
		return change_reply(r);
	default:
		return request_bug(r);
	}
}
