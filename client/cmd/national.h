/* The consolidated picture, shown; apart from its commands for the tests. */
#ifndef INAP_CLIENT_CMD_NATIONAL_H
#define INAP_CLIENT_CMD_NATIONAL_H

#include <jansson.h>

#include "inap/v1/national.pb-c.h"

struct app;

/** The promised JSON of national summary. */
json_t *summary_json(const Inap__V1__NationalSummaryReply *reply);
/** The totals as a table; `by` is 1 for a column with the pillar. */
void summary_render(struct app *app, const Inap__V1__NationalSummaryReply *reply, int by);

#endif
