/* Activities in a report, for the commands that show one. */
#ifndef INAP_CLIENT_CMD_ACTIVITY_H
#define INAP_CLIENT_CMD_ACTIVITY_H

#include <jansson.h>

#include "client/cmd/report.h"

/** The activities of a report, with how they stand, as JSON. */
json_t *activities_json(const Inap__V1__ReportShowReply *show);
/** What changed: [{"activity","fields","before","after","percent_before","percent_after",…}]. */
json_t *activity_changes_json(const Inap__V1__ReportDiffReply *reply);
/** The same as tables beside the answer, for people only. */
void activities_human(struct app *app, const Inap__V1__ReportShowReply *show);
void activity_changes_human(struct app *app, const Inap__V1__ReportDiffReply *reply);
/** PA-O1.1-A1 or KRG-MOH/A-03 as it is kept: capitals, Latin digits. */
char *activity_code(struct app *app, const char *typed);
/** A list typed with commas, each in capitals; *count of them. */
char **activity_words(struct app *app, const char *typed, size_t *count);

#endif
