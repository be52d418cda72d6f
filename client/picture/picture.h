/**
 * The national picture: what the pages and tables of `inap view` are made of.
 *
 * Only what everybody may see: figures come from the protected view, whoever asks, or from an
 * edition's bytes alone. Rounds go from the oldest to the newest; the last is the one that is
 * spoken of, the others are its past; an edition is one round, or a year.
 *
 * Ownership  everything lives in the app's pool.
 * Errors     false: noted in the app.
 */
#ifndef INAP_CLIENT_PICTURE_PICTURE_H
#define INAP_CLIENT_PICTURE_PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "inap/v1/edition.pb-c.h"
#include "inap/v1/national.pb-c.h"
#include "inap/v1/plan.pb-c.h"
#include "inap/v1/target.pb-c.h"

struct app;
struct edition_text;

enum { PICTURE_ROUNDS = 8, PICTURE_SIDES = 3, PICTURE_YEAR = 4 };

/* federal, kurdistan, iraq: the order of columns everywhere */
extern const Inap__V1__Jurisdiction picture_sides[PICTURE_SIDES];

struct picture_round {
	const char *code;
	const Inap__V1__NationalCompletenessReply *who;
	const Inap__V1__NationalSummaryReply *totals;
};

/* An indicator's line. */
struct picture_row {
	const Inap__V1__Indicator *indicator;
	const Inap__V1__Total *now[PICTURE_SIDES];   /* NULL: nothing is asked of that side */
	const Inap__V1__Light *light[PICTURE_SIDES]; /* NULL: that side has no target */
	const Inap__V1__Total *past[PICTURE_ROUNDS]; /* Iraq's, in the rounds' order; NULL: none */
};

struct picture {
	struct app *app;
	const Inap__V1__Plan *plan;
	const Inap__V1__IndicatorListReply *indicators;
	struct picture_round rounds[PICTURE_ROUNDS];
	size_t rounds_count;
	struct picture_row *rows;
	size_t rows_count;
	const Inap__V1__NationalSummaryReply
		*cells; /* of the round, with its tables; NULL: not read */
	const Inap__V1__NationalLightsReply *lights; /* NULL: of an edition, which has none */
	const Inap__V1__Edition *edition;            /* NULL: drawn from what is accepted now */
	const struct edition_text *text;             /* what the edition says */
};

/** Reads it all; with tables: also the cells of tables. */
bool picture_read(struct picture *picture, bool tables);
/** Makes it of an edition's head and bytes; nothing is asked. */
void picture_of_edition(struct picture *picture, const Inap__V1__Edition *edition,
			const struct edition_text *text);
/** The lines of indicators, once the rounds are there. */
void picture_rows(struct picture *picture);
/** The light of a total that has a target; NULL: it has none. */
const Inap__V1__Light *picture_light(const struct picture *picture, const Inap__V1__Total *total);
/** The light that is shown: the one set by hand, or else the one worked out. */
const char *picture_light_key(const Inap__V1__Light *light);
/** The round that is spoken of. */
const struct picture_round *picture_now(const struct picture *picture);
/** The number that is drawn of a figure: of a ratio its percentage. False: there is none to show.
 */
bool picture_number(const Inap__V1__Total *total, double *number);
/** The figure as text: 12, 12/40, a word; "" where there is none. */
const char *picture_figure(const struct picture *picture, const Inap__V1__Total *total);
/** The line of a side, NULL where it has none. */
const Inap__V1__CompletenessRate *picture_rate(const Inap__V1__NationalCompletenessReply *who,
					       Inap__V1__Jurisdiction side);

/** Writes the page. */
bool picture_html(const struct picture *picture, FILE *stream);

#endif
