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

	fputs("<td class=n>", page->stream);
	if (total && total->hidden) {
		page_element(page, "span", "h", "▒");
	} else if (total && total->percent[0]) {
		page_element(page, "b", NULL, pool_printf(pool, "%s %%", total->percent));
		page_element(page, "small", NULL, picture_figure(page->picture, total));
	} else if (total) {
		page_element(page, "b", NULL, picture_figure(page->picture, total));
	}
	if (total && total->coverage && total->coverage->expected > 0)
		page_element(page, "i", NULL,
			     pool_printf(pool, "%u/%u", (unsigned)total->coverage->valued,
					 (unsigned)total->coverage->expected));
	fputs("</td>", page->stream);
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

	fputs("<td class=n>", page->stream);
	if (known && picture_number(row->past[last], &now)) {
		if (now != before)
			sign = now > before ? "▲" : "▼";
		page_text(page, sign);
		if (now != before && before != 0)
			page_text(page, pool_printf(&page->app->pool, " %.0f %%",
						    fabs(now - before) * 100 / fabs(before)));
	}
	fputs("</td>", page->stream);
}

/* A bar where the figure is a share, or is judged against a target. */
static void target_put(const struct page *page, const Inap__V1__Total *total)
{
	double number, target = -1, most = 100;
	bool share = total && total->percent[0];

	fputs("<td>", page->stream);
	if (total && total->target[0]) {
		target = strtod(total->target, NULL);
		most = share ? 100 : target * 1.25;
	}
	if (picture_number(total, &number) && (share || target > 0))
		page_bar(page, most > 0 ? number * 100 / most : 0,
			 most > 0 ? target * 100 / most : -1);
	if (total && total->target[0])
		page_element(page, "small", NULL, total->target);
	fputs("</td>", page->stream);
}

static void light_put(const struct page *page, const Inap__V1__Total *total)
{
	const struct mark *light = page_light(total ? total->light : "");

	fprintf(page->stream, "<td class=%s title=\"", light->class);
	page_text(page, _(light->word));
	fprintf(page->stream, "\">%s</td>", light->sign);
}

static void row_put(const struct page *page, const struct picture_row *row)
{
	const Inap__V1__Total *iraq = row->now[PICTURE_SIDES - 1];

	fputs("<tr>", page->stream);
	page_element(page, "td", "c", row->indicator->code);
	fputs("<td>", page->stream);
	page_element(page, "bdi", NULL, name_text(row->indicator->name));
	if (iraq && strcmp(iraq->label, "contacts") == 0)
		page_element(page, "small", NULL, word("contacts"));
	fputs("</td>", page->stream);
	for (size_t side = 0; side < PICTURE_SIDES; side++)
		side_put(page, row->now[side]);
	change_put(page, row);
	target_put(page, iraq);
	fputs("<td>", page->stream);
	page_spark(page, row);
	fputs("</td>", page->stream);
	light_put(page, iraq);
	fputs("</tr>\n", page->stream);
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
	const char *const heads[] = { _("Code"),         _("Indicator"), word("federal"),
				      word("kurdistan"), word("iraq"),   _("Change"),
				      _("Target"),       _("8 rounds"),  _("Light") };
	const char *pillar = "";

	page_element(page, "h2", NULL, _("Indicators"));
	fputs("<table class=w><thead><tr>", page->stream);
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		page_element(page, "th", NULL, heads[i]);
	fputs("</tr></thead>\n", page->stream);
	for (size_t i = 0; i < page->picture->rows_count; i++) {
		const struct picture_row *row = &page->picture->rows[i];

		if (strcmp(row->indicator->pillar, pillar) != 0) {
			pillar = row->indicator->pillar;
			fputs("<tbody><tr><th class=p colspan=9>", page->stream);
			page_text(page, pillar_name(page, pillar));
			fputs("</th></tr>\n", page->stream);
		}
		row_put(page, row);
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
		page_say(page, sentence(&page->app->pool, _("Waited for in {codes}"), "codes", list,
					NULL));
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
			fputs("<li>", page->stream);
			page_element(page, "bdi", "c", row->indicator->code);
			fputc(' ', page->stream);
			page_element(page, "bdi", NULL, value_human(page->app, value));
		}
	}
	fputs(begun ? "</ul>" : "", page->stream);
}

static void entity_put(const struct page *page, const Inap__V1__CompletenessEntry *entry)
{
	struct pool *pool = &page->app->pool;
	const struct mark *mark = page_mark(entry, picture_now(page->picture)->totals->as_of);

	fprintf(page->stream, "<section class=e id=\"%s\">", entry->entity);
	page_element(page, "h3", NULL, name_text(entry->name));
	fputs("<p>", page->stream);
	page_element(page, "bdi", "c", entry->entity);
	fprintf(page->stream, " <span class=%s>%s ", mark->class, mark->sign);
	page_text(page, _(mark->word));
	fputs("</span> ", page->stream);
	page_text(page, enum_word(&inap__v1__state__descriptor, (int)entry->state));
	page_text(page,
		  pool_printf(pool, " %u/%u", (unsigned)entry->answered, (unsigned)entry->asked));
	if (entry->submitted_at[0])
		page_text(page,
			  pool_printf(pool, ", %s", clock_day(page->app, entry->submitted_at)));
	fputs("</p>", page->stream);
	if (entry->excused && entry->excused_note[0])
		page_say(page, entry->excused_note);
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
