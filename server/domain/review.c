/* Lists of reports: report.list, review.queue, todo.list. */
#include "server/domain/review.h"

#include "proto/enums.h"
#include "server/rpc/rpc.h"
#include "server/rpc/session.h"
#include "server/rpc/words.h"
#include "inap/v1/report.pb-c.h"
#include "inap/v1/session.pb-c.h"
#include "sql/edition.h"
#include "sql/event.h"
#include "sql/remind.h"
#include "sql/review.h"

enum { LIST_START, LIST_SENT };
enum { TODO_REPORTS, TODO_DECISIONS, TODO_NOTICES, TODO_EDITIONS };

static void entry_fill(struct request *r, Inap__V1__ReportEntry *entry,
		       const struct sql_report_list_row *row)
{
	inap__v1__report_entry__init(entry);
	entry->report = words_ref(r, row->plan, row->entity, row->round);
	entry->name = words_name(r, row->name_en, row->name_ar, row->name_ckb);
	entry->state = (Inap__V1__State)proto_enum_value(&inap__v1__state__descriptor, row->state);
	entry->revision = (uint64_t)row->revision;
	entry->ready = row->ready;
	entry->due_at = words(row->due_at);
	entry->submitted_at = words(row->submitted_at);
	entry->on_time = row->on_time;
	entry->claimed_by = words(row->claimed_by);
	entry->claimed_until = words(row->claimed_until);
	entry->jurisdiction = (Inap__V1__Jurisdiction)proto_enum_value(
		&inap__v1__jurisdiction__descriptor, row->jurisdiction);
	entry->answered = (uint32_t)row->answered;
	entry->asked = (uint32_t)row->asked;
	entry->extended = row->extended;
	entry->yearly_due_at = words(row->yearly_due_at);
	entry->excused = row->excused;
}

static enum step list_reply(struct request *r)
{
	size_t rows = unit_rows(&r->unit, 0);
	Inap__V1__ReportListReply *reply = request_alloc(r, sizeof *reply);
	Inap__V1__ReportEntry *entries = request_array(r, rows + 1, sizeof *entries);

	if (!reply || !entries) {
		return request_full(r);
	}
	inap__v1__report_list_reply__init(reply);
	reply->reports = request_array(r, rows + 1, sizeof *reply->reports);
	for (size_t i = 0; reply->reports && i < rows; i++) {
		struct sql_report_list_row row;

		sql_report_list_row(&r->unit, 0, i, &row);
		entry_fill(r, &entries[i], &row);
		reply->reports[reply->n_reports++] = &entries[i];
	}
	return request_reply(r, &reply->base);
}

static enum step list_step(struct request *r, const char *plan, const char *round, bool queue)
{
	switch (r->at) {
	case LIST_START:
		sql_report_list(&r->unit, plan, round, r->user_id,
				(int32_t)(r->session->roles & r->method->roles), queue);
		return request_send(r, LIST_SENT);
	case LIST_SENT:
		return list_reply(r);
	default:
		return request_bug(r);
	}
}

/** report.list: every report that the caller may know of. */
enum step report_list(struct request *r)
{
	const Inap__V1__ReportList *in = request_body(r);

	return list_step(r, in->plan, in->round, false);
}

/** review.queue: those that wait for this reviewer. */
enum step review_queue(struct request *r)
{
	const Inap__V1__ReviewQueue *in = request_body(r);

	return list_step(r, in->plan, in->round, true);
}

/* FED-MOI/2024Q3, with the plan in front where it is not the current one. */
static char *todo_report(struct request *r, const char *plan, const char *entity, const char *round)
{
	return words(arena_printf(&r->arena, "%s%s%s/%s", plan, *plan ? ":" : "", entity, round));
}

static bool todo_fill(struct request *r, Inap__V1__TodoEntry *entry,
		      const struct sql_todo_list_row *row)
{
	inap__v1__todo_entry__init(entry);
	entry->report = todo_report(r, row->plan, row->entity, row->round);
	entry->name = words_name(r, row->name_en, row->name_ar, row->name_ckb);
	entry->state = (Inap__V1__State)proto_enum_value(&inap__v1__state__descriptor, row->state);
	entry->due_at = words(row->due_at);
	entry->what = words(row->what);
	entry->count = (uint32_t)row->count;
	entry->ready = row->ready;
	entry->extended = row->extended;
	entry->offered = (uint32_t)row->offered;
	return entry->name != NULL;
}

