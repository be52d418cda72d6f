/* Targets: set, revised, taken back, listed; lights set by hand. Everything is judged in SQL. */
#include "server/domain/target.h"

#include <string.h>

#include "proto/enums.h"
#include "proto/number.h"
#include "server/rpc/refusal.h"
#include "server/rpc/words.h"
#include "inap/v1/target.pb-c.h"
#include "sql/plan.h"
#include "sql/target.h"

enum { START, SENT };
enum { ENTRY_LOCK, ENTRY_DONE };
enum { ENTRY_SCOPE, ENTRY_TARGETS };

static Inap__V1__Jurisdiction side_of(const char *word)
{
	return (Inap__V1__Jurisdiction)proto_enum_value(&inap__v1__jurisdiction__descriptor,
							word ? word : "iraq");
}

/* The nation's is kept without a jurisdiction. */
static const char *side_word(Inap__V1__Jurisdiction side)
{
	switch (side) {
	case INAP__V1__JURISDICTION__JURISDICTION_FEDERAL:
	case INAP__V1__JURISDICTION__JURISDICTION_KURDISTAN:
		return proto_enum_text(&inap__v1__jurisdiction__descriptor, (int)side);
	default:
		return "";
	}
}

/* The first of a target's numbers that is none; NULL: all are, or are empty. */
static const char *number_wrong(const Inap__V1__TargetSet *in)
{
	const char *const numbers[][2] = { { in->number, "number" },
					   { in->tolerance, "tolerance" },
					   { in->baseline, "baseline" } };

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		if (*numbers[i][0] && !number_valid(numbers[i][0])) {
			return numbers[i][1];
		}
	}
	return NULL;
}

static enum step set_send(struct request *r)
{
	const Inap__V1__TargetSet *in = request_body(r);
	const char *wrong = number_wrong(in);

	if (wrong) {
		return request_fail(r, ERROR_BAD_ARGUMENT, "field", wrong, "why",
				    "write digits and one point, 12.5", NULL);
	}
	sql_system_head_lock(&r->unit);
	sql_target_set(&r->unit, in->plan, in->cell, in->entity, side_word(in->jurisdiction),
		       in->period, in->kind, in->number, in->tolerance, in->baseline, in->ended,
		       in->base_revision, in->note, r->user_id,
		       (struct bytes){ r->key, sizeof r->key },
		       (struct bytes){ r->body_hash, sizeof r->body_hash });
	return request_send(r, SENT);
}

static enum step set_reply(struct request *r)
{
	struct sql_target_set_row row;
	Inap__V1__TargetReply *reply;

	if (unit_rows(&r->unit, ENTRY_DONE) == 0) {
		return request_bug(r);
	}
	sql_target_set_row(&r->unit, ENTRY_DONE, 0, &row);
	if (row.fault) {
		return refusal_of(r, row.fault);
	}
	reply = request_alloc(r, sizeof *reply);
	if (!reply) {
		return request_full(r);
	}
	inap__v1__target_reply__init(reply);
	reply->target = request_alloc(r, sizeof *reply->target);
	if (!reply->target) {
		return request_full(r);
	}
	inap__v1__target__init(reply->target);
	reply->target->cell = words(row.cell);
	reply->target->entity = words(row.entity);
	reply->target->jurisdiction = side_of(row.jurisdiction);
	reply->target->period = words(row.period);
	reply->target->kind = words(row.kind);
	reply->target->number = words(row.number);
	reply->target->tolerance = words(row.tolerance);
	reply->target->baseline = words(row.baseline);
	reply->target->ended = row.ended;
	reply->target->current = !row.ended;
	reply->target->revision = (uint32_t)row.revision;
	reply->receipt.data = (uint8_t *)(uintptr_t)row.receipt.data;
	reply->receipt.len = row.receipt.length;
	return request_reply(r, &reply->base);
}

/** target.set: a target, its revision, or its end. */
enum step target_set(struct request *r)
{
	switch (r->at) {
	case START:
		return set_send(r);
	case SENT:
		return set_reply(r);
	default:
		return request_bug(r);
	}
}

