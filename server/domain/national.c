/* The consolidated picture: totals with coverage, completeness, and their second sum. */
#include "server/domain/national.h"

#include <string.h>

#include "proto/enums.h"
#include "server/rpc/value.h"
#include "server/rpc/words.h"
#include "inap/v1/national.pb-c.h"
#include "sql/national.h"

enum { NATIONAL_START, NATIONAL_SENT };
enum { SUMMARY_HEAD, SUMMARY_TOTALS, SUMMARY_PARTS, SUMMARY_LABELS, SUMMARY_WHOLES };
enum { DIFFERENCES_SHOWN = 20, SIDES = 3 };

/* The summary while it is made. Parts come in the order of the totals: those of the cell at hand
 * are first_part up to end_part. */
struct picture {
	struct request *r;
	Inap__V1__NationalSummaryReply *reply;
	Inap__V1__Part *parts;
	size_t parts_count;
	size_t first_part;
	size_t end_part;
	const char *cell;
};

static Inap__V1__Jurisdiction national_side(const char *word)
{
	return (Inap__V1__Jurisdiction)proto_enum_value(&inap__v1__jurisdiction__descriptor, word);
}

static const char *national_side_word(Inap__V1__Jurisdiction side)
{
	const char *word = proto_enum_text(&inap__v1__jurisdiction__descriptor, (int)side);

	return word ? word : "";
}

/* What the caller counts from; NULL for a state that is no minimum. */
static const char *summary_state(Inap__V1__State state)
{
	switch (state) {
	case INAP__V1__STATE__STATE_UNSPECIFIED:
		return "accepted";
	case INAP__V1__STATE__STATE_SUBMITTED:
	case INAP__V1__STATE__STATE_ENDORSED:
	case INAP__V1__STATE__STATE_ACCEPTED:
		return proto_enum_text(&inap__v1__state__descriptor, (int)state);
	default:
		return NULL;
	}
}

/* Refuses where the plan or its round is not there; false if both are. */
static bool national_missing(struct request *r, const char *plan, const char *round,
			     const char *plan_asked, const char *round_asked)
{
	if (!plan) {
		request_fail(r, ERROR_NOT_FOUND, "what", "plan", "name",
			     *plan_asked ? plan_asked : "current", NULL);
		return true;
	}
	if (!round) {
		request_fail(r, ERROR_NOT_FOUND, "what", "round", "name",
			     *round_asked ? round_asked : "open", NULL);
		return true;
	}
	return false;
}

/* "FED-MOD,FED-MOI" as a list; NULL for none, or at the arena's cap. */
static char **national_codes(struct request *r, const char *list, const char *between,
			     size_t *count)
{
	char *text = list ? arena_strdup(&r->arena, list) : NULL;
	size_t marks = 0;
	char **codes;

	for (const char *at = text; at && *at; at++) {
		marks += *at == *between;
	}
	codes = text ? request_array(r, marks + 1, sizeof *codes) : NULL;
	while (codes && text) {
		codes[(*count)++] = strsep(&text, between);
	}
	return codes;
}

static Inap__V1__Coverage *coverage_make(struct request *r,
					 const struct sql_national_totals_row *row)
{
	Inap__V1__Coverage *coverage = request_alloc(r, sizeof *coverage);

	if (!coverage) {
		return NULL;
	}
	inap__v1__coverage__init(coverage);
	coverage->expected = (uint32_t)row->expected;
	coverage->valued = (uint32_t)row->valued;
	coverage->withheld = (uint32_t)row->withheld;
	coverage->not_available = (uint32_t)row->not_available;
	coverage->not_collected = (uint32_t)row->not_collected;
	coverage->not_applicable = (uint32_t)row->not_applicable;
	coverage->excused = (uint32_t)row->excused;
	coverage->unanswered = (uint32_t)row->unanswered;
	coverage->missing = national_codes(r, row->missing, ",", &coverage->n_missing);
	coverage->under_correction =
		national_codes(r, row->under_correction, ",", &coverage->n_under_correction);
	coverage->weight_missing = words(row->weight_missing);
	coverage->rate = words(row->rate);
	return coverage;
}

static bool parts_make(struct picture *p)
{
	size_t rows = unit_rows(&p->r->unit, SUMMARY_PARTS);

	p->parts = request_array(p->r, rows + 1, sizeof *p->parts);
	if (!p->parts) {
		return false;
	}
	for (size_t i = 0; i < rows; i++) {
		struct sql_national_part_list_row row;

		sql_national_part_list_row(&p->r->unit, SUMMARY_PARTS, i, &row);
		inap__v1__part__init(&p->parts[i]);
		p->parts[i].entity = words(row.entity);
		p->parts[i].value =
			value_make(p->r, row.kind, row.number, row.denominator, row.value);
	}
	p->parts_count = rows;
	return true;
}

