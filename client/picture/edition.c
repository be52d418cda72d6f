/* A published edition as a picture: what its bytes say, and nothing else. */
#include <string.h>

#include "client/app.h"
#include "client/cmd/edition.h"
#include "client/i18n.h"
#include "client/out/clock.h"
#include "client/out/value.h"
#include "client/picture/page.h"
#include "client/words.h"

/* ---- the picture */

static bool is(const struct edition_line *line, const char *word)
{
	return strcmp(line->fields[0], word) == 0;
}

/* As texts of a message. */
static char *own(const struct picture *picture, const char *text)
{
	return pool_strdup(&picture->app->pool, text);
}

static Inap__V1__Name *name_of(const struct picture *picture, const char *const *fields)
{
	Inap__V1__Name *name = pool_alloc(&picture->app->pool, sizeof *name);

	inap__v1__name__init(name);
	name->en = own(picture, fields[0]);
	name->ar = own(picture, fields[1]);
	name->ckb = own(picture, fields[2]);
	return name;
}

static Inap__V1__Result *chapter_of(const struct picture *picture, const struct edition_line *line)
{
	Inap__V1__Result *chapter = pool_alloc(&picture->app->pool, sizeof *chapter);

	inap__v1__result__init(chapter);
	chapter->code = own(picture, line->fields[1]);
	chapter->name = name_of(picture, line->fields + 2);
	return chapter;
}

static Inap__V1__Indicator *indicator_of(const struct picture *picture,
					 const struct edition_line *line, const char *chapter)
{
	Inap__V1__Indicator *indicator = pool_alloc(&picture->app->pool, sizeof *indicator);

	inap__v1__indicator__init(indicator);
	indicator->code = own(picture, line->fields[1]);
	indicator->unit = own(picture, line->fields[2]);
	indicator->name = name_of(picture, line->fields + 3);
	indicator->pillar = own(picture, chapter);
	return indicator;
}

/* The plan as far as the edition tells of it: its code, its chapters, its indicators. */
static void plan_make(struct picture *picture)
{
	struct pool *pool = &picture->app->pool;
	const struct edition_text *text = picture->text;
	Inap__V1__Plan *plan = pool_alloc(pool, sizeof *plan);
	Inap__V1__IndicatorListReply *list = pool_alloc(pool, sizeof *list);

	inap__v1__plan__init(plan);
	inap__v1__indicator_list_reply__init(list);
	plan->code = own(picture, edition_word(text, "plan"));
	plan->results = pool_alloc(pool, (text->count + 1) * sizeof *plan->results);
	list->indicators = pool_alloc(pool, (text->count + 1) * sizeof *list->indicators);
	for (size_t i = 0; i < text->count; i++) {
		const struct edition_line *line = &text->lines[i];

		if (is(line, "chapter"))
			plan->results[plan->n_results++] = chapter_of(picture, line);
		else if (is(line, "indicator") && plan->n_results > 0)
			list->indicators[list->n_indicators++] = indicator_of(
				picture, line, plan->results[plan->n_results - 1]->code);
	}
	picture->plan = plan;
	picture->indicators = list;
}

/* Of a year a cell has a figure of every round, and its own last: that one is found first. */
static const Inap__V1__NationalSummaryReply *
backwards(struct pool *pool, const Inap__V1__NationalSummaryReply *summary)
{
	Inap__V1__NationalSummaryReply *reply = pool_alloc(pool, sizeof *reply);

	*reply = *summary;
	reply->totals = pool_alloc(pool, (summary->n_totals + 1) * sizeof *reply->totals);
	for (size_t i = 0; i < summary->n_totals; i++)
		reply->totals[i] = summary->totals[summary->n_totals - 1 - i];
	return reply;
}

void picture_of_edition(struct picture *picture, const Inap__V1__Edition *edition,
			const struct edition_text *text)
{
	Inap__V1__NationalSummaryReply *summary = pool_alloc(&picture->app->pool, sizeof *summary);

	*summary = *edition_summary(picture->app, text);
	summary->as_of = edition->confirmed_at[0] ? edition->confirmed_at : edition->proposed_at;
	picture->edition = edition;
	picture->text = text;
	plan_make(picture);
	picture->cells = summary;
	picture->rounds[0] =
		(struct picture_round){ .code = edition->period,
					.totals = backwards(&picture->app->pool, summary) };
	picture->rounds_count = 1;
	picture_rows(picture);
}

