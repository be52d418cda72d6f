/* Beside the consolidated picture: who has reported, and a second sum. */
#include "server/domain/national.h"

#include "proto/enums.h"
#include "server/rpc/words.h"
#include "inap/v1/national.pb-c.h"
#include "sql/national.h"

enum { NATIONAL_START, NATIONAL_SENT };
enum { DIFFERENCES_SHOWN = 20, SIDES = 3 };

static void entry_fill(struct request *r, Inap__V1__CompletenessEntry *entry,
		       const struct sql_national_report_states_row *row)
{
	inap__v1__completeness_entry__init(entry);
	entry->entity = words(row->entity);
	entry->name = words_name(r, row->name_en, row->name_ar, row->name_ckb);
	entry->jurisdiction = national_side(row->jurisdiction);
	entry->state = (Inap__V1__State)proto_enum_value(&inap__v1__state__descriptor, row->state);
	entry->submitted_at = words(row->submitted_at);
	entry->on_time = row->on_time;
	entry->answered = (uint32_t)row->answered;
	entry->asked = (uint32_t)row->asked;
	entry->valued = (uint32_t)row->valued;
	entry->excused = row->excused;
	entry->first_time = row->accepted_first;
	entry->due_at = words(row->due_at);
	entry->extended = row->extended;
	entry->excused_note = words(row->excused_note);
}

/* Whoever is excused is out of every other count. (FIELD.md, Rates) */
static void rate_count(Inap__V1__CompletenessRate *rate, const Inap__V1__CompletenessEntry *entry)
{
	if (entry->excused) {
		rate->excused++;
		return;
	}
	rate->expected++;
	rate->submitted += *entry->submitted_at ? 1 : 0;
	rate->on_time += entry->on_time ? 1 : 0;
	rate->accepted += entry->state == INAP__V1__STATE__STATE_ACCEPTED ? 1 : 0;
	rate->accepted_first += entry->first_time ? 1 : 0;
	rate->asked += entry->asked;
	rate->answered += entry->answered;
	rate->valued += entry->valued;
}

static Inap__V1__CompletenessRate *rates_make(struct request *r,
					      Inap__V1__NationalCompletenessReply *reply)
{
	Inap__V1__CompletenessRate *rates = request_array(r, SIDES, sizeof *rates);

	reply->rates = request_array(r, SIDES, sizeof *reply->rates);
	if (!rates || !reply->rates) {
		return NULL;
	}
	for (int i = 0; i < SIDES; i++) {
		inap__v1__completeness_rate__init(&rates[i]);
		rates[i].jurisdiction = (Inap__V1__Jurisdiction)(i + 1);
		reply->rates[reply->n_rates++] = &rates[i];
	}
	return rates;
}

static bool completeness_fill(struct request *r, Inap__V1__NationalCompletenessReply *reply)
{
	size_t rows = unit_rows(&r->unit, 0);
	Inap__V1__CompletenessEntry *entries = request_array(r, rows, sizeof *entries);
	Inap__V1__CompletenessRate *rates = rates_make(r, reply);

	reply->entities = request_array(r, rows, sizeof *reply->entities);
	if (!entries || !rates || !reply->entities) {
		return false;
	}
	for (size_t i = 0; i < rows; i++) {
		struct sql_national_report_states_row row;

		sql_national_report_states_row(&r->unit, 0, i, &row);
		if (!row.entity) {
			continue;
		}
		entry_fill(r, &entries[i], &row);
		rate_count(&rates[entries[i].jurisdiction - 1], &entries[i]);
		rate_count(&rates[SIDES - 1], &entries[i]);
		reply->entities[reply->n_entities++] = &entries[i];
	}
	return true;
}

static enum step completeness_reply(struct request *r)
{
	const Inap__V1__NationalCompleteness *in = request_body(r);
	struct sql_national_report_states_row first;
	Inap__V1__NationalCompletenessReply *reply;

	sql_national_report_states_row(&r->unit, 0, 0, &first);
	if (!first.allowed) {
		return request_fail(r, ERROR_FORBIDDEN, "action", r->method->name, NULL);
	}
	if (national_missing(r, first.plan, first.round, in->plan, in->round)) {
		return STEP_DONE;
	}
	reply = request_alloc(r, sizeof *reply);
	if (!reply) {
		return request_full(r);
	}
	inap__v1__national_completeness_reply__init(reply);
	reply->round = words(first.round);
	if (!completeness_fill(r, reply)) {
		return request_full(r);
	}
	return request_reply(r, &reply->base);
}

/** national.completeness: who has reported, when; no figures. */
enum step national_completeness(struct request *r)
{
	const Inap__V1__NationalCompleteness *in = request_body(r);

	switch (r->at) {
	case NATIONAL_START:
		sql_national_report_states(&r->unit, in->plan, in->round, r->user_id);
		return request_send(r, NATIONAL_SENT);
	case NATIONAL_SENT:
		return completeness_reply(r);
	default:
		return request_bug(r);
	}
}

/* Counts the differences and names the first. */
static bool recompute_fill(struct request *r, Inap__V1__NationalRecomputeReply *reply)
{
	size_t rows = unit_rows(&r->unit, 0);

	reply->cells = request_array(r, DIFFERENCES_SHOWN, sizeof *reply->cells);
	if (!reply->cells) {
		return false;
	}
	for (size_t i = 0; i < rows; i++) {
		struct sql_national_differences_row row;

		sql_national_differences_row(&r->unit, 0, i, &row);
		reply->totals = (uint32_t)row.compared;
		if (!row.cell) {
			continue;
		}
		reply->differences++;
		if (reply->n_cells < DIFFERENCES_SHOWN) {
			reply->cells[reply->n_cells++] =
				words(arena_printf(&r->arena, "%s %s %s: %s", row.cell,
						   row.jurisdiction, row.state, row.fault));
		}
	}
	return true;
}

static enum step recompute_reply(struct request *r)
{
	const Inap__V1__NationalRecompute *in = request_body(r);
	struct sql_national_differences_row first;
	Inap__V1__NationalRecomputeReply *reply;

	sql_national_differences_row(&r->unit, 0, 0, &first);
	if (!first.allowed) {
		return request_fail(r, ERROR_FORBIDDEN, "action", r->method->name, NULL);
	}
	if (national_missing(r, first.plan, first.round, in->plan, in->round)) {
		return STEP_DONE;
	}
	reply = request_alloc(r, sizeof *reply);
	if (!reply) {
		return request_full(r);
	}
	inap__v1__national_recompute_reply__init(reply);
	if (!recompute_fill(r, reply)) {
		return request_full(r);
	}
	return request_reply(r, &reply->base);
}

/** national.recompute: every total of a round from the log, beside what stands. */
enum step national_recompute(struct request *r)
{
	const Inap__V1__NationalRecompute *in = request_body(r);

	switch (r->at) {
	case NATIONAL_START:
		sql_national_differences(&r->unit, in->plan, in->round, r->user_id);
		return request_send(r, NATIONAL_SENT);
	case NATIONAL_SENT:
		return recompute_reply(r);
	default:
		return request_bug(r);
	}
}
