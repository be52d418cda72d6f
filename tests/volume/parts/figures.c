/* What a report is answered with, worked out from a seed. */
#include "tests/volume/parts/figures.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	WORDS_BYTES = 256,
	NUMBER_BYTES = 32,
	TEXT_BYTES = 128,
	HUNDREDTHS = 100,
	/* Of a hundred totals so many are a blank or 0... */
	UNAVAILABLE_BELOW = 2,
	UNCOLLECTED_BELOW = 4,
	WITHHELD_BELOW = 5,
	ZERO_BELOW = 8,
	/* ... and of a hundred tables so many are kept by nobody. */
	TABLES_UNKEPT = 10,
	/* A register names so many things at most. */
	NAMES_MOST = 4
};

static const char expected_on[] = "2031-03-31";

/* An answer and what it points at. */
struct figure {
	const Inap__V1__AskedCell *asked;
	uint64_t numerator, denominator; /* of a number the numerator, in its smallest part */
	uint64_t weight;                 /* its share of the table */
	Inap__V1__CellValue cell;
	Inap__V1__Value value;
	Inap__V1__Ratio ratio;
	char numbers[2][NUMBER_BYTES];
	char text[TEXT_BYTES];
};

struct figures {
	uint64_t seed;
	const char *entity;
	struct figure *list; /* by indicator, table, cell */
	Inap__V1__CellValue **cells;
	size_t count, answered;
};

/* FNV-1a over seed and words, mixed until every bit depends on every other (splitmix64). */
uint64_t figures_chance(uint64_t seed, const char *words, uint64_t under)
{
	uint64_t hash = 14695981039346656037u ^ seed;

	for (; *words; words++)
		hash = (hash ^ (uint8_t)*words) * 1099511628211u;
	hash += 0x9e3779b97f4a7c15u;
	hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9u;
	hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebu;
	return (hash ^ (hash >> 31)) % under;
}

/* Answered with one half of a ratio, whose other half another entity of the same government has. */
static bool half(const Inap__V1__AskedCell *asked)
{
	return strcmp(asked->part, "whole") != 0;
}

static bool fraction(const Inap__V1__AskedCell *asked)
{
	return asked->ratio || half(asked);
}

/* A chance of this thing's, in this period unless that is NULL. Both halves of a ratio have the
 * same. */
static uint64_t chance(const struct figures *of, const Inap__V1__AskedCell *asked,
		       const char *thing, const char *period, uint64_t under)
{
	char words[WORDS_BYTES];
	int who = half(asked) ? (int)strcspn(of->entity, "-") : (int)strlen(of->entity);

	snprintf(words, sizeof words, "%.*s|%s|%s", who, of->entity, thing, period ? period : "");
	return figures_chance(of->seed, words, under);
}

/* ---- the total */

/* Quarters from 2000 to the end of 2024Q3, 2024S2 or 2024; *in_year is which of its year. */
static uint64_t quarter_of(const char *period, uint64_t *in_year)
{
	unsigned year = 2000, part = 0;
	char kind = '\0';

	sscanf(period, "%4u%c%u", &year, &kind, &part);
	*in_year = kind == 'Q' ? part : kind == 'S' ? 2 * part : 4;
	return (year > 2000 ? year - 2000 : 0) * 4 + *in_year;
}

static uint64_t amount(const struct figures *of, const Inap__V1__AskedCell *asked)
{
	uint64_t in_year, at = quarter_of(asked->period, &in_year);
	uint64_t base = 20 + chance(of, asked, asked->indicator, NULL, 480);
	uint64_t more = chance(of, asked, asked->indicator, asked->period, base);

	if (strcmp(asked->value_kind, "cumulative_since_start") == 0)
		return base * at + more;
	if (strcmp(asked->value_kind, "year_to_date") == 0)
		return base * in_year + more;
	if (strcmp(asked->value_kind, "at_period_end") == 0)
		return base * (100 + at) / 100;
	return (base * 4 + more) * (200 + at) / 1000;
}

static uint64_t smallest_part(const char *unit)
{
	if (strcmp(unit, "iqd") == 0)
		return 1000000;
	return strcmp(unit, "count") == 0 ? 1 : HUNDREDTHS;
}

static void total_fill(const struct figures *of, struct figure *total)
{
	const Inap__V1__AskedCell *asked = total->asked;
	bool zero = chance(of, asked, asked->indicator, asked->period, 100) < ZERO_BELOW;

	if (fraction(asked)) {
		uint64_t share = 20 + chance(of, asked, asked->indicator, "share", 40);

		total->denominator = 3 * amount(of, asked);
		total->numerator = zero ? 0 : total->denominator * share / 100;
	} else if (strcmp(asked->unit, "percent") == 0) {
		total->numerator =
			chance(of, asked, asked->indicator, asked->period, 100 * HUNDREDTHS);
	} else {
		total->numerator = zero ? 0 : amount(of, asked) * smallest_part(asked->unit);
	}
}

/* ---- its parts */

/* Whole parts of `whole` by weight into the field at `offset`; what is left over goes to the first
 * that have room under their limit. */
