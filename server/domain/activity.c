/* Activities: activity.list, activity.add, activity.agree. */
#include "server/domain/activity.h"

#include <string.h>

#include "server/rpc/refusal.h"
#include "server/rpc/words.h"
#include "server/store/array.h"
#include "inap/v1/activity.pb-c.h"
#include "sql/activity.h"
#include "sql/move.h"

enum { START, SENT };
enum { ENTRY_SCOPE, ENTRY_LIST };
enum { ENTRY_LOCK, ENTRY_WRITE };

/* ---- the list */

/* What was asked for that is not there; NULL: all of it is. */
static enum step list_refused(struct request *r, const struct sql_activity_scope_row *there)
{
	const Inap__V1__ActivityList *in = request_body(r);

	if (!there->plan_there) {
		return request_fail(r, ERROR_NOT_FOUND, "what", "plan", "name",
				    *in->plan ? in->plan : "current", NULL);
	}
	if (!there->entity_there) {
		return request_fail(r, ERROR_NOT_FOUND, "what", "entity", "name", in->entity, NULL);
	}
	return request_fail(r, ERROR_NOT_FOUND, "what", "round", "name", in->round, NULL);
}

static bool activity_fill(struct request *r, const struct sql_activity_list_row *row,
			  Inap__V1__Activity *activity)
{
	inap__v1__activity__init(activity);
	activity->code = words(row->code);
	activity->name = words_name(r, row->name_en, row->name_ar, row->name_ckb);
	activity->under = words(row->under);
	activity->state = words(row->state);
	return activity->name != NULL;
}

static void member_fill(const struct sql_activity_list_row *row, Inap__V1__ActivityMember *member)
{
	inap__v1__activity_member__init(member);
	member->entity = words(row->member);
	member->lead = row->lead;
	member->status = words(row->status);
	member->percent = words(row->percent);
}

/* A row per member; those of one activity follow one another. */
static enum step list_reply(struct request *r)
{
	size_t rows = unit_rows(&r->unit, ENTRY_LIST);
	Inap__V1__ActivityListReply *reply = request_alloc(r, sizeof *reply);
	Inap__V1__Activity *list = request_array(r, rows + 1, sizeof *list);
	Inap__V1__ActivityMember *members = request_array(r, rows + 1, sizeof *members);
	Inap__V1__ActivityMember **places = request_array(r, rows + 1, sizeof *places);
	struct sql_activity_scope_row there;
	const char *last = "";

	sql_activity_scope_row(&r->unit, ENTRY_SCOPE, 0, &there);
	if (!there.plan_there || !there.entity_there || !there.round_there) {
		return list_refused(r, &there);
	}
	if (!reply || !list || !members || !places) {
		return request_full(r);
	}
	inap__v1__activity_list_reply__init(reply);
	reply->activities = request_array(r, rows + 1, sizeof *reply->activities);
	for (size_t i = 0; reply->activities && i < rows; i++) {
		struct sql_activity_list_row row;
		Inap__V1__Activity *activity;

		sql_activity_list_row(&r->unit, ENTRY_LIST, i, &row);
		reply->round = words(row.round);
		if (strcmp(last, row.code) != 0) {
			activity = &list[reply->n_activities];
			if (!activity_fill(r, &row, activity)) {
				return request_full(r);
			}
			activity->members = &places[i];
			reply->activities[reply->n_activities++] = activity;
			last = row.code;
		}
		activity = reply->activities[reply->n_activities - 1];
		member_fill(&row, &members[i]);
		activity->members[activity->n_members++] = &members[i];
	}
	return request_reply(r, &reply->base);
}

/** activity.list: the activities of a plan, who carries them out, and how they stand. */
enum step activity_list(struct request *r)
{
	const Inap__V1__ActivityList *in = request_body(r);

	switch (r->at) {
	case START:
		sql_activity_scope(&r->unit, in->plan, in->entity, in->round);
		sql_activity_list(&r->unit, in->plan, in->entity, in->round, r->user_id);
		return request_send(r, SENT);
	case SENT:
		return list_reply(r);
	default:
		return request_bug(r);
	}
}

