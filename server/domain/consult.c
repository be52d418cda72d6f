/*
 * consult.list and report.consult. The reports named here are others': gate (b) is in
 * consulted_cells(), which lets through the submitted values of indicators on which an entity of
 * the caller is consulted, and nothing else.
 */
#include "server/domain/consult.h"

#include "server/rpc/refusal.h"
#include "server/rpc/value.h"
#include "server/rpc/words.h"
#include "inap/v1/consult.pb-c.h"
#include "sql/consult.h"

enum { START, SENT };

static bool cell_fill(struct request *r, Inap__V1__ConsultedCell *cell,
		      const struct sql_consult_list_row *row)
{
	inap__v1__consulted_cell__init(cell);
	cell->report = words_ref(r, row->plan, row->entity, row->round);
	cell->by = words(row->by);
	cell->cell = words(row->cell);
	cell->period = words(row->period);
	cell->value = value_make(r, row->kind, row->number, row->denominator, row->value);
	cell->unit = words(row->unit_code);
	cell->value_kind = words(row->value_kind);
	cell->revision = (uint64_t)row->revision;
	cell->answer = words(row->answer);
	cell->text = words(row->said);
	cell->total = row->total;
	cell->name = words_name(r, row->name_en, row->name_ar, row->name_ckb);
	return cell->report && cell->value && cell->name;
}

static enum step list_reply(struct request *r)
{
	size_t n = unit_rows(&r->unit, 0);
	Inap__V1__ConsultListReply *reply = request_alloc(r, sizeof *reply);
	Inap__V1__ConsultedCell *cells = request_array(r, n + 1, sizeof *cells);

	if (!reply || !cells) {
		return request_full(r);
	}
	inap__v1__consult_list_reply__init(reply);
	reply->cells = request_array(r, n + 1, sizeof *reply->cells);
	for (size_t i = 0; reply->cells && i < n; i++) {
		struct sql_consult_list_row row;

		sql_consult_list_row(&r->unit, 0, i, &row);
		if (!cell_fill(r, &cells[i], &row)) {
			return request_full(r);
		}
		reply->cells[reply->n_cells++] = &cells[i];
	}
	return reply->cells ? request_reply(r, &reply->base) : request_full(r);
}

/** consult.list: submitted values on which the caller's entities are consulted. */
enum step consult_list(struct request *r)
{
	const Inap__V1__ConsultList *in = request_body(r);

	switch (r->at) {
	case START:
		sql_consult_list(&r->unit, r->user_id, in->plan, in->round, in->entity);
		return request_send(r, SENT);
	case SENT:
		return list_reply(r);
	default:
		return request_bug(r);
	}
}

static enum step consult_send(struct request *r)
{
	const Inap__V1__ReportConsult *in = request_body(r);

	if (!in->report) {
		return request_fail(r, ERROR_BAD_ARGUMENT, "field", "report", "why", "is missing",
				    NULL);
	}
	sql_report_consult(&r->unit, in->report->entity, in->report->plan, in->report->round,
			   in->cell, (int64_t)in->base_revision,
			   in->contest ? "contested" : "confirmed", in->text, r->user_id,
			   (struct bytes){ r->key, sizeof r->key },
			   (struct bytes){ r->body_hash, sizeof r->body_hash });
	return request_send(r, SENT);
}

static enum step consult_reply(struct request *r)
{
	struct sql_report_consult_row row;
	Inap__V1__ReportConsultReply *reply;

	if (unit_rows(&r->unit, 0) == 0) {
		return request_bug(r);
	}
	sql_report_consult_row(&r->unit, 0, 0, &row);
	if (row.fault) {
		return refusal_of(r, row.fault);
	}
	reply = request_alloc(r, sizeof *reply);
	if (!reply || !row.receipt.data) {
		return arena_failed(&r->arena) ? request_full(r) : request_bug(r);
	}
	inap__v1__report_consult_reply__init(reply);
	reply->by = words(row.by);
	reply->cell = words(row.cell);
	reply->answer = words(row.answer);
	reply->point = (uint32_t)row.point;
	reply->receipt.data = (uint8_t *)(uintptr_t)row.receipt.data;
	reply->receipt.len = row.receipt.length;
	return request_reply(r, &reply->base);
}

/** report.consult: a consulted entity confirms or contests one submitted value. */
enum step report_consult(struct request *r)
{
	switch (r->at) {
	case START:
		return consult_send(r);
	case SENT:
		return consult_reply(r);
	default:
		return request_bug(r);
	}
}
