/* Reading a report: show, check. */
#include "server/domain/report.h"

#include <string.h>

#include "proto/enums.h"
#include "server/rpc/session.h"
#include "server/rpc/transition.h"
#include "server/rpc/value.h"
#include "server/rpc/words.h"
#include "inap/v1/report.pb-c.h"
#include "sql/report.h"
#include "sql/report_entry.h"

enum { READ_START, READ_SENT };
enum {
	SHOW_HEAD,
	SHOW_VALUES,
	SHOW_ASKED,
	SHOW_LABELS,
	SHOW_POINTS,
	SHOW_PREVIOUS,
	SHOW_SECTIONS,
	SHOW_OFFICE,
	SHOW_CONSULTATIONS,
	SHOW_ACTIVITIES,
	SHOW_BUDGETS
};

static int32_t report_roles(const struct request *r)
{
	return (int32_t)(r->reach->roles & r->method->roles);
}

static Inap__V1__State report_state(const char *state)
{
	return (Inap__V1__State)proto_enum_value(&inap__v1__state__descriptor, state);
}

static void report_value_fill(struct request *r, Inap__V1__ReportValue *value,
			      const struct sql_report_values_row *row)
{
	inap__v1__report_value__init(value);
	value->cell = words(row->cell);
	value->period = words(row->period);
	value->hidden = row->hidden;
	if (row->hidden) {
		return;
	}
	value->value = value_make(r, row->kind, row->number, row->denominator, row->value);
	value->note = words(row->note);
	value->expected_on = words(row->expected_on);
	value->revision = (uint64_t)row->revision;
	value->by = words(row->by);
	value->at = words(row->at);
	value->verified = words(row->verified);
	value->via = (Inap__V1__Via)proto_enum_value(&inap__v1__via__descriptor, row->via);
}

static bool report_values(struct request *r, Inap__V1__ReportShowReply *reply)
{
	size_t rows = unit_rows(&r->unit, SHOW_VALUES);
	Inap__V1__ReportValue *values = request_array(r, rows + 1, sizeof *values);

	reply->values = request_array(r, rows + 1, sizeof *reply->values);
	if (!values || !reply->values) {
		return false;
	}
	for (size_t i = 0; i < rows; i++) {
		struct sql_report_values_row row;

		sql_report_values_row(&r->unit, SHOW_VALUES, i, &row);
		report_value_fill(r, &values[i], &row);
		reply->values[i] = &values[i];
	}
	reply->n_values = rows;
	return true;
}

static bool report_asked(struct request *r, Inap__V1__ReportShowReply *reply)
{
	size_t rows = unit_rows(&r->unit, SHOW_ASKED);
	Inap__V1__AskedCell *asked = request_array(r, rows + 1, sizeof *asked);

	reply->asked = request_array(r, rows + 1, sizeof *reply->asked);
	if (!asked || !reply->asked) {
		return false;
	}
	for (size_t i = 0; i < rows; i++) {
		struct sql_report_asked_row row;

		sql_report_asked_row(&r->unit, SHOW_ASKED, i, &row);
		inap__v1__asked_cell__init(&asked[i]);
		asked[i].cell = words(row.cell);
		asked[i].period = words(row.period);
		asked[i].part = words(row.part);
		asked[i].unit = words(row.unit_code);
		asked[i].value_kind = words(row.value_kind);
		asked[i].may_withhold = row.may_withhold;
		asked[i].total = row.total;
		asked[i].indicator = words(row.indicator);
		asked[i].table = words(row.table_code);
		asked[i].ratio = row.ratio;
		asked[i].unit_label = words(row.unit_label);
		asked[i].overlap = row.overlap;
		asked[i].breaks_at = words(row.breaks_at);
		asked[i].breaks_parts = words(row.breaks_parts);
		asked[i].locked = row.locked;
		reply->asked[i] = &asked[i];
	}
	reply->n_asked = rows;
	return true;
}

