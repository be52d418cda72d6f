/* The consolidated picture, as JSON and as tables. */
#include <string.h>

#include "client/app.h"
#include "client/cmd/national.h"
#include "client/i18n.h"
#include "client/out/clock.h"
#include "client/out/json.h"
#include "client/out/value.h"
#include "client/out/view.h"
#include "client/words.h"
#include "proto/enums.h"

enum { PLACES_MAX = 64 };

static json_t *coverage_json(const Inap__V1__Coverage *coverage)
{
	json_t *one = json_object();

	if (!coverage)
		return one;
	json_put_number(one, "expected", coverage->expected);
	json_put_number(one, "valued", coverage->valued);
	json_put_number(one, "withheld", coverage->withheld);
	json_put_number(one, "not_available", coverage->not_available);
	json_put_number(one, "not_collected", coverage->not_collected);
	json_put_number(one, "not_applicable", coverage->not_applicable);
	json_put_number(one, "excused", coverage->excused);
	json_put_number(one, "unanswered", coverage->unanswered);
	json_object_set_new(one, "missing", json_texts(coverage->missing, coverage->n_missing));
	json_object_set_new(one, "under_correction",
			    json_texts(coverage->under_correction, coverage->n_under_correction));
	json_put_maybe(one, "weight_missing", coverage->weight_missing);
	json_put_maybe(one, "rate", coverage->rate);
	return one;
}

static json_t *parts_json(const Inap__V1__Total *total)
{
	json_t *list = json_array();

	for (size_t i = 0; i < total->n_parts; i++) {
		json_t *one = json_object();

		json_put_text(one, "entity", total->parts[i]->entity);
		json_put_text(one, "period", total->parts[i]->period);
		if (total->parts[i]->section[0])
			json_put_text(one, "section", total->parts[i]->section);
		json_put_value(one, total->parts[i]->value);
		json_array_append_new(list, one);
	}
	return list;
}

static json_t *total_json(const Inap__V1__Total *total)
{
	json_t *one = json_object();

	json_put_text(one, "indicator", total->indicator);
	json_put_text(one, "cell", total->cell);
	json_put_text(one, "jurisdiction",
		      enum_key(&inap__v1__jurisdiction__descriptor, (int)total->jurisdiction));
	json_put_text(one, "period", total->period);
	if (total->hidden) {
		json_put_bool(one, "hidden", true);
	} else {
		json_put_value(one, total->value);
		if (total->percent[0])
			json_put_text(one, "percent", total->percent);
	}
	json_put_text(one, "label", total->label);
	json_put_maybe(one, "target", total->target);
	json_put_maybe(one, "light", total->light);
	json_put_maybe(one, "light_why", total->light_why);
	json_put_maybe(one, "set_light", total->set_light);
	json_put_maybe(one, "formula", total->formula);
	json_put_maybe(one, "needs", total->needs);
	json_object_set_new(one, "contested", json_texts(total->contested, total->n_contested));
	json_object_set_new(one, "gaps", json_texts(total->gaps, total->n_gaps));
	json_object_set_new(one, "coverage", coverage_json(total->coverage));
	json_object_set_new(one, "parts", parts_json(total));
	return one;
}

json_t *summary_json(const Inap__V1__NationalSummaryReply *reply)
{
	json_t *answer = json_object();
	json_t *totals = json_array();

	for (size_t i = 0; i < reply->n_totals; i++)
		json_array_append_new(totals, total_json(reply->totals[i]));
	if (reply->period[0]) {
		json_put_text(answer, "period", reply->period);
		json_object_set_new(answer, "rounds", json_texts(reply->rounds, reply->n_rounds));
		json_object_set_new(answer, "unopened",
				    json_texts(reply->unopened, reply->n_unopened));
	} else {
		json_put_text(answer, "round", reply->round);
	}
	json_object_set_new(answer, "edition", json_null());
	json_put_text(answer, "min_state",
		      enum_key(&inap__v1__state__descriptor, (int)reply->min_state));
	json_put_text(answer, "as_of", reply->as_of);
	json_object_set_new(answer, "totals", totals);
	return answer;
}

