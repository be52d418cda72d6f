/* Deadlines of one report, shared by the commands about rounds and extensions. */
#ifndef INAP_CLIENT_CMD_DEADLINE_H
#define INAP_CLIENT_CMD_DEADLINE_H

#include <stdbool.h>

#include "inap/v1/common.pb-c.h"

struct app;

/** Of a due date asked for, a Friday or Saturday, and the moment it moved to; "" says nothing. */
void moved_say(struct app *app, const char *asked, const char *iso);
/**
 * ENTITY ROUND as two words, or as one, ENTITY/ROUND, from the `at`th word on. False: noted as a
 * failure.
 */
bool deadline_words(struct app *app, int at, char **entity, char **round);
/** round extend --entity: a later due date for one. */
bool deadline_extend_one(struct app *app);

#endif