/* Where a cell is among those asked, looked for from `from` on: the rows come in the same order. */
static size_t report_asked_at(const Inap__V1__ReportShowReply *reply, const char *cell, size_t from)
{
	for (size_t i = 0; i < reply->n_asked; i++) {
		size_t at = (from + i) % reply->n_asked;

		if (strcmp(reply->asked[at]->cell, cell) == 0) {
			return at;
		}
	}
	return reply->n_asked;
}

/* What was answered in the period before, beside what is asked now. */
static bool report_previous(struct request *r, const Inap__V1__ReportShowReply *reply)
{
	size_t rows = unit_rows(&r->unit, SHOW_PREVIOUS);
	size_t at = 0;

	for (size_t i = 0; i < rows; i++) {
		struct sql_report_previous_row row;

		sql_report_previous_row(&r->unit, SHOW_PREVIOUS, i, &row);
		at = report_asked_at(reply, row.cell, at);
		if (at == reply->n_asked) {
			continue;
		}
		reply->asked[at]->previous =
			value_make(r, row.kind, row.number, row.denominator, row.value);
		reply->asked[at]->previous_period = words(row.period);
		reply->asked[at]->previous_note = words(row.note);
		reply->asked[at]->may_confirm = row.may_confirm;
		reply->asked[at]->carried = row.carried;
		reply->asked[at]->previous_cell = words(row.source);
	}
	return !arena_failed(&r->arena);
}

static bool report_labels(struct request *r, Inap__V1__ReportShowReply *reply)
{
	size_t rows = unit_rows(&r->unit, SHOW_LABELS);
	Inap__V1__IndicatorLabel *labels = request_array(r, rows + 1, sizeof *labels);

	reply->indicators = request_array(r, rows + 1, sizeof *reply->indicators);
	if (!labels || !reply->indicators) {
		return false;
	}
	for (size_t i = 0; i < rows; i++) {
		struct sql_report_labels_row row;

		sql_report_labels_row(&r->unit, SHOW_LABELS, i, &row);
		inap__v1__indicator_label__init(&labels[i]);
		labels[i].code = words(row.code);
		labels[i].name = words_name(r, row.name_en, row.name_ar, row.name_ckb);
		reply->indicators[i] = &labels[i];
	}
	reply->n_indicators = rows;
	return true;
}

static void report_point_fill(struct request *r, Inap__V1__ReviewPoint *point,
			      const struct sql_report_points_row *row)
{
	inap__v1__review_point__init(point);
	point->point = (uint64_t)row->point;
	point->target =
		row->target && *row->target
			? words(arena_printf(&r->arena, "%s:%s", row->target_kind, row->target))
			: words(row->target_kind);
	point->code = words(row->code);
	point->text = words(row->question);
	point->state = words(row->state);
	point->answer = words(row->answer);
	point->answer_text = words(row->answer_text);
	point->by = words(row->by);
	point->at = words(row->at);
	point->turn = (uint64_t)row->turn;
	point->revision = (uint64_t)row->revision;
	point->answered_by = words(row->answered_by);
	point->answered_at = words(row->answered_at);
}

static bool report_points(struct request *r, Inap__V1__ReportShowReply *reply)
{
	size_t rows = unit_rows(&r->unit, SHOW_POINTS);
	Inap__V1__ReviewPoint *points = request_array(r, rows + 1, sizeof *points);

	reply->points = request_array(r, rows + 1, sizeof *reply->points);
	if (!points || !reply->points) {
		return false;
	}
	for (size_t i = 0; i < rows; i++) {
		struct sql_report_points_row row;

		sql_report_points_row(&r->unit, SHOW_POINTS, i, &row);
		report_point_fill(r, &points[i], &row);
		reply->points[i] = &points[i];
	}
	reply->n_points = rows;
	return true;
}

/* What the caller may do now, beside the table's word: what came on paper may be contested, what
 * is published restated. */
