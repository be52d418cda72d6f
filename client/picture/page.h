/* Pieces of the page: escaped text, marks, bars and lines as SVG. For the files of this folder. */
#ifndef INAP_CLIENT_PICTURE_PAGE_H
#define INAP_CLIENT_PICTURE_PAGE_H

#include <stdint.h>

#include "client/picture/picture.h"

/* The page that is being written. */
struct page {
	const struct picture *picture;
	struct app *app;
	FILE *stream;
};

/* How a report of a round stands: a class of the style, a sign and a word; grey is what the grid is
 * by itself. */
struct mark {
	const char *class, *sign, *word;
	bool grey;
};

/** Text, escaped; NULL is nothing. */
void page_text(const struct page *page, const char *text);
/** An element that holds one text; class NULL: none. Text of people and codes alike is isolated
 * from the direction around it. */
void page_element(const struct page *page, const char *element, const char *class,
		  const char *text);
/** A sentence with its places filled, as text. */
void page_say(const struct page *page, const char *sentence);
/** The same where a block follows, which ends a paragraph by itself. */
void page_paragraph(const struct page *page, const char *sentence);
/** The mark of an entity's report; entry NULL: nothing was asked. */
const struct mark *page_mark(const Inap__V1__CompletenessEntry *entry, const char *as_of);
/** Every mark, for the legend; *count is their number. */
const struct mark *page_marks(size_t *count);
/** The mark of a light: green, amber, red, grey. */
const struct mark *page_light(const char *light);
const struct mark *page_lights(size_t *count);
/** A bar of 0 to 100 with a tick at the target (below 0: none). */
void page_bar(const struct page *page, double percent, double target);
/** A line through what is known of a row's past. */
void page_spark(const struct page *page, const struct picture_row *row);

/** Is there a light to be shown of this row? */
bool page_lit(const struct picture_row *row);
/** The cell of a light: the one worked out, and the one set by hand beside it. */
void page_light_cell(const struct page *page, const Inap__V1__Light *light);
/** Under a row: all that its lights are made of, in words. */
void page_explanations(const struct page *page, const struct picture_row *row, size_t columns);

/** Which edition it is, with its hash. */
void page_edition_head(const struct page *page);
/** What else it says: sentences, reports that it holds. */
void page_edition_rest(const struct page *page);
/** What the edition before said of a figure; NULL: the same, or there was none. */
const char *page_edition_before(const struct page *page, const Inap__V1__Total *total);

/** The table of indicators. */
void page_indicators(const struct page *page);
/** A section for each entity. */
void page_entities(const struct page *page);

/**
 * The letters of this text as a font, in base64 of WOFF; NULL: the machine has no such font.
 *
 * Ownership  the caller frees it.
 */
char *font_subset(const char *text, size_t length);
/** Base64 of bytes; the caller frees it. */
char *base64_of(const uint8_t *bytes, size_t length);

#endif
