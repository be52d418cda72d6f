/* The options of inap as numbers, and those of one run. */
#ifndef INAP_CLIENT_OPTIONS_H
#define INAP_CLIENT_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct app;

enum option_id {
#define OPTION(symbol, name, letter, argument, everywhere, help) OPT_##symbol,
#include "client/options.def"
#undef OPTION
	OPT_COUNT
};

struct option_row {
	const char *name;     /* "output" */
	char letter;          /* 'o' or 0 */
	const char *argument; /* "FORMAT" or NULL */
	bool everywhere;      /* taken by every command */
	const char *help;     /* English, for gettext */
};

enum { OPTION_REPEAT_MAX = 64 };

/* What was given on the command line. */
struct options {
	bool given[OPT_COUNT];
	const char *value[OPT_COUNT];
	/* every value of the options that may be repeated, in the order given */
	struct option_value {
		enum option_id id;
		const char *value;
	} repeated[OPTION_REPEAT_MAX];
	size_t repeated_count;
};

const struct option_row *option_row(enum option_id id);

/**
 * Takes the options out of argv, wherever they stand; what is left are words, in order.
 * A refusal is noted in the app (USAGE) and false.
 */
bool options_parse(struct app *app, int argc, char **argv);
/** The value of an option, or "". */
const char *option_text(const struct app *app, enum option_id id);
/** Every value of an option that may be repeated, as texts of a message. */
char **option_list(struct app *app, enum option_id id, size_t *count);
/** The value of an option as a whole number; absent: 0. False: noted as a failure. */
bool option_number(struct app *app, enum option_id id, uint64_t *number);
/** The value of an option as a date YYYY-MM-DD; absent: "". False: noted as a failure. */
bool option_date(struct app *app, enum option_id id, const char **date);
/**
 * The value of an option as a moment in Baghdad, in UTC: YYYY-MM-DDTHH:MM[:SS], with a Z where it
 * is UTC already; of a day its beginning or, with `end`, the beginning of the next. Absent: "".
 * False: noted as a failure.
 */
bool option_moment(struct app *app, enum option_id id, bool end, const char **moment);

#endif
