/* inap indicator, entity: the reference data. */
#include <string.h>

#include "client/app.h"
#include "client/cmd/find.h"
#include "client/exchange.h"
#include "client/i18n.h"
#include "client/out/json.h"
#include "client/out/value.h"
#include "client/out/view.h"
#include "client/words.h"
#include "inap/v1/plan.pb-c.h"
#include "proto/enums.h"

static bool indicators_read(struct app *app, const char *entity, const char *code,
			    const Inap__V1__IndicatorListReply **reply)
{
	Inap__V1__IndicatorList request = INAP__V1__INDICATOR_LIST__INIT;
	ProtobufCMessage *message = NULL;

	request.plan = pool_strdup(&app->pool, option_text(app, OPT_PLAN));
	request.entity = pool_strdup(&app->pool, entity);
	request.code = pool_strdup(&app->pool, code);
	if (!exchange_call(app, METHOD_INDICATOR_LIST, &request.base, &message))
		return false;
	*reply = (const Inap__V1__IndicatorListReply *)message;
	return true;
}

/* Is it one that a list with a word in its command line is about? */
static bool is_meant(struct app *app, const char *code, const Inap__V1__Name *name)
{
	return app->words_count == 0 || named(&app->pool, code, name, app->words[0]);
}

static void list_put(struct app *app, json_t *list, struct view *view)
{
	bool empty = json_array_size(list) == 0;

	out_json(app, list);
	if (!empty)
		out_view(app, view);
	else if (app->words_count > 0)
		out_say(app, sentence(&app->pool, _("no code and no name holds {word}"), "word",
				      app->words[0], NULL));
}

static json_t *tables_json(const Inap__V1__Indicator *indicator)
{
	json_t *list = json_array();

	for (size_t i = 0; i < indicator->n_tables; i++) {
		const Inap__V1__IndicatorTable *table = indicator->tables[i];
		json_t *one = json_object();

		json_object_set_new(one, "dimensions",
				    json_texts(table->dimensions, table->n_dimensions));
		json_put_bool(one, "exclusive", table->exclusive);
		json_array_append_new(list, one);
	}
	return list;
}

static json_t *assignments_json(const Inap__V1__Indicator *indicator)
{
	json_t *list = json_array();

	for (size_t i = 0; i < indicator->n_assignments; i++) {
		const Inap__V1__Assignment *assignment = indicator->assignments[i];
		json_t *one = json_object();

		json_put_text(one, "entity", assignment->entity);
		json_put_text(one, "part", assignment->part);
		json_put_maybe(one, "from", assignment->from);
		json_put_maybe(one, "to", assignment->to);
		json_object_set_new(one, "covers",
				    json_texts(assignment->covers, assignment->n_covers));
		json_put_bool(one, "by_hand", assignment->by_hand);
		json_array_append_new(list, one);
	}
	return list;
}

static json_t *indicator_json(const Inap__V1__Indicator *indicator)
{
	json_t *one = json_object();

	json_put_text(one, "indicator", indicator->code);
	json_put_text(one, "pillar", indicator->pillar);
	json_put_text(one, "output", indicator->output);
	json_put_text(one, "level", indicator->level);
	json_put_text(one, "unit", indicator->unit);
	json_put_maybe(one, "unit_label", indicator->unit_label);
	json_put_text(one, "direction", indicator->direction);
	json_put_text(one, "frequency", indicator->frequency);
	json_put_text(one, "value_kind", indicator->value_kind);
	json_put_text(one, "combine", indicator->combine);
	json_put_text(one, "rule", indicator->rule);
	json_put_text(one, "protection", indicator->protection);
	json_put_number(one, "k", indicator->k);
	json_put_bool(one, "may_withhold", indicator->may_withhold);
	json_put_bool(one, "may_overlap", indicator->may_overlap);
	json_put_maybe(one, "numerator", indicator->numerator_en);
	json_put_maybe(one, "denominator", indicator->denominator_en);
	json_object_set_new(one, "tables", tables_json(indicator));
	json_object_set_new(one, "assignments", assignments_json(indicator));
	json_put_maybe(one, "source", indicator->source);
	json_put_maybe(one, "means_of_verification", indicator->means_of_verification);
	json_put_maybe(one, "note", indicator->note);
	json_put_number(one, "cells", indicator->cells);
	json_object_set_new(one, "name", json_name(indicator->name));
	return one;
}

