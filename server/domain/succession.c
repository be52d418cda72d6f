/* An entity takes over from another: entity.succeed. */
#include "server/domain/succession.h"

#include "server/rpc/refusal.h"
#include "server/rpc/words.h"
#include "inap/v1/succession.pb-c.h"
#include "sql/succession.h"

enum { START, SENT };
enum { ENTRY_LOCK, ENTRY_SUCCEED };

static enum step succeed_send(struct request *r)
{
	const Inap__V1__EntitySucceed *in = request_body(r);

	r->unit.dry = in->dry_run;
	sql_succession_lock(&r->unit, in->old, in->successor);
	sql_entity_succeed(&r->unit, in->old, in->successor, in->from, in->note, r->user_id,
			   (struct bytes){ r->key, sizeof r->key },
			   (struct bytes){ r->body_hash, sizeof r->body_hash });
	return request_send(r, SENT);
}

/* Whose roles of the former entity stay with it. */
static bool people_reply(struct request *r, const struct sql_entity_succeed_row *row,
			 Inap__V1__EntitySucceedReply *reply)
{
	char **users, **roles;
	size_t people, held;

	if (!words_split(r, row->users, &users, &people) ||
	    !words_split(r, row->roles, &roles, &held)) {
		return false;
	}
	reply->people = request_array(r, people, sizeof(Inap__V1__FormerRole *));
	if (!reply->people) {
		return false;
	}
	for (size_t i = 0; i < people && i < held; i++) {
		Inap__V1__FormerRole *one = request_alloc(r, sizeof *one);

		if (!one) {
			return false;
		}
		inap__v1__former_role__init(one);
		one->user = users[i];
		one->role = roles[i];
		reply->people[reply->n_people++] = one;
	}
	return true;
}

static enum step succeed_reply(struct request *r)
{
	Inap__V1__EntitySucceedReply *reply = request_alloc(r, sizeof *reply);
	struct sql_entity_succeed_row row;

	if (unit_rows(&r->unit, ENTRY_SUCCEED) == 0) {
		return request_bug(r);
	}
	sql_entity_succeed_row(&r->unit, ENTRY_SUCCEED, 0, &row);
	if (row.fault) {
		return refusal_of(r, row.fault);
	}
	if (!reply) {
		return request_full(r);
	}
	inap__v1__entity_succeed_reply__init(reply);
	reply->old = words(row.old);
	reply->successor = words(row.successor);
	reply->from = words(row.quarter);
	reply->assignments = (uint32_t)row.assignments;
	reply->cells = (uint32_t)row.cells;
	reply->sections = (uint32_t)row.sections;
	reply->activities = (uint32_t)row.activities;
	reply->evidence = (uint32_t)row.evidence;
	reply->replayed = row.replayed;
	reply->dry_run = r->unit.dry;
	if (!r->unit.dry) { /* what was rolled back has no entry to vouch for */
		reply->receipt.data = (uint8_t *)(uintptr_t)row.receipt.data;
		reply->receipt.len = row.receipt.length;
	}
	if (!words_split(r, row.reports, &reply->reports, &reply->n_reports) ||
	    !people_reply(r, &row, reply)) {
		return request_full(r);
	}
	return request_reply(r, &reply->base);
}

/** entity.succeed: from a quarter on one entity stands where another stood. */
enum step entity_succeed(struct request *r)
{
	switch (r->at) {
	case START:
		return succeed_send(r);
	case SENT:
		return succeed_reply(r);
	default:
		return request_bug(r);
	}
}
