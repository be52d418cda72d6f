/* Codes of cells. */
#include "client/form/cell.h"

#include <ctype.h>
#include <string.h>

#include "client/app.h"

static bool is_code(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '_' || c == '.';
}

/* Categories have freer codes, such as 60+; and there are * and rest. */
static bool is_category(char c)
{
	return (unsigned char)c > ' ' && !strchr("=,:\"", c);
}

/* The code at *text, moved behind it; NULL: there is none. */
static const char *code_take(struct app *app, const char **text, bool (*belongs)(char))
{
	const char *from = *text;
	size_t length = 0;

	while (*from == ' ')
		from++;
	while (belongs(from[length]))
		length++;
	if (length == 0)
		return NULL;
	*text = from + length;
	while (**text == ' ')
		++*text;
	return pool_strndup(&app->pool, from, length);
}

/* Indicators are written in capitals; the half is taken off. */
static void indicator_set(struct app *app, struct cell *cell, const char *typed)
{
	char *code = pool_strdup(&app->pool, typed);
	size_t length = strlen(code);

	if (length > 2 && code[length - 2] == '.' &&
	    (code[length - 1] == 'n' || code[length - 1] == 'd')) {
		cell->half = code[length - 1];
		code[length - 2] = '\0';
	}
	for (char *at = code; *at; at++)
		*at = (char)toupper((unsigned char)*at);
	cell->indicator = code;
}

/* Puts a dimension where it belongs. False: it is there already, or there are too many. */
static bool dimension_add(struct cell *cell, const char *dimension, const char *category)
{
	size_t at = cell->count;

	if (at == CELL_DIMENSIONS_MAX)
		return false;
	for (; at > 0; at--) {
		int order = strcmp(cell->dimension[at - 1], dimension);

		if (order == 0)
			return false;
		if (order < 0)
			break;
		cell->dimension[at] = cell->dimension[at - 1];
		cell->category[at] = cell->category[at - 1];
	}
	cell->dimension[at] = dimension;
	cell->category[at] = category;
	cell->count++;
	cell->rest = cell->rest || strcmp(category, "rest") == 0;
	cell->wild = cell->wild || cell->rest || strcmp(category, "*") == 0;
	return true;
}

bool cell_parse(struct app *app, const char *text, struct cell *cell, const char **rest)
{
	const char *indicator = code_take(app, &text, is_code);

	*cell = (struct cell){ .indicator = "" };
	if (!indicator || !isalpha((unsigned char)indicator[0]))
		return false;
	indicator_set(app, cell, indicator);
	*rest = text;
	if (*text != ':')
		return *text == '\0' || *text == '=';
	do {
		const char *dimension, *category;

		text++;
		dimension = code_take(app, &text, is_code);
		if (!dimension || *text != '=')
			return false;
		text++;
		category = code_take(app, &text, is_category);
		if (!category || !dimension_add(cell, dimension, category))
			return false;
	} while (*text == ',');
	*rest = text;
	return *text == '\0' || *text == '=';
}

const char *cell_code(struct app *app, const struct cell *cell)
{
	const char *code = cell->indicator;

	for (size_t i = 0; i < cell->count; i++)
		code = pool_printf(&app->pool, "%s%c%s=%s", code, i ? ',' : ':', cell->dimension[i],
				   cell->category[i]);
	return code;
}

bool cell_matches(const struct cell *pattern, const struct cell *cell)
{
	if (strcmp(pattern->indicator, cell->indicator) != 0 || pattern->count != cell->count)
		return false;
	for (size_t i = 0; i < cell->count; i++) {
		bool any = strcmp(pattern->category[i], "*") == 0 ||
			   strcmp(pattern->category[i], "rest") == 0;

		if (strcmp(pattern->dimension[i], cell->dimension[i]) != 0 ||
		    (!any && strcmp(pattern->category[i], cell->category[i]) != 0))
			return false;
	}
	return true;
}
