/* Where plans stand: plan.suspend, plan.resume, plan.current. */
#include "server/domain/plan_state.h"

#include "server/rpc/refusal.h"
#include "server/rpc/words.h"
#include "inap/v1/plan_state.pb-c.h"
#include "sql/plan.h"
#include "sql/plan_state.h"

enum { START, SENT };
enum { ENTRY_LOCK, ENTRY_TURN };

static enum step turn_send(struct request *r)
{
	const Inap__V1__PlanTurn *in = request_body(r);
	struct bytes key = { r->key, sizeof r->key };

	r->unit.dry = in->dry_run;
	sql_system_head_lock(&r->unit);
	sql_plan_turn(&r->unit, in->plan, r->method->name, in->note, r->user_id, key,
		      (struct bytes){ r->body_hash, sizeof r->body_hash });
	if (r->method->number == METHOD_PLAN_CURRENT) {
		sql_plan_make_current(&r->unit, in->plan, key);
	}
	return request_send(r, SENT);
}

static enum step turn_reply(struct request *r)
{
	Inap__V1__PlanTurnReply *reply = request_alloc(r, sizeof *reply);
	struct sql_plan_turn_row row;

	if (unit_rows(&r->unit, ENTRY_TURN) == 0) {
		return request_bug(r);
	}
	sql_plan_turn_row(&r->unit, ENTRY_TURN, 0, &row);
	if (row.fault) {
		return refusal_of(r, row.fault);
	}
	if (!reply) {
		return request_full(r);
	}
	inap__v1__plan_turn_reply__init(reply);
	reply->plan = words(row.plan);
	reply->state = words(row.state);
	reply->current = row.current;
	reply->rounds = (uint32_t)row.rounds;
	reply->replayed = row.replayed;
	reply->dry_run = r->unit.dry;
	if (!r->unit.dry) { /* what was rolled back has no entry to vouch for */
		reply->receipt.data = (uint8_t *)(uintptr_t)row.receipt.data;
		reply->receipt.len = row.receipt.length;
	}
	return request_reply(r, &reply->base);
}

static enum step turn(struct request *r)
{
	switch (r->at) {
	case START:
		return turn_send(r);
	case SENT:
		return turn_reply(r);
	default:
		return request_bug(r);
	}
}

/** plan.suspend: no write of the plan is taken until it is resumed; everything can be read. */
enum step plan_suspend(struct request *r)
{
	return turn(r);
}

/** plan.resume: it goes on where it stood. */
enum step plan_resume(struct request *r)
{
	return turn(r);
}

/** plan.current: the plan that is meant where none is named. */
enum step plan_current(struct request *r)
{
	return turn(r);
}