static void report_actions(struct request *r, Inap__V1__ReportShowReply *reply, bool held)
{
	unsigned facts = (held ? TRANSITION_HELD : 0) |
			 (*reply->received_by ? TRANSITION_DESK : 0) |
			 (reply->published ? TRANSITION_PUBLISHED : 0) |
			 (reply->restatement_asked ? TRANSITION_ASKED : 0);

	reply->actions =
		transition_actions(r, (int)reply->state, r->reach->roles, facts, &reply->n_actions);
}

static void report_head_fill(struct request *r, Inap__V1__ReportShowReply *reply,
			     const struct sql_report_head_row *row)
{
	bool held = row->claimed_by && r->session && strcmp(row->claimed_by, r->session->user) != 0;

	reply->report = words_ref(r, row->plan, r->reach->entity, r->round);
	reply->name = words_name(r, row->name_en, row->name_ar, row->name_ckb);
	reply->state = report_state(row->state);
	reply->revision = (uint64_t)row->revision;
	reply->ready = row->ready;
	reply->submitted_at = words(row->submitted_at);
	reply->due_at = words(row->due_at);
	reply->extended = row->extended;
	reply->yearly_due_at = words(row->yearly_due_at);
	reply->excused = row->excused;
	reply->excused_note = words(row->excused_note);
	reply->claimed_by = words(row->claimed_by);
	reply->letter_number = words(row->letter_number);
	reply->letter_date = words(row->letter_date);
	reply->note = words(row->note);
	reply->respond_by = words(row->respond_by);
	reply->lock = words(row->lock);
	if (row->latest) {
		report_actions(r, reply, held);
	}
}

static enum step report_show_send(struct request *r)
{
	const Inap__V1__ReportShow *in = request_body(r);
	int64_t revision = (int64_t)in->revision;
	const int64_t *at = in->at_case == INAP__V1__REPORT_SHOW__AT_REVISION ? &revision : NULL;
	const char *day = in->at_case == INAP__V1__REPORT_SHOW__AT_AS_OF ? in->as_of : NULL;
	int64_t entity = r->reach->entity_id;
	int32_t roles = report_roles(r);

	if (day && !date_valid(day)) {
		return request_fail(r, ERROR_DATE_BAD, "text", day, NULL);
	}
	sql_report_head(&r->unit, entity, r->plan, r->round, roles, at, day);
	sql_report_values(&r->unit, entity, r->plan, r->round, roles, at, day);
	sql_report_asked(&r->unit, entity, r->plan, r->round);
	sql_report_labels(&r->unit, entity, r->plan, r->round);
	sql_report_points(&r->unit, entity, r->plan, r->round, roles);
	sql_report_previous(&r->unit, entity, r->plan, r->round, roles);
	sql_report_sections(&r->unit, entity, r->plan, r->round, roles, at, day);
	sql_report_office(&r->unit, entity, r->plan, r->round, roles, at, day);
	sql_report_consultations(&r->unit, entity, r->plan, r->round, roles);
	sql_report_activities(&r->unit, entity, r->plan, r->round, roles, at, day);
	sql_report_budgets(&r->unit, entity, r->plan, r->round, roles, at, day);
	return request_send(r, READ_SENT);
}

/* Not for the caller at all, or not as of the revision or day asked for. */
static enum step report_not_then(struct request *r)
{
	const Inap__V1__ReportShow *in = request_body(r);

	switch (in->at_case) {
	case INAP__V1__REPORT_SHOW__AT_REVISION:
		return words_no_revision(r, in->revision, "");
	case INAP__V1__REPORT_SHOW__AT_AS_OF:
		return words_no_revision(r, 0, in->as_of);
	default:
		return words_no_report(r);
	}
}

static enum step report_show_reply(struct request *r)
{
	struct sql_report_head_row head;
	Inap__V1__ReportShowReply *reply;