static void share_out(struct figure *parts, size_t count, uint64_t whole, bool numerators)
{
	uint64_t weights = 0, given = 0;

	for (size_t i = 0; i < count; i++)
		weights += numerators ? parts[i].denominator : parts[i].weight;
	for (size_t i = 0; i < count && weights > 0; i++) {
		uint64_t weight = numerators ? parts[i].denominator : parts[i].weight;
		uint64_t share = (uint64_t)((unsigned __int128)whole * weight / weights);

		*(numerators ? &parts[i].numerator : &parts[i].denominator) = share;
		given += share;
	}
	for (size_t i = 0; i < count && given < whole; i++) {
		if (numerators && parts[i].numerator >= parts[i].denominator)
			continue;
		++*(numerators ? &parts[i].numerator : &parts[i].denominator);
		given++;
	}
}

static void table_fill(const struct figures *of, const struct figure *total, struct figure *parts,
		       size_t count)
{
	for (size_t i = 0; i < count; i++)
		parts[i].weight =
			strstr(parts[i].asked->cell, "unknown")
				? 2
				: 10 + chance(of, parts[i].asked, parts[i].asked->cell, NULL, 90);
	if (fraction(total->asked)) {
		share_out(parts, count, total->denominator, false);
		share_out(parts, count, total->numerator, true);
		return;
	}
	share_out(parts, count, total->numerator, false);
	for (size_t i = 0; i < count; i++)
		parts[i].numerator = parts[i].denominator;
}

/* ---- as the wire has it */

static void number_write(char *out, uint64_t parts, const char *unit, bool ratio)
{
	if (ratio || smallest_part(unit) != HUNDREDTHS)
		snprintf(out, NUMBER_BYTES, "%" PRIu64, parts);
	else
		snprintf(out, NUMBER_BYTES, "%" PRIu64 ".%02u", parts / HUNDREDTHS,
			 (unsigned)(parts % HUNDREDTHS));
}

static void ratio_give(struct figure *figure)
{
	Inap__V1__Value *value = &figure->value;

	number_write(figure->numbers[0], figure->numerator, figure->asked->unit, true);
	number_write(figure->numbers[1], figure->denominator, figure->asked->unit, true);
	if (strcmp(figure->asked->part, "numerator") == 0) {
		value->kind_case = INAP__V1__VALUE__KIND_NUMERATOR;
		value->numerator = figure->numbers[0];
	} else if (strcmp(figure->asked->part, "denominator") == 0) {
		value->kind_case = INAP__V1__VALUE__KIND_DENOMINATOR;
		value->denominator = figure->numbers[1];
	} else {
		inap__v1__ratio__init(&figure->ratio);
		figure->ratio.numerator = figure->numbers[0];
		figure->ratio.denominator = figure->numbers[1];
		value->kind_case = INAP__V1__VALUE__KIND_RATIO;
		value->ratio = &figure->ratio;
	}
}

static void value_give(const struct figures *of, struct figure *figure)
{
	const Inap__V1__AskedCell *asked = figure->asked;
	Inap__V1__Value *value = &figure->value;

	if (strcmp(asked->unit, "yes_no") == 0) {
		value->kind_case = INAP__V1__VALUE__KIND_YES_NO;
		value->yes_no = chance(of, asked, asked->cell, asked->period, 2) == 1;
	} else if (strcmp(asked->unit, "text") == 0) {
		snprintf(figure->text, sizeof figure->text, "made from seed %" PRIu64 ": %s in %s",
			 of->seed, asked->indicator, asked->period);
		value->kind_case = INAP__V1__VALUE__KIND_TEXT;
		value->text = figure->text;
	} else if (fraction(asked)) {
		ratio_give(figure);
	} else {
		number_write(figure->numbers[0], figure->numerator, asked->unit, false);
		value->kind_case = INAP__V1__VALUE__KIND_NUMBER;
		value->number = figure->numbers[0];
	}
}

/* The names of a register that lie in the part `at` of `parts`, one a line; 0 where there are none.
 * Entities of one government name some things alike. */
static void names_give(const struct figures *of, struct figure *figure, size_t at, size_t parts)
{
	uint64_t count = chance(of, figure->asked, figure->asked->indicator, NULL, NAMES_MOST + 1);
	int who = (int)strcspn(of->entity, "-");
	size_t used = 0;
	char name[TEXT_BYTES];

	for (uint64_t i = 0; i < count; i++) {
		snprintf(name, sizeof name, "%.*s %s %" PRIu64, who, of->entity,
			 figure->asked->indicator, i);
		if (figures_chance(of->seed, name, parts) != at)
			continue;
		used += (size_t)snprintf(figure->text + used, sizeof figure->text - used, "%s%s",
					 used > 0 ? "\n" : "", name);
	}
	figure->value.kind_case =
		used > 0 ? INAP__V1__VALUE__KIND_TEXT : INAP__V1__VALUE__KIND_NUMBER;
	if (used > 0)
		figure->value.text = figure->text;
	else
		figure->value.number = "0";
}

