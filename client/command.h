/* The table of commands: finding one, and who may see it. */
#ifndef INAP_CLIENT_COMMAND_H
#define INAP_CLIENT_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/options.h"

struct app;

enum command_group {
	GROUP_EVERYONE,
	GROUP_LOOKUP,
	GROUP_FOCAL_POINT,
	GROUP_APPROVER,
	GROUP_COORDINATOR,
	GROUP_SECRETARIAT,
	GROUP_NATIONAL_TEAM,
	GROUP_ADMIN,
	GROUP_COUNT
};

/* A set of the options that commands name: more than 64 fit. */
__extension__ typedef unsigned __int128 option_set;

/* One row of commands.def. */
struct command {
	bool (*run)(struct app *app); /* false: the failure is noted in the app */
	enum command_group group;
	const char *noun;
	const char *verb;      /* "" for commands of one word */
	const char *arguments; /* as the manual names them */
	int least, most;       /* arguments; most -1: any number */
	option_set options;    /* a bit for each that it names; command_names() */
	const char *methods;   /* separated by blanks */
	const char *help;      /* English, for gettext */
	const char *example;
};

/** All rows; *count is their number. */
const struct command *command_all(size_t *count);
/** The command of a noun and a verb ("" or NULL: of one word), or NULL. */
const struct command *command_find(const char *noun, const char *verb);
/** The command that words[0..count) begin with, and how many of them it takes; NULL: none. */
const struct command *command_match(char *const *words, int count, int *taken);
/** What was most likely meant by noun and verb: "report show", or NULL. */
const char *command_guess(struct app *app, const char *noun, const char *verb);
/** "report show", or "login". */
const char *command_name(struct app *app, const struct command *command);
/** The roles that may use it: bits of proto/method.h; all for what needs no method. */
unsigned command_roles(const struct command *command);
/** Does the command's row name this option? */
bool command_names(const struct command *command, enum option_id id);
/** Does the command take this option? */
bool command_takes(const struct command *command, enum option_id id);
/** The heading of a group, translated. */
const char *command_group_name(enum command_group group);

#define COMMAND(function, group, noun, verb, arguments, least, most, options, methods, help,       \
		example)                                                                           \
	bool function(struct app *app);
#include "client/commands.def"
#undef COMMAND

#endif
