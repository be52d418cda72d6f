/* review.pairs: where two entities that report the same fact differ. */
#include "server/domain/pair.h"

#include "server/rpc/words.h"
#include "inap/v1/pair.pb-c.h"
#include "sql/pair.h"

enum { START, SENT };

/* NULL at the arena's cap. */
static Inap__V1__PairSide *side_make(struct request *r, const char *entity, const char *cell,
				     const char *figure)
{
	Inap__V1__PairSide *side = request_alloc(r, sizeof *side);

	if (!side) {
		return NULL;
	}
	inap__v1__pair_side__init(side);
	side->entity = words(entity);
	side->cell = words(cell);
	side->figure = words(figure);
	return side;
}

static bool pair_fill(struct request *r, const struct sql_pair_list_row *row, Inap__V1__Pair *pair)
{
	inap__v1__pair__init(pair);
	pair->code = words(row->code);
	pair->name = words_name(r, row->name_en, row->name_ar, row->name_ckb);
	pair->tolerance = words(row->tolerance);
	pair->differs = row->differs;
	pair->left = side_make(r, row->left_entity, row->left_cell, row->left_figure);
	pair->right = side_make(r, row->right_entity, row->right_cell, row->right_figure);
	if (!pair->name || !pair->left || !pair->right) {
		return false;
	}
	pair->left->point = (uint32_t)row->left_point;
	pair->right->point = (uint32_t)row->right_point;
	return true;
}

static enum step pairs_reply(struct request *r)
{
	const Inap__V1__PairList *in = request_body(r);
	size_t n = unit_rows(&r->unit, 0);
	struct sql_pair_list_row row;
	Inap__V1__PairListReply *reply;
	Inap__V1__Pair *pairs;

	sql_pair_list_row(&r->unit, 0, 0, &row);
	if (!row.plan || !row.round) {
		return request_fail(r, ERROR_NOT_FOUND, "what", row.plan ? "round" : "plan", "name",
				    row.plan ? (*in->round ? in->round : "open")
					     : (*in->plan ? in->plan : "current"),
				    NULL);
	}
	reply = request_alloc(r, sizeof *reply);
	pairs = request_array(r, n, sizeof *pairs);
	if (!reply || !pairs) {
		return request_full(r);
	}
	inap__v1__pair_list_reply__init(reply);
	reply->round = words(row.round);
	reply->pairs = request_array(r, n, sizeof *reply->pairs);
	if (!reply->pairs) {
		return request_full(r);
	}
	for (size_t i = 0; i < n; i++) {
		sql_pair_list_row(&r->unit, 0, i, &row);
		if (!row.code) {
			continue;
		}
		if (!pair_fill(r, &row, &pairs[i])) {
			return request_full(r);
		}
		reply->pairs[reply->n_pairs++] = &pairs[i];
	}
	return request_reply(r, &reply->base);
}

/** review.pairs: the pairs of a round of which the caller reviews a side. */
enum step review_pairs(struct request *r)
{
	const Inap__V1__PairList *in = request_body(r);

	switch (r->at) {
	case START:
		sql_pair_list(&r->unit, in->plan, in->round, r->user_id);
		return request_send(r, SENT);
	case SENT:
		return pairs_reply(r);
	default:
		return request_bug(r);
	}
}
