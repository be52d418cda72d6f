/**
 * The same figures for machines: CSV, workbook, SDMX-CSV and ADX.
 *
 * What is hidden is a line with a status and no figure; of a ratio both halves are given.
 *
 * Errors     false: noted in the app.
 * Sources    SDMX-CSV 1.0 (sdmx-twg/sdmx-csv), codes of CL_OBS_STATUS 2.2; ADX of IHE QRPH (2015).
 */
#ifndef INAP_CLIENT_PICTURE_EXPORT_H
#define INAP_CLIENT_PICTURE_EXPORT_H

#include "client/form/cell.h"
#include "client/picture/picture.h"

enum { EXPORT_COLUMNS = 21 };

/* One figure, taken apart. */
struct figure {
	const Inap__V1__Total *total;
	const Inap__V1__Indicator *indicator; /* NULL: the plan does not name it any more */
	struct cell cell;
	const char *number, *numerator, *denominator; /* exact decimals, "" where there is none */
	const char *status;                           /* shown, hidden, no_figure */
};

/** Takes a total apart. */
bool export_figure(const struct picture *picture, const Inap__V1__Total *total,
		   struct figure *figure);
/** The headings of a table, and a figure's line under them. */
extern const char *const export_columns[EXPORT_COLUMNS];
void export_fields(const struct picture *picture, const struct figure *figure,
		   const char *fields[EXPORT_COLUMNS]);

bool picture_csv(const struct picture *picture, FILE *stream);
bool picture_book(const struct picture *picture, FILE *stream);
bool picture_sdmx(const struct picture *picture, FILE *stream);
bool picture_adx(const struct picture *picture, FILE *stream);

#endif
