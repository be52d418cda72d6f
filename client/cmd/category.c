/* inap category list: what the codes of categories mean. */
#include "client/app.h"
#include "client/exchange.h"
#include "client/i18n.h"
#include "client/out/json.h"
#include "client/out/view.h"
#include "inap/v1/category.pb-c.h"

static json_t *category_json(const char *dimension, const Inap__V1__Category *category)
{
	json_t *one = json_object();

	json_put_text(one, "dimension", dimension);
	json_put_text(one, "category", category->code);
	json_put_maybe(one, "from", category->from);
	json_put_maybe(one, "to", category->to);
	json_put_maybe(one, "split_from", category->split_from);
	json_object_set_new(one, "name", json_name(category->name));
	return one;
}

bool cmd_category_list(struct app *app)
{
	const struct column columns[] = {
		{ "dimension", _("DIMENSION"), COLUMN_CODE },
		{ "category", _("CATEGORY"), COLUMN_CODE },
		{ "from", _("FROM"), COLUMN_CODE },
		{ "to", _("TO"), COLUMN_CODE },
		{ "split_from", _("BEFORE"), COLUMN_CODE },
		{ "name", _("NAME"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 6);
	Inap__V1__CategoryList request = INAP__V1__CATEGORY_LIST__INIT;
	const Inap__V1__CategoryListReply *reply;
	ProtobufCMessage *message = NULL;
	json_t *list;

	request.plan = pool_strdup(&app->pool, option_text(app, OPT_PLAN));
	request.dimension = pool_strdup(&app->pool, app->words_count ? app->words[0] : "");
	if (!exchange_call(app, METHOD_CATEGORY_LIST, &request.base, &message))
		return false;
	reply = (const Inap__V1__CategoryListReply *)message;
	list = json_array();
	for (size_t i = 0; i < reply->n_dimensions; i++) {
		const Inap__V1__Dimension *dimension = reply->dimensions[i];

		for (size_t j = 0; j < dimension->n_categories; j++) {
			const Inap__V1__Category *category = dimension->categories[j];

			json_array_append_new(list, category_json(dimension->code, category));
			view_code(view, dimension->code);
			view_code(view, category->code);
			view_code(view, category->from);
			view_code(view, category->to);
			view_code(view, category->split_from);
			view_name(view, category->name);
		}
	}
	out_json(app, list);
	out_view(app, view);
	return true;
}