/* ---- its page */

void page_edition_head(const struct page *page)
{
	const Inap__V1__Edition *edition = page->picture->edition;
	struct pool *pool = &page->app->pool;

	page_say(page, sentence(pool, _("Edition {edition} of {plan}: {state}, {count} reports"),
				"edition", edition_code(page->app, edition), "plan", edition->plan,
				"state", edition->state, "count",
				number_text(pool, edition->reports), NULL));
	if (edition->confirmed_at[0])
		page_say(page, sentence(pool,
					_("Approved by {by}, letter {letter} of {date}; published "
					  "{at}."),
					"by", edition->approved_by, "letter",
					edition->letter_number, "date", edition->letter_date, "at",
					clock_moment(page->app, edition->confirmed_at), NULL));
	if (edition->alone)
		page_say(page, _("Published without the coordinator of the Kurdistan Region, who "
				 "did not answer in ten working days."));
	fputs("<p>SHA-256 ", page->stream);
	page_element(page, "bdi", "c", edition->sha256);
	fputs("</p>\n", page->stream);
}

const char *page_edition_before(const struct page *page, const Inap__V1__Total *total)
{
	const struct edition_text *text = page->picture->text;
	const char *side;

	if (!text || !total)
		return NULL;
	side = enum_key(&inap__v1__jurisdiction__descriptor, (int)total->jurisdiction);
	for (size_t i = 0; i < text->count; i++) {
		const char *const *f = text->lines[i].fields;
		Inap__V1__Value *value;

		if (strcmp(f[0], "change") != 0 || strcmp(f[1], total->cell) != 0 ||
		    strcmp(f[2], side) != 0)
			continue;
		value = edition_value(page->app, f[3], f[4], f[5]);
		return strcmp(f[3], "hidden") == 0 ? "▒"
		       : value                     ? value_human(page->app, value)
						   : "–";
	}
	return NULL;
}

static void sentences_put(const struct page *page)
{
	const struct edition_text *text = page->picture->text;
	const char *section = "";

	for (size_t i = 0; i < text->count; i++) {
		const struct edition_line *line = &text->lines[i];

		if (!is(line, "sentence"))
			continue;
		if (!section[0])
			page_element(page, "h2", NULL, _("From the reports"));
		if (strcmp(section, line->fields[1]) != 0)
			page_element(page, "h3", NULL, word(line->fields[1]));
		section = line->fields[1];
		fputs("<p>", page->stream);
		page_element(page, "bdi", NULL, line->fields[2]);
		fputs("</p>\n", page->stream);
	}
}

static void sources_put(const struct page *page)
{
	const struct edition_text *text = page->picture->text;

	for (size_t i = 0; i < text->count; i++) {
		const struct edition_line *line = &text->lines[i];

		if (!is(line, "source"))
			continue;
		fputs("<p>", page->stream);
		page_text(page, _("Built from edition"));
		fputc(' ', page->stream);
		page_element(page, "bdi", "c",
			     pool_printf(&page->app->pool, "%s/%s SHA-256 %s", line->fields[1],
					 line->fields[2], line->fields[3]));
		fputs("</p>\n", page->stream);
	}
}

void page_edition_rest(const struct page *page)
{
	const struct edition_text *text = page->picture->text;

	sentences_put(page);
	page_element(page, "h2", NULL, _("Reports that it holds"));
	sources_put(page);
	fputs("<section><ul>", page->stream);
	for (size_t i = 0; i < text->count; i++) {
		const char *const *f = text->lines[i].fields;

		if (strcmp(f[0], "report") != 0)
			continue;
		fputs("<li>", page->stream);
		page_element(page, "bdi", NULL, pool_printf(&page->app->pool, "%s/%s", f[1], f[2]));
		if (f[4][0]) {
			fputc(' ', page->stream);
			page_text(page, word(f[4]));
		}
	}
	fputs("</ul></section>\n", page->stream);
}
