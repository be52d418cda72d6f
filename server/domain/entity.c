/* Entities: entity.list. */
#include "server/domain/entity.h"

#include "proto/enums.h"
#include "server/rpc/words.h"
#include "inap/v1/plan.pb-c.h"
#include "sql/entity.h"

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
