/* The consolidated picture: totals with coverage. */
#include "server/domain/national.h"

#include <string.h>

#include "proto/enums.h"
#include "server/rpc/value.h"
#include "server/rpc/words.h"
#include "inap/v1/national.pb-c.h"
#include "sql/national.h"

enum { NATIONAL_START, NATIONAL_SENT };
enum { SUMMARY_HEAD, SUMMARY_TOTALS, SUMMARY_PARTS, SUMMARY_LABELS, SUMMARY_WHOLES };

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

Inap__V1__Jurisdiction national_side(const char *word)
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

bool national_missing(struct request *r, const char *plan, const char *round,
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
		p->parts[i].section = words(row.section);
		p->parts[i].period = words(row.period);
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

/* Iraq's parts are those of both sides. What is listed quarter by quarter has its own quarter's. */
static void parts_give(struct picture *p, Inap__V1__Total *total, const char *jurisdiction)
{
	bool all = total->jurisdiction == INAP__V1__JURISDICTION__JURISDICTION_IRAQ;
	bool listed = strcmp(total->label, "listed") == 0;

	total->parts = request_array(p->r, p->end_part - p->first_part + 1, sizeof *total->parts);
	for (size_t i = p->first_part; total->parts && i < p->end_part; i++) {
		struct sql_national_part_list_row row;

		sql_national_part_list_row(&p->r->unit, SUMMARY_PARTS, i, &row);
		if (listed && strcmp(row.period, total->period) != 0) {
			continue;
		}
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
	total->formula = words(row->formula);
	total->needs = words(row->needs);
	total->contested = national_codes(p->r, row->contested, ",", &total->n_contested);
	total->gaps = national_codes(p->r, row->gaps, ",", &total->n_gaps);
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

/* Of one indicator in a round: what split categories make together. */
static bool summary_splits(const Inap__V1__NationalSummary *in)
{
	return *in->indicator && !*in->period;
}

/* Lights stand beside their totals, and come in the same order; of what the picture is narrowed to
 * some have none. */
static void summary_lights(struct picture *p)
{
	unsigned entry = SUMMARY_WHOLES + summary_splits(request_body(p->r));
	size_t rows = unit_rows(&p->r->unit, entry), at = 0;

	for (size_t i = 0; i < rows; i++) {
		struct sql_national_light_list_row row;
		size_t found = at;

		sql_national_light_list_row(&p->r->unit, entry, i, &row);
		while (found < p->reply->n_totals &&
		       (strcmp(p->reply->totals[found]->cell, row.cell) != 0 ||
			p->reply->totals[found]->jurisdiction != national_side(row.jurisdiction))) {
			found++;
		}
		if (found == p->reply->n_totals) {
			continue;
		}
		at = found;
		p->reply->totals[at]->target = words(row.target);
		p->reply->totals[at]->light = words(row.light);
		p->reply->totals[at]->light_why = words(row.why);
		p->reply->totals[at]->set_light = words(row.set_light);
	}
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

/* What the picture is narrowed to, and is not there; NULL: all is. */
static const char *summary_lost(const Inap__V1__NationalSummary *in,
				const struct sql_national_head_row *head, bool indicator,
				const char **name)
{
	const struct {
		bool there;
		const char *what;
		const char *name;
	} narrowed[] = { { !*in->indicator || indicator, "indicator", in->indicator },
			 { head->pillar_there, "pillar", in->pillar },
			 { head->entity_there, "entity", in->entity },
			 { head->table_there, "table", in->table } };

	for (size_t i = 0; i < sizeof narrowed / sizeof *narrowed; i++) {
		if (!narrowed[i].there) {
			*name = narrowed[i].name;
			return narrowed[i].what;
		}
	}
	return NULL;
}

/* Refuses a period that is none, or has no round, or a round that is not there; false if it is. */
static bool summary_timeless(struct request *r, const struct sql_national_head_row *head)
{
	const Inap__V1__NationalSummary *in = request_body(r);

	if (!*in->period || !head->plan) {
		return national_missing(r, head->plan, head->round, in->plan, in->round);
	}
	if (!head->period_there) {
		request_fail(r, ERROR_BAD_ARGUMENT, "field", "period", "why",
			     "write 2024, 2024S2, 2024Q3 or 2024Q1..2024Q3", NULL);
		return true;
	}
	return national_missing(r, head->plan, head->rounds, in->plan, in->period);
}

/* Refuses what is not there for this caller; false if it is. */
static bool summary_refused(struct request *r, const struct sql_national_head_row *head)
{
	const Inap__V1__NationalSummary *in = request_body(r);
	const char *what;
	const char *name;

	if (summary_timeless(r, head)) {
		return true;
	}
	if (!head->federal && !head->kurdistan) {
		request_fail(r, ERROR_FORBIDDEN, "action",
			     arena_printf(&r->arena, "%s from %s on", r->method->name,
					  summary_state(in->min_state)),
			     NULL);
		return true;
	}
	if (in->for_everybody && !head->iraq) { /* who reviews one side takes no page of both */
		request_fail(r, ERROR_FORBIDDEN, "action", r->method->name, NULL);
		return true;
	}
	if (!summary_seen(head, in->jurisdiction)) {
		request_fail(r, ERROR_NOT_FOUND, "what", "jurisdiction", "name",
			     national_side_word(in->jurisdiction), NULL);
		return true;
	}
	what = summary_lost(in, head, unit_rows(&r->unit, SUMMARY_LABELS) > 0, &name);
	if (what) {
		request_fail(r, ERROR_NOT_FOUND, "what", what, "name", name, NULL);
	}
	return what != NULL;
}

static enum step summary_send(struct request *r)
{
	const Inap__V1__NationalSummary *in = request_body(r);
	const char *state = summary_state(in->min_state);
	const char *side = national_side_word(in->jurisdiction);
	bool tables = in->tables || *in->table;
	/* Of the system itself (0) is the nation's protected view. */
	int64_t reader = in->for_everybody ? 0 : r->user_id;

	if (!state || (in->for_everybody && strcmp(state, "accepted") != 0)) {
		return request_fail(r, ERROR_BAD_ARGUMENT, "field", "min_state", "why",
				    in->for_everybody ? "what everybody sees is accepted"
						      : "it is submitted, endorsed or accepted",
				    NULL);
	}
	sql_national_head(&r->unit, in->plan, in->round, r->user_id, state, in->period, in->pillar,
			  in->entity, in->table);
	sql_national_totals(&r->unit, in->plan, in->round, reader, state, side, in->indicator,
			    tables, in->period, in->pillar, in->entity, in->table);
	sql_national_part_list(&r->unit, in->plan, in->round, reader, state, side, in->indicator,
			       tables, in->period, in->pillar, in->entity, in->table);
	sql_national_labels(&r->unit, in->plan, in->indicator);
	if (summary_splits(in)) {
		sql_national_whole_list(&r->unit, in->plan, in->round, reader, state, side,
					in->indicator);
	}
	if (in->lights) {
		sql_national_light_list(&r->unit, in->plan, in->round, reader, state, side,
					in->indicator, in->period);
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
	picture.reply->round = *in->period ? words(NULL) : words(head.round);
	picture.reply->period = in->period;
	picture.reply->rounds = national_codes(r, head.rounds, ",", &picture.reply->n_rounds);
	picture.reply->unopened = national_codes(r, head.unopened, ",", &picture.reply->n_unopened);
	picture.reply->as_of = words(head.as_of);
	picture.reply->min_state = (Inap__V1__State)proto_enum_value(&inap__v1__state__descriptor,
								     summary_state(in->min_state));
	if (!summary_totals(&picture) || !summary_labels(&picture) ||
	    (summary_splits(in) && !summary_wholes(&picture))) {
		return request_full(r);
	}
	if (in->lights) {
		summary_lights(&picture);
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
