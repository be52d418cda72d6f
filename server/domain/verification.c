/* Verification in the field: verify.sample, verify.record, verify.list. */
#include "server/domain/verification.h"

#include "server/rpc/refusal.h"
#include "server/rpc/value.h"
#include "server/rpc/words.h"
#include "inap/v1/verification.pb-c.h"
#include "sql/plan.h"
#include "sql/verification.h"

enum { START, SENT };
enum { ENTRY_SCOPE, ENTRY_SAMPLES, ENTRY_CELLS };
enum { CELLS_MAX = 2000 }; /* listed at once; the statement asks for one more */
enum { ENTRY_LOCK, ENTRY_WRITE, ENTRY_DRAWN, ENTRY_DRAWN_CELLS };

static bool samples_fill(struct request *r, unsigned entry, Inap__V1__VerifyListReply *reply)
{
	size_t n = unit_rows(&r->unit, entry);
	Inap__V1__VerificationSample *samples = request_array(r, n + 1, sizeof *samples);

	reply->samples = request_array(r, n + 1, sizeof *reply->samples);
	for (size_t i = 0; samples && reply->samples && i < n; i++) {
		struct sql_verification_samples_row row;

		sql_verification_samples_row(&r->unit, entry, i, &row);
		inap__v1__verification_sample__init(&samples[i]);
		samples[i].sample = (uint64_t)row.sample;
		samples[i].plan = words(row.plan);
		samples[i].round = words(row.round);
		samples[i].seed = words(row.seed);
		samples[i].pool = (uint32_t)row.pool;
		samples[i].size = (uint32_t)row.size;
		samples[i].agreed = (uint32_t)row.agreed;
		samples[i].differs = (uint32_t)row.differs;
		samples[i].not_found = (uint32_t)row.not_found;
		samples[i].open = (uint32_t)row.open;
		samples[i].rate = words(row.rate);
		samples[i].by = words(row.by);
		samples[i].at = words(row.at);
		reply->samples[reply->n_samples++] = &samples[i];
	}
	return samples && reply->samples;
}

static bool cell_fill(struct request *r, const struct sql_verification_cells_row *row,
		      Inap__V1__Verification *cell)
{
	inap__v1__verification__init(cell);
	cell->sample = (uint64_t)row->sample;
	cell->place = (uint32_t)row->place;
	cell->report = words_ref(r, row->plan, row->entity, row->round);
	cell->cell = words(row->cell);
	cell->revision = (uint64_t)row->revision;
	cell->moved = row->moved;
	cell->result = words(row->result);
	cell->seen_on = words(row->seen_on);
	cell->note = words(row->note);
	cell->by = words(row->by);
	cell->at = words(row->at);
	cell->version = (uint32_t)row->version;
	if (!row->kind_null) {
		cell->value = value_make(r, row->kind, row->number, row->denominator, row->value);
	}
	return cell->report && (row->kind_null || cell->value);
}

static bool cells_fill(struct request *r, unsigned entry, Inap__V1__VerifyListReply *reply)
{
	size_t n = unit_rows(&r->unit, entry);
	Inap__V1__Verification *cells = request_array(r, n + 1, sizeof *cells);

	reply->cells = request_array(r, n + 1, sizeof *reply->cells);
	reply->more = n > CELLS_MAX;
	for (size_t i = 0; cells && reply->cells && i < n && i < CELLS_MAX; i++) {
		struct sql_verification_cells_row row;

		sql_verification_cells_row(&r->unit, entry, i, &row);
		if (!cell_fill(r, &row, &cells[i])) {
			return false;
		}
		reply->cells[reply->n_cells++] = &cells[i];
	}
	return cells && reply->cells;
}

static enum step list_reply(struct request *r)
{
	const Inap__V1__VerifyList *in = request_body(r);
	Inap__V1__VerifyListReply *reply = request_alloc(r, sizeof *reply);
	struct sql_verification_scope_row there;

	sql_verification_scope_row(&r->unit, ENTRY_SCOPE, 0, &there);
	if (!there.plan_there) {
		return request_fail(r, ERROR_NOT_FOUND, "what", "plan", "name",
				    *in->plan ? in->plan : "current", NULL);
	}
	if (!there.round_there) {
		return request_fail(r, ERROR_NOT_FOUND, "what", "round", "name", in->round, NULL);
	}
	if (!there.entity_there) {
		return request_fail(r, ERROR_NOT_FOUND, "what", "entity", "name", in->entity, NULL);
	}
	if (!reply) {
		return request_full(r);
	}
	inap__v1__verify_list_reply__init(reply);
	if (!samples_fill(r, ENTRY_SAMPLES, reply) || !cells_fill(r, ENTRY_CELLS, reply)) {
		return request_full(r);
	}
	return request_reply(r, &reply->base);
}

