/* How an activity stands, in a report: writing it, and what report.show and report.diff read of it.
 */
#include "server/domain/report.h"

#include <string.h>

#include "proto/enums.h"
#include "proto/number.h"
#include "server/rpc/value.h"
#include "server/rpc/words.h"
#include "server/store/array.h"
#include "inap/v1/report.pb-c.h"
#include "sql/move.h"
#include "sql/report_entry.h"

enum { WRITE_START, WRITE_SENT };
enum { ENTRY_LOCK, ENTRY_WRITE };

/* ---- writing */

static bool activity_bad(struct request *r, const Inap__V1__ActivityStatus *status, const char *why)
{
	return error_set(&r->error, ERROR_ACTIVITY_BAD, "activity", status->activity, "why", why,
			 NULL);
}

static bool one_of(const char *text, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(list[i], text) == 0) {
			return true;
		}
	}
	return false;
}

static bool number_good(struct request *r, const char *text)
{
	return !*text || number_valid(text) ||
	       error_set(&r->error, ERROR_NUMBER_BAD, "text", text, "hint",
			 "write digits and one point, 12.5", NULL);
}

static bool percent_good(struct request *r, const Inap__V1__ActivityStatus *in)
{
	const char *percent = in->percent;

	if (!number_good(r, percent)) {
		return false;
	}
	if (*percent && (number_sign(percent) < 0 || number_compare(percent, "100") > 0)) {
		return error_set(&r->error, ERROR_NUMBER_RANGE, "cell", in->activity, "value",
				 percent, "low", "0", "high", "100", NULL);
	}
	if (strcmp(in->status, "completed") == 0 &&
	    (!*percent || number_compare(percent, "100") != 0)) {
		return activity_bad(r, in, "what is completed is at 100 percent");
	}
	if (strcmp(in->status, "not_started") == 0 && *percent && !number_is_zero(percent)) {
		return activity_bad(r, in, "what is not started is at 0 percent");
	}
	return true;
}

static bool date_good(struct request *r, const char *text)
{
	return !*text || date_valid(text) ||
	       error_set(&r->error, ERROR_DATE_BAD, "text", text, NULL);
}

static bool dates_good(struct request *r, const Inap__V1__ActivityStatus *in)
{
	if (!date_good(r, in->starts_on) || !date_good(r, in->ends_on) ||
	    !date_good(r, in->new_date)) {
		return false;
	}
	if (*in->starts_on && *in->ends_on && strcmp(in->ends_on, in->starts_on) < 0) {
		return activity_bad(r, in, "ends before it begins");
	}
	if (*in->new_date && ((*in->ends_on && strcmp(in->new_date, in->ends_on) < 0) ||
			      (*in->starts_on && strcmp(in->new_date, in->starts_on) < 0))) {
		return activity_bad(r, in, "the new date lies before the one it had");
	}
	if (strcmp(in->status, "delayed") == 0 && !*in->delay) {
		return activity_bad(r, in, "what is delayed wants a reason");
	}
	return true;
}

/* Money: each source once, amounts that are none negative; where the governments' budgets have no
 * line for it there is none of theirs. */
static bool budget_good(struct request *r, const Inap__V1__ActivityStatus *in)
{
	static const char *const sources[] = { "federal", "krg", "un", "donor", "other" };

	for (size_t i = 0; i < in->n_budget; i++) {
		const Inap__V1__BudgetLine *line = in->budget[i];
		const char *amounts[] = { line->planned, line->allocated, line->spent };

		if (!one_of(line->source, sources, sizeof sources / sizeof *sources)) {
			return error_set(&r->error, ERROR_NOT_FOUND, "what", "source of a budget",
					 "name", line->source, NULL);
		}
		for (size_t j = 0; j < i; j++) {
			if (strcmp(in->budget[j]->source, line->source) == 0) {
				return activity_bad(r, in, "each source of its budget stands once");
			}
		}
		for (size_t j = 0; j < 3; j++) {
			if (!number_good(r, amounts[j])) {
				return false;
			}
			if (*amounts[j] && number_sign(amounts[j]) < 0) {
				return activity_bad(r, in, "an amount is not negative");
			}
		}
		if (in->no_budget_line && one_of(line->source, sources, 2)) {
			return activity_bad(
				r, in, "without a budget line there is no amount of a government");
		}
	}
	return true;
}

