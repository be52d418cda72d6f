/* SDMX-CSV and ADX: the figures for other systems. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "client/app.h"
#include "client/picture/export.h"
#include "proto/enums.h"

enum { DIMENSIONS_MAX = 64 };

/* What the codes of a dataflow are in each jurisdiction. */
static const char *area(const Inap__V1__Total *total)
{
	switch (total->jurisdiction) {
	case INAP__V1__JURISDICTION__JURISDICTION_FEDERAL:
		return "IQ_FEDERAL";
	case INAP__V1__JURISDICTION__JURISDICTION_KURDISTAN:
		return "IQ_KURDISTAN";
	default:
		return "IQ";
	}
}

/* ---- SDMX-CSV: a column for every dimension of the plan, _T where a figure is not split by it */

/* Dimensions that the figures are split by, each once, in the order in which they come. */
static size_t dimensions_of(const struct picture *picture, const char *names[DIMENSIONS_MAX])
{
	struct figure figure;
	size_t count = 0;

	for (size_t i = 0; i < picture->cells->n_totals; i++) {
		export_figure(picture, picture->cells->totals[i], &figure);
		for (size_t d = 0; d < figure.cell.count; d++) {
			size_t at = 0;

			while (at < count && strcmp(names[at], figure.cell.dimension[d]) != 0)
				at++;
			if (at == count && count < DIMENSIONS_MAX)
				names[count++] = figure.cell.dimension[d];
		}
	}
	return count;
}

static const char *category_of(const struct cell *cell, const char *dimension)
{
	for (size_t d = 0; d < cell->count; d++)
		if (strcmp(cell->dimension[d], dimension) == 0)
			return cell->category[d];
	return "_T";
}

/* 2024-Q4, 2024-S2, 2024 of 2024Q4, 2024S2, 2024; and the letter of its frequency. */
static const char *time_of(struct app *app, const char *period, char *frequency)
{
	*frequency = period[4] ? period[4] : 'A';
	return period[4] ? pool_printf(&app->pool, "%.4s-%s", period, period + 4) : period;
}

/* Normal, missing and suppressed, missing and not collected, cannot exist, missing. */
static char status_of(const Inap__V1__Total *total)
{
	const Inap__V1__Coverage *coverage = total->coverage;

	if (total->hidden)
		return 'Q';
	if (total->value)
		return 'A';
	if (coverage && coverage->expected > 0 && coverage->not_applicable == coverage->expected)
		return 'M';
	if (coverage && coverage->expected > 0 &&
	    coverage->not_collected + coverage->not_applicable == coverage->expected)
		return 'L';
	return 'O';
}

/* A share is given as the percentage it is, with its halves beside it. */
static const char *observed(const struct figure *figure)
{
	if (figure->total->hidden)
		return "";
	return figure->total->percent[0] ? figure->total->percent : figure->number;
}

static void upper_put(FILE *stream, const char *text)
{
	for (; *text; text++)
		fputc(toupper((unsigned char)*text), stream);
}

bool picture_sdmx(const struct picture *picture, FILE *stream)
{
	const char *dimensions[DIMENSIONS_MAX];
	size_t count = dimensions_of(picture, dimensions);
	struct figure figure;

	fputs("DATAFLOW,FREQ,REF_AREA,INDICATOR", stream);
	for (size_t d = 0; d < count; d++) {
		fputc(',', stream);
		upper_put(stream, dimensions[d]);
	}
	fputs(",TIME_PERIOD,OBS_VALUE,NUMERATOR,DENOMINATOR,UNIT_MEASURE,OBS_STATUS,REPORTED,"
	      "EXPECTED\r\n",
	      stream);
	for (size_t i = 0; i < picture->cells->n_totals; i++) {
		const Inap__V1__Total *total = picture->cells->totals[i];
		char frequency;
		const char *time = time_of(picture->app, total->period, &frequency);

		if (!export_figure(picture, total, &figure))
			return false;
		if (figure.indicator && strcmp(figure.indicator->unit, "text") == 0)
			continue; /* words are no observation */
		fprintf(stream, "INAP:%s(1.0),%c,%s,%s", picture->plan->code, frequency,
			area(total), total->indicator);
		for (size_t d = 0; d < count; d++)
			fprintf(stream, ",%s", category_of(&figure.cell, dimensions[d]));
		fprintf(stream, ",%s,%s,%s,%s,%s,%c,%u,%u\r\n", time, observed(&figure),
			figure.numerator, figure.denominator,
			figure.indicator ? figure.indicator->unit : "", status_of(total),
			total->coverage ? (unsigned)total->coverage->valued : 0,
			total->coverage ? (unsigned)total->coverage->expected : 0);
	}
	return true;
}

