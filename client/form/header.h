/* The header of a file of values: which column is for what, by names in three languages. */
#ifndef INAP_CLIENT_FORM_HEADER_H
#define INAP_CLIENT_FORM_HEADER_H

#include <stdbool.h>
#include <stddef.h>

struct app;

/* What a column is for. Those after ROLE_READ stand in our forms to be read, and are not taken. */
enum role {
	ROLE_CELL,
	ROLE_VALUE,
	ROLE_NOTE,
	ROLE_EXPECTED_ON,
	ROLE_READ,
	ROLE_WHAT = ROLE_READ,
	ROLE_UNIT,
	ROLE_KIND,
	ROLE_PREVIOUS,
	ROLE_COUNT
};

/* Where each role stands; -1: nowhere. */
struct header {
	int column[ROLE_COUNT];
	const char
		*unknown; /* the first heading that is none of ours, or comes twice; NULL: none */
	size_t unknown_column;
};

/** Takes the headings of a row. */
void header_take(struct app *app, const char *const *headings, size_t count, struct header *header);
/** Does it have a column for the cell and one for the value? */
bool header_whole(const struct header *header);
/** The English names of those that it lacks: "cell, value". */
const char *header_missing(struct app *app, const struct header *header);
/** The name of a column in the language spoken. */
const char *header_name(enum role role);

#endif
