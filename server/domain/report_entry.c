/* What an entity writes into its report beside cells, and what is read of it: the narrative. */
#include "server/domain/report.h"

#include <string.h>

#include "proto/enums.h"
#include "server/rpc/refusal.h"
#include "server/rpc/session.h"
#include "server/rpc/transition.h"
#include "server/rpc/words.h"
#include "server/store/array.h"
#include "inap/v1/report.pb-c.h"
#include "sql/move.h"
#include "sql/report_entry.h"

enum { WRITE_START, WRITE_SENT };
enum { ENTRY_LOCK, ENTRY_WRITE };

/* ---- writing */

/* The refusal, with how the report stands now. */
static enum step entry_refused(struct request *r, const struct report_entry *row)
{
	Inap__V1__Error *refusal;

	if (refusal_of(r, row->fault) != STEP_DONE || r->error.code == ERROR_KEY_REUSED) {
		return STEP_DONE;
	}
	switch (r->error.code) {
	case ERROR_NOT_FOUND:
		if (!error_argument(&r->error, "name")) {
			error_argf(&r->error, "name", "%s", words_report(r));
		}
		return STEP_DONE;
	case ERROR_STALE_REVISION:
		error_argf(&r->error, "report", "%s", words_report(r));
		break;
	case ERROR_WRONG_STATE:
		error_argf(&r->error, "report", "%s", words_report(r));
		error_argf(&r->error, "action", "%s", r->method->name);
		break;
	case ERROR_ROUND_NOT_OPEN:
		error_argf(&r->error, "round", "%s", r->round);
		break;
	default:
		break;
	}
	refusal = request_refusal(r);
	if (!refusal) {
		return request_full(r);
	}
	refusal->revision = (uint64_t)row->now_revision;
	refusal->actions = transition_actions(
		r, proto_enum_value(&inap__v1__state__descriptor, row->now_state), r->reach->roles,
		false, &refusal->n_actions);
	return STEP_DONE;
}

enum step report_entry_reply(struct request *r, const struct report_entry *entry)
{
	Inap__V1__ReportMoveReply *reply;

	if (entry->fault) {
		return entry_refused(r, entry);
	}
	reply = request_alloc(r, sizeof *reply);
	if (!reply || !entry->receipt.data) {
		return reply ? request_bug(r) : request_full(r);
	}
	inap__v1__report_move_reply__init(reply);
	reply->from = (Inap__V1__State)proto_enum_value(&inap__v1__state__descriptor, entry->was);
	reply->to = (Inap__V1__State)proto_enum_value(&inap__v1__state__descriptor, entry->state);
	reply->revision = (uint64_t)entry->revision;
	reply->receipt.data = (uint8_t *)(uintptr_t)entry->receipt.data;
	reply->receipt.len = entry->receipt.length;
	reply->replayed = entry->replayed;
	reply->actions =
		transition_actions(r, (int)reply->to, r->reach->roles, false, &reply->n_actions);
	return request_reply(r, &reply->base);
}

void report_entry_lock(struct request *r)
{
	struct array entities;

	array_begin(&entities, &r->arena);
	array_add_bigint(&entities, r->reach->entity_id);
	sql_head_lock(&r->unit, array_end(&entities));
}

/* The sections as columns; each is given once. */
static bool sections_fill(struct request *r, const Inap__V1__ReportNarrative *in,
			  struct array *names, struct array *texts)
{
	array_begin(names, &r->arena);
	array_begin(texts, &r->arena);
	if (in->n_sections == 0) {
		return error_set(&r->error, ERROR_BAD_ARGUMENT, "field", "sections", "why",
				 "is missing", NULL);
	}
	for (size_t i = 0; i < in->n_sections; i++) {
		const char *section = in->sections[i]->section;

		for (size_t j = 0; j < i; j++) {
			if (strcmp(in->sections[j]->section, section) == 0) {
				return error_set(&r->error, ERROR_BAD_ARGUMENT, "field", "sections",
						 "why", "each stands once", NULL);
			}
		}
		array_add_text(names, section);
		array_add_text(texts, in->sections[i]->text);
	}
	return true;
}

static enum step narrative_send(struct request *r)
{
	const Inap__V1__ReportNarrative *in = request_body(r);
	struct array names, texts;

	if (!sections_fill(r, in, &names, &texts)) {
		return request_refuse(r);
	}
	report_entry_lock(r);
	sql_report_narrative(&r->unit, r->reach->entity_id, r->plan, r->round,
			     (int64_t)in->base_revision, array_end(&names), array_end(&texts),
			     *in->note ? in->note : NULL, r->user_id,
			     (struct bytes){ r->key, sizeof r->key },
			     (struct bytes){ r->body_hash, sizeof r->body_hash });
	return request_send(r, WRITE_SENT);
}

static enum step narrative_reply(struct request *r)
{
	struct sql_report_narrative_row row;
	struct report_entry entry;

	if (unit_rows(&r->unit, ENTRY_WRITE) == 0) {
		return words_no_report(r);
	}
	sql_report_narrative_row(&r->unit, ENTRY_WRITE, 0, &row);
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

/** report.narrative: sections of the report's words. */
enum step report_narrative(struct request *r)
{
	switch (r->at) {
	case WRITE_START:
		return narrative_send(r);
	case WRITE_SENT:
		return narrative_reply(r);
	default:
		return request_bug(r);
	}
}

/* ---- reading: entries of the units of report.show and report.diff */

bool report_sections_fill(struct request *r, unsigned entry, Inap__V1__ReportShowReply *reply)
{
	size_t rows = unit_rows(&r->unit, entry);
	Inap__V1__NarrativeSection *list = request_array(r, rows + 1, sizeof *list);

	reply->narrative = request_array(r, rows + 1, sizeof *reply->narrative);
	if (!list || !reply->narrative) {
		return false;
	}
	for (size_t i = 0; i < rows; i++) {
		struct sql_report_sections_row row;

		sql_report_sections_row(&r->unit, entry, i, &row);
		inap__v1__narrative_section__init(&list[i]);
		list[i].section = words(row.section);
		list[i].text = words(row.content);
		list[i].revision = (uint64_t)row.revision;
		list[i].by = words(row.by);
		list[i].at = words(row.at);
		reply->narrative[i] = &list[i];
	}
	reply->n_narrative = rows;
	return true;
}

bool report_sections_diff_fill(struct request *r, unsigned entry, Inap__V1__ReportDiffReply *reply)
{
	size_t rows = unit_rows(&r->unit, entry);
	Inap__V1__NarrativeChange *list = request_array(r, rows + 1, sizeof *list);

	reply->narrative = request_array(r, rows + 1, sizeof *reply->narrative);
	if (!list || !reply->narrative) {
		return false;
	}
	for (size_t i = 0; i < rows; i++) {
		struct sql_report_sections_diff_row row;

		sql_report_sections_diff_row(&r->unit, entry, i, &row);
		inap__v1__narrative_change__init(&list[i]);
		list[i].section = words(row.section);
		list[i].before = words(row.before);
		list[i].after = words(row.after);
		list[i].by = words(row.by);
		list[i].at = words(row.at);
		list[i].revision = (uint64_t)row.revision;
		reply->narrative[i] = &list[i];
	}
	reply->n_narrative = rows;
	return true;
}
