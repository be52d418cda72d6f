/* A list of reports, for report list and review queue. */
#ifndef INAP_CLIENT_CMD_REPORT_LIST_H
#define INAP_CLIENT_CMD_REPORT_LIST_H

#include <stdbool.h>

#include "inap/v1/report.pb-c.h"

struct app;

/** Shows it; as a queue it has only what a reviewer needs (a promise of CLI.md). */
void report_list_render(struct app *app, const Inap__V1__ReportListReply *reply, bool queue);

#endif
