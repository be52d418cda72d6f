/* The table of commands. */
#include "client/command.h"

#include <string.h>

#include "client/app.h"
#include "client/i18n.h"
#include "proto/method.h"

/* Options of every command have no bit: their rows come first. */
enum { OPTIONS_EVERYWHERE = OPT_VERSION + 1 };

#define O(symbol) ((option_set)1 << (OPT_##symbol - OPTIONS_EVERYWHERE))

static const struct command rows[] = {
#define COMMAND(function, group, noun, verb, arguments, least, most, options, methods, help,       \
		example)                                                                           \
	{ function, GROUP_##group, noun,    verb, arguments, least,                                \
	  most,     options,       methods, help, example },
#include "client/commands.def"
#undef COMMAND
};

_Static_assert(OPT_COUNT - OPTIONS_EVERYWHERE <= 8 * sizeof(option_set),
	       "every other option is a bit of a set");

const struct command *command_all(size_t *count)
{
	*count = sizeof rows / sizeof *rows;
	return rows;
}

const struct command *command_find(const char *noun, const char *verb)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strcmp(rows[i].noun, noun) == 0 && strcmp(rows[i].verb, verb ? verb : "") == 0)
			return &rows[i];
	return NULL;
}

const struct command *command_match(char *const *words, int count, int *taken)
{
	const struct command *found = NULL;

	*taken = 0;
	if (count >= 2 && words[1][0] != '\0' && (found = command_find(words[0], words[1])))
		*taken = 2;
	else if (count >= 1 && (found = command_find(words[0], "")))
		*taken = 1;
	return found;
}

/* Levenshtein's distance of two short words, capped at 9. */
static int distance(const char *a, const char *b)
{
	int row[33];
	int length = (int)strlen(b);

	if (length > 32 || strlen(a) > 32)
		return 9;
	for (int j = 0; j <= length; j++)
		row[j] = j;
	for (int i = 1; a[i - 1]; i++) {
		int diagonal = row[0];

		row[0] = i;
		for (int j = 1; j <= length; j++) {
			int changed = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			if (row[j] + 1 < changed)
				changed = row[j] + 1;
			if (row[j - 1] + 1 < changed)
				changed = row[j - 1] + 1;
			row[j] = changed;
		}
	}
	return row[length];
}

const char *command_name(struct app *app, const struct command *command)
{
	if (!command->verb[0])
		return command->noun;
	return pool_printf(&app->pool, "%s %s", command->noun, command->verb);
}

const char *command_guess(struct app *app, const char *noun, const char *verb)
{
	const struct command *best = NULL;
	int least = 5; /* two slips in either word */

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int far = distance(noun, rows[i].noun);

		if (far > 2)
			continue;
		if (rows[i].verb[0])
			far += verb && verb[0] ? distance(verb, rows[i].verb) : 1;
		if (far < least) {
			least = far;
			best = &rows[i];
		}
	}
	return best ? command_name(app, best) : NULL;
}

unsigned command_roles(const struct command *command)
{
	char name[64];
	size_t length = strcspn(command->methods, " ");
	const struct method *method;

	if (length == 0 || length >= sizeof name)
		return ROLE_BITS_ANYONE | ROLE_BITS_NOBODY_YET;
	memcpy(name, command->methods, length);
	name[length] = '\0';
	method = method_by_name(name);
	return method ? method->roles : ROLE_BITS_ANYONE;
}

bool command_names(const struct command *command, enum option_id id)
{
	return (int)id >= OPTIONS_EVERYWHERE &&
	       (command->options >> ((int)id - OPTIONS_EVERYWHERE) & 1);
}

bool command_takes(const struct command *command, enum option_id id)
{
	return option_row(id)->everywhere || command_names(command, id);
}

const char *command_group_name(enum command_group group)
{
	static const char *const names[GROUP_COUNT] = {
		[GROUP_EVERYONE] = N_("everyone"),
		[GROUP_LOOKUP] = N_("look-ups"),
		[GROUP_FOCAL_POINT] = N_("focal point"),
		[GROUP_APPROVER] = N_("approver"),
		[GROUP_COORDINATOR] = N_("coordinator"),
		[GROUP_SECRETARIAT] = N_("secretariat"),
		[GROUP_NATIONAL_TEAM] = N_("national team"),
		[GROUP_ADMIN] = N_("admin"),
	};

	return _(names[group]);
}
