/* A report as a form to fill in: names, units, help; the CSV. */
#include "client/form/template.h"

#include <string.h>

#include "client/app.h"
#include "client/form/cell.h"
#include "client/form/header.h"
#include "client/form/value.h"
#include "client/i18n.h"
#include "client/out/asked.h"
#include "client/out/render.h"
#include "client/out/value.h"
#include "client/words.h"

static const Inap__V1__Dimension *dimension_of(const struct template *template, const char *code)
{
	for (size_t i = 0; template->categories && i < template->categories->n_dimensions; i++)
		if (strcmp(template->categories->dimensions[i]->code, code) == 0)
			return template->categories->dimensions[i];
	return NULL;
}

/* 18-29 stays 18-29 among Arabic letters. */
static const char *kept_ltr(struct app *app, const char *text)
{
	if (language_now() == LANGUAGE_EN || text[strcspn(text, "\xd8\xd9\xda\xdb")] != '\0')
		return text;
	return pool_printf(&app->pool, "\u200e%s\u200e", text);
}

/* Where there is no name, the code is one. */
static const char *category_name(const Inap__V1__Dimension *dimension, const char *code)
{
	for (size_t i = 0; dimension && i < dimension->n_categories; i++)
		if (strcmp(dimension->categories[i]->code, code) == 0)
			return name_text(dimension->categories[i]->name);
	return code;
}

static const Inap__V1__Indicator *indicator_of(const struct template *template, const char *code)
{
	for (size_t i = 0; template->indicators && i < template->indicators->n_indicators; i++)
		if (strcmp(template->indicators->indicators[i]->code, code) == 0)
			return template->indicators->indicators[i];
	return NULL;
}

static const char *indicator_name(const struct template *template, const char *code)
{
	for (size_t i = 0; i < template->show->n_indicators; i++)
		if (strcmp(template->show->indicators[i]->code, code) == 0)
			return name_text(template->show->indicators[i]->name);
	return "";
}

/* Sex: women; Governorate: Diyala */
static const char *what_of(const struct template *template, const Inap__V1__AskedCell *asked)
{
	struct pool *pool = &template->app->pool;
	struct cell cell;
	const char *rest, *what = "";

	if (!cell_parse(template->app, asked->cell, &cell, &rest) || cell.count == 0)
		return indicator_name(template, asked->indicator);
	for (size_t i = 0; i < cell.count; i++) {
		const Inap__V1__Dimension *dimension = dimension_of(template, cell.dimension[i]);

		what = pool_printf(
			pool, "%s%s%s: %s", what, i ? "; " : "",
			dimension ? name_text(dimension->name) : cell.dimension[i],
			kept_ltr(template->app, category_name(dimension, cell.category[i])));
	}
	return what;
}

static const char *unit_of(const struct template *template, const Inap__V1__AskedCell *asked)
{
	struct pool *pool = &template->app->pool;

	if (asked->ratio)
		return pool_printf(pool, "%s (%s/%s)", asked_unit(asked), word("numerator"),
				   word("denominator"));
	return strcmp(asked->part, "whole") == 0 ? asked_unit(asked) : word(asked->part);
}

static const char *kind_of(const struct template *template, const Inap__V1__AskedCell *asked)
{
	struct pool *pool = &template->app->pool;
	const char *kind = asked_kind(asked);

	if (asked->overlap)
		kind = sentence(pool, _("{kind}; answers may overlap"), "kind", kind, NULL);
	if (asked->locked)
		kind = sentence(pool, _("{kind}; locked, stays as it is"), "kind", kind, NULL);
	return kind;
}

/* A half is asked for, or stands there alone. */
static const char *half_of(const struct template_cell *cell)
{
	int held = cell->now && cell->now->value ? (int)cell->now->value->kind_case : 0;

	if (strcmp(cell->asked->part, "numerator") == 0 || held == INAP__V1__VALUE__KIND_NUMERATOR)
		return ".n";
	return strcmp(cell->asked->part, "denominator") == 0 ||
			       held == INAP__V1__VALUE__KIND_DENOMINATOR
		       ? ".d"
		       : "";
}

static const char *code_of(struct app *app, const struct template_cell *cell)
{
	const char *code = cell->asked->cell;
	size_t length = strcspn(code, ":");

	return pool_printf(&app->pool, "%.*s%s%s", (int)length, code, half_of(cell), code + length);
}

