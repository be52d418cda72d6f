/* The options of inap: taking them out of the command line. */
#include "client/options.h"

#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/app.h"
#include "client/form/value.h"
#include "client/i18n.h"
#include "client/out/clock.h"

static const struct option_row rows[OPT_COUNT] = {
#define OPTION(symbol, name, letter, argument, everywhere, help)                                   \
	[OPT_##symbol] = { name, letter, argument, everywhere, help },
#include "client/options.def"
#undef OPTION
};

const struct option_row *option_row(enum option_id id)
{
	return &rows[id];
}

const char *option_text(const struct app *app, enum option_id id)
{
	const char *value = app->options.value[id];

	return value ? value : "";
}

/* getopt's tables; long options answer with OPTION_BASE + id, letters with themselves. */
enum { OPTION_BASE = 1000 };

static void getopt_tables(struct option *longs, char *shorts)
{
	*shorts++ = ':';
	for (int id = 0; id < OPT_COUNT; id++) {
		longs[id] = (struct option){ rows[id].name,
					     rows[id].argument ? required_argument : no_argument,
					     NULL, OPTION_BASE + id };
		if (!rows[id].letter)
			continue;
		*shorts++ = rows[id].letter;
		if (rows[id].argument)
			*shorts++ = ':';
	}
	longs[OPT_COUNT] = (struct option){ NULL, 0, NULL, 0 };
	*shorts = '\0';
}

static int option_of(int found)
{
	if (found >= OPTION_BASE)
		return found - OPTION_BASE;
	for (int id = 0; id < OPT_COUNT; id++)
		if (rows[id].letter == found)
			return id;
	return -1;
}

static bool refuse(struct app *app, const char *sentence, const char *what)
{
	const struct place place = { "option", what };

	return fail_with(app, ERROR_USAGE, "why", sentence_fill(&app->pool, _(sentence), &place, 1),
			 NULL);
}

static bool take(struct app *app, int id, const char *value)
{
	struct options *options = &app->options;

	options->given[id] = true;
	options->value[id] = value;
	if (id != OPT_SURVEY && id != OPT_CELLS && id != OPT_CELL && id != OPT_ACTIVITY &&
	    id != OPT_ONLY)
		return true;
	if (options->repeated_count == OPTION_REPEAT_MAX)
		return refuse(app, N_("{option} is given too often"),
			      pool_printf(&app->pool, "--%s", rows[id].name));
	options->repeated[options->repeated_count++] =
		(struct option_value){ (enum option_id)id, value };
	return true;
}

bool options_parse(struct app *app, int argc, char **argv)
{
	struct option longs[OPT_COUNT + 1];
	char shorts[2 * OPT_COUNT + 2];
	int found;

	getopt_tables(longs, shorts);
	opterr = 0;
	optind = 0;
	app->options.repeated_count = 0;
	while ((found = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		const char *word = optind > 0 && optind <= argc ? argv[optind - 1] : "";

		/* A negative figure is an argument, not an option: PA-1.1=-3 never starts with -.
		 */
		if (found == '?')
			return refuse(app, N_("unknown option '{option}'"), word);
		if (found == ':')
			return refuse(app, N_("option '{option}' needs a value"), word);
		if (!take(app, option_of(found), optarg))
			return false;
	}
	app->words = argv + optind;
	app->words_count = argc - optind;
	return true;
}

char **option_list(struct app *app, enum option_id id, size_t *count)
{
	char **list = pool_alloc(&app->pool, (OPTION_REPEAT_MAX + 1) * sizeof *list);

	*count = 0;
	for (size_t i = 0; i < app->options.repeated_count; i++)
		if (app->options.repeated[i].id == id)
			list[(*count)++] = pool_strdup(&app->pool, app->options.repeated[i].value);
	return list;
}

bool option_number(struct app *app, enum option_id id, uint64_t *number)
{
	const char *text = option_text(app, id);
	char *end = NULL;

	*number = 0;
	if (!app->options.given[id])
		return true;
	if (strlen(text) <= 18 && isdigit((unsigned char)text[0])) {
		*number = strtoull(text, &end, 10);
		if (*end == '\0')
			return true;
	}
	return refuse(app, N_("option '{option}' needs a whole number"), rows[id].name);
}

static bool is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static bool date_is_good(const char *text)
{
	static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int year, month, day;

	if (!value_is_date(text))
		return false;
	year = atoi(text);
	month = atoi(text + 5);
	day = atoi(text + 8);
	if (month < 1 || month > 12 || day < 1 || day > days[month - 1])
		return false;
	return month != 2 || day < 29 || is_leap(year);
}

bool option_date(struct app *app, enum option_id id, const char **date)
{
	*date = option_text(app, id);
	if (!app->options.given[id] || date_is_good(*date))
		return true;
	return fail_with(app, ERROR_DATE_BAD, "text", *date, NULL);
}

/* HH:MM or HH:MM:SS, with a Z or without. */
static bool hours_read(const char *text, int *seconds, bool *utc)
{
	int hour = 0, minute = 0, second = 0, length = 0;

	if (!isdigit((unsigned char)text[0]) ||
	    sscanf(text, "%2d:%2d%n", &hour, &minute, &length) != 2 || length != 5)
		return false;
	if (text[5] == ':' && (sscanf(text + 5, ":%2d%n", &second, &length) != 1 || length != 3))
		return false;
	text += text[5] == ':' ? 8 : 5;
	*utc = *text == 'Z';
	*seconds = (hour * 60 + minute) * 60 + second;
	return hour < 24 && minute < 60 && second < 60 && text[*utc ? 1 : 0] == '\0';
}

bool option_moment(struct app *app, enum option_id id, bool end, const char **moment)
{
	const char *text = option_text(app, id);
	const char *day = pool_strndup(&app->pool, text, strlen(text) < 10 ? strlen(text) : 10);
	const char *hours = text + strlen(day);
	int seconds = end ? 24 * 3600 : 0;
	bool utc = false;

	*moment = "";
	if (!app->options.given[id])
		return true;
	if (!date_is_good(day) || (*hours && ((*hours != 'T' && *hours != ' ') ||
					      !hours_read(hours + 1, &seconds, &utc))))
		return fail_with(app, ERROR_DATE_BAD, "text", text, NULL);
	*moment = clock_iso(app, day, utc ? seconds : seconds - CLOCK_BAGHDAD_S);
	return true;
}