static void target_fill(const struct sql_target_list_row *row, Inap__V1__Target *target)
{
	inap__v1__target__init(target);
	target->cell = words(row->cell);
	target->entity = words(row->entity);
	target->jurisdiction = side_of(row->jurisdiction);
	target->period = words(row->period);
	target->kind = words(row->kind);
	target->number = words(row->number);
	target->tolerance = words(row->tolerance);
	target->baseline = words(row->baseline);
	target->revision = (uint32_t)row->revision;
	target->ended = row->ended;
	target->current = row->current;
	target->reason = words(row->reason);
	target->by = words(row->by);
	target->at = words(row->at);
}

static enum step list_reply(struct request *r)
{
	const Inap__V1__TargetList *in = request_body(r);
	size_t n = unit_rows(&r->unit, ENTRY_TARGETS);
	struct sql_target_scope_row scope;
	Inap__V1__TargetListReply *reply;
	Inap__V1__Target *targets;

	sql_target_scope_row(&r->unit, ENTRY_SCOPE, 0, &scope);
	if (!scope.plan_there) {
		return request_fail(r, ERROR_NOT_FOUND, "what", "plan", "name",
				    *in->plan ? in->plan : "current", NULL);
	}
	if (!scope.indicator_there || !scope.entity_there) {
		return request_fail(r, ERROR_NOT_FOUND, "what",
				    scope.indicator_there ? "entity" : "indicator", "name",
				    scope.indicator_there ? in->entity : in->indicator, NULL);
	}
	reply = request_alloc(r, sizeof *reply);
	targets = request_array(r, n + 1, sizeof *targets);
	if (!reply || !targets) {
		return request_full(r);
	}
	inap__v1__target_list_reply__init(reply);
	reply->targets = request_array(r, n + 1, sizeof *reply->targets);
	if (!reply->targets) {
		return request_full(r);
	}
	for (size_t i = 0; i < n; i++) {
		struct sql_target_list_row row;

		sql_target_list_row(&r->unit, ENTRY_TARGETS, i, &row);
		target_fill(&row, &targets[i]);
		reply->targets[reply->n_targets++] = &targets[i];
	}
	return request_reply(r, &reply->base);
}

/** target.list: targets in force, or every revision of them. */
enum step target_list(struct request *r)
{
	const Inap__V1__TargetList *in = request_body(r);

	switch (r->at) {
	case START:
		sql_target_scope(&r->unit, in->plan, in->indicator, in->entity);
		sql_target_list(&r->unit, in->plan, in->indicator, in->entity, in->all);
		return request_send(r, SENT);
	case SENT:
		return list_reply(r);
	default:
		return request_bug(r);
	}
}

static enum step override_reply(struct request *r)
{
	struct sql_light_set_row row;
	Inap__V1__LightReply *reply;

	if (unit_rows(&r->unit, ENTRY_DONE) == 0) {
		return request_bug(r);
	}
	sql_light_set_row(&r->unit, ENTRY_DONE, 0, &row);
	if (row.fault) {
		return refusal_of(r, row.fault);
	}
	reply = request_alloc(r, sizeof *reply);
	if (!reply) {
		return request_full(r);
	}
	inap__v1__light_reply__init(reply);
	reply->cell = words(row.cell);
	reply->entity = words(row.entity);
	reply->jurisdiction = side_of(row.jurisdiction);
	reply->round = words(row.round);
	reply->light = words(row.light);
	reply->revision = (uint64_t)row.revision;
	reply->receipt.data = (uint8_t *)(uintptr_t)row.receipt.data;
	reply->receipt.len = row.receipt.length;
	return request_reply(r, &reply->base);
}

/** light.override: a light set by hand, with a reason, beside the one worked out. */
enum step light_override(struct request *r)
{
	const Inap__V1__LightOverride *in = request_body(r);

	switch (r->at) {
	case START:
		sql_system_head_lock(&r->unit);
		sql_light_set(&r->unit, in->plan, in->round, in->cell, in->entity,
			      side_word(in->jurisdiction), in->light, (int64_t)in->base_revision,
			      in->note, r->user_id, (struct bytes){ r->key, sizeof r->key },
			      (struct bytes){ r->body_hash, sizeof r->body_hash });
		return request_send(r, SENT);
	case SENT:
		return override_reply(r);
	default:
		return request_bug(r);
	}
}
