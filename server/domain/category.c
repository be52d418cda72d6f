/* Categories: category.list. */
#include "server/domain/category.h"

#include <string.h>

#include "server/rpc/words.h"
#include "inap/v1/category.pb-c.h"
#include "sql/category.h"

enum { START, SENT };

static bool category_fill(struct request *r, const struct sql_category_list_row *row,
			  Inap__V1__Dimension *dimension)
{
	Inap__V1__Category *category = request_alloc(r, sizeof *category);

	if (!category) {
		return false;
	}
	inap__v1__category__init(category);
	category->code = words(row->code);
	category->name = words_name(r, row->name_en, row->name_ar, row->name_ckb);
	category->from = words(row->valid_from);
	category->to = words(row->valid_to);
	category->split_from = words(row->split_from);
	dimension->categories[dimension->n_categories++] = category;
	return category->name != NULL;
}

/* A dimension has at most as many categories as there are rows from its first one on. */
static Inap__V1__Dimension *dimension_new(struct request *r,
					  const struct sql_category_list_row *row, size_t rows)
{
	Inap__V1__Dimension *dimension = request_alloc(r, sizeof *dimension);

	if (!dimension) {
		return NULL;
	}
	inap__v1__dimension__init(dimension);
	dimension->code = words(row->dimension);
	dimension->name = words_name(r, row->dimension_en, row->dimension_ar, row->dimension_ckb);
	dimension->categories = request_array(r, rows, sizeof *dimension->categories);
	return dimension->name && dimension->categories ? dimension : NULL;
}

/* How many rows from `first` on are of its dimension. */
static size_t dimension_rows(struct request *r, size_t first)
{
	size_t at = first, n = unit_rows(&r->unit, 0);
	struct sql_category_list_row one, other;

	sql_category_list_row(&r->unit, 0, first, &one);
	while (at < n && (sql_category_list_row(&r->unit, 0, at, &other),
			  strcmp(words(one.dimension), words(other.dimension)) == 0)) {
		at++;
	}
	return at - first;
}

static enum step category_reply(struct request *r)
{
	const Inap__V1__CategoryList *in = request_body(r);
	size_t n = unit_rows(&r->unit, 0);
	Inap__V1__CategoryListReply *reply = request_alloc(r, sizeof *reply);
	struct sql_category_list_row row;

	if (n == 0) {
		return request_fail(r, ERROR_NOT_FOUND, "what",
				    *in->dimension ? "dimension" : "plan", "name",
				    *in->dimension ? in->dimension : in->plan, NULL);
	}
	if (!reply) {
		return request_full(r);
	}
	inap__v1__category_list_reply__init(reply);
	reply->dimensions = request_array(r, n, sizeof *reply->dimensions);
	if (!reply->dimensions) {
		return request_full(r);
	}
	for (size_t i = 0; i < n;) {
		size_t end = i + dimension_rows(r, i);
		Inap__V1__Dimension *dimension;

		sql_category_list_row(&r->unit, 0, i, &row);
		dimension = dimension_new(r, &row, end - i);
		if (!dimension) {
			return request_full(r);
		}
		reply->dimensions[reply->n_dimensions++] = dimension;
		for (; i < end; i++) {
			sql_category_list_row(&r->unit, 0, i, &row);
			if (!category_fill(r, &row, dimension)) {
				return request_full(r);
			}
		}
	}
	return request_reply(r, &reply->base);
}

/** category.list: the parts of a plan's dimensions, or of one of them. */
enum step category_list(struct request *r)
{
	const Inap__V1__CategoryList *in = request_body(r);

	switch (r->at) {
	case START:
		sql_category_list(&r->unit, in->plan, in->dimension);
		return request_send(r, SENT);
	case SENT:
		return category_reply(r);
	default:
		return request_bug(r);
	}
}
