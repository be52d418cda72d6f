/* inap edition list, show: what was published, and what it says. */
#include <string.h>

#include "client/app.h"
#include "client/cmd/edition.h"
#include "client/cmd/national.h"
#include "client/i18n.h"
#include "client/out/clock.h"
#include "client/out/json.h"
#include "client/out/value.h"
#include "client/out/view.h"
#include "client/words.h"

json_t *edition_json(const Inap__V1__Edition *edition)
{
	json_t *one = json_object();

	json_put_text(one, "plan", edition->plan);
	json_put_text(one, "period", edition->period);
	json_put_number(one, "number", edition->number);
	json_put_text(one, "state", edition->state);
	json_put_text(one, "sha256", edition->sha256);
	json_put_number(one, "bytes", edition->bytes);
	json_put_number(one, "reports", edition->reports);
	json_put_bool(one, "kurdistan", edition->kurdistan);
	json_put_text(one, "proposed_at", edition->proposed_at);
	json_put_maybe(one, "proposed_by", edition->proposed_by);
	json_put_maybe(one, "confirmed_at", edition->confirmed_at);
	json_put_maybe(one, "confirmed_by", edition->confirmed_by);
	json_put_maybe(one, "approved_by", edition->approved_by);
	json_put_maybe(one, "letter_number", edition->letter_number);
	json_put_maybe(one, "letter_date", edition->letter_date);
	json_put_bool(one, "alone", edition->alone);
	json_put_maybe(one, "withdrawn_at", edition->withdrawn_at);
	json_put_maybe(one, "withdrawn_by", edition->withdrawn_by);
	json_put_maybe(one, "withdrawn_note", edition->withdrawn_note);
	json_put_maybe(one, "second_at", edition->second_at);
	json_put_maybe(one, "second_by", edition->second_by);
	return one;
}

void edition_say(struct app *app, const Inap__V1__Edition *edition)
{
	struct pool *pool = &app->pool;

	out_say(app, sentence(pool, _("Edition {edition} of {plan}: {state}, reports: {count}"),
			      "edition", edition_code(app, edition), "plan", edition->plan, "state",
			      edition->state, "count", number_text(pool, edition->reports), NULL));
	out_say(app, sentence(pool, _("  SHA-256 {hash}"), "hash", edition->sha256, NULL));
	if (edition->confirmed_at[0])
		out_say(app, sentence(pool,
				      _("  approved by {by}, letter {letter} of {date}; published "
					"{at}"),
				      "by", edition->approved_by, "letter", edition->letter_number,
				      "date", edition->letter_date, "at",
				      clock_moment(app, edition->confirmed_at), NULL));
	if (edition->alone)
		out_say(app, _("  published without the coordinator of the Kurdistan Region, who "
			       "did not answer in ten working days"));
	if (edition->withdrawn_at[0])
		out_say(app,
			sentence(pool,
				 edition->second_at[0]
					 ? _("  withdrawn {at}: {why}")
					 : _("  withdrawn {at}: {why}; it stands again after 24 "
					     "hours, unless a second person withdraws it too"),
				 "at", clock_moment(app, edition->withdrawn_at), "why",
				 edition->withdrawn_note, NULL));
}