/* ---- proposals */

/* What both writes answer with. */
struct outcome {
	const char *fault;
	const char *state;
	struct bytes receipt;
	bool replayed;
};

static enum step proposal_reply(struct request *r, const char *code, const struct outcome *outcome)
{
	Inap__V1__ActivityReply *reply;

	if (outcome->fault) {
		return refusal_of(r, outcome->fault);
	}
	reply = request_alloc(r, sizeof *reply);
	if (!reply || !outcome->receipt.data) {
		return reply ? request_bug(r) : request_full(r);
	}
	inap__v1__activity_reply__init(reply);
	reply->code = words(code);
	reply->state = words(outcome->state);
	reply->receipt.data = (uint8_t *)(uintptr_t)outcome->receipt.data;
	reply->receipt.len = outcome->receipt.length;
	reply->replayed = outcome->replayed;
	return request_reply(r, &reply->base);
}

static void proposal_lock(struct request *r)
{
	struct array entities;

	array_begin(&entities, &r->arena);
	array_add_bigint(&entities, r->reach->entity_id);
	sql_head_lock(&r->unit, array_end(&entities));
}

static enum step add_send(struct request *r)
{
	const Inap__V1__ActivityAdd *in = request_body(r);
	struct array contributors;

	if (!in->name || !*in->name->en) {
		return request_fail(r, ERROR_BAD_ARGUMENT, "field", "name", "why",
				    "the English name is missing", NULL);
	}
	array_begin(&contributors, &r->arena);
	for (size_t i = 0; i < in->n_contributors; i++) {
		array_add_text(&contributors, in->contributors[i]);
	}
	proposal_lock(r);
	sql_activity_add(&r->unit, r->reach->entity_id, in->plan, in->code, in->under, in->name->en,
			 in->name->ar, in->name->ckb, array_end(&contributors), in->note,
			 r->user_id, (struct bytes){ r->key, sizeof r->key },
			 (struct bytes){ r->body_hash, sizeof r->body_hash });
	return request_send(r, SENT);
}

static enum step add_reply(struct request *r)
{
	const Inap__V1__ActivityAdd *in = request_body(r);
	struct sql_activity_add_row row;

	if (unit_rows(&r->unit, ENTRY_WRITE) == 0) {
		return request_bug(r);
	}
	sql_activity_add_row(&r->unit, ENTRY_WRITE, 0, &row);
	return proposal_reply(r, in->code,
			      &(struct outcome){ row.fault, row.state, row.receipt, row.replayed });
}

/** activity.add: an entity proposes an activity of its sectoral plan. */
enum step activity_add(struct request *r)
{
	switch (r->at) {
	case START:
		return add_send(r);
	case SENT:
		return add_reply(r);
	default:
		return request_bug(r);
	}
}

static enum step agree_reply(struct request *r)
{
	const Inap__V1__ActivityAgree *in = request_body(r);
	struct sql_activity_agree_row row;

	if (unit_rows(&r->unit, ENTRY_WRITE) == 0) {
		return request_bug(r);
	}
	sql_activity_agree_row(&r->unit, ENTRY_WRITE, 0, &row);
	return proposal_reply(r, in->code,
			      &(struct outcome){ row.fault, row.state, row.receipt, row.replayed });
}

/** activity.agree: its coordinator agrees, once; it is an activity of the plan from now on. */
enum step activity_agree(struct request *r)
{
	const Inap__V1__ActivityAgree *in = request_body(r);

	switch (r->at) {
	case START:
		proposal_lock(r);
		sql_activity_agree(&r->unit, r->reach->entity_id, in->plan, in->code, in->note,
				   r->user_id, (struct bytes){ r->key, sizeof r->key },
				   (struct bytes){ r->body_hash, sizeof r->body_hash });
		return request_send(r, SENT);
	case SENT:
		return agree_reply(r);
	default:
		return request_bug(r);
	}
}