/* What events decided and is not done yet. */
static bool todo_decisions(struct request *r, Inap__V1__TodoReply *reply)
{
	size_t rows = unit_rows(&r->unit, TODO_DECISIONS);
	Inap__V1__TodoDecision *decisions = request_array(r, rows + 1, sizeof *decisions);

	reply->decisions = request_array(r, rows + 1, sizeof *reply->decisions);
	for (size_t i = 0; decisions && reply->decisions && i < rows; i++) {
		struct sql_event_todo_row row;

		sql_event_todo_row(&r->unit, TODO_DECISIONS, i, &row);
		inap__v1__todo_decision__init(&decisions[i]);
		decisions[i].number = (uint64_t)row.number;
		decisions[i].decision = (uint64_t)row.decision;
		decisions[i].text = words(row.words);
		decisions[i].owner = words(row.owner);
		decisions[i].name = words_name(r, row.name_en, row.name_ar, row.name_ckb);
		decisions[i].due_at = words(row.due_at);
		reply->decisions[reply->n_decisions++] = &decisions[i];
	}
	return decisions && reply->decisions;
}

/* Reminders that were not followed by a submission. */
static bool todo_notices(struct request *r, Inap__V1__TodoReply *reply)
{
	size_t rows = unit_rows(&r->unit, TODO_NOTICES);
	Inap__V1__TodoNotice *notices = request_array(r, rows + 1, sizeof *notices);

	reply->notices = request_array(r, rows + 1, sizeof *reply->notices);
	for (size_t i = 0; notices && reply->notices && i < rows; i++) {
		struct sql_remind_todo_row row;

		sql_remind_todo_row(&r->unit, TODO_NOTICES, i, &row);
		inap__v1__todo_notice__init(&notices[i]);
		notices[i].report = todo_report(r, row.plan, row.entity, row.round);
		notices[i].name = words_name(r, row.name_en, row.name_ar, row.name_ckb);
		notices[i].kind = words(row.kind);
		notices[i].day = words(row.day);
		notices[i].due_at = words(row.due_at);
		reply->notices[reply->n_notices++] = &notices[i];
	}
	return notices && reply->notices;
}

/* Editions that wait for the caller's word. */
static bool todo_editions(struct request *r, Inap__V1__TodoReply *reply)
{
	size_t rows = unit_rows(&r->unit, TODO_EDITIONS);
	Inap__V1__TodoEdition *editions = request_array(r, rows + 1, sizeof *editions);

	reply->editions = request_array(r, rows + 1, sizeof *reply->editions);
	for (size_t i = 0; editions && reply->editions && i < rows; i++) {
		struct sql_edition_todo_row row;

		sql_edition_todo_row(&r->unit, TODO_EDITIONS, i, &row);
		inap__v1__todo_edition__init(&editions[i]);
		editions[i].edition =
			words(arena_printf(&r->arena, "%s%s%s/%u", row.plan, *row.plan ? ":" : "",
					   row.period, (unsigned)row.number));
		editions[i].what = words(row.what);
		editions[i].count = (uint32_t)row.count;
		editions[i].since = words(row.since);
		editions[i].until = words(row.until);
		reply->editions[reply->n_editions++] = &editions[i];
	}
	return editions && reply->editions;
}

static enum step todo_reply(struct request *r)
{
	size_t rows = unit_rows(&r->unit, TODO_REPORTS);
	Inap__V1__TodoReply *reply = request_alloc(r, sizeof *reply);
	Inap__V1__TodoEntry *entries = request_array(r, rows + 1, sizeof *entries);

	if (!reply || !entries) {
		return request_full(r);
	}
	inap__v1__todo_reply__init(reply);
	reply->entries = request_array(r, rows + 1, sizeof *reply->entries);
	for (size_t i = 0; reply->entries && i < rows; i++) {
		struct sql_todo_list_row row;

		sql_todo_list_row(&r->unit, TODO_REPORTS, i, &row);
		if (!todo_fill(r, &entries[i], &row)) {
			return request_full(r);
		}
		reply->entries[reply->n_entries++] = &entries[i];
	}
	return todo_decisions(r, reply) && todo_notices(r, reply) && todo_editions(r, reply)
		       ? request_reply(r, &reply->base)
		       : request_full(r);
}

/** todo.list: what waits for the caller, by due date. */
enum step todo_list(struct request *r)
{
	switch (r->at) {
	case LIST_START:
		sql_todo_list(&r->unit, r->user_id);
		sql_event_todo(&r->unit, r->user_id);
		sql_remind_todo(&r->unit, r->user_id);
		sql_edition_todo(&r->unit, r->user_id, r->rpc->settings.kurdistan_confirms);
		return request_send(r, LIST_SENT);
	case LIST_SENT:
		return todo_reply(r);
	default:
		return request_bug(r);
	}
}
