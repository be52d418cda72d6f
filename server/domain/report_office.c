/* What offices did to a report beside its figures: who signed or received it, what the consulted
 * said. */
#include "server/domain/report.h"

#include "proto/enums.h"
#include "server/rpc/words.h"
#include "inap/v1/report.pb-c.h"
#include "sql/report.h"

Inap__V1__Signature *report_signature(struct request *r, const char *basis)
{
	Inap__V1__Signature *signature = request_alloc(r, sizeof *signature);

	if (signature) {
		inap__v1__signature__init(signature);
		signature->basis = (Inap__V1__Basis)proto_enum_value(&inap__v1__basis__descriptor,
								     words(basis));
	}
	return signature;
}

/* Who signed, who received it on paper, how long the claim holds, whether it is published. */
bool report_office_fill(struct request *r, unsigned entry, Inap__V1__ReportShowReply *reply)
{
	struct sql_report_office_row row;

	if (unit_rows(&r->unit, entry) == 0) {
		return true;
	}
	sql_report_office_row(&r->unit, entry, 0, &row);
	reply->received_by = words(row.received_by);
	reply->received_at = words(row.received_at);
	reply->claimed_until = words(row.claimed_until);
	reply->lapsed_by = words(row.lapsed_by);
	reply->published = row.published;
	reply->restatement_asked = row.asked;
	if (!row.signed_by) {
		return true;
	}
	reply->signed_ = report_signature(r, row.basis);
	if (!reply->signed_) {
		return false;
	}
	reply->signed_->by = words(row.signed_by);
	reply->signed_->at = words(row.signed_at);
	reply->signed_->order_number = words(row.order_number);
	reply->signed_->order_date = words(row.order_date);
	reply->signed_->single_number = words(row.single_number);
	reply->signed_->single_date = words(row.single_date);
	return true;
}

bool report_consultations_fill(struct request *r, unsigned entry, Inap__V1__ReportShowReply *reply)
{
	size_t rows = unit_rows(&r->unit, entry);
	Inap__V1__Consultation *said = request_array(r, rows + 1, sizeof *said);

	reply->consultations = request_array(r, rows + 1, sizeof *reply->consultations);
	if (!said || !reply->consultations) {
		return false;
	}
	for (size_t i = 0; i < rows; i++) {
		struct sql_report_consultations_row row;

		sql_report_consultations_row(&r->unit, entry, i, &row);
		inap__v1__consultation__init(&said[i]);
		said[i].cell = words(row.cell);
		said[i].by = words(row.by);
		said[i].answer = words(row.answer);
		said[i].text = words(row.said);
		said[i].at = words(row.at);
		said[i].revision = (uint64_t)row.revision;
		said[i].current = row.current;
		said[i].point = (uint32_t)row.point;
		reply->consultations[i] = &said[i];
	}
	reply->n_consultations = rows;
	return true;
}
