/* What an entry cell counts, in words; what the consulted said of it. */
#include "client/out/asked.h"

#include <string.h>

#include "client/app.h"
#include "client/i18n.h"
#include "client/out/json.h"
#include "client/out/view.h"
#include "client/words.h"

/* A value kind as it is said of a quarter, a half-year and a year. */
static const struct {
	const char *kind;
	const char *text[3];
} kinds[] = {
	{ "in_period", { N_("in this quarter"), N_("in this half-year"), N_("in this year") } },
	{ "at_period_end",
	  { N_("at the end of the quarter"), N_("at the end of the half-year"),
	    N_("at the end of the year") } },
	{ "year_to_date",
	  { N_("from January to the end of the quarter"),
	    N_("from January to the end of the half-year"), N_("in this year") } },
	{ "cumulative_since_start",
	  { N_("since the plan began, all in all"), N_("since the plan began, all in all"),
	    N_("since the plan began, all in all") } },
};

/* 2024Q3 is a quarter, 2024S2 a half-year, 2024 a year. */
static int period_length(const char *period)
{
	size_t mark = strcspn(period, "QS");

	if (period[mark] == 'Q')
		return 0;
	return period[mark] == 'S' ? 1 : 2;
}

const char *asked_kind(const Inap__V1__AskedCell *asked)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(kinds[i].kind, asked->value_kind) == 0)
			return _(kinds[i].text[period_length(asked->period)]);
	return word(asked->value_kind);
}

const char *asked_unit(const Inap__V1__AskedCell *asked)
{
	if (strcmp(asked->unit, "decimal") == 0 && asked->unit_label[0])
		return asked->unit_label;
	return word(asked->unit);
}

bool asked_half_locked(const Inap__V1__ReportShowReply *show)
{
	for (size_t i = 0; i < show->n_asked; i++)
		if (show->asked[i]->locked)
			return true;
	return false;
}

void view_asked_kind(struct view *view, const Inap__V1__AskedCell *asked)
{
	const char *said = asked ? asked_kind(asked) : "";

	if (asked && asked->overlap)
		said = sentence(&view->app->pool, _("{kind}; answers may overlap"), "kind", said,
				NULL);
	if (asked && asked->breaks_at[0])
		said = sentence(&view->app->pool,
				_("{kind}; the series breaks at {quarter}: {parts} were one"),
				"kind", said, "quarter", asked->breaks_at, "parts",
				asked->breaks_parts, NULL);
	if (asked && asked->carried)
		said = sentence(&view->app->pool,
				_("{kind}; not applicable, carried forward from {period}"), "kind",
				said, "period", asked->previous_period, NULL);
	view_both(view, said, asked ? asked->value_kind : "");
}

void view_asked_unit(struct view *view, const Inap__V1__AskedCell *asked)
{
	view_both(view, asked ? asked_unit(asked) : "", asked ? asked->unit : "");
}

json_t *asked_json(const Inap__V1__ReportShowReply *show)
{
	json_t *list = json_array();

	for (size_t i = 0; i < show->n_asked; i++) {
		const Inap__V1__AskedCell *asked = show->asked[i];
		json_t *one = json_object();

		json_put_text(one, "cell", asked->cell);
		json_put_text(one, "period", asked->period);
		json_put_text(one, "part", asked->part);
		json_put_text(one, "unit", asked->unit);
		json_put_maybe(one, "unit_label", asked->unit_label);
		json_put_text(one, "value_kind", asked->value_kind);
		json_put_bool(one, "ratio", asked->ratio);
		json_put_bool(one, "overlap", asked->overlap);
		json_put_maybe(one, "breaks_at", asked->breaks_at);
		json_array_append_new(list, one);
	}
	return list;
}

json_t *consultations_json(const Inap__V1__ReportShowReply *show)
{
	json_t *list = json_array();

	for (size_t i = 0; i < show->n_consultations; i++) {
		const Inap__V1__Consultation *said = show->consultations[i];
		json_t *one = json_object();

		json_put_text(one, "cell", said->cell);
		json_put_text(one, "by", said->by);
		json_put_text(one, "answer", said->answer);
		json_put_maybe(one, "text", said->text);
		json_put_text(one, "at", said->at);
		json_put_number(one, "revision", said->revision);
		json_put_bool(one, "current", said->current);
		if (said->point)
			json_put_number(one, "point", said->point);
		json_array_append_new(list, one);
	}
	return list;
}

void consultations_human(struct app *app, const Inap__V1__ReportShowReply *show, bool all)
{
	const struct column columns[] = {
		{ "cell", _("CELL"), COLUMN_CODE },      { "by", _("BY"), COLUMN_CODE },
		{ "answer", _("ANSWER"), COLUMN_CODE },  { "at", _("AT"), COLUMN_CODE },
		{ "current", _("STANDS"), COLUMN_CODE }, { "point", _("POINT"), COLUMN_NUMBER },
		{ "text", _("WHY"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 7);

	for (size_t i = 0; i < show->n_consultations; i++) {
		const Inap__V1__Consultation *said = show->consultations[i];

		if (!all && strcmp(said->answer, "contested") != 0)
			continue;
		view_code(view, said->cell);
		view_code(view, said->by);
		view_word(view, said->answer);
		view_time(view, said->at);
		view_yes(view, said->current);
		view_figure(view, said->point ? number_text(&app->pool, said->point) : "");
		view_text(view, said->text);
	}
	if (view_rows(view) > 0)
		out_side_view(app, _("What the consulted say:"), view);
}
