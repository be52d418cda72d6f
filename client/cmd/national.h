/* The consolidated picture, shown; apart from its commands for the tests. */
#ifndef INAP_CLIENT_CMD_NATIONAL_H
#define INAP_CLIENT_CMD_NATIONAL_H

#include <jansson.h>

#include "inap/v1/national.pb-c.h"

struct app;

/** How people want it grouped. */
enum grouping { BY_INDICATOR, BY_PILLAR, BY_ENTITY, BY_TABLE, BY_GOVERNORATE };

/** The promised JSON of national summary. */
json_t *summary_json(const Inap__V1__NationalSummaryReply *reply);
json_t *wholes_json(const Inap__V1__NationalSummaryReply *reply);
/** The totals as a table; `by` is a grouping. */
void summary_render(struct app *app, const Inap__V1__NationalSummaryReply *reply, int by);
/** Who gave what. */
void entities_render(struct app *app, const Inap__V1__NationalSummaryReply *reply);
/** Words of an indicator that lists them, by report; nothing where there are none. */
void sections_render(struct app *app, const Inap__V1__NationalSummaryReply *reply);
/** Where series break, and what keeps them comparable. */
void wholes_render(struct app *app, const Inap__V1__NationalSummaryReply *reply);

#endif