/* Moves on to the parts of a total's cell. */
static void parts_seek(struct picture *p, const char *cell)
{
	struct sql_national_part_list_row row;

	if (p->cell && strcmp(p->cell, cell) == 0) {
		return;
	}
	p->cell = cell;
	p->first_part = p->end_part;
	for (; p->end_part < p->parts_count; p->end_part++) {
		sql_national_part_list_row(&p->r->unit, SUMMARY_PARTS, p->end_part, &row);
		if (strcmp(row.cell, cell) != 0) {
			return;
		}
	}
}

/* Iraq's parts are those of both sides. */
static void parts_give(struct picture *p, Inap__V1__Total *total, const char *jurisdiction)
{
	bool all = total->jurisdiction == INAP__V1__JURISDICTION__JURISDICTION_IRAQ;

	total->parts = request_array(p->r, p->end_part - p->first_part + 1, sizeof *total->parts);
	for (size_t i = p->first_part; total->parts && i < p->end_part; i++) {
		struct sql_national_part_list_row row;

		sql_national_part_list_row(&p->r->unit, SUMMARY_PARTS, i, &row);
		if (all || strcmp(row.jurisdiction, jurisdiction) == 0) {
			total->parts[total->n_parts++] = &p->parts[i];
		}
	}
}

static void total_fill(struct picture *p, Inap__V1__Total *total,
		       const struct sql_national_totals_row *row)
{
	inap__v1__total__init(total);
	total->indicator = words(row->indicator);
	total->cell = words(row->cell);
	total->jurisdiction = national_side(row->jurisdiction);
	total->period = words(row->period);
	total->label = words(row->label);
	total->coverage = coverage_make(p->r, row);
	total->hidden = row->hidden;
	parts_seek(p, row->cell);
	if (row->hidden) {
		return;
	}
	total->value = value_make(p->r, row->kind, row->number, row->denominator, row->value);
	total->percent = words(row->percent);
	parts_give(p, total, row->jurisdiction);
}

static bool summary_totals(struct picture *p)
{
	size_t rows = unit_rows(&p->r->unit, SUMMARY_TOTALS);
	Inap__V1__Total *totals = request_array(p->r, rows + 1, sizeof *totals);

	p->reply->totals = request_array(p->r, rows + 1, sizeof *p->reply->totals);
	if (!totals || !p->reply->totals || !parts_make(p)) {
		return false;
	}
	for (size_t i = 0; i < rows; i++) {
		struct sql_national_totals_row row;

		sql_national_totals_row(&p->r->unit, SUMMARY_TOTALS, i, &row);
		total_fill(p, &totals[i], &row);
		p->reply->totals[i] = &totals[i];
	}
	p->reply->n_totals = rows;
	return true;
}

static bool summary_wholes(struct picture *p)
{
	size_t rows = unit_rows(&p->r->unit, SUMMARY_WHOLES);
	Inap__V1__Whole *wholes = request_array(p->r, rows + 1, sizeof *wholes);

	p->reply->wholes = request_array(p->r, rows + 1, sizeof *p->reply->wholes);
	if (!wholes || !p->reply->wholes) {
		return false;
	}
	for (size_t i = 0; i < rows; i++) {
		struct sql_national_whole_list_row row;

		sql_national_whole_list_row(&p->r->unit, SUMMARY_WHOLES, i, &row);
		inap__v1__whole__init(&wholes[i]);
		wholes[i].cell = words(row.cell);
		wholes[i].jurisdiction = national_side(row.jurisdiction);
		wholes[i].breaks_at = words(row.breaks_at);
		wholes[i].parts = national_codes(p->r, row.parts, " ", &wholes[i].n_parts);
		wholes[i].value = value_make(p->r, row.kind, row.number, row.denominator, NULL);
		wholes[i].percent = words(row.percent);
		wholes[i].hidden = row.hidden;
		if (!wholes[i].parts) {
			return false;
		}
		p->reply->wholes[p->reply->n_wholes++] = &wholes[i];
	}
	return true;
}