static void blank_give(struct figure *figure, Inap__V1__Blank blank)
{
	figure->value.kind_case = INAP__V1__VALUE__KIND_BLANK;
	figure->value.blank = blank;
	figure->cell.note = "made: a blank";
	if (blank == INAP__V1__BLANK__BLANK_NOT_AVAILABLE)
		figure->cell.expected_on = (char *)(uintptr_t)expected_on;
}

static struct figure *figure_begin(struct figures *of, struct figure *figure)
{
	inap__v1__cell_value__init(&figure->cell);
	inap__v1__value__init(&figure->value);
	figure->cell.cell = figure->asked->cell;
	figure->cell.value = &figure->value;
	of->cells[of->answered++] = &figure->cell;
	return figure;
}

/* The blank that this total is, or UNSPECIFIED. */
static Inap__V1__Blank blank_of(const struct figures *of, const Inap__V1__AskedCell *asked)
{
	uint64_t at = chance(of, asked, asked->indicator, asked->period, 100);

	if (at < UNAVAILABLE_BELOW)
		return INAP__V1__BLANK__BLANK_NOT_AVAILABLE;
	if (at < UNCOLLECTED_BELOW)
		return INAP__V1__BLANK__BLANK_NOT_COLLECTED;
	if (at < WITHHELD_BELOW && asked->may_withhold)
		return INAP__V1__BLANK__BLANK_WITHHELD;
	return INAP__V1__BLANK__BLANK_UNSPECIFIED;
}

static void table_give(struct figures *of, const struct figure *total, struct figure *parts,
		       size_t count)
{
	char table[WORDS_BYTES];
	bool kept;

	snprintf(table, sizeof table, "%s:%s", parts->asked->indicator, parts->asked->table);
	kept = chance(of, parts->asked, table, NULL, 100) >= TABLES_UNKEPT;
	table_fill(of, total, parts, count);
	for (size_t i = 0; i < count; i++) {
		struct figure *part = figure_begin(of, &parts[i]);

		if (kept && strcmp(part->asked->unit, "names") == 0)
			names_give(of, part, i, count);
		else if (kept)
			value_give(of, part);
		else
			blank_give(part, INAP__V1__BLANK__BLANK_NOT_COLLECTED);
	}
}

/* An indicator's cells, its total first. */
static void indicator_give(struct figures *of, struct figure *list, size_t count)
{
	Inap__V1__Blank blank = blank_of(of, list->asked);
	size_t from = 1, to;

	total_fill(of, list);
	figure_begin(of, list);
	if (blank != INAP__V1__BLANK__BLANK_UNSPECIFIED) {
		blank_give(list, blank);
		return; /* and that answers for its tables */
	}
	if (strcmp(list->asked->unit, "names") == 0)
		names_give(of, list, 0, 1);
	else
		value_give(of, list);
	for (; from < count; from = to) {
		to = from + 1;
		while (to < count && strcmp(list[to].asked->table, list[from].asked->table) == 0)
			to++;
		table_give(of, list, list + from, to - from);
	}
}

/* ---- the whole */

static int by_place(const void *a, const void *b)
{
	const Inap__V1__AskedCell *x = ((const struct figure *)a)->asked;
	const Inap__V1__AskedCell *y = ((const struct figure *)b)->asked;
	int order = strcmp(x->indicator, y->indicator);

	if (order == 0)
		order = strcmp(x->table, y->table);
	return order ? order : strcmp(x->cell, y->cell);
}

static int by_cell(const void *a, const void *b)
{
	return strcmp((*(Inap__V1__CellValue *const *)a)->cell,
		      (*(Inap__V1__CellValue *const *)b)->cell);
}

struct figures *figures_make(uint64_t seed, const Inap__V1__ReportShowReply *report)
{
	struct figures *of = calloc(1, sizeof *of);
	size_t to;

	if (!of)
		return NULL;
	of->seed = seed;
	of->entity = report->report->entity;
	of->list = calloc(report->n_asked + 1, sizeof *of->list);
	of->cells = calloc(report->n_asked + 1, sizeof(Inap__V1__CellValue *));
	if (!of->list || !of->cells) {
		figures_free(of);
		return NULL;
	}
	for (size_t i = 0; i < report->n_asked; i++)
		if (!report->asked[i]->locked)
			of->list[of->count++].asked = report->asked[i];
	qsort(of->list, of->count, sizeof *of->list, by_place);
	for (size_t from = 0; from < of->count; from = to) {
		to = from + 1;
		while (to < of->count &&
		       strcmp(of->list[to].asked->indicator, of->list[from].asked->indicator) == 0)
			to++;
		indicator_give(of, of->list + from, to - from);
	}
	qsort(of->cells, of->answered, sizeof *of->cells, by_cell);
	return of;
}

void figures_free(struct figures *figures)
{
	if (!figures)
		return;
	free(figures->list);
	free(figures->cells);
	free(figures);
}

Inap__V1__CellValue **figures_cells(const struct figures *figures, size_t *count)
{
	*count = figures->answered;
	return figures->cells;
}
