/**
 * Reading a report: report.show, report.check, report.diff, report.history, report.trail; and what
 * is written to it beside cells: report.narrative, report.activity.
 *
 * Threads    loop thread only.
 */
#ifndef INAP_DOMAIN_REPORT_H
#define INAP_DOMAIN_REPORT_H

#include "server/rpc/request.h"
#include "inap/v1/report.pb-c.h"

request_step report_show, report_check, report_diff, report_history, report_trail, report_narrative,
	report_activity;

/* What a write beside cells came to: a row of its statement. */
struct report_entry {
	const char *fault; /* NULL: done */
	int64_t now_revision;
	const char *now_state;
	const char *was;
	const char *state;
	int64_t revision;
	struct bytes receipt;
	bool replayed;
};

/** The first statement of such a write: the lock of the entity's head. */
void report_entry_lock(struct request *r);
/** Its answer, a ReportMoveReply, or the refusal with how the report stands. */
enum step report_entry_reply(struct request *r, const struct report_entry *entry);

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
/** The activities of an entry, their money in the one behind it. */
bool report_activities_fill(struct request *r, unsigned entry, Inap__V1__ReportShowReply *reply)
	__attribute__((warn_unused_result));
bool report_activities_diff_fill(struct request *r, unsigned entry,
				 Inap__V1__ReportDiffReply *reply)
	__attribute__((warn_unused_result));

#endif
