/* Codes of cells, as typed and in their one canonical form. */
#ifndef INAP_CLIENT_FORM_CELL_H
#define INAP_CLIENT_FORM_CELL_H

#include <stdbool.h>
#include <stddef.h>

struct app;

enum { CELL_DIMENSIONS_MAX = 8 };

/* PR-2.2.n:governorate=IQ-BG,sex=* taken apart; dimensions sorted by code. */
struct cell {
	const char *indicator;
	char half; /* 'n', 'd' or 0 */
	size_t count;
	const char *dimension[CELL_DIMENSIONS_MAX];
	const char *category[CELL_DIMENSIONS_MAX];
	bool wild; /* a category is * or rest */
	bool rest; /* a category is rest */
};

/**
 * Takes a cell off the front of text; *rest is what follows it: "" or the = of CELL=VALUE.
 * False: text does not begin with a cell.
 */
bool cell_parse(struct app *app, const char *text, struct cell *cell, const char **rest);
/** The canonical code, without the half: PR-2.1:age_band=18-29,sex=F */
const char *cell_code(struct app *app, const struct cell *cell);
/** Is `cell` one that `pattern` means? Same indicator and dimensions, same categories but for * and
 * rest. */
bool cell_matches(const struct cell *pattern, const struct cell *cell);

#endif