static bool places_good(struct request *r, const Inap__V1__ActivityStatus *in)
{
	for (size_t i = 0; i < in->n_places; i++) {
		if (one_of(in->places[i], (const char *const *)in->places, i)) {
			return activity_bad(r, in, "each place stands once");
		}
	}
	return true;
}

static bool activity_good(struct request *r, const Inap__V1__ActivityStatus *in)
{
	static const char *const statuses[] = { "not_started", "on_track", "delayed", "completed",
						"cancelled" };

	if (!in) {
		return error_set(&r->error, ERROR_BAD_ARGUMENT, "field", "status", "why",
				 "is missing", NULL);
	}
	if (!one_of(in->status, statuses, sizeof statuses / sizeof *statuses)) {
		return activity_bad(
			r, in,
			words(arena_printf(&r->arena,
					   "'%s' is none of not_started, on_track, delayed, "
					   "completed, cancelled",
					   in->status)));
	}
	return percent_good(r, in) && dates_good(r, in) && budget_good(r, in) && places_good(r, in);
}

/* A list of texts as an array. */
static const char *texts_literal(struct request *r, char *const *texts, size_t count)
{
	struct array array;

	array_begin(&array, &r->arena);
	for (size_t i = 0; i < count; i++) {
		array_add_text(&array, texts[i]);
	}
	return array_end(&array);
}

enum { BUDGET_SOURCE, BUDGET_PLANNED, BUDGET_ALLOCATED, BUDGET_SPENT, BUDGET_COLUMNS };

/* The budget as columns. */
static void budget_literals(struct request *r, const Inap__V1__ActivityStatus *in,
			    const char *literals[BUDGET_COLUMNS])
{
	for (int column = 0; column < BUDGET_COLUMNS; column++) {
		struct array array;

		array_begin(&array, &r->arena);
		for (size_t i = 0; i < in->n_budget; i++) {
			const Inap__V1__BudgetLine *line = in->budget[i];
			const char *cells[] = { line->source, line->planned, line->allocated,
						line->spent };

			array_add_text(&array, cells[column]);
		}
		literals[column] = array_end(&array);
	}
}

static enum step activity_send(struct request *r)
{
	const Inap__V1__ReportActivity *in = request_body(r);
	const Inap__V1__ActivityStatus *status = in->status;
	const char *budget[BUDGET_COLUMNS];

	if (!activity_good(r, status)) {
		return request_refuse(r);
	}
	budget_literals(r, status, budget);
	report_entry_lock(r);
	sql_report_activity(&r->unit, r->reach->entity_id, r->plan, r->round,
			    (int64_t)in->base_revision, status->activity, status->status,
			    status->percent, status->starts_on, status->ends_on,
			    texts_literal(r, status->places, status->n_places), status->partners,
			    status->delay, status->new_date, budget[BUDGET_SOURCE],
			    budget[BUDGET_PLANNED], budget[BUDGET_ALLOCATED], budget[BUDGET_SPENT],
			    status->no_budget_line, status->in_kind, status->note, r->user_id,
			    (struct bytes){ r->key, sizeof r->key },
			    (struct bytes){ r->body_hash, sizeof r->body_hash });
	return request_send(r, WRITE_SENT);
}

static enum step activity_reply(struct request *r)
{
	struct sql_report_activity_row row;
	struct report_entry entry;

	if (unit_rows(&r->unit, ENTRY_WRITE) == 0) {
		return words_no_report(r);
	}
	sql_report_activity_row(&r->unit, ENTRY_WRITE, 0, &row);
	entry = (struct report_entry){ .fault = row.fault,
				       .now_revision = row.now_revision,
				       .now_state = row.now_state,
				       .was = row.was,
				       .state = row.state,
				       .revision = row.revision,
				       .receipt = row.receipt,
				       .replayed = row.replayed };
	return report_entry_reply(r, &entry);
}

/** report.activity: how one activity stands. */
enum step report_activity(struct request *r)
{
	switch (r->at) {
	case WRITE_START:
		return activity_send(r);
	case WRITE_SENT:
		return activity_reply(r);
	default:
		return request_bug(r);
	}
}

/* ---- reading */

static bool activity_status_fill(struct request *r, const struct sql_report_activities_row *row,
				 Inap__V1__ActivityStatus *status)
{
	inap__v1__activity_status__init(status);
	status->activity = words(row->code);
	status->status = words(row->status);
	status->percent = words(row->percent);
	status->starts_on = words(row->starts_on);
	status->ends_on = words(row->ends_on);
	status->partners = words(row->partners);
	status->delay = words(row->delay);
	status->new_date = words(row->new_date);
	status->no_budget_line = row->no_budget_line;
	status->in_kind = row->in_kind;
	status->note = words(row->note);
	return words_split(r, row->places, &status->places, &status->n_places);
}

