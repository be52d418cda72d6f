/**
 * Reading a report: report.show, report.check, report.diff, report.history, report.trail; and what
 * is written to it beside cells: report.narrative.
 *
 * Threads    loop thread only.
 */
#ifndef INAP_DOMAIN_REPORT_H
#define INAP_DOMAIN_REPORT_H

#include "server/rpc/request.h"
#include "inap/v1/report.pb-c.h"

request_step report_show, report_check, report_diff, report_history, report_trail, report_narrative;

/* Between the files of report: the rows of an entry of the unit into a reply; false at the arena's
 * cap. */

bool report_sections_fill(struct request *r, unsigned entry, Inap__V1__ReportShowReply *reply)
	__attribute__((warn_unused_result));
bool report_sections_diff_fill(struct request *r, unsigned entry, Inap__V1__ReportDiffReply *reply)
	__attribute__((warn_unused_result));
bool report_office_fill(struct request *r, unsigned entry, Inap__V1__ReportShowReply *reply)
	__attribute__((warn_unused_result));
bool report_consultations_fill(struct request *r, unsigned entry, Inap__V1__ReportShowReply *reply)
	__attribute__((warn_unused_result));
/** A signature on a basis ("acting"); the rest is the caller's to fill. NULL at the arena's cap. */
Inap__V1__Signature *report_signature(struct request *r, const char *basis);

#endif
