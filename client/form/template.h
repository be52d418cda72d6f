/**
 * A report as a form to fill in: what stands in it, the same for XLSX and CSV.
 *
 * Ownership  everything lives in the app's pool; the replies are borrowed.
 */
#ifndef INAP_CLIENT_FORM_TEMPLATE_H
#define INAP_CLIENT_FORM_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "client/form/sheet.h"
#include "inap/v1/category.pb-c.h"
#include "inap/v1/plan.pb-c.h"
#include "inap/v1/report.pb-c.h"

struct app;

struct template
{
	struct app *app;
	const char *report; /* FED-MOI/2024Q3 */
	const Inap__V1__ReportShowReply *show;
	const Inap__V1__IndicatorListReply *indicators;
	const Inap__V1__CategoryListReply *categories;
	struct sheet_meta meta; /* what the form says of itself */
};

/* One cell to be answered, in words. */
struct template_cell {
	const Inap__V1__AskedCell *asked;
	const Inap__V1__ReportValue *now; /* NULL: unanswered */
	const char *code;                 /* as report import takes it: PR-2.2.n for a half */
	const char *what;                 /* names of its categories; of a total: the indicator's */
	const char *unit;
	const char *kind;
};

void template_cell(const struct template *template, const Inap__V1__AskedCell *asked,
		   struct template_cell *cell);
/** "PR-1.3  Number of..." of the indicator of a cell. */
const char *template_heading(const struct template *template, const Inap__V1__AskedCell *asked);
/** How it is counted and proved, as far as the plan says; "" nothing. */
const char *template_help(const struct template *template, const Inap__V1__AskedCell *asked);
/** What a value is written as: 12, 12/40, a word for a blank. "" for none. */
const char *template_value(struct app *app, const Inap__V1__Value *value);
/** The answer of the period before, where it was given for this very cell and not for one it was
 * split from: a form has no room to say so. */
const char *template_previous(struct app *app, const Inap__V1__AskedCell *asked);
/** What stands in the entry cell. */
const char *template_entry(struct app *app, const struct template_cell *cell);
/** Writes the CSV, its line breaks and byte order mark as Excel wants them. */
void template_csv(const struct template *template, FILE *stream);
/** Writes the workbook to a file that is made or emptied. False: noted as a failure. */
bool template_book(const struct template *template, const char *path);

#endif