static bool summary_labels(struct picture *p)
{
	size_t rows = unit_rows(&p->r->unit, SUMMARY_LABELS);
	Inap__V1__NationalLabel *labels = request_array(p->r, rows + 1, sizeof *labels);

	p->reply->indicators = request_array(p->r, rows + 1, sizeof *p->reply->indicators);
	if (!labels || !p->reply->indicators) {
		return false;
	}
	for (size_t i = 0; i < rows; i++) {
		struct sql_national_labels_row row;

		sql_national_labels_row(&p->r->unit, SUMMARY_LABELS, i, &row);
		inap__v1__national_label__init(&labels[i]);
		labels[i].code = words(row.code);
		labels[i].name = words_name(p->r, row.name_en, row.name_ar, row.name_ckb);
		labels[i].pillar = words(row.pillar);
		p->reply->indicators[i] = &labels[i];
	}
	p->reply->n_indicators = rows;
	return true;
}

/* May the caller see this jurisdiction (none named: any) at the state? */
static bool summary_seen(const struct sql_national_head_row *head, Inap__V1__Jurisdiction side)
{
	switch (side) {
	case INAP__V1__JURISDICTION__JURISDICTION_FEDERAL:
		return head->federal;
	case INAP__V1__JURISDICTION__JURISDICTION_KURDISTAN:
		return head->kurdistan;
	case INAP__V1__JURISDICTION__JURISDICTION_IRAQ:
		return head->iraq;
	default:
		return true;
	}
}

/* Refuses what is not there for this caller; false if it is. */
static bool summary_refused(struct request *r, const struct sql_national_head_row *head)
{
	const Inap__V1__NationalSummary *in = request_body(r);

	if (national_missing(r, head->plan, head->round, in->plan, in->round)) {
		return true;
	}
	if (!head->federal && !head->kurdistan) {
		request_fail(r, ERROR_FORBIDDEN, "action",
			     arena_printf(&r->arena, "%s from %s on", r->method->name,
					  summary_state(in->min_state)),
			     NULL);
		return true;
	}
	if (!summary_seen(head, in->jurisdiction)) {
		request_fail(r, ERROR_NOT_FOUND, "what", "jurisdiction", "name",
			     national_side_word(in->jurisdiction), NULL);
		return true;
	}
	if (*in->indicator && unit_rows(&r->unit, SUMMARY_LABELS) == 0) {
		request_fail(r, ERROR_NOT_FOUND, "what", "indicator", "name", in->indicator, NULL);
		return true;
	}
	return false;
}

static enum step summary_send(struct request *r)
{
	const Inap__V1__NationalSummary *in = request_body(r);
	const char *state = summary_state(in->min_state);
	const char *side = national_side_word(in->jurisdiction);

	if (!state) {
		return request_fail(r, ERROR_BAD_ARGUMENT, "field", "min_state", "why",
				    "it is submitted, endorsed or accepted", NULL);
	}
	sql_national_head(&r->unit, in->plan, in->round, r->user_id, state);
	sql_national_totals(&r->unit, in->plan, in->round, r->user_id, state, side, in->indicator,
			    in->tables);
	sql_national_part_list(&r->unit, in->plan, in->round, r->user_id, state, side,
			       in->indicator, in->tables);
	sql_national_labels(&r->unit, in->plan, in->indicator);
	if (*in->indicator) {
		sql_national_whole_list(&r->unit, in->plan, in->round, r->user_id, state, side,
					in->indicator);
	}
	return request_send(r, NATIONAL_SENT);
}

static enum step summary_reply(struct request *r)
{
	const Inap__V1__NationalSummary *in = request_body(r);
	struct picture picture = { .r = r };
	struct sql_national_head_row head;

	sql_national_head_row(&r->unit, SUMMARY_HEAD, 0, &head);
	if (summary_refused(r, &head)) {
		return STEP_DONE;
	}
	picture.reply = request_alloc(r, sizeof *picture.reply);
	if (!picture.reply) {
		return request_full(r);
	}
	inap__v1__national_summary_reply__init(picture.reply);
	picture.reply->plan = words(head.plan);
	picture.reply->round = words(head.round);
	picture.reply->as_of = words(head.as_of);
	picture.reply->min_state = (Inap__V1__State)proto_enum_value(&inap__v1__state__descriptor,
								     summary_state(in->min_state));
	if (!summary_totals(&picture) || !summary_labels(&picture) ||
	    (*in->indicator && !summary_wholes(&picture))) {
		return request_full(r);
	}
	return request_reply(r, &picture.reply->base);
}

/** national.summary: totals with coverage, from a minimum state on, as the caller may see them. */
enum step national_summary(struct request *r)
{
	switch (r->at) {
	case NATIONAL_START:
		return summary_send(r);
	case NATIONAL_SENT:
		return summary_reply(r);
	default:
		return request_bug(r);
	}
}

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