void template_cell(const struct template *template, const Inap__V1__AskedCell *asked,
		   struct template_cell *cell)
{
	*cell = (struct template_cell){ .asked = asked };
	cell->what = what_of(template, asked);
	cell->unit = unit_of(template, asked);
	cell->kind = kind_of(template, asked);
	for (size_t i = 0; i < template->show->n_values; i++)
		if (strcmp(template->show->values[i]->cell, asked->cell) == 0)
			cell->now = template->show->values[i];
	cell->code = code_of(template->app, cell);
}

const char *template_heading(const struct template *template, const Inap__V1__AskedCell *asked)
{
	return pool_printf(&template->app->pool, "%s  %s", asked->indicator,
			   indicator_name(template, asked->indicator));
}

static void help_add(struct app *app, const char **help, const char *label, const char *text)
{
	if (text && text[0])
		*help = pool_printf(&app->pool, "%s%s%s: %s", *help, (*help)[0] ? "; " : "", label,
				    text);
}

const char *template_help(const struct template *template, const Inap__V1__AskedCell *asked)
{
	const Inap__V1__Indicator *indicator = indicator_of(template, asked->indicator);
	const char *help = "";

	if (!indicator)
		return "";
	help_add(template->app, &help, word("numerator"), indicator->numerator_en);
	help_add(template->app, &help, word("denominator"), indicator->denominator_en);
	help_add(template->app, &help, _("means of verification"),
		 indicator->means_of_verification);
	help_add(template->app, &help, word("note"), indicator->note);
	return help;
}

const char *template_value(struct app *app, const Inap__V1__Value *value)
{
	switch (value ? value->kind_case : INAP__V1__VALUE__KIND__NOT_SET) {
	case INAP__V1__VALUE__KIND_YES_NO:
		return word(value->yes_no ? "yes" : "no");
	case INAP__V1__VALUE__KIND_NUMERATOR:
		return value->numerator;
	case INAP__V1__VALUE__KIND_DENOMINATOR:
		return value->denominator;
	case INAP__V1__VALUE__KIND_BLANK:
		return enum_word(&inap__v1__blank__descriptor, (int)value->blank);
	default:
		return value_machine(app, value);
	}
}

const char *template_previous(struct app *app, const Inap__V1__AskedCell *asked)
{
	return asked->previous_cell[0] ? "" : template_value(app, asked->previous);
}

const char *template_entry(struct app *app, const struct template_cell *cell)
{
	const Inap__V1__Value *value = cell->now ? cell->now->value : NULL;
	const char *text = template_value(app, value);

	/* Among texts a blank is told from one by its sign. */
	if (value && value->kind_case == INAP__V1__VALUE__KIND_BLANK &&
	    unit_takes_words(cell->asked->unit))
		return pool_printf(&app->pool, "@%s", text);
	if (value && value->kind_case == INAP__V1__VALUE__KIND_TEXT && value_wants_quotes(text))
		return pool_printf(&app->pool, "\"%s\"", text);
	return text;
}

/* ---- CSV */

static void csv_line(FILE *stream, const char *const *fields, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			fputc(',', stream);
		csv_field(fields[i], stream);
	}
	fputs("\r\n", stream);
}

void template_csv(const struct template *template, FILE *stream)
{
	static const enum role roles[] = { ROLE_CELL,     ROLE_WHAT,  ROLE_UNIT, ROLE_KIND,
					   ROLE_PREVIOUS, ROLE_VALUE, ROLE_NOTE, ROLE_EXPECTED_ON };
	enum { COLUMNS = sizeof roles / sizeof *roles };
	struct sheet_meta meta = template->meta;
	const char *fields[COLUMNS];

	fputs("\xef\xbb\xbf", stream);
	for (size_t i = 0; i < COLUMNS; i++)
		fields[i] = header_name(roles[i]);
	csv_line(stream, fields, COLUMNS);
	for (size_t i = 0; i < template->show->n_asked; i++) {
		const Inap__V1__AskedCell *asked = template->show->asked[i];
		struct template_cell cell;

		template_cell(template, asked, &cell);
		csv_line(stream,
			 (const char *const[]){ cell.code, cell.what, cell.unit, cell.kind,
						template_previous(template->app, asked),
						template_entry(template->app, &cell),
						cell.now ? cell.now->note : "",
						cell.now ? cell.now->expected_on : "" },
			 COLUMNS);
	}
	for (int key = 0; key < META_KEYS; key++)
		csv_line(stream,
			 (const char *const[]){ meta_name((enum meta_key)key), "", "", "", "",
						*meta_slot(&meta, (enum meta_key)key), "", "" },
			 COLUMNS);
}
