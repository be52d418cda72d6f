/* What stood in a report when: diff, history, and the trail of its cells. */
#include "server/domain/report.h"

#include <stdlib.h>

#include "proto/enums.h"
#include "server/rpc/change.h"
#include "server/rpc/session.h"
#include "server/rpc/value.h"
#include "server/rpc/words.h"
#include "inap/v1/report.pb-c.h"
#include "inap/v1/revision.pb-c.h"
#include "sql/report_entry.h"
#include "sql/report_revision.h"

enum { READ_START, READ_SENT };
enum { DIFF_SEEN, DIFF_SPAN, DIFF_CHANGES, DIFF_SECTIONS, DIFF_ACTIVITIES };
enum { HISTORY_ENTRIES, HISTORY_SEEN };
enum { TRAIL_SEEN, TRAIL_CHANGES, TRAIL_CELL };
enum { TRAIL_MOST = 2000 }; /* changes of one reply; the last revision of it is always whole */

static int32_t revision_roles(const struct request *r)
{
	return (int32_t)(r->reach->roles & r->method->roles);
}

static Inap__V1__CellChange *diff_change(struct request *r, size_t i)
{
	struct sql_revision_changes_row row;

	sql_revision_changes_row(&r->unit, DIFF_CHANGES, i, &row);
	return change_make(r, &CHANGE_OF(row));
}

static enum step diff_not_then(struct request *r, bool to)
{
	const Inap__V1__ReportDiff *in = request_body(r);

	return to ? words_no_revision(r, in->to, in->to_day)
		  : words_no_revision(r, in->from, in->from_day);
}

static enum step diff_reply(struct request *r)
{
	size_t rows = unit_rows(&r->unit, DIFF_CHANGES);
	Inap__V1__ReportDiffReply *reply = request_alloc(r, sizeof *reply);
	struct sql_revision_span_row span;

	if (unit_rows(&r->unit, DIFF_SEEN) == 0 || unit_rows(&r->unit, DIFF_SPAN) == 0) {
		return words_no_report(r);
	}
	if (!reply) {
		return request_full(r);
	}
	sql_revision_span_row(&r->unit, DIFF_SPAN, 0, &span);
	if (span.from_revision < 0 || span.to_revision < 0) {
		return diff_not_then(r, span.to_revision < 0);
	}
	inap__v1__report_diff_reply__init(reply);
	reply->from = (uint64_t)span.from_revision;
	reply->to = (uint64_t)span.to_revision;
	reply->changes = request_array(r, rows + 1, sizeof *reply->changes);
	for (size_t i = 0; reply->changes && i < rows; i++) {
		reply->changes[i] = diff_change(r, i);
		if (!reply->changes[i]) {
			return request_full(r);
		}
		reply->n_changes++;
	}
	if (!report_sections_diff_fill(r, DIFF_SECTIONS, reply) ||
	    !report_activities_diff_fill(r, DIFF_ACTIVITIES, reply)) {
		return request_full(r);
	}
	return request_reply(r, &reply->base);
}

/* One end of a comparison: a revision or a day, or neither. */
struct diff_end {
	const char *field;
	int64_t revision;
	bool by_revision;
	const char *day; /* NULL: not by a day */
};

static bool diff_end_good(struct request *r, const struct diff_end *end)
{
	if (end->day && !date_valid(end->day)) {
		return error_set(&r->error, ERROR_DATE_BAD, "text", end->day, NULL);
	}
	if (end->day && end->by_revision) {
		return error_set(&r->error, ERROR_BAD_ARGUMENT, "field", end->field, "why",
				 "takes a revision or a day, not both", NULL);
	}
	return true;
}

static enum step diff_send(struct request *r)
{
	const Inap__V1__ReportDiff *in = request_body(r);
	const struct diff_end from = { "from", (int64_t)in->from, in->from || in->from_start,
				       *in->from_day ? in->from_day : NULL };
	const struct diff_end to = { "to", (int64_t)in->to, in->to != 0,
				     *in->to_day ? in->to_day : NULL };
	const int64_t *from_given = from.by_revision ? &from.revision : NULL;
	const int64_t *to_given = to.by_revision ? &to.revision : NULL;
	int64_t entity = r->reach->entity_id;
	int32_t roles = revision_roles(r);

	if (!diff_end_good(r, &from) || !diff_end_good(r, &to)) {
		return STEP_DONE;
	}
	sql_revision_seen(&r->unit, entity, r->plan, r->round, roles);
	sql_revision_span(&r->unit, entity, r->plan, r->round, roles, from_given, to_given,
			  from.day, to.day);
	sql_revision_changes(&r->unit, entity, r->plan, r->round, roles, from_given, to_given,
			     from.day, to.day);
	sql_report_sections_diff(&r->unit, entity, r->plan, r->round, roles, from_given, to_given,
				 from.day, to.day);
	sql_report_activities_diff(&r->unit, entity, r->plan, r->round, roles, from_given, to_given,
				   from.day, to.day);
	return request_send(r, READ_SENT);
}

/** report.diff: cell by cell between two revisions that the caller may read. */
enum step report_diff(struct request *r)
{
	switch (r->at) {
	case READ_START:
		return diff_send(r);
	case READ_SENT:
		return diff_reply(r);
	default:
		return request_bug(r);
	}
}

/* "3,4" as numbers. */
static bool history_extensions(struct request *r, Inap__V1__HistoryEntry *entry, const char *text)
{
	char **words;
	size_t n;

	if (!words_split(r, text, &words, &n)) {
		return false;
	}
	entry->extensions = request_array(r, n + 1, sizeof *entry->extensions);
	for (size_t i = 0; entry->extensions && i < n; i++) {
		entry->extensions[entry->n_extensions++] = strtoull(words[i], NULL, 10);
	}
	return entry->extensions != NULL;
}