static const Inap__V1__NationalLabel *label_find(const Inap__V1__NationalSummaryReply *reply,
						 const char *code)
{
	for (size_t i = 0; i < reply->n_indicators; i++)
		if (strcmp(reply->indicators[i]->code, code) == 0)
			return reply->indicators[i];
	return NULL;
}

static void figure_put(struct view *view, const Inap__V1__Total *total)
{
	if (total->hidden)
		view_both(view, _("hidden"), "hidden");
	else if (strcmp(total->label, "not_computed") == 0)
		view_both(view,
			  sentence(&view->app->pool, _("not computed: needs {what}"), "what",
				   total->needs, NULL),
			  total->label);
	else
		view_value(view, total->value);
}

/* Has one of them a light? Without targets nobody is shown empty columns. */
static bool lights_there(const Inap__V1__NationalSummaryReply *reply)
{
	for (size_t i = 0; i < reply->n_totals; i++)
		if (reply->totals[i]->light[0])
			return true;
	return false;
}

static void coverage_put(struct view *view, const Inap__V1__Coverage *coverage)
{
	struct pool *pool = &view->app->pool;
	const char *text = coverage ? pool_printf(pool, "%u/%u", (unsigned)coverage->valued,
						  (unsigned)coverage->expected)
				    : "";

	view_figure(view, text);
	view_code(view,
		  coverage ? texts_join(view->app, coverage->missing, coverage->n_missing) : "");
}

/* The governorate of a cell of that table alone; NULL: it is none. */
static const char *governorate_of(struct app *app, const Inap__V1__Total *total)
{
	const char *colon = strchr(total->cell, ':');

	if (!colon || strncmp(colon + 1, "governorate=", 12) != 0 || strchr(colon, ','))
		return NULL;
	return pool_strdup(&app->pool, colon + 13);
}

/* The governorates of a picture, in the order in which they come. */
static size_t governorates_list(struct app *app, const Inap__V1__NationalSummaryReply *reply,
				const char **places)
{
	size_t count = 0;

	for (size_t i = 0; i < reply->n_totals; i++) {
		const char *place = governorate_of(app, reply->totals[i]);
		size_t at = 0;

		while (place && at < count && strcmp(places[at], place) != 0)
			at++;
		if (place && at == count && count < PLACES_MAX)
			places[count++] = place;
	}
	return count;
}

static void total_put(struct view *view, const Inap__V1__NationalSummaryReply *reply,
		      const Inap__V1__Total *total, enum grouping by, bool lights)
{
	const Inap__V1__NationalLabel *label = label_find(reply, total->indicator);

	if (by == BY_PILLAR)
		view_code(view, label ? label->pillar : "");
	if (by == BY_GOVERNORATE)
		view_code(view, governorate_of(view->app, total));
	view_code(view, total->cell);
	view_word(view, enum_key(&inap__v1__jurisdiction__descriptor, (int)total->jurisdiction));
	view_code(view, total->period);
	figure_put(view, total);
	view_figure(view, total->hidden ? "" : total->percent);
	coverage_put(view, total->coverage);
	if (lights) {
		view_figure(view, total->target);
		view_light(view, total->light, total->light_why, total->set_light);
	}
	view_name(view, label ? label->name : NULL);
}

/* All of them, or those of one governorate. */
static void totals_put(struct view *view, const Inap__V1__NationalSummaryReply *reply,
		       enum grouping by, const char *place)
{
	bool lights = lights_there(reply);

	for (size_t i = 0; i < reply->n_totals; i++) {
		const char *here = place ? governorate_of(view->app, reply->totals[i]) : NULL;

		if (!place || (here && strcmp(place, here) == 0))
			total_put(view, reply, reply->totals[i], by, lights);
	}
}

static void note_put(struct view *view, const Inap__V1__Total *total, const char *note,
		     const char *what)
{
	view_code(view, total->cell);
	view_word(view, enum_key(&inap__v1__jurisdiction__descriptor, (int)total->jurisdiction));
	view_word(view, note);
	view_code(view, what);
}

/* Does the next total speak of another cell? What holds of a cell everywhere is said there. */
static bool total_last(const Inap__V1__NationalSummaryReply *reply, size_t i)
{
	return i + 1 == reply->n_totals ||
	       strcmp(reply->totals[i]->cell, reply->totals[i + 1]->cell) != 0;
}

