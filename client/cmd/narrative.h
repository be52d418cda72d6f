/* The report's words, for the commands that show a report or answer what is left of it. */
#ifndef INAP_CLIENT_CMD_NARRATIVE_H
#define INAP_CLIENT_CMD_NARRATIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "client/cmd/report.h"

/** The sections as JSON: [{"section","text","revision","by","at"}]. */
json_t *narrative_json(const Inap__V1__ReportShowReply *show);
/** What changed: [{"section","before","after","by","at","revision"}]. */
json_t *narrative_changes_json(const Inap__V1__ReportDiffReply *reply);
/** The same as tables beside the answer, for people only. */
void narrative_human(struct app *app, const Inap__V1__ReportShowReply *show);
void narrative_changes_human(struct app *app, const Inap__V1__ReportDiffReply *reply);
/** How many of the required sections are not written. */
size_t narrative_missing(const Inap__V1__ReportShowReply *show);
/** Writes into those that there is nothing to report; *base is the revision before, then after. */
bool narrative_nil(struct app *app, struct target *target, const Inap__V1__ReportShowReply *show,
		   uint64_t *base);

#endif
