/* Lights on the page: a sign and a word, and under the row in words all that made them. */
#include <stdlib.h>
#include <string.h>

#include "client/app.h"
#include "client/i18n.h"
#include "client/out/value.h"
#include "client/picture/page.h"
#include "client/words.h"

enum { NAMED_MAX = 6 };

bool page_lit(const struct picture_row *row)
{
	for (size_t side = 0; side < PICTURE_SIDES; side++)
		if (row->light[side])
			return true;
	return false;
}

static void mark_put(const struct page *page, const char *light)
{
	const struct mark *mark = page_light(light);

	fprintf(page->stream, "<span class=%s>%s\u00a0", mark->class, mark->sign);
	page_text(page, _(mark->word));
	fputs("</span>", page->stream);
}

void page_light_cell(const struct page *page, const Inap__V1__Light *light)
{
	fputs("<td>", page->stream);
	if (light)
		mark_put(page, light->light);
	else
		fputs(page_light("")->sign, page->stream);
	if (!light || !light->set_light[0])
		return;
	page_element(page, "small", NULL, _("Set by hand:"));
	mark_put(page, light->set_light);
}

/* One thing that made the light; formulas and codes, which are read from left to right, and what
 * people wrote stand apart from the words around them. */
enum part { PART_SAID, PART_APART };

static void fact_put(const struct page *page, const char *what, const char *text, enum part part)
{
	if (!text[0])
		return;
	fputs(" · ", page->stream);
	page_text(page, what);
	fputs(": ", page->stream);
	if (part == PART_SAID)
		page_text(page, text);
	else
		page_element(page, "bdi", NULL, text);
}

/* What its letters mean stands under the table. */
static void formula_put(const struct page *page, const Inap__V1__Light *light)
{
	struct pool *pool = &page->app->pool;

	if (!light->formula[0])
		return;
	fputs(" · ", page->stream);
	page_element(page, "bdi", NULL,
		     light->progress[0]
			     ? pool_printf(pool, "%s = %s", light->formula, light->progress)
			     : light->formula);
}

/* 0.833 is 83 %. */
static const char *percent_of(struct pool *pool, const char *part)
{
	return part[0] ? pool_printf(pool, "%.0f %%", 100 * strtod(part, NULL)) : "";
}

/* The first few; of the nation's year the whole list would be a page. */
static const char *named(struct app *app, char *const *texts, size_t count)
{
	if (count <= NAMED_MAX)
		return texts_join(app, texts, count);
	return sentence(&app->pool, _("{list} and {count} more"), "list",
			texts_join(app, texts, NAMED_MAX), "count",
			number_text(&app->pool, count - NAMED_MAX), NULL);
}

/* One number for each period of a frequency: the next one's is one more. */
static unsigned long period_number(const char *period)
{
	unsigned long year = strtoul(period, NULL, 10);
	const char *part = period + strspn(period, "0123456789");
	unsigned long parts = part[0] == 'Q' ? 4 : part[0] == 'S' ? 2 : 1;

	return year * parts + (part[0] ? strtoul(part + 1, NULL, 10) : 0);
}

/* Periods that follow one another are a span. */
static const char *periods_said(struct app *app, char *const *periods, size_t count)
{
	if (count < 3 || period_number(periods[count - 1]) != period_number(periods[0]) + count - 1)
		return texts_join(app, periods, count);
	return pool_printf(&app->pool, "%s..%s", periods[0], periods[count - 1]);
}

/* What is to be reached is the rule, and not said. */
static const char *target_said(struct pool *pool, const Inap__V1__Target *target)
{
	const char *number = target->number;

	if (strcmp(target->kind, "reach") != 0)
		number = pool_printf(pool, "%s (%s)", number, word(target->kind));
	return sentence(pool,
			target->revision == 0
				? _("{number}, of the plan itself")
				: _("{number} by the end of {period}, revision {revision}"),
			"number", number, "period", target->period, "revision",
			number_text(pool, target->revision), NULL);
}

static const char *figure_said(const struct page *page, const Inap__V1__Light *light)
{
	if (light->hidden)
		return "▒";
	if (light->percent[0])
		return pool_printf(&page->app->pool, "%s %%", light->percent);
	return light->value ? value_human(page->app, light->value) : "";
}

static void target_put(const struct page *page, const Inap__V1__Light *light)
{
	struct pool *pool = &page->app->pool;
	const Inap__V1__Target *target = light->target;

	fact_put(page, _("Target"), target_said(pool, target), PART_SAID);
	formula_put(page, light);
	fact_put(page, _("Baseline"), target->baseline, PART_SAID);
	fact_put(page, _("Tolerance"), target->tolerance, PART_SAID);
}

static void light_put(const struct page *page, const Inap__V1__Light *light)
{
	struct app *app = page->app;
	bool lost = strspn(light->weight_missing, "0.") < strlen(light->weight_missing);
	bool said = strcmp(light->why, "weight_missing") == 0;

	fputs("<p><b>", page->stream);
	page_text(page, enum_word(&inap__v1__jurisdiction__descriptor, (int)light->jurisdiction));
	fputs("</b> ", page->stream);
	if (light->jurisdiction == INAP__V1__JURISDICTION__JURISDICTION_IRAQ)
		fputs(page_light(light->light)->sign, page->stream); /* its word is in the row */
	else
		mark_put(page, light->light);
	if (light->why[0] && said)
		page_text(page, pool_printf(&app->pool, " (%s: %s)", word(light->why),
					    percent_of(&app->pool, light->weight_missing)));
	else if (light->why[0])
		page_text(page, pool_printf(&app->pool, " (%s)", word(light->why)));
	fact_put(page, _("Figure"), figure_said(page, light), PART_SAID);
	if (light->target)
		target_put(page, light);
	fact_put(page, _("Coverage"), percent_of(&app->pool, light->rate), PART_SAID);
	fact_put(page, _("Missing"), named(app, light->missing, light->n_missing), PART_APART);
	fact_put(page, word("weight_missing"),
		 lost && !said ? percent_of(&app->pool, light->weight_missing) : "", PART_SAID);
	fact_put(page, _("Periods"), periods_said(app, light->counted, light->n_counted),
		 PART_APART);
	fact_put(page, _("Periods without a figure"), periods_said(app, light->gaps, light->n_gaps),
		 PART_APART);
}

static void override_put(const struct page *page, const Inap__V1__Light *light)
{
	if (!light->set_light[0])
		return;
	fputs("<p>", page->stream);
	page_text(page, _("Set by hand:"));
	fputc(' ', page->stream);
	mark_put(page, light->set_light);
	fact_put(page, _("Reason"), light->set_reason, PART_APART);
}

void page_explanations(const struct page *page, const struct picture_row *row, size_t columns)
{
	fprintf(page->stream, "<tr class=x><td><td colspan=%zu>", columns - 1);
	for (size_t side = 0; side < PICTURE_SIDES; side++) {
		if (!row->light[side])
			continue;
		light_put(page, row->light[side]);
		override_put(page, row->light[side]);
	}
	fputc('\n', page->stream);
}
