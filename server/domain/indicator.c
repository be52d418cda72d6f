/* indicator.list: indicators with their tables and who reports them, joined from three lists in one
 * order. */
#include "server/domain/indicator.h"

#include "server/rpc/words.h"
#include "inap/v1/plan.pb-c.h"
#include "sql/indicator.h"

enum { START, SENT };
enum { ENTRY_SCOPE, ENTRY_INDICATORS, ENTRY_TABLES, ENTRY_ASSIGNMENTS };

/* How far the lists of parts have been read. */
struct cursor {
	size_t table;
	size_t assignment;
};

static bool tables_fill(struct request *r, int64_t id, Inap__V1__Indicator *indicator, size_t *at)
{
	size_t first = *at;
	size_t rows = unit_rows(&r->unit, ENTRY_TABLES);
	struct sql_indicator_tables_row row;
	Inap__V1__IndicatorTable *tables;

	while (*at < rows &&
	       (sql_indicator_tables_row(&r->unit, ENTRY_TABLES, *at, &row), row.id == id)) {
		(*at)++;
	}
	tables = request_array(r, *at - first + 1, sizeof *tables);
	indicator->tables = request_array(r, *at - first + 1, sizeof *indicator->tables);
	if (!tables || !indicator->tables) {
		return false;
	}
	for (size_t i = first; i < *at; i++) {
		Inap__V1__IndicatorTable *table = &tables[i - first];

		sql_indicator_tables_row(&r->unit, ENTRY_TABLES, i, &row);
		inap__v1__indicator_table__init(table);
		table->exclusive = row.exclusive;
		indicator->tables[indicator->n_tables++] = table;
		if (!words_split(r, row.dimensions, &table->dimensions, &table->n_dimensions)) {
			return false;
		}
	}
	return true;
}

static bool assignments_fill(struct request *r, int64_t id, Inap__V1__Indicator *indicator,
			     size_t *at)
{
	size_t first = *at;
	size_t rows = unit_rows(&r->unit, ENTRY_ASSIGNMENTS);
	struct sql_indicator_assignments_row row;
	Inap__V1__Assignment *assignments;

	while (*at < rows && (sql_indicator_assignments_row(&r->unit, ENTRY_ASSIGNMENTS, *at, &row),
			      row.id == id)) {
		(*at)++;
	}
	assignments = request_array(r, *at - first + 1, sizeof *assignments);
	indicator->assignments = request_array(r, *at - first + 1, sizeof *indicator->assignments);
	if (!assignments || !indicator->assignments) {
		return false;
	}
	for (size_t i = first; i < *at; i++) {
		Inap__V1__Assignment *assignment = &assignments[i - first];

		sql_indicator_assignments_row(&r->unit, ENTRY_ASSIGNMENTS, i, &row);
		inap__v1__assignment__init(assignment);
		assignment->entity = words(row.entity);
		assignment->part = words(row.part);
		assignment->from = words(row.from);
		assignment->to = words(row.to);
		assignment->by_hand = row.by_hand;
		indicator->assignments[indicator->n_assignments++] = assignment;
		if (!words_split(r, row.covers, &assignment->covers, &assignment->n_covers)) {
			return false;
		}
	}
	return true;
}

static bool indicator_fill(struct request *r, size_t i, Inap__V1__Indicator *out, struct cursor *at)
{
	struct sql_indicator_list_row row;

	sql_indicator_list_row(&r->unit, ENTRY_INDICATORS, i, &row);
	inap__v1__indicator__init(out);
	out->code = words(row.code);
	out->name = words_name(r, row.name_en, row.name_ar, row.name_ckb);
	out->pillar = words(row.pillar);
	out->output = words(row.output);
	out->level = words(row.level);
	out->unit = words(row.unit_code);
	out->unit_label = words(row.unit_label);
	out->direction = words(row.direction);
	out->frequency = words(row.frequency);
	out->value_kind = words(row.value_kind);
	out->combine = words(row.combine);
	out->rule = words(row.rule);
	out->protection = words(row.protection);
	out->k = (uint32_t)row.k;
	out->may_withhold = row.may_withhold;
	out->may_overlap = row.may_overlap;
	out->numerator_en = words(row.numerator_en);
	out->denominator_en = words(row.denominator_en);
	out->source = words(row.source);
	out->cells = (uint32_t)row.cells;
	out->means_of_verification = words(row.means);
	out->note = words(row.note);
	return out->name && tables_fill(r, row.id, out, &at->table) &&
	       assignments_fill(r, row.id, out, &at->assignment);
}

/* What the list is narrowed to must exist. */
static bool indicator_scope(struct request *r)
{
	const Inap__V1__IndicatorList *in = request_body(r);
	struct sql_indicator_scope_row there;

	sql_indicator_scope_row(&r->unit, ENTRY_SCOPE, 0, &there);
	if (!there.plan_there) {
		return error_set(&r->error, ERROR_NOT_FOUND, "what", "plan", "name",
				 *in->plan ? in->plan : "current", NULL);
	}
	if (!there.entity_there) {
		return error_set(&r->error, ERROR_NOT_FOUND, "what", "entity", "name", in->entity,
				 NULL);
	}
	if (!there.code_there) {
		return error_set(&r->error, ERROR_NOT_FOUND, "what", "indicator", "name", in->code,
				 NULL);
	}
	return true;
}

static enum step indicator_reply(struct request *r)
{
	size_t n = unit_rows(&r->unit, ENTRY_INDICATORS);
	Inap__V1__IndicatorListReply *reply = request_alloc(r, sizeof *reply);
	Inap__V1__Indicator *indicators = request_array(r, n + 1, sizeof *indicators);
	struct cursor at = { 0 };

	if (!reply || !indicators) {
		return request_full(r);
	}
	inap__v1__indicator_list_reply__init(reply);
	reply->indicators = request_array(r, n + 1, sizeof *reply->indicators);
	if (!reply->indicators) {
		return request_full(r);
	}
	for (size_t i = 0; i < n; i++) {
		if (!indicator_fill(r, i, &indicators[i], &at)) {
			return request_full(r);
		}
		reply->indicators[i] = &indicators[i];
	}
	reply->n_indicators = n;
	return request_reply(r, &reply->base);
}

/** indicator.list: indicators of a plan, of an entity, or one. */
enum step indicator_list(struct request *r)
{
	const Inap__V1__IndicatorList *in = request_body(r);

	switch (r->at) {
	case START:
		sql_indicator_scope(&r->unit, in->plan, in->entity, in->code);
		sql_indicator_list(&r->unit, in->plan, in->entity, in->code);
		sql_indicator_tables(&r->unit, in->plan, in->entity, in->code);
		sql_indicator_assignments(&r->unit, in->plan, in->entity, in->code);
		return request_send(r, SENT);
	case SENT:
		return indicator_scope(r) ? indicator_reply(r) : request_refuse(r);
	default:
		return request_bug(r);
	}
}