/* ---- ADX: a group for each jurisdiction and period; what is hidden or missing is not there */

/* 2024-10-01/P3M of 2024Q4, P6M of 2024S2, P1Y of 2024. */
static const char *span_of(struct app *app, const char *period)
{
	int part = atoi(period[4] ? period + 5 : "1");

	if (period[4] == 'Q')
		return pool_printf(&app->pool, "%.4s-%02d-01/P3M", period, part * 3 - 2);
	if (period[4] == 'S')
		return pool_printf(&app->pool, "%.4s-%02d-01/P6M", period, part * 6 - 5);
	return pool_printf(&app->pool, "%.4s-01-01/P1Y", period);
}

static void value_put(FILE *stream, const struct figure *figure, const char *half,
		      const char *number)
{
	if (!number[0])
		return;
	fprintf(stream, "    <dataValue dataElement=\"%s%s\" value=\"%s\"",
		figure->total->indicator, half, number);
	for (size_t d = 0; d < figure->cell.count; d++)
		fprintf(stream, " %s=\"%s\"", figure->cell.dimension[d], figure->cell.category[d]);
	fputs("/>\n", stream);
}

/* ADX has numbers only: yes is 1, no is 0, words are left out. */
static const char *as_number(const struct figure *figure)
{
	if (!figure->total->value ||
	    figure->total->value->kind_case == INAP__V1__VALUE__KIND_NUMBER)
		return figure->number;
	if (figure->total->value->kind_case != INAP__V1__VALUE__KIND_YES_NO)
		return "";
	return figure->total->value->yes_no ? "1" : "0";
}

static bool group_put(const struct picture *picture, FILE *stream, const Inap__V1__Total *first)
{
	struct figure figure;

	fprintf(stream, "  <group orgUnit=\"%s\" period=\"%s\" dataSet=\"%s\">\n", area(first),
		span_of(picture->app, first->period), picture->plan->code);
	for (size_t i = 0; i < picture->cells->n_totals; i++) {
		const Inap__V1__Total *total = picture->cells->totals[i];

		if (total->jurisdiction != first->jurisdiction ||
		    strcmp(total->period, first->period) != 0)
			continue;
		if (!export_figure(picture, total, &figure))
			return false;
		value_put(stream, &figure, "", as_number(&figure));
		value_put(stream, &figure, ".n", figure.numerator);
		value_put(stream, &figure, ".d", figure.denominator);
	}
	fputs("  </group>\n", stream);
	return true;
}

/* The first figure of its jurisdiction and period? */
static bool begins_group(const struct picture *picture, size_t at)
{
	const Inap__V1__Total *total = picture->cells->totals[at];

	for (size_t i = 0; i < at; i++)
		if (picture->cells->totals[i]->jurisdiction == total->jurisdiction &&
		    strcmp(picture->cells->totals[i]->period, total->period) == 0)
			return false;
	return true;
}

bool picture_adx(const struct picture *picture, FILE *stream)
{
	fprintf(stream,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<adx xmlns=\"urn:ihe:qrph:adx:2015\" "
		"exported=\"%s\">\n",
		picture->cells->as_of);
	for (size_t i = 0; i < picture->cells->n_totals; i++)
		if (begins_group(picture, i) &&
		    !group_put(picture, stream, picture->cells->totals[i]))
			return false;
	fputs("</adx>\n", stream);
	return true;
}
