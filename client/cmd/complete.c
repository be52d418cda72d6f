/* inap __complete: what may follow, one word a line. Works without the server. */
#include <stdio.h>
#include <string.h>

#include "client/app.h"
#include "client/cmd/help.h"

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* Words of the table in first or second place; each once. */
static void nouns_print(const char *typed)
{
	size_t count;
	const struct command *rows = command_all(&count);

	for (size_t i = 0; i < count; i++) {
		bool seen = false;

		for (size_t j = 0; j < i && !seen; j++)
			seen = strcmp(rows[j].noun, rows[i].noun) == 0;
		if (!seen && begins(rows[i].noun, typed))
			puts(rows[i].noun);
	}
}

static void verbs_print(const char *noun, const char *typed)
{
	size_t count;
	const struct command *rows = command_all(&count);

	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].noun, noun) == 0 && rows[i].verb[0] &&
		    begins(rows[i].verb, typed))
			puts(rows[i].verb);
}

static void options_print(const struct command *command, const char *typed)
{
	for (int id = 0; id < OPT_COUNT; id++) {
		const struct option_row *row = option_row((enum option_id)id);
		bool taken = command ? command_takes(command, (enum option_id)id) : row->everywhere;

		if (taken && strncmp(typed, "--", 2) == 0 && begins(row->name, typed + 2))
			printf("--%s\n", row->name);
	}
}

bool help_complete(struct app *app, int count, char **words)
{
	static char nothing[] = "";
	const char *typed = count > 0 ? words[count - 1] : nothing;
	const struct command *command = NULL;
	int plain = 0, taken;
	char *named[2] = { nothing, nothing };

	(void)app;
	for (int i = 0; i < count - 1 && plain < 2; i++)
		if (words[i][0] != '-')
			named[plain++] = words[i];
	if (plain > 0)
		command = command_match(named, plain, &taken);
	if (typed[0] == '-')
		options_print(command, typed);
	else if (plain == 0)
		nouns_print(typed);
	else if (!command && plain == 1)
		verbs_print(named[0], typed);
	return true;
}