bool cmd_edition_list(struct app *app)
{
	const struct column columns[] = {
		{ "edition", _("EDITION"), COLUMN_CODE },
		{ "state", _("STATE"), COLUMN_CODE },
		{ "reports", _("REPORTS"), COLUMN_NUMBER },
		{ "confirmed_at", _("PUBLISHED"), COLUMN_CODE },
		{ "sha256", _("SHA-256"), COLUMN_CODE },
		{ "plan", _("PLAN"), COLUMN_CODE },
		{ "approved_by", _("APPROVED BY"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 7);
	Inap__V1__EditionList request = INAP__V1__EDITION_LIST__INIT;
	const Inap__V1__EditionListReply *reply = NULL;
	json_t *list;

	request.plan = pool_strdup(&app->pool, option_text(app, OPT_PLAN));
	if (app->words_count > 0 && !edition_parse(app, app->words[0], &request))
		return false;
	if (!edition_heads(app, &request, &reply))
		return false;
	list = json_array();
	for (size_t i = 0; i < reply->n_editions; i++) {
		const Inap__V1__Edition *edition = reply->editions[i];

		json_array_append_new(list, edition_json(edition));
		view_code(view, edition_code(app, edition));
		view_word(view, edition->state);
		view_number(view, edition->reports);
		view_day(view, edition->confirmed_at);
		view_both(view, pool_strndup(&app->pool, edition->sha256, 12), edition->sha256);
		view_code(view, edition->plan);
		view_text(view, edition->approved_by);
	}
	out_json(app, list);
	if (reply->n_editions > 0)
		out_view(app, view);
	else
		out_say(app, _("nothing is published"));
	return true;
}

/* Lines of one sort as objects; keys name the fields behind the first. */
static json_t *lines_json(const struct edition_text *text, const char *word,
			  const char *const *keys, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < text->count; i++) {
		json_t *one;

		if (strcmp(text->lines[i].fields[0], word) != 0)
			continue;
		one = json_object();
		for (size_t j = 0; j < count; j++)
			json_put_maybe(one, keys[j], text->lines[i].fields[j + 1]);
		json_array_append_new(list, one);
	}
	return list;
}

static json_t *remarks_json(const Inap__V1__EditionListReply *reply)
{
	json_t *list = json_array();

	for (size_t i = 0; i < reply->n_remarks; i++) {
		json_t *one = json_object();

		json_put_number(one, "remark", reply->remarks[i]->number);
		json_put_text(one, "text", reply->remarks[i]->text);
		json_put_text(one, "by", reply->remarks[i]->by);
		json_put_text(one, "at", reply->remarks[i]->at);
		json_array_append_new(list, one);
	}
	return list;
}

static json_t *shown_json(const Inap__V1__Edition *edition, const struct edition_text *text,
			  const Inap__V1__NationalSummaryReply *summary)
{
	static const char *const report[] = { "entity", "round", "revision", "change" };
	static const char *const source[] = { "period", "number", "sha256" };
	static const char *const part[] = { "cell", "entity",    "period",
					    "kind", "numerator", "denominator" };
	static const char *const sentence[] = { "section", "text" };
	static const char *const change[] = { "cell", "jurisdiction", "kind", "numerator",
					      "denominator" };
	json_t *answer = edition_json(edition);
	json_t *figures = summary_json(summary);

	json_object_set(answer, "totals", json_object_get(figures, "totals"));
	json_decref(figures);
	json_object_set_new(answer, "held", lines_json(text, "report", report, 4));
	json_object_set_new(answer, "sources", lines_json(text, "source", source, 3));
	json_object_set_new(answer, "parts", lines_json(text, "part", part, 6));
	json_object_set_new(answer, "sentences", lines_json(text, "sentence", sentence, 2));
	json_object_set_new(answer, "changes", lines_json(text, "change", change, 5));
	return answer;
}

static const Inap__V1__NationalLabel *label_of(const Inap__V1__NationalSummaryReply *summary,
					       const char *code)
{
	for (size_t i = 0; i < summary->n_indicators; i++)
		if (strcmp(summary->indicators[i]->code, code) == 0)
			return summary->indicators[i];
	return NULL;
}

static void figures_render(struct app *app, const Inap__V1__NationalSummaryReply *summary)
{
	const struct column columns[] = {
		{ "cell", _("CELL"), COLUMN_CODE }, /* the first is a card's title */
		{ "jurisdiction", _("JURISDICTION"), COLUMN_CODE },
		{ "period", _("PERIOD"), COLUMN_CODE },
		{ "value", _("VALUE"), COLUMN_NUMBER },
		{ "percent", _("PERCENT"), COLUMN_NUMBER },
		{ "coverage", _("REPORTED"), COLUMN_NUMBER },
		{ "pillar", _("PILLAR"), COLUMN_CODE },
		{ "name", _("NAME"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 8);
	bool tables = strcmp(option_text(app, OPT_BY), "table") == 0;

	for (size_t i = 0; i < summary->n_totals; i++) {
		const Inap__V1__Total *total = summary->totals[i];
		const Inap__V1__NationalLabel *label = label_of(summary, total->indicator);

		if (!tables && strchr(total->cell, ':'))
			continue;
		view_code(view, total->cell);
		view_word(view,
			  enum_key(&inap__v1__jurisdiction__descriptor, (int)total->jurisdiction));
		view_code(view, total->period);
		if (total->hidden)
			view_both(view, _("hidden"), "hidden");
		else
			view_value(view, total->value);
		view_figure(view, total->percent);
		view_figure(view,
			    pool_printf(&app->pool, "%u/%u", (unsigned)total->coverage->valued,
					(unsigned)total->coverage->expected));
		view_code(view, label ? label->pillar : "");
		view_name(view, label ? label->name : NULL);
	}
	out_view(app, view);
}

/* Sentences and remarks beside the figures. */
static void words_render(struct app *app, const struct edition_text *text,
			 const Inap__V1__EditionListReply *reply)
{
	const struct column sentences[] = { { "section", _("SECTION"), COLUMN_CODE },
					    { "text", _("SENTENCE"), COLUMN_TEXT } };
	const struct column remarks[] = { { "by", _("BY"), COLUMN_CODE },
					  { "at", _("AT"), COLUMN_CODE },
					  { "text", _("REMARK"), COLUMN_TEXT } };
	struct view *said = view_new(app, sentences, 2);
	struct view *remarked = view_new(app, remarks, 3);

	for (size_t i = 0; i < text->count; i++) {
		if (strcmp(text->lines[i].fields[0], "sentence") != 0)
			continue;
		view_word(said, text->lines[i].fields[1]);
		view_text(said, text->lines[i].fields[2]);
	}
	for (size_t i = 0; i < reply->n_remarks; i++) {
		view_code(remarked, reply->remarks[i]->by);
		view_time(remarked, reply->remarks[i]->at);
		view_text(remarked, reply->remarks[i]->text);
	}
	if (view_rows(said) > 0)
		out_side_view(app, _("From the reports:"), said);
	if (view_rows(remarked) > 0)
		out_side_view(app, _("Remarks:"), remarked);
}

/* Remarks come with a number only: asked for again where none was given. */
static bool remarks_read(struct app *app, const Inap__V1__Edition *edition,
			 const Inap__V1__EditionListReply **reply)
{
	Inap__V1__EditionList request = INAP__V1__EDITION_LIST__INIT;

	request.plan = edition->plan;
	request.period = edition->period;
	request.number = edition->number;
	return edition_heads(app, &request, reply);
}

bool cmd_edition_show(struct app *app)
{
	const Inap__V1__Edition *edition;
	const Inap__V1__EditionListReply *reply = NULL;
	const Inap__V1__NationalSummaryReply *summary;
	const struct edition_text *text;
	const char *bytes = NULL;
	size_t length = 0;
	json_t *answer;

	if (!edition_find(app, app->words[0], &edition, &reply))
		return false;
	if (strcmp(edition->state, "withdrawn") == 0)
		edition_say(app, edition);
	if (!edition_bytes(app, edition, &bytes, &length) || !remarks_read(app, edition, &reply))
		return false;
	if (app->options.given[OPT_BYTES]) {
		fwrite(bytes, 1, length, app->out.stream);
		return true;
	}
	text = edition_read(app, bytes, length, SIZE_MAX);
	if (!text)
		return fail_with(app, ERROR_UNSUPPORTED, "why",
				 _("its bytes are in a form that this client does not know"), NULL);
	summary = edition_summary(app, text);
	answer = shown_json(edition, text, summary);
	json_object_set_new(answer, "remarks", remarks_json(reply));
	out_json(app, answer);
	if (strcmp(edition->state, "withdrawn") != 0)
		edition_say(app, edition);
	figures_render(app, summary);
	words_render(app, text, reply);
	return true;
}