/* What a figure cannot be read without. */
static void notes_render(struct app *app, const Inap__V1__NationalSummaryReply *reply)
{
	const struct column columns[] = { { "cell", _("CELL"), COLUMN_CODE },
					  { "jurisdiction", _("JURISDICTION"), COLUMN_CODE },
					  { "note", _("NOTE"), COLUMN_CODE },
					  { "what", _("WHAT"), COLUMN_CODE } };
	struct view *view = view_new(app, columns, 4);

	for (size_t i = 0; i < reply->n_totals; i++) {
		const Inap__V1__Total *total = reply->totals[i];
		const char *weight = total->coverage ? total->coverage->weight_missing : "";

		if (strcmp(total->label, "contacts") == 0 &&
		    strcmp(total->cell, total->indicator) == 0 && total_last(reply, i))
			note_put(view, total, "contacts", "");
		if (total->n_contested > 0)
			note_put(view, total, "contested_by",
				 texts_join(app, total->contested, total->n_contested));
		if (total->n_gaps > 0)
			note_put(view, total, "no_figure_of",
				 texts_join(app, total->gaps, total->n_gaps));
		if (strspn(weight, "0.") < strlen(weight))
			note_put(view, total, "weight_missing", weight);
	}
	if (view_rows(view) > 0)
		out_side_view(app, _("To be known of these figures:"), view);
}

static void summary_head(struct app *app, const Inap__V1__NationalSummaryReply *reply)
{
	const char *text = reply->period[0]
				   ? _("Period {period}, reports from {state} on, as of {at}")
				   : _("Round {round}, reports from {state} on, as of {at}");

	out_say(app,
		sentence(&app->pool, text, "round", reply->round, "period", reply->period, "state",
			 enum_key(&inap__v1__state__descriptor, (int)reply->min_state), "at",
			 clock_moment(app, reply->as_of), NULL));
	if (reply->n_unopened > 0)
		out_say(app,
			sentence(&app->pool, _("Quarters without a round: {quarters}"), "quarters",
				 texts_join(app, reply->unopened, reply->n_unopened), NULL));
}

void summary_render(struct app *app, const Inap__V1__NationalSummaryReply *reply, int by)
{
	const struct column name = { "name", _("NAME"), COLUMN_TEXT };
	bool lights = lights_there(reply);
	const struct column columns[] = {
		by == BY_GOVERNORATE
			? (struct column){ "governorate", _("GOVERNORATE"), COLUMN_CODE }
			: (struct column){ "pillar", _("PILLAR"), COLUMN_CODE },
		{ "cell", _("CELL"), COLUMN_CODE },
		{ "jurisdiction", _("JURISDICTION"), COLUMN_CODE },
		{ "period", _("PERIOD"), COLUMN_CODE },
		{ "value", _("VALUE"), COLUMN_NUMBER },
		{ "percent", _("PERCENT"), COLUMN_NUMBER },
		{ "coverage", _("REPORTED"), COLUMN_NUMBER },
		{ "missing", _("MISSING"), COLUMN_CODE },
		lights ? (struct column){ "target", _("GOAL"), COLUMN_NUMBER } : name,
		{ "light", _("LIGHT"), COLUMN_CODE },
		name,
	};
	bool grouped = by == BY_PILLAR || by == BY_GOVERNORATE;
	struct view *view = view_new(app, grouped ? columns : columns + 1,
				     (grouped ? 9U : 8U) + (lights ? 2U : 0U));
	const char *places[PLACES_MAX];
	size_t count = 0;

	summary_head(app, reply);
	if (by == BY_GOVERNORATE) {
		count = governorates_list(app, reply, places);
		for (size_t at = 0; at < count; at++)
			totals_put(view, reply, BY_GOVERNORATE, places[at]);
	} else {
		totals_put(view, reply, (enum grouping)by, NULL);
	}
	out_view(app, view);
	notes_render(app, reply);
}

