/* Reminders: round.remind. */
#include "server/domain/remind.h"

#include "proto/enums.h"
#include "server/rpc/refusal.h"
#include "server/rpc/words.h"
#include "inap/v1/remind.pb-c.h"
#include "sql/plan.h"
#include "sql/remind.h"

enum { START, SENT };
enum { ENTRY_LOCK, ENTRY_WRITE, ENTRY_TOLD };

static bool reminders_fill(struct request *r, Inap__V1__RoundRemindReply *reply)
{
	size_t n = unit_rows(&r->unit, ENTRY_TOLD);
	Inap__V1__Reminder *reminders = request_array(r, n + 1, sizeof *reminders);

	reply->reminders = request_array(r, n + 1, sizeof *reply->reminders);
	for (size_t i = 0; reminders && reply->reminders && i < n; i++) {
		struct sql_remind_told_row row;

		sql_remind_told_row(&r->unit, ENTRY_TOLD, i, &row);
		reply->round = words(row.round);
		if (!row.entity) {
			continue;
		}
		inap__v1__reminder__init(&reminders[i]);
		reminders[i].report = words_ref(r, row.plan, row.entity, row.round);
		reminders[i].name = words_name(r, row.name_en, row.name_ar, row.name_ckb);
		reminders[i].state =
			(Inap__V1__State)proto_enum_value(&inap__v1__state__descriptor, row.state);
		reminders[i].kind = words(row.kind);
		reminders[i].due_at = words(row.due_at);
		reminders[i].already = row.already;
		if (!reminders[i].report || !reminders[i].name) {
			return false;
		}
		reply->reminders[reply->n_reminders++] = &reminders[i];
	}
	return reminders && reply->reminders;
}

static enum step remind_send(struct request *r)
{
	const Inap__V1__RoundRemind *in = request_body(r);
	struct bytes key = { r->key, sizeof r->key };

	if (!*in->round) { /* nobody is reminded by chance */
		return request_fail(r, ERROR_BAD_ARGUMENT, "field", "round", "why",
				    "a reminder names its round", NULL);
	}
	r->unit.dry = in->dry_run;
	sql_system_head_lock(&r->unit);
	sql_remind_write(&r->unit, in->plan, in->round, in->days, in->note, r->user_id, key,
			 (struct bytes){ r->body_hash, sizeof r->body_hash });
	sql_remind_told(&r->unit, key);
	return request_send(r, SENT);
}

static enum step remind_reply(struct request *r)
{
	Inap__V1__RoundRemindReply *reply = request_alloc(r, sizeof *reply);
	struct sql_remind_write_row row;

	if (unit_rows(&r->unit, ENTRY_WRITE) == 0) {
		return request_bug(r);
	}
	sql_remind_write_row(&r->unit, ENTRY_WRITE, 0, &row);
	if (row.fault) {
		return refusal_of(r, row.fault);
	}
	if (!reply) {
		return request_full(r);
	}
	inap__v1__round_remind_reply__init(reply);
	reply->replayed = row.replayed;
	reply->dry_run = r->unit.dry;
	if (!r->unit.dry) { /* what was rolled back has no entry to vouch for */
		reply->receipt.data = (uint8_t *)(uintptr_t)row.receipt.data;
		reply->receipt.len = row.receipt.length;
	}
	return reminders_fill(r, reply) ? request_reply(r, &reply->base) : request_full(r);
}

/** round.remind: a notice in the todo of every office that is late or due soon, once a day. */
enum step round_remind(struct request *r)
{
	switch (r->at) {
	case START:
		return remind_send(r);
	case SENT:
		return remind_reply(r);
	default:
		return request_bug(r);
	}
}