/** verify.list: samples, and what was seen of cells that the caller may read. */
enum step verify_list(struct request *r)
{
	const Inap__V1__VerifyList *in = request_body(r);

	switch (r->at) {
	case START:
		sql_verification_scope(&r->unit, in->plan, in->round, in->entity);
		sql_verification_samples(&r->unit, in->plan, in->round, (int64_t)in->sample,
					 (struct bytes){ NULL, 0 }, r->user_id);
		sql_verification_cells(&r->unit, in->plan, in->round, in->entity,
				       (int64_t)in->sample, (struct bytes){ NULL, 0 }, r->user_id);
		return request_send(r, SENT);
	case SENT:
		return list_reply(r);
	default:
		return request_bug(r);
	}
}

static enum step sample_send(struct request *r)
{
	const Inap__V1__VerifySample *in = request_body(r);
	struct bytes key = { r->key, sizeof r->key };

	r->unit.dry = in->dry_run;
	sql_system_head_lock(&r->unit);
	sql_verification_sample(&r->unit, in->plan, in->round, in->size, in->seed, in->note,
				r->user_id, key,
				(struct bytes){ r->body_hash, sizeof r->body_hash });
	sql_verification_samples(&r->unit, in->plan, in->round, 0, key, r->user_id);
	sql_verification_cells(&r->unit, in->plan, in->round, "", 0, key, r->user_id);
	return request_send(r, SENT);
}

static enum step sample_reply(struct request *r)
{
	Inap__V1__VerifyListReply *reply = request_alloc(r, sizeof *reply);
	struct sql_verification_sample_row row;

	if (unit_rows(&r->unit, ENTRY_WRITE) == 0) {
		return request_bug(r);
	}
	sql_verification_sample_row(&r->unit, ENTRY_WRITE, 0, &row);
	if (row.fault) {
		return refusal_of(r, row.fault);
	}
	if (!reply) {
		return request_full(r);
	}
	inap__v1__verify_list_reply__init(reply);
	reply->replayed = row.replayed;
	reply->dry_run = r->unit.dry;
	if (!r->unit.dry) { /* what was rolled back has no entry to vouch for */
		reply->receipt.data = (uint8_t *)(uintptr_t)row.receipt.data;
		reply->receipt.len = row.receipt.length;
	}
	if (!samples_fill(r, ENTRY_DRAWN, reply) || !cells_fill(r, ENTRY_DRAWN_CELLS, reply)) {
		return request_full(r);
	}
	return request_reply(r, &reply->base);
}

/** verify.sample: the Secretariat draws accepted cells to be looked at. */
enum step verify_sample(struct request *r)
{
	switch (r->at) {
	case START:
		return sample_send(r);
	case SENT:
		return sample_reply(r);
	default:
		return request_bug(r);
	}
}

static enum step record_send(struct request *r)
{
	const Inap__V1__VerifyRecord *in = request_body(r);

	if (*in->seen_on && !date_valid(in->seen_on)) {
		return request_fail(r, ERROR_DATE_BAD, "text", in->seen_on, NULL);
	}
	r->unit.dry = in->dry_run;
	sql_verification_lock(&r->unit, (int64_t)in->sample, in->place);
	sql_verification_record(&r->unit, (int64_t)in->sample, in->place, in->base_version,
				in->result, in->seen_on, in->note, r->user_id,
				(struct bytes){ r->key, sizeof r->key },
				(struct bytes){ r->body_hash, sizeof r->body_hash });
	return request_send(r, SENT);
}

static enum step record_reply(struct request *r)
{
	const Inap__V1__VerifyRecord *in = request_body(r);
	Inap__V1__VerifyReply *reply = request_alloc(r, sizeof *reply);
	struct sql_verification_record_row row;

	if (unit_rows(&r->unit, ENTRY_WRITE) == 0) {
		return request_bug(r);
	}
	sql_verification_record_row(&r->unit, ENTRY_WRITE, 0, &row);
	if (row.fault) {
		return refusal_of(r, row.fault);
	}
	if (!reply) {
		return request_full(r);
	}
	inap__v1__verify_reply__init(reply);
	reply->sample = in->sample;
	reply->place = in->place;
	reply->version = (uint32_t)row.version;
	reply->report = words_ref(r, row.plan, row.entity, row.round);
	reply->cell = words(row.cell);
	reply->result = words(in->result);
	reply->replayed = row.replayed;
	reply->dry_run = r->unit.dry;
	if (!r->unit.dry) {
		reply->receipt.data = (uint8_t *)(uintptr_t)row.receipt.data;
		reply->receipt.len = row.receipt.length;
	}
	return reply->report ? request_reply(r, &reply->base) : request_full(r);
}

/** verify.record: what was seen of one cell; the figure stays as it is. */
enum step verify_record(struct request *r)
{
	switch (r->at) {
	case START:
		return record_send(r);
	case SENT:
		return record_reply(r);
	default:
		return request_bug(r);
	}
}