bool cmd_indicator_list(struct app *app)
{
	const struct column columns[] = {
		{ "indicator", _("INDICATOR"), COLUMN_CODE },
		{ "unit", _("UNIT"), COLUMN_CODE },
		{ "frequency", _("EVERY"), COLUMN_CODE },
		{ "combine", _("COMBINE"), COLUMN_CODE },
		{ "protection", _("PROTECTION"), COLUMN_CODE },
		{ "cells", _("CELLS"), COLUMN_NUMBER },
		{ "name", _("NAME"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 7);
	const Inap__V1__IndicatorListReply *reply = NULL;
	json_t *list;

	if (!indicators_read(app, option_text(app, OPT_ENTITY), "", &reply))
		return false;
	list = json_array();
	for (size_t i = 0; i < reply->n_indicators; i++) {
		const Inap__V1__Indicator *indicator = reply->indicators[i];

		if (!is_meant(app, indicator->code, indicator->name))
			continue;
		json_array_append_new(list, indicator_json(indicator));
		view_code(view, indicator->code);
		view_word(view, indicator->unit);
		view_word(view, indicator->frequency);
		view_word(view, indicator->combine);
		view_word(view, indicator->protection);
		view_number(view, indicator->cells);
		view_name(view, indicator->name);
	}
	list_put(app, list, view);
	return true;
}

static const char *direction_text(const char *direction)
{
	if (strcmp(direction, "up") == 0)
		return _("more is better");
	return strcmp(direction, "down") == 0 ? _("less is better") : word("no_direction");
}

static void indicator_say(struct app *app, const Inap__V1__Indicator *indicator)
{
	struct pool *pool = &app->pool;

	out_say(app, sentence(pool, "{code}  {name}", "code", indicator->code, "name",
			      name_text(indicator->name), NULL));
	out_say(app,
		sentence(pool, _("  {unit}; {every}; {kind}; {combine}; protection: {protection}"),
			 "unit", word(indicator->unit), "every", word(indicator->frequency), "kind",
			 word(indicator->value_kind), "combine", word(indicator->combine),
			 "protection", word(indicator->protection), NULL));
	out_say(app, sentence(pool, "  {direction}", "direction",
			      direction_text(indicator->direction), NULL));
	for (size_t i = 0; i < indicator->n_tables; i++)
		out_say(app, sentence(pool,
				      indicator->tables[i]->exclusive
					      ? _("  table by {dimensions}")
					      : _("  table by {dimensions}; answers may overlap"),
				      "dimensions",
				      texts_join(app, indicator->tables[i]->dimensions,
						 indicator->tables[i]->n_dimensions),
				      NULL));
}

bool cmd_indicator_show(struct app *app)
{
	const struct column columns[] = {
		{ "entity", _("ENTITY"), COLUMN_CODE },   { "part", _("PART"), COLUMN_CODE },
		{ "from", _("FROM"), COLUMN_CODE },       { "to", _("TO"), COLUMN_CODE },
		{ "by_hand", _("BY HAND"), COLUMN_CODE }, { "covers", _("COVERS"), COLUMN_CODE },
	};
	struct view *view = view_new(app, columns, 6);
	const Inap__V1__IndicatorListReply *reply = NULL;
	const Inap__V1__Indicator *indicator;

	if (!indicators_read(app, "", app->words[0], &reply))
		return false;
	if (reply->n_indicators == 0)
		return fail_with(app, ERROR_NOT_FOUND, "what", "indicator", "name", app->words[0],
				 NULL);
	indicator = reply->indicators[0];
	out_json(app, indicator_json(indicator));
	indicator_say(app, indicator);
	for (size_t i = 0; i < indicator->n_assignments; i++) {
		view_code(view, indicator->assignments[i]->entity);
		view_word(view, indicator->assignments[i]->part);
		view_code(view, indicator->assignments[i]->from);
		view_code(view, indicator->assignments[i]->to);
		view_yes(view, indicator->assignments[i]->by_hand);
		view_code(view, texts_join(app, indicator->assignments[i]->covers,
					   indicator->assignments[i]->n_covers));
	}
	out_view(app, view);
	return true;
}

static json_t *entity_json(const Inap__V1__Entity *entity)
{
	json_t *one = json_object();

	json_put_text(one, "entity", entity->code);
	json_put_text(one, "jurisdiction",
		      enum_key(&inap__v1__jurisdiction__descriptor, (int)entity->jurisdiction));
	json_put_text(one, "kind", entity->kind);
	json_put_maybe(one, "parent", entity->parent);
	json_put_bool(one, "reporting", entity->reporting);
	json_put_maybe(one, "from", entity->from);
	json_put_maybe(one, "to", entity->to);
	json_put_maybe(one, "endorsed_by", entity->endorsed_by);
	json_put_bool(one, "single_signatory", entity->single_signatory);
	json_object_set_new(one, "order", json_order(entity->order_number, entity->order_date));
	json_object_set_new(one, "name", json_name(entity->name));
	return one;
}

/* What a person should know of one entity beside the table. */
static void entity_say(struct app *app, const Inap__V1__Entity *entity)
{
	if (entity->endorsed_by[0])
		out_say(app, sentence(&app->pool, _("  its reports are endorsed by {entity} alone"),
				      "entity", entity->endorsed_by, NULL));
	if (entity->single_signatory)
		out_say(app,
			sentence(&app->pool, _("  single signatory, order {number} of {date}"),
				 "number", entity->order_number, "date", entity->order_date, NULL));
}

static bool entities_run(struct app *app, const char *code, bool alone)
{
	const struct column columns[] = {
		{ "entity", _("ENTITY"), COLUMN_CODE },
		{ "jurisdiction", _("JURISDICTION"), COLUMN_CODE },
		{ "kind", _("KIND"), COLUMN_CODE },
		{ "parent", _("UNDER"), COLUMN_CODE },
		{ "reporting", _("REPORTING"), COLUMN_CODE },
		{ "name", _("NAME"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 6);
	Inap__V1__EntityList request = INAP__V1__ENTITY_LIST__INIT;
	const Inap__V1__EntityListReply *reply;
	ProtobufCMessage *message = NULL;
	json_t *list;

	request.code = pool_strdup(&app->pool, code);
	request.jurisdiction = (Inap__V1__Jurisdiction)proto_enum_value(
		&inap__v1__jurisdiction__descriptor, option_text(app, OPT_JURISDICTION));
	if (!exchange_call(app, METHOD_ENTITY_LIST, &request.base, &message))
		return false;
	reply = (const Inap__V1__EntityListReply *)message;
	if (alone && reply->n_entities == 0)
		return fail_with(app, ERROR_NOT_FOUND, "what", "entity", "name", code, NULL);
	list = json_array();
	for (size_t i = 0; i < reply->n_entities; i++) {
		const Inap__V1__Entity *entity = reply->entities[i];

		if (!alone && !is_meant(app, entity->code, entity->name))
			continue;
		json_array_append_new(list, entity_json(entity));
		view_code(view, entity->code);
		view_word(view,
			  enum_key(&inap__v1__jurisdiction__descriptor, (int)entity->jurisdiction));
		/* The role of this name is another thing. */
		if (strcmp(entity->kind, "secretariat") == 0)
			view_both(view, _("secretariat or its office"), entity->kind);
		else
			view_word(view, entity->kind);
		view_code(view, entity->parent);
		view_yes(view, entity->reporting);
		view_name(view, entity->name);
	}
	if (!alone) {
		list_put(app, list, view);
		return true;
	}
	out_json(app, json_incref(json_array_get(list, 0)));
	json_decref(list);
	out_view(app, view);
	entity_say(app, reply->entities[0]);
	return true;
}

bool cmd_entity_list(struct app *app)
{
	if (app->options.given[OPT_JURISDICTION] &&
	    proto_enum_value(&inap__v1__jurisdiction__descriptor,
			     option_text(app, OPT_JURISDICTION)) == 0)
		return fail_with(app, ERROR_USAGE, "why",
				 _("--jurisdiction is federal or kurdistan"), NULL);
	return entities_run(app, "", false);
}

bool cmd_entity_show(struct app *app)
{
	return entities_run(app, app->words[0], true);
}