/* Who gave what. */
void entities_render(struct app *app, const Inap__V1__NationalSummaryReply *reply)
{
	const struct column columns[] = {
		{ "entity", _("ENTITY"), COLUMN_CODE }, { "cell", _("CELL"), COLUMN_CODE },
		{ "period", _("PERIOD"), COLUMN_CODE }, { "value", _("VALUE"), COLUMN_NUMBER },
		{ "name", _("NAME"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 5);

	for (size_t i = 0; i < reply->n_totals; i++) {
		const Inap__V1__Total *total = reply->totals[i];
		const Inap__V1__NationalLabel *label = label_find(reply, total->indicator);

		/* Iraq's parts are those of the two others. */
		if (total->jurisdiction == INAP__V1__JURISDICTION__JURISDICTION_IRAQ)
			continue;
		for (size_t j = 0; j < total->n_parts; j++) {
			view_code(view, total->parts[j]->entity);
			view_code(view, total->cell);
			view_code(view, total->parts[j]->period);
			view_value(view, total->parts[j]->value);
			view_name(view, label ? label->name : NULL);
		}
	}
	out_view(app, view);
}

void sections_render(struct app *app, const Inap__V1__NationalSummaryReply *reply)
{
	const struct column columns[] = { { "entity", _("ENTITY"), COLUMN_CODE },
					  { "cell", _("CELL"), COLUMN_CODE },
					  { "period", _("PERIOD"), COLUMN_CODE },
					  { "section", _("SECTION"), COLUMN_CODE },
					  { "value", _("VALUE"), COLUMN_TEXT } };
	struct view *view = view_new(app, columns, 5);

	for (size_t i = 0; i < reply->n_totals; i++) {
		const Inap__V1__Total *total = reply->totals[i];

		if (strcmp(total->label, "listed") != 0 ||
		    total->jurisdiction == INAP__V1__JURISDICTION__JURISDICTION_IRAQ)
			continue;
		for (size_t j = 0; j < total->n_parts; j++) {
			const Inap__V1__Part *part = total->parts[j];

			view_code(view, part->entity);
			view_code(view, total->cell);
			view_code(view, part->period);
			view_word(view, part->section);
			view_both(view, value_human(app, part->value),
				  value_machine(app, part->value));
		}
	}
	if (view_rows(view) > 0)
		out_side_view(app, _("Listed by entity, not combined:"), view);
}

json_t *wholes_json(const Inap__V1__NationalSummaryReply *reply)
{
	json_t *list = json_array();

	for (size_t i = 0; i < reply->n_wholes; i++) {
		const Inap__V1__Whole *whole = reply->wholes[i];
		json_t *one = json_object();

		json_put_text(one, "cell", whole->cell);
		json_put_text(
			one, "jurisdiction",
			enum_key(&inap__v1__jurisdiction__descriptor, (int)whole->jurisdiction));
		if (whole->hidden)
			json_put_bool(one, "hidden", true);
		else
			json_put_value(one, whole->value);
		json_put_maybe(one, "percent", whole->percent);
		json_put_text(one, "breaks_at", whole->breaks_at);
		json_object_set_new(one, "parts", json_texts(whole->parts, whole->n_parts));
		json_array_append_new(list, one);
	}
	return list;
}

/* Where series break, and what keeps them comparable. */
void wholes_render(struct app *app, const Inap__V1__NationalSummaryReply *reply)
{
	const struct column columns[] = {
		{ "cell", _("CELL"), COLUMN_CODE },
		{ "jurisdiction", _("JURISDICTION"), COLUMN_CODE },
		{ "breaks_at", _("BREAKS AT"), COLUMN_CODE },
		{ "value", _("VALUE"), COLUMN_NUMBER },
		{ "percent", _("PERCENT"), COLUMN_NUMBER },
		{ "parts", _("TOGETHER"), COLUMN_CODE },
	};
	struct view *view = view_new(app, columns, 6);

	for (size_t i = 0; i < reply->n_wholes; i++) {
		const Inap__V1__Whole *whole = reply->wholes[i];

		view_code(view, whole->cell);
		view_word(view,
			  enum_key(&inap__v1__jurisdiction__descriptor, (int)whole->jurisdiction));
		view_code(view, whole->breaks_at);
		if (whole->hidden)
			view_both(view, _("hidden"), "hidden");
		else
			view_value(view, whole->value);
		view_figure(view, whole->percent);
		view_code(view, texts_join(app, whole->parts, whole->n_parts));
	}
	out_side_view(
		app,
		_("Series that break because a category was split; together, as it was before:"),
		view);
}
