/* A part of a file of values: the lines of some indicators or tables, where all are too many for
 * one save. */
#ifndef INAP_CLIENT_FORM_ONLY_H
#define INAP_CLIENT_FORM_ONLY_H

#include <stdbool.h>
#include <stddef.h>

#include "client/form/sheet.h"
#include "inap/v1/report.pb-c.h"

struct app;

/**
 * Keeps the lines of these indicators (PR-2.1) and tables (PR-2.1:age_band,sex); *left is how many
 * others there were. A line whose cell is no code belongs to every part, so that it is not lost.
 * False: USAGE, one of them is neither, or nothing of the file is of them.
 */
bool sheet_only(struct app *app, struct sheet *sheet, char *const *parts, size_t count,
		size_t *left);
/** The part that the first of these cells is of and that is not more than `most` of them: its
 * indicator, else its table. */
const char *only_first(struct app *app, Inap__V1__CellValue *const *cells, size_t count,
		       size_t most);

#endif
