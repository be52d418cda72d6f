/* Entities: entity.list, entity.edit. */
#include "server/domain/entity.h"

#include "proto/enums.h"
#include "server/rpc/people.h"
#include "server/rpc/refusal.h"
#include "server/rpc/words.h"
#include "inap/v1/office.pb-c.h"
#include "inap/v1/plan.pb-c.h"
#include "sql/entity.h"
#include "sql/plan.h"

enum { START, SENT };

static bool entity_fill(struct request *r, size_t i, Inap__V1__Entity *entity)
{
	struct sql_entity_list_row row;

	sql_entity_list_row(&r->unit, 0, i, &row);
	inap__v1__entity__init(entity);
	entity->code = words(row.code);
	entity->name = words_name(r, row.name_en, row.name_ar, row.name_ckb);
	entity->jurisdiction = (Inap__V1__Jurisdiction)proto_enum_value(
		&inap__v1__jurisdiction__descriptor, words(row.jurisdiction));
	entity->kind = words(row.kind);
	entity->parent = words(row.parent);
	entity->reporting = row.reporting;
	entity->from = words(row.valid_from);
	entity->to = words(row.valid_to);
	entity->endorsed_by = words(row.endorsed_by);
	entity->single_signatory = row.single_signatory;
	entity->order_number = words(row.order_number);
	entity->order_date = words(row.order_date);
	return entity->name != NULL;
}

static enum step entity_reply(struct request *r)
{
	const Inap__V1__EntityList *in = request_body(r);
	size_t n = unit_rows(&r->unit, 0);
	Inap__V1__EntityListReply *reply = request_alloc(r, sizeof *reply);
	Inap__V1__Entity *entities = request_array(r, n + 1, sizeof *entities);

	if (n == 0 && *in->code) {
		return request_fail(r, ERROR_NOT_FOUND, "what", "entity", "name", in->code, NULL);
	}
	if (!reply || !entities) {
		return request_full(r);
	}
	inap__v1__entity_list_reply__init(reply);
	reply->entities = request_array(r, n + 1, sizeof *reply->entities);
	if (!reply->entities) {
		return request_full(r);
	}
	for (size_t i = 0; i < n; i++) {
		if (!entity_fill(r, i, &entities[i])) {
			return request_full(r);
		}
		reply->entities[i] = &entities[i];
	}
	reply->n_entities = n;
	return request_reply(r, &reply->base);
}

/* Both jurisdictions together are no narrowing. */
static const char *entity_jurisdiction(const Inap__V1__EntityList *in)
{
	const char *word =
		proto_enum_text(&inap__v1__jurisdiction__descriptor, (int)in->jurisdiction);

	return word && in->jurisdiction != INAP__V1__JURISDICTION__JURISDICTION_IRAQ ? word : "";
}

/** entity.list: the institutions there are, of one jurisdiction, or one. */
enum step entity_list(struct request *r)
{
	const Inap__V1__EntityList *in = request_body(r);

	switch (r->at) {
	case START:
		sql_entity_list(&r->unit, in->code, entity_jurisdiction(in));
		return request_send(r, SENT);
	case SENT:
		return entity_reply(r);
	default:
		return request_bug(r);
	}
}

/* ---- entity.edit */

static bool edit_check(struct request *r)
{
	const Inap__V1__EntityEdit *in = request_body(r);

	if (in->single_signatory && (!*in->order_number || !*in->order_date)) {
		return people_wrong(
			r, "order_number",
			"a single signatory wants the number and the date of the order");
	}
	return people_order_check(r, in->order_number, in->order_date);
}

static enum step edit_send(struct request *r)
{
	const Inap__V1__EntityEdit *in = request_body(r);

	if (!edit_check(r)) {
		return request_refuse(r);
	}
	r->unit.context_write = "{0}"; /* it goes to the system's own chain */
	sql_system_head_lock(&r->unit);
	sql_entity_edit(&r->unit, r->reach->entity, in->single_signatory, in->order_number,
			*in->order_date ? in->order_date : NULL, in->note, r->user_id,
			(struct bytes){ r->key, sizeof r->key },
			(struct bytes){ r->body_hash, sizeof r->body_hash });
	return request_send(r, SENT);
}

static enum step edit_reply(struct request *r)
{
	enum { ENTRY_LOCK, ENTRY_EDIT };
	Inap__V1__EntityEditReply *reply;
	struct sql_entity_edit_row row;

	if (unit_rows(&r->unit, ENTRY_EDIT) == 0) {
		return request_bug(r);
	}
	sql_entity_edit_row(&r->unit, ENTRY_EDIT, 0, &row);
	if (row.fault) {
		return refusal_of(r, row.fault);
	}
	reply = request_alloc(r, sizeof *reply);
	if (!reply) {
		return request_full(r);
	}
	inap__v1__entity_edit_reply__init(reply);
	reply->entity = words(r->reach->entity);
	reply->single_signatory = row.single_signatory;
	reply->order_number = words(row.order_number);
	reply->order_date = words(row.order_date);
	reply->receipt.data = (uint8_t *)(uintptr_t)row.receipt.data;
	reply->receipt.len = row.receipt.length;
	return request_reply(r, &reply->base);
}

/** entity.edit: one person may type and sign an entity's reports, by written order; or no longer.
 */
enum step entity_edit(struct request *r)
{
	switch (r->at) {
	case START:
		return edit_send(r);
	case SENT:
		return edit_reply(r);
	default:
		return request_bug(r);
	}
}
