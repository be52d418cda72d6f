/* What a person types into a cell, read: 12, 12/40, yes, "text", @not_available, nothing. */
#ifndef INAP_CLIENT_FORM_VALUE_H
#define INAP_CLIENT_FORM_VALUE_H

#include <stdbool.h>

#include "client/failure.h"
#include "inap/v1/common.pb-c.h"
#include "proto/number.h"

struct app;

/* What the cell wants, as far as it is known. */
struct value_want {
	const char *cell;        /* canonical code, for messages */
	const char *unit;        /* of the indicator; "" unknown */
	char half;               /* 'n', 'd', or 0: typed for one half, or asked for one */
	const char *expected_on; /* date for @not_available where none is typed with it; "" none */
	bool filed;              /* from a file: quotes around a text are its own */
};

/* A value read. */
struct value_read {
	Inap__V1__Value *value;
	const char *expected_on; /* "" none */
};

/** Reads what was typed. False: *problem says why (code and places; the caller adds where). */
bool value_parse(struct app *app, const char *typed, const struct value_want *want,
		 struct value_read *out, struct failure_field *problem);
/**
 * Would a file's text be read as a blank, or as a quoted text that is none, if it stood alone? Then
 * it is filed in one more pair of quotes: "@withheld", ""@withheld"".
 */
bool value_wants_quotes(const char *text);
/** Does a cell of this unit take words: a text, or a register's names, one a line? */
bool unit_takes_words(const char *unit);
/** The blank of "withheld", or of its name in one of the languages; 0: it is none. */
Inap__V1__Blank value_blank_by_name(const char *name);
/** The blank of "@withheld", or 0. */
Inap__V1__Blank value_blank_by_word(const char *typed);
/** The exact decimal that was typed, malloc'ed, or NULL; *fault may be NULL. */
char *value_number(const char *typed, enum number_fault *fault);
/** Is it a date YYYY-MM-DD by its shape? */
bool value_is_date(const char *text);
/** Text in normalisation form C with CR LF as LF, without blanks around it; NULL: not UTF-8. */
const char *text_clean(struct app *app, const char *typed);
/** Text with Arabic-Indic and Persian digits as ASCII ones: for codes and dates. */
const char *digits_latin(struct app *app, const char *text);
/** Adds a named place to a problem. */
void problem_place(struct app *app, struct failure_field *problem, const char *name,
		   const char *value);

#endif