static bool activity_entry_fill(struct request *r, const struct sql_report_activities_row *row,
				Inap__V1__ReportActivityEntry *entry)
{
	inap__v1__report_activity_entry__init(entry);
	entry->code = words(row->code);
	entry->name = words_name(r, row->name_en, row->name_ar, row->name_ckb);
	entry->under = words(row->under);
	entry->lead = words(row->lead);
	entry->leads = row->leads;
	entry->previous_round = words(row->previous_round);
	entry->previous_status = words(row->previous_status);
	entry->previous_percent = words(row->previous_percent);
	if (!entry->name) {
		return false;
	}
	if (!row->status) {
		return true;
	}
	entry->status = request_alloc(r, sizeof *entry->status);
	if (!entry->status || !activity_status_fill(r, row, entry->status)) {
		return false;
	}
	entry->revision = (uint64_t)row->revision;
	entry->by = words(row->by);
	entry->at = words(row->at);
	return true;
}

/* The rows of one activity's money, which follow one another; *from is where they begin. */
static bool activity_budget_fill(struct request *r, unsigned entry, size_t *from,
				 Inap__V1__ActivityStatus *status)
{
	size_t rows = unit_rows(&r->unit, entry);
	Inap__V1__BudgetLine *lines;
	struct sql_report_budgets_row row;
	size_t to = *from;

	for (; to < rows; to++) {
		sql_report_budgets_row(&r->unit, entry, to, &row);
		if (strcmp(row.code, status->activity) != 0) {
			break;
		}
	}
	lines = request_array(r, to - *from + 1, sizeof *lines);
	status->budget = request_array(r, to - *from + 1, sizeof *status->budget);
	if (!lines || !status->budget) {
		return false;
	}
	for (; *from < to; (*from)++, lines++) {
		sql_report_budgets_row(&r->unit, entry, *from, &row);
		inap__v1__budget_line__init(lines);
		lines->source = words(row.source);
		lines->planned = words(row.planned);
		lines->allocated = words(row.allocated);
		lines->spent = words(row.spent);
		status->budget[status->n_budget++] = lines;
	}
	return true;
}

bool report_activities_fill(struct request *r, unsigned entry, Inap__V1__ReportShowReply *reply)
{
	size_t rows = unit_rows(&r->unit, entry);
	Inap__V1__ReportActivityEntry *list = request_array(r, rows + 1, sizeof *list);
	size_t budget = 0;

	reply->activities = request_array(r, rows + 1, sizeof *reply->activities);
	if (!list || !reply->activities) {
		return false;
	}
	for (size_t i = 0; i < rows; i++) {
		struct sql_report_activities_row row;

		sql_report_activities_row(&r->unit, entry, i, &row);
		if (!activity_entry_fill(r, &row, &list[i]) ||
		    (list[i].status &&
		     !activity_budget_fill(r, entry + 1, &budget, list[i].status))) {
			return false;
		}
		reply->activities[reply->n_activities++] = &list[i];
	}
	return true;
}

bool report_activities_diff_fill(struct request *r, unsigned entry,
				 Inap__V1__ReportDiffReply *reply)
{
	size_t rows = unit_rows(&r->unit, entry);
	Inap__V1__ActivityChange *list = request_array(r, rows + 1, sizeof *list);

	reply->activities = request_array(r, rows + 1, sizeof *reply->activities);
	if (!list || !reply->activities) {
		return false;
	}
	for (size_t i = 0; i < rows; i++) {
		struct sql_report_activities_diff_row row;

		sql_report_activities_diff_row(&r->unit, entry, i, &row);
		inap__v1__activity_change__init(&list[i]);
		list[i].code = words(row.code);
		list[i].fields = words(row.fields);
		list[i].before = words(row.before);
		list[i].after = words(row.after);
		list[i].percent_before = words(row.percent_before);
		list[i].percent_after = words(row.percent_after);
		list[i].by = words(row.by);
		list[i].at = words(row.at);
		list[i].revision = (uint64_t)row.revision;
		reply->activities[reply->n_activities++] = &list[i];
	}
	return true;
}
