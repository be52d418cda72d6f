/* Pieces of the page: escaped text, marks, bars and lines as SVG. */
#include "client/picture/page.h"

#include <string.h>

#include "client/app.h"
#include "client/i18n.h"

enum { SPARK_WIDE = 70, SPARK_HIGH = 14 };

void page_text(const struct page *page, const char *text)
{
	for (; text && *text; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", page->stream);
			break;
		case '<':
			fputs("&lt;", page->stream);
			break;
		case '>':
			fputs("&gt;", page->stream);
			break;
		case '"':
			fputs("&quot;", page->stream);
			break;
		default:
			fputc(*text, page->stream);
		}
	}
}

void page_element(const struct page *page, const char *element, const char *class, const char *text)
{
	fprintf(page->stream, "<%s", element);
	if (class)
		fprintf(page->stream, " class=%s", class);
	fputc('>', page->stream);
	page_text(page, text);
	fprintf(page->stream, "</%s>", element);
}

void page_say(const struct page *page, const char *sentence)
{
	page_element(page, "p", NULL, sentence);
}

void page_paragraph(const struct page *page, const char *sentence)
{
	fputs("<p>", page->stream);
	page_text(page, sentence);
}

/* ---- marks: always a sign and a word, never a colour alone */

enum { MARK_ON_TIME, MARK_LATE, MARK_MISSING, MARK_WAITED_FOR, MARK_EXCUSED, MARK_NOT_ASKED };

static const struct mark marks[] = {
	[MARK_ON_TIME] = { "ok", "✓", N_("on time"), false },
	[MARK_LATE] = { "la", "◐", N_("late"), false },
	[MARK_MISSING] = { "mi", "✕", N_("missing"), false },
	[MARK_WAITED_FOR] = { "wa", "…", N_("not due yet"), true },
	[MARK_EXCUSED] = { "ex", "○", N_("excused"), true },
	[MARK_NOT_ASKED] = { "no", "–", N_("nothing asked"), true },
};

const struct mark *page_mark(const Inap__V1__CompletenessEntry *entry, const char *as_of)
{
	if (!entry)
		return &marks[MARK_NOT_ASKED];
	if (entry->excused)
		return &marks[MARK_EXCUSED];
	if (entry->submitted_at[0])
		return &marks[entry->on_time ? MARK_ON_TIME : MARK_LATE];
	/* Both are ISO 8601 UTC: they sort as text. */
	return &marks[strcmp(entry->due_at, as_of) < 0 ? MARK_MISSING : MARK_WAITED_FOR];
}

const struct mark *page_marks(size_t *count)
{
	*count = sizeof marks / sizeof *marks;
	return marks;
}

static const struct mark lights[] = {
	{ "ok", "●", N_("on target"), false },
	{ "la", "◐", N_("below target"), false },
	{ "mi", "○", N_("far below target"), false },
	{ "no", "–", N_("not judged"), false },
};

const struct mark *page_light(const char *light)
{
	static const char *const keys[] = { "green", "amber", "red" };

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (strcmp(light, keys[i]) == 0)
			return &lights[i];
	return &lights[sizeof lights / sizeof *lights - 1];
}

const struct mark *page_lights(size_t *count)
{
	*count = sizeof lights / sizeof *lights;
	return lights;
}

/* ---- drawings */

static double within(double number)
{
	return number < 0 ? 0 : number > 100 ? 100 : number;
}

void page_bar(const struct page *page, double percent, double target)
{
	fprintf(page->stream, "<svg class=b aria-hidden=true><rect width=%.1f%% />",
		within(percent));
	if (target >= 0)
		fprintf(page->stream, "<rect class=k x=%.1f%% />", within(target));
	fputs("</svg>", page->stream);
}

/* The least and the most of what is known; how many that are. */
static size_t spark_range(const struct page *page, const struct picture_row *row, double *least,
			  double *most)
{
	size_t known = 0;

	for (size_t i = 0; i < page->picture->rounds_count; i++) {
		double number;

		if (!picture_number(row->past[i], &number))
			continue;
		*least = known == 0 || number < *least ? number : *least;
		*most = known == 0 || number > *most ? number : *most;
		known++;
	}
	return known;
}

void page_spark(const struct page *page, const struct picture_row *row)
{
	double least = 0, most = 0, step = SPARK_WIDE / (double)(PICTURE_ROUNDS - 1), number;
	size_t first = PICTURE_ROUNDS - page->picture->rounds_count;
	char move = 'M';

	if (spark_range(page, row, &least, &most) < 2)
		return;
	fprintf(page->stream, "<svg class=s viewBox=\"-2 -2 %d %d\" aria-hidden=true><path d=\"",
		SPARK_WIDE + 4, SPARK_HIGH + 4);
	for (size_t i = 0; i < page->picture->rounds_count; i++) {
		if (!picture_number(row->past[i], &number))
			continue;
		fprintf(page->stream, "%c%.0f %.0f", move, (double)(first + i) * step,
			most > least ? SPARK_HIGH * (most - number) / (most - least)
				     : SPARK_HIGH / 2.0);
		move = 'L';
	}
	fputs("\"/></svg>", page->stream);
}
