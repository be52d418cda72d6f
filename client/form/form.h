/**
 * What is to be saved: entries typed or read from a file, checked and expanded against what is
 * asked.
 *
 * Ownership  everything lives in the app's pool.
 * Errors     problems of single entries are gathered, so that a person sees all of them at once.
 */
#ifndef INAP_CLIENT_FORM_FORM_H
#define INAP_CLIENT_FORM_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/failure.h"
#include "client/form/cell.h"
#include "inap/v1/report.pb-c.h"

struct app;

/* One cell with what goes into it. */
struct entry {
	struct cell cell;
	const char *code; /* canonical */
	Inap__V1__Value *value;
	const char *note;
	const char *expected_on;
	uint32_t row;       /* of the file; of the arguments where there is no file */
	const char *column; /* of the file, "" none */
	bool expanded;      /* came from * or rest: what was named itself goes before it */
};

struct form {
	struct app *app;
	const Inap__V1__ReportShowReply *show; /* what is asked and answered; NULL: not known */
	const char *report;                    /* FED-MOI/2024Q3, for messages */
	const char *expected_on;               /* of --expected-on, or "" */
	struct entry *entries;
	size_t entries_count, entries_room;
	struct failure_field *problems;
	size_t problems_count, problems_room;
};

/* One line as typed. */
struct form_line {
	const char *cell; /* a code, perhaps with * or rest */
	const char *value;
	const char *note;
	const char *expected_on;
	uint32_t row;
	const char *column;
	const char *fault; /* a code of errors.def: it may not be taken; NULL: it may */
	const char *fault_text;
};

/** Takes one line: reads cell and value, expands. What is wrong with it becomes a problem. */
void form_add(struct form *form, const struct form_line *line);
/** Takes CELL=VALUE as given on the command line. */
void form_add_argument(struct form *form, const char *argument, uint32_t ordinal);
/** Answers an indicator, total and tables, with 0. False: it is not asked, noted as a failure. */
bool form_zero(struct form *form, const char *indicator);
/** Confirms the answer of the period before of a cell (or a table, * or rest of it); NULL: of every
 * unanswered cell for which one is offered. What is not offered becomes a problem. */
void form_confirm(struct form *form, const char *cell, uint32_t ordinal);
/** What form_nil() leaves unanswered. */
struct form_left {
	char **cells; /* that cannot be 0 */
	size_t cells_count;
	char **tables; /* PA-1.1:age_band: the total is not 0, so its parts are not known to be */
	size_t tables_count;
};

/** Answers whatever is unanswered with 0, but what would be an invention. */
void form_nil(struct form *form, struct form_left *left);
/**
 * Joins halves, finds cells given twice, sorts by code. The cells for report.save; *count of them.
 */
Inap__V1__CellValue **form_cells(struct form *form, size_t *count);
/**
 * Takes out the cells that hold what the report held before, so that what nobody touched in a form
 * collides with nothing. How many; *count is what is left.
 */
size_t cells_keep(Inap__V1__CellValue **cells, size_t *count, const Inap__V1__ReportShowReply *was);
/** After STALE_REVISION: notes where in the file the cells stand that others changed to something
 * else. */
void cells_collide(struct app *app, Inap__V1__CellValue *const *cells, size_t count);
/** Adds a problem. */
void form_problem(struct form *form, const struct failure_field *problem);
/** The asked cell of a code, or NULL. */
const Inap__V1__AskedCell *form_asked(const struct form *form, const char *code);
/** Is the cell answered? */
bool form_answered(const struct form *form, const char *code);
/** Notes INVALID_CELLS with all problems. Always false. */
bool form_fail(struct form *form);

/** Adds an entry. */
struct entry *form_entry(struct form *form, const struct entry *entry);

#endif
