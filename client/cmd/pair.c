/* inap review pairs: where two entities that report the same fact differ. */
#include "client/app.h"
#include "client/exchange.h"
#include "client/i18n.h"
#include "client/out/json.h"
#include "client/out/view.h"
#include "inap/v1/pair.pb-c.h"

static json_t *side_json(const Inap__V1__PairSide *side)
{
	json_t *one = json_object();

	json_put_text(one, "entity", side->entity);
	json_put_text(one, "cell", side->cell);
	json_put_maybe(one, "figure", side->figure);
	if (side->point > 0)
		json_put_number(one, "point", side->point);
	else
		json_object_set_new(one, "point", json_null());
	return one;
}

static json_t *pair_json(const Inap__V1__Pair *pair)
{
	json_t *one = json_object();

	json_put_text(one, "pair", pair->code);
	json_object_set_new(one, "name", json_name(pair->name));
	json_object_set_new(one, "left", side_json(pair->left));
	json_object_set_new(one, "right", side_json(pair->right));
	json_put_text(one, "tolerance", pair->tolerance);
	json_put_bool(one, "differs", pair->differs);
	return one;
}

static void side_put(struct view *view, const Inap__V1__Pair *pair, const Inap__V1__PairSide *side)
{
	view_code(view, pair->code);
	view_code(view, side->entity);
	view_code(view, side->cell);
	view_figure(view, side->figure);
	view_figure(view, pair->tolerance);
	view_yes(view, pair->differs);
	if (side->point > 0)
		view_number(view, side->point);
	else
		view_code(view, "");
	view_name(view, pair->name);
}

bool cmd_review_pairs(struct app *app)
{
	const struct column columns[] = {
		{ "pair", _("PAIR"), COLUMN_CODE },
		{ "entity", _("ENTITY"), COLUMN_CODE },
		{ "cell", _("CELL"), COLUMN_CODE },
		{ "figure", _("VALUE"), COLUMN_NUMBER },
		{ "tolerance", _("TOLERANCE"), COLUMN_NUMBER },
		{ "differs", _("DIFFERS"), COLUMN_CODE },
		{ "point", _("POINT"), COLUMN_NUMBER },
		{ "name", _("NAME"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 8);
	Inap__V1__PairList request = INAP__V1__PAIR_LIST__INIT;
	const Inap__V1__PairListReply *reply;
	ProtobufCMessage *message = NULL;
	json_t *list;

	request.plan = pool_strdup(&app->pool, option_text(app, OPT_PLAN));
	request.round = pool_strdup(&app->pool, option_text(app, OPT_ROUND));
	if (!exchange_call(app, METHOD_REVIEW_PAIRS, &request.base, &message))
		return false;
	reply = (const Inap__V1__PairListReply *)message;
	list = json_array();
	for (size_t i = 0; i < reply->n_pairs; i++) {
		json_array_append_new(list, pair_json(reply->pairs[i]));
		side_put(view, reply->pairs[i], reply->pairs[i]->left);
		side_put(view, reply->pairs[i], reply->pairs[i]->right);
	}
	out_json(app, list);
	out_view(app, view);
	if (reply->n_pairs == 0)
		out_say(app, _("no pairs to compare"));
	return true;
}
