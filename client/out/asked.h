/* What an entry cell counts, said to whoever fills it: value kind, unit, answers that may overlap.
 */
#ifndef INAP_CLIENT_OUT_ASKED_H
#define INAP_CLIENT_OUT_ASKED_H

#include <stdbool.h>

#include <jansson.h>

#include "inap/v1/report.pb-c.h"

struct app;
struct view;

/** "in this quarter", "at the end of the half-year": the value kind, of a cell's own period. */
const char *asked_kind(const Inap__V1__AskedCell *asked);
/** "count", "percent", or what a decimal counts in the plan's words: "hours per person". */
const char *asked_unit(const Inap__V1__AskedCell *asked);
/** May some of its cells not be written now, though others may? */
bool asked_half_locked(const Inap__V1__ReportShowReply *show);
/** Every cell that a report must answer, with what it counts: the key "asked" of report show. */
json_t *asked_json(const Inap__V1__ReportShowReply *show);
/** What the consulted said: the key "consultations" of report show. */
json_t *consultations_json(const Inap__V1__ReportShowReply *show);
/** The same for people: all of it, or only what is contested. */
void consultations_human(struct app *app, const Inap__V1__ReportShowReply *show, bool all);
/** The kind as a cell of a view, with "answers may overlap" where they may; asked may be NULL. */
void view_asked_kind(struct view *view, const Inap__V1__AskedCell *asked);
/** The unit as a cell of a view; asked may be NULL. */
void view_asked_unit(struct view *view, const Inap__V1__AskedCell *asked);

#endif
