/* Questions to the person: only on a terminal, never required. */
#ifndef INAP_CLIENT_CMD_ASK_H
#define INAP_CLIENT_CMD_ASK_H

#include <stdbool.h>
#include <stddef.h>

#include "client/options.h"

struct app;

/**
 * Yes or no. --yes is yes. Where nobody can be asked: with `must` a failure that names --yes, else
 * yes. No: INTERRUPTED is noted.
 */
bool ask_yes(struct app *app, const char *question, bool must);
/** The name again, by --confirm or typed; anything else: noted as a failure. */
bool ask_name(struct app *app, const char *question, const char *name);
/** A line, such as a user name. NULL: nobody can be asked; `option` is named in the failure. */
const char *ask_line(struct app *app, const char *prompt, enum option_id option);
/**
 * A secret: from the file of an option ("-" is standard input), else typed unseen, twice with
 * `again`. NULL: noted as a failure.
 */
const char *ask_secret(struct app *app, const char *prompt, enum option_id option, bool again);
/** Can the person be asked? */
bool ask_possible(const struct app *app);

#endif