	if (unit_rows(&r->unit, SHOW_HEAD) == 0) {
		return report_not_then(r);
	}
	sql_report_head_row(&r->unit, SHOW_HEAD, 0, &head);
	reply = request_alloc(r, sizeof *reply);
	if (!reply) {
		return request_full(r);
	}
	inap__v1__report_show_reply__init(reply);
	if (!report_office_fill(r, SHOW_OFFICE, reply)) {
		return request_full(r);
	}
	report_head_fill(r, reply, &head);
	if (!report_values(r, reply) || !report_asked(r, reply) || !report_labels(r, reply) ||
	    !report_points(r, reply) || !report_previous(r, reply) ||
	    !report_sections_fill(r, SHOW_SECTIONS, reply) ||
	    !report_consultations_fill(r, SHOW_CONSULTATIONS, reply) ||
	    !report_activities_fill(r, SHOW_ACTIVITIES, reply)) {
		return request_full(r);
	}
	return request_reply(r, &reply->base);
}

/** report.show: what the caller's roles may read of it. */
enum step report_show(struct request *r)
{
	switch (r->at) {
	case READ_START:
		return report_show_send(r);
	case READ_SENT:
		return report_show_reply(r);
	default:
		return request_bug(r);
	}
}

/* Cell codes hold no blanks: they come as one text with a blank between. */
static bool problem_cells(struct request *r, Inap__V1__Problem *problem, const char *cells)
{
	char *rest = arena_strdup(&r->arena, words(cells));
	size_t blanks = 0;

	for (const char *at = words(cells); *at; at++) {
		blanks += *at == ' ';
	}
	problem->cells = request_array(r, blanks + 1, sizeof *problem->cells);
	if (!rest || !problem->cells) {
		return false;
	}
	for (char *cell = strtok_r(rest, " ", &rest); cell; cell = strtok_r(NULL, " ", &rest)) {
		problem->cells[problem->n_cells++] = cell;
	}
	return true;
}

static Inap__V1__Problem *problem_make(struct request *r,
				       const struct sql_report_problem_list_row *row)
{
	const struct words_problem places = {
		.cell = row->cell,
		.unanswered = row->unanswered,
		.asked = row->asked,
		.names = { row->name_en, row->name_ar, row->name_ckb },
		.op = row->op,
		.terms = { row->left_term, row->right_term },
		.values = { row->left_value, row->right_value },
	};
	Inap__V1__Problem *problem = request_alloc(r, sizeof *problem);

	if (!problem) {
		return NULL;
	}
	inap__v1__problem__init(problem);
	problem->cell = words(row->cell);
	problem->rule = words(row->rule);
	problem->severity = words(row->severity);
	problem->code = words(row->code);
	problem->arguments = words_problem(r, &places, &problem->n_arguments);
	problem->op = words(row->op);
	problem->left = words(row->left_value);
	problem->right = words(row->right_value);
	problem->explained = row->explained;
	problem->note = words(row->note);
	return problem->arguments && problem_cells(r, problem, row->cells) ? problem : NULL;
}

static enum step report_check_reply(struct request *r)
{
	size_t rows = unit_rows(&r->unit, 0);
	Inap__V1__ReportCheckReply *reply = request_alloc(r, sizeof *reply);

	if (rows == 0) {
		return words_no_report(r);
	}
	if (!reply) {
		return request_full(r);
	}
	inap__v1__report_check_reply__init(reply);
	reply->problems = request_array(r, rows, sizeof *reply->problems);
	for (size_t i = 0; reply->problems && i < rows; i++) {
		struct sql_report_problem_list_row row;

		sql_report_problem_list_row(&r->unit, 0, i, &row);
		reply->revision = (uint64_t)row.revision;
		if (!row.cell) {
			continue;
		}
		reply->problems[reply->n_problems] = problem_make(r, &row);
		if (!reply->problems[reply->n_problems++]) {
			return request_full(r);
		}
	}
	return request_reply(r, &reply->base);
}

/** report.check: what stands between the report and its submission. */
enum step report_check(struct request *r)
{
	switch (r->at) {
	case READ_START:
		sql_report_problem_list(&r->unit, r->reach->entity_id, r->plan, r->round,
					report_roles(r));
		return request_send(r, READ_SENT);
	case READ_SENT:
		return report_check_reply(r);
	default:
		return request_bug(r);
	}
}
