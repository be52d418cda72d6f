/* The page's table of indicators, and its sections of entities. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "client/app.h"
#include "client/i18n.h"
#include "client/out/clock.h"
#include "client/out/value.h"
#include "client/picture/page.h"
#include "client/words.h"

/* ---- indicators */

/* The figure of a side, and who is in it; one sign for all that is hidden, whatever the reason. */
static void side_put(const struct page *page, const Inap__V1__Total *total)
{
	struct pool *pool = &page->app->pool;
	const char *before, *figure = total ? picture_figure(page->picture, total) : "";

	fputs("<td>", page->stream);
	if (total && total->hidden) {
		page_element(page, "span", "h", "▒");
	} else if (total && total->percent[0]) {
		page_element(page, "b", NULL, pool_printf(pool, "%s %%", total->percent));
		page_element(page, "small", NULL, figure);
	} else if (figure[0]) {
		page_element(page, "b", NULL, figure);
	}
	if (total && total->coverage && total->coverage->expected > 0)
		page_element(page, "i", NULL,
			     pool_printf(pool, "%u/%u", (unsigned)total->coverage->valued,
					 (unsigned)total->coverage->expected));
	before = page_edition_before(page, total);
	if (before)
		page_element(page, "small", NULL,
			     sentence(pool, _("edition before: {value}"), "value", before, NULL));
}

/* Against the same quarter of the year before, else against the period before: the sign says where
 * to, never whether that is good. */
static void change_put(const struct page *page, const struct picture_row *row)
{
	size_t last = page->picture->rounds_count - 1;
	double now, before;
	bool yearly =
		last >= PICTURE_YEAR && picture_number(row->past[last - PICTURE_YEAR], &before);
	bool known = yearly || (last >= 1 && picture_number(row->past[last - 1], &before));
	const char *sign = "=";

	fputs("<td>", page->stream);
	if (known && picture_number(row->past[last], &now)) {
		if (now != before)
			sign = now > before ? "▲" : "▼";
		page_text(page, sign);
		if (now != before && before != 0)
			page_text(page, pool_printf(&page->app->pool, " %.0f %%",
						    fabs(now - before) * 100 / fabs(before)));
	}
}

/* The number that a target is compared with; false: there is none. */
static bool light_number(const Inap__V1__Light *light, double *number)
{
	const char *text = light->percent;

	if (light->hidden)
		return false;
	if (!text[0] && light->value && light->value->kind_case == INAP__V1__VALUE__KIND_NUMBER)
		text = light->value->number;
	*number = strtod(text, NULL);
	return text[0] != '\0';
}

/* A bar of what is judged, which of a sum is the year so far, with a tick at the target. */
static void aimed_put(const struct page *page, const Inap__V1__Light *light)
{
	double target = strtod(light->target->number, NULL), most = 100, number = 0;
	bool known = light_number(light, &number);

	if (!light->percent[0])
		most = (number > target ? number : target) * 1.1;
	if (known && most > 0)
		page_bar(page, number * 100 / most, target * 100 / most);
	page_element(page, "small", NULL, light->target->number);
}

/* A bar where the figure is a share, or is judged against a target. */
static void target_put(const struct page *page, const Inap__V1__Total *total,
		       const Inap__V1__Light *light)
{
	double number;

	fputs("<td>", page->stream);
	if (light && light->target)
		aimed_put(page, light);
	else if (total && total->percent[0] && picture_number(total, &number))
		page_bar(page, number, -1);
}

static void row_put(const struct page *page, const struct picture_row *row, size_t columns)
{
	const Inap__V1__Total *iraq = row->now[PICTURE_SIDES - 1];

	fputs(page_lit(row) ? "<tr class=y><td class=c>" : "<tr><td class=c>", page->stream);
	page_text(page, row->indicator->code);
	fputs("<td>", page->stream);
	page_element(page, "bdi", NULL, name_text(row->indicator->name));
	if (iraq && strcmp(iraq->label, "contacts") == 0)
		page_element(page, "small", NULL, word("contacts"));
	for (size_t side = 0; side < PICTURE_SIDES; side++)
		side_put(page, row->now[side]);
	if (page->picture->edition) {
		target_put(page, iraq, NULL);
	} else {
		change_put(page, row);
		target_put(page, iraq, row->light[PICTURE_SIDES - 1]);
		fputs("<td>", page->stream);
		page_spark(page, row);
		page_light_cell(page, row->light[PICTURE_SIDES - 1]);
	}
	fputc('\n', page->stream);
	if (page_lit(row))
		page_explanations(page, row, columns);
}

/* The pillar's name, of the plan's chain. */
static const char *pillar_name(const struct page *page, const char *code)
{
	const Inap__V1__Plan *plan = page->picture->plan;

	for (size_t i = 0; i < plan->n_results; i++)
		if (strcmp(plan->results[i]->code, code) == 0)
			return name_text(plan->results[i]->name);
	return code;
}

