/* Help, made from the table of commands. */
#ifndef INAP_CLIENT_CMD_HELP_H
#define INAP_CLIENT_CMD_HELP_H

#include <stdbool.h>
#include <stdio.h>

struct app;
struct command;

/** The caller's own commands, by role. */
bool help_short(struct app *app);
/** One command: what it does, its options, an example. */
bool help_command(struct app *app, const struct command *command);
/** The manual's SYNOPSIS, COMMANDS and OPTIONS in mdoc. */
void help_manual(struct app *app, FILE *stream);
/** What may follow the words of a command line; the last word is the one being typed. */
bool help_complete(struct app *app, int count, char **words);

#endif