static bool history_fill(struct request *r, Inap__V1__HistoryEntry *entry,
			 const struct sql_revision_history_row *row)
{
	inap__v1__history_entry__init(entry);
	entry->seq = (uint64_t)row->seq;
	entry->revision = (uint64_t)row->revision;
	entry->action = words(row->action);
	entry->state = row->state ? (Inap__V1__State)proto_enum_value(&inap__v1__state__descriptor,
								      row->state)
				  : entry->state;
	entry->by = words(row->by);
	entry->at = words(row->at);
	entry->via = (Inap__V1__Via)proto_enum_value(&inap__v1__via__descriptor, row->via);
	entry->note = words(row->note);
	entry->cells = (uint32_t)row->cells;
	entry->hash.data = (uint8_t *)(uintptr_t)row->hash.data;
	entry->hash.len = row->hash.length;
	entry->readable = row->readable;
	entry->subject = words(row->subject);
	if (!history_extensions(r, entry, row->extensions)) {
		return false;
	}
	if (!row->basis) {
		return true;
	}
	entry->signed_ = report_signature(r, row->basis);
	if (!entry->signed_) {
		return false;
	}
	entry->signed_->by = entry->by;
	entry->signed_->at = entry->at;
	entry->signed_->order_number = words(row->order_number);
	entry->signed_->order_date = words(row->order_date);
	entry->signed_->single_number = words(row->single_number);
	entry->signed_->single_date = words(row->single_date);
	return true;
}

static enum step report_history_reply(struct request *r)
{
	size_t rows = unit_rows(&r->unit, HISTORY_ENTRIES);
	Inap__V1__ReportHistoryReply *reply = request_alloc(r, sizeof *reply);
	Inap__V1__HistoryEntry *entries = request_array(r, rows + 1, sizeof *entries);

	if (unit_rows(&r->unit, HISTORY_SEEN) == 0) {
		return words_no_report(r);
	}
	if (!reply || !entries) {
		return request_full(r);
	}
	inap__v1__report_history_reply__init(reply);
	reply->entries = request_array(r, rows + 1, sizeof *reply->entries);
	for (size_t i = 0; reply->entries && i < rows; i++) {
		struct sql_revision_history_row row;

		sql_revision_history_row(&r->unit, HISTORY_ENTRIES, i, &row);
		if (!history_fill(r, &entries[i], &row)) {
			return request_full(r);
		}
		reply->entries[reply->n_entries++] = &entries[i];
	}
	return request_reply(r, &reply->base);
}

/** report.history: the log entries of a report, oldest first. */
enum step report_history(struct request *r)
{
	switch (r->at) {
	case READ_START:
		sql_revision_history(&r->unit, r->reach->entity_id, r->plan, r->round,
				     revision_roles(r));
		sql_revision_seen(&r->unit, r->reach->entity_id, r->plan, r->round,
				  revision_roles(r));
		return request_send(r, READ_SENT);
	case READ_SENT:
		return report_history_reply(r);
	default:
		return request_bug(r);
	}
}

/* A code that is none of the plan's would look like a cell that never changed. */
static bool trail_knows(struct request *r, const char *cell)
{
	struct sql_revision_cell_row row = { .known = false };

	if (*cell && unit_rows(&r->unit, TRAIL_CELL) > 0) {
		sql_revision_cell_row(&r->unit, TRAIL_CELL, 0, &row);
	}
	return !*cell || row.known;
}

static enum step trail_reply(struct request *r)
{
	const Inap__V1__ReportTrail *in = request_body(r);
	size_t rows = unit_rows(&r->unit, TRAIL_CHANGES);
	Inap__V1__ReportTrailReply *reply = request_alloc(r, sizeof *reply);

	if (unit_rows(&r->unit, TRAIL_SEEN) == 0) {
		return words_no_report(r);
	}
	if (!reply) {
		return request_full(r);
	}
	if (!trail_knows(r, in->cell)) {
		return request_fail(r, ERROR_CELL_UNKNOWN, "cell", in->cell, NULL);
	}
	inap__v1__report_trail_reply__init(reply);
	reply->changes = request_array(r, rows + 1, sizeof *reply->changes);
	for (size_t i = 0; reply->changes && i < rows; i++) {
		struct sql_revision_trail_row row;

		sql_revision_trail_row(&r->unit, TRAIL_CHANGES, i, &row);
		reply->changes[i] = change_make(r, &CHANGE_OF(row));
		if (!reply->changes[i]) {
			return request_full(r);
		}
		reply->n_changes++;
		reply->more = row.behind > 0;
		reply->after = (uint64_t)row.shown;
	}
	return request_reply(r, &reply->base);
}

/** report.trail: every change of a report's cells, old to new. */
enum step report_trail(struct request *r)
{
	const Inap__V1__ReportTrail *in = request_body(r);

	switch (r->at) {
	case READ_START:
		sql_revision_seen(&r->unit, r->reach->entity_id, r->plan, r->round,
				  revision_roles(r));
		sql_revision_trail(&r->unit, r->reach->entity_id, r->plan, r->round,
				   revision_roles(r), in->cell, (int64_t)in->after, TRAIL_MOST);
		sql_revision_cell(&r->unit, r->plan, in->cell);
		return request_send(r, READ_SENT);
	case READ_SENT:
		return trail_reply(r);
	default:
		return request_bug(r);
	}
}