void page_indicators(const struct page *page)
{
	const char *const now[] = { _("Code"),         _("Indicator"), word("federal"),
				    word("kurdistan"), word("iraq"),   _("Change"),
				    _("Target"),       _("8 rounds"),  _("Light") };
	const char *const frozen[] = { _("Code"),         _("Indicator"), word("federal"),
				       word("kurdistan"), word("iraq"),   _("Share") };
	const char *const *heads = page->picture->edition ? frozen : now;
	size_t columns =
		page->picture->edition ? sizeof frozen / sizeof *frozen : sizeof now / sizeof *now;
	size_t numbers = page->picture->edition ? 5 : 6; /* heads stand above their numbers */
	const char *pillar = "";

	page_element(page, "h2", NULL, _("Indicators"));
	fputs("<table class=w><thead><tr>", page->stream);
	for (size_t i = 0; i < columns; i++)
		page_element(page, "th", i >= 2 && i < numbers ? "n" : NULL, heads[i]);
	fputs("</tr></thead>\n", page->stream);
	for (size_t i = 0; i < page->picture->rows_count; i++) {
		const struct picture_row *row = &page->picture->rows[i];

		if (strcmp(row->indicator->pillar, pillar) != 0) {
			pillar = row->indicator->pillar;
			fprintf(page->stream, "<tbody><tr><th class=p colspan=%zu>", columns);
			page_text(page, pillar_name(page, pillar));
			fputs("</th></tr>\n", page->stream);
		}
		row_put(page, row, columns);
	}
	fputs("</table>\n", page->stream);
}

/* ---- entities */

static bool among(char *const *texts, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(texts[i], text) == 0)
			return true;
	return false;
}

/* Indicators whose total waits for this entity. */
static void missing_put(const struct page *page, const Inap__V1__CompletenessEntry *entry)
{
	size_t side = entry->jurisdiction == INAP__V1__JURISDICTION__JURISDICTION_FEDERAL ? 0 : 1;
	const char *list = "";

	for (size_t i = 0; i < page->picture->rows_count; i++) {
		const struct picture_row *row = &page->picture->rows[i];
		const Inap__V1__Total *total = row->now[side];

		if (total && total->coverage &&
		    among(total->coverage->missing, total->coverage->n_missing, entry->entity))
			list = pool_printf(&page->app->pool, "%s%s%s", list, list[0] ? ", " : "",
					   row->indicator->code);
	}
	if (list[0])
		page_paragraph(page, sentence(&page->app->pool, _("Waited for in {codes}"), "codes",
					      list, NULL));
}

/* Right to left the sign of a figure below zero would come to stand behind it. */
static void given_put(const struct page *page, const char *code, const char *figure)
{
	fputs("<li>", page->stream);
	page_element(page, "bdi", NULL, code);
	fputc(' ', page->stream);
	if (figure[0] == '-')
		page_element(page, "bdi", NULL, figure);
	else
		page_text(page, figure);
}

/* What it gave to totals that are shown; of protected indicators only the sum is anybody's to see,
 * and words are nobody's: the server leaves them out. */
static void gave_put(const struct page *page, const Inap__V1__CompletenessEntry *entry)
{
	size_t side = entry->jurisdiction == INAP__V1__JURISDICTION__JURISDICTION_FEDERAL ? 0 : 1;
	bool begun = false;

	for (size_t i = 0; i < page->picture->rows_count; i++) {
		const struct picture_row *row = &page->picture->rows[i];
		const Inap__V1__Total *total = row->now[side];

		if (!total || total->hidden || strcmp(row->indicator->protection, "none") != 0)
			continue;
		for (size_t at = 0; at < total->n_parts; at++) {
			const Inap__V1__Value *value = total->parts[at]->value;

			if (strcmp(total->parts[at]->entity, entry->entity) != 0 ||
			    (value && value->kind_case == INAP__V1__VALUE__KIND_TEXT))
				continue;
			fputs(begun ? "" : "<ul>", page->stream);
			begun = true;
			given_put(page, row->indicator->code, value_human(page->app, value));
		}
	}
	fputs(begun ? "</ul>" : "", page->stream);
}

static void entity_put(const struct page *page, const Inap__V1__CompletenessEntry *entry)
{
	struct pool *pool = &page->app->pool;
	const struct mark *mark = page_mark(entry, picture_now(page->picture)->totals->as_of);

	fprintf(page->stream, "<section id=%s>", entry->entity);
	page_element(page, "h3", NULL, name_text(entry->name));
	fputs("<p>", page->stream);
	page_element(page, "bdi", NULL, entry->entity);
	fprintf(page->stream, " <span class=%s>%s ", mark->class, mark->sign);
	page_text(page, _(mark->word));
	fputs("</span> ", page->stream);
	page_text(page, enum_word(&inap__v1__state__descriptor, (int)entry->state));
	page_text(page,
		  pool_printf(pool, " %u/%u", (unsigned)entry->answered, (unsigned)entry->asked));
	if (entry->submitted_at[0])
		page_text(page,
			  pool_printf(pool, ", %s", clock_day(page->app, entry->submitted_at)));
	if (entry->excused && entry->excused_note[0])
		page_paragraph(page, entry->excused_note);
	missing_put(page, entry);
	gave_put(page, entry);
	fputs("</section>\n", page->stream);
}

void page_entities(const struct page *page)
{
	const Inap__V1__NationalCompletenessReply *who = picture_now(page->picture)->who;

	page_element(page, "h2", NULL, _("Institutions"));
	for (size_t i = 0; i < who->n_entities; i++)
		entity_put(page, who->entities[i]);
}
