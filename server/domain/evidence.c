/* Evidence: attaching it, its files in pieces, taking it off, keeping that of the period before,
 * reading it. */
#include "server/domain/evidence.h"

#include <string.h>

#include <sodium.h>

#include "proto/enums.h"
#include "proto/filetype.h"
#include "server/rpc/refusal.h"
#include "server/rpc/words.h"
#include "server/store/array.h"
#include "inap/v1/evidence.pb-c.h"
#include "sql/evidence.h"

enum { START, SENT };
enum { ENTRY_WRITE = 0 };
enum { ENTRY_SEEN, ENTRY_LIST, ENTRY_OFFERED };
enum {
	NAME_BYTES_MAX = 255,
	REFERENCE_BYTES_MAX = 500,
	CELLS_MAX = 200,
	ACTIVITIES_MAX = 50,
	HASH_BYTES = 32
};

static const char *given(const char *text)
{
	return text && *text ? text : NULL;
}

static struct bytes hash_given(const ProtobufCBinaryData *hash)
{
	return hash->len > 0 ? (struct bytes){ hash->data, hash->len } : (struct bytes){ NULL, 0 };
}

static bool bad(struct request *r, const char *field, const char *why)
{
	return error_set(&r->error, ERROR_BAD_ARGUMENT, "field", field, "why", why, NULL);
}

/* SQL's refusal; the report's names are known here. */
static enum step refused(struct request *r, const char *fault, uint64_t base)
{
	refusal_of(r, fault);
	switch (r->error.code) {
	case ERROR_NOT_FOUND:
		if (!error_argument(&r->error, "name")) {
			error_argf(&r->error, "name", "%s", words_report(r));
		}
		break;
	case ERROR_STALE_REVISION:
		error_argf(&r->error, "base", "%llu", (unsigned long long)base);
		error_argf(&r->error, "report", "%s", words_report(r));
		break;
	case ERROR_LOCKED:
		error_argf(&r->error, "report", "%s", words_report(r));
		break;
	case ERROR_ROUND_NOT_OPEN:
		error_argf(&r->error, "round", "%s", r->round);
		break;
	default:
		break;
	}
	return STEP_DONE;
}

/* ---- what is attached */

static bool kind_good(struct request *r, const char *kind)
{
	static const char *const kinds[] = { "minutes", "order", "list", "letter",
					     "photo",   "scan",  "other" };

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (strcmp(kinds[i], kind) == 0) {
			return true;
		}
	}
	return bad(r, "kind", "minutes, order, list, letter, photo, scan or other");
}

/* A file has a hash and a size, a reference neither. */
static bool file_good(struct request *r, const Inap__V1__EvidenceAttach *in)
{
	if (in->sha256.len == 0 && in->bytes == 0) {
		return *in->reference || bad(r, "reference", "is missing");
	}
	if (in->sha256.len != HASH_BYTES) {
		return bad(r, "sha256", "has 32 bytes");
	}
	if (in->bytes == 0) {
		return error_set(&r->error, ERROR_EVIDENCE_TYPE, "file", in->name, "found", "empty",
				 NULL);
	}
	if (in->bytes > FILE_BYTES_MAX) {
		return error_set(&r->error, ERROR_TOO_LARGE, "what", "a file", "limit", "20 MiB",
				 NULL);
	}
	return true;
}

static bool attach_good(struct request *r, const Inap__V1__EvidenceAttach *in)
{
	const char *found = filetype_named(in->name);

	if (!*in->name || strlen(in->name) > NAME_BYTES_MAX) {
		return bad(r, "name", *in->name ? "is too long" : "is missing");
	}
	if (strlen(in->reference) > REFERENCE_BYTES_MAX) {
		return bad(r, "reference", "is too long");
	}
	if (in->n_cells > CELLS_MAX) {
		return error_set(&r->error, ERROR_TOO_LARGE, "what", "the cells of evidence",
				 "limit", "200", NULL);
	}
	if (in->n_activities > ACTIVITIES_MAX) {
		return error_set(&r->error, ERROR_TOO_LARGE, "what", "the activities of evidence",
				 "limit", "50", NULL);
	}
	if (found && in->bytes > 0) {
		return error_set(&r->error, ERROR_EVIDENCE_TYPE, "file", in->name, "found", found,
				 NULL);
	}
	return kind_good(r, in->kind) && file_good(r, in);
}

static const char *codes(struct request *r, char **list, size_t count)
{
	struct array array;

	array_begin(&array, &r->arena);
	for (size_t i = 0; i < count; i++) {
		array_add_text(&array, list[i]);
	}
	return array_end(&array);
}

static enum step begin_send(struct request *r)
{
	const Inap__V1__EvidenceAttach *in = request_body(r);

	if (!attach_good(r, in)) {
		return request_refuse(r);
	}
	sql_evidence_begin(&r->unit, r->reach->entity_id, r->plan, r->round,
			   (int64_t)in->base_revision, in->merge, given(in->reference),
			   hash_given(&in->sha256), (int64_t)in->bytes,
			   codes(r, in->cells, in->n_cells),
			   codes(r, in->activities, in->n_activities), r->user_id, in->kind);
	return request_send(r, SENT);
}

static enum step begin_reply(struct request *r)
{
	const Inap__V1__EvidenceAttach *in = request_body(r);
	Inap__V1__EvidenceBeginReply *reply;
	struct sql_evidence_begin_row row;

	sql_evidence_begin_row(&r->unit, 0, 0, &row);
	if (row.fault) {
		return refused(r, row.fault, in->base_revision);
	}
	reply = request_alloc(r, sizeof *reply);
	if (!reply) {
		return request_full(r);
	}
	inap__v1__evidence_begin_reply__init(reply);
	reply->have = (uint64_t)row.have;
	reply->whole = row.whole;
	reply->number = (uint64_t)row.number;
	return request_reply(r, &reply->base);
}

/** evidence.begin: may this be attached, and how much of the file is there? */
enum step evidence_begin(struct request *r)
{
	switch (r->at) {
	case START:
		return begin_send(r);
	case SENT:
		return begin_reply(r);
	default:
		return request_bug(r);
	}
}

/* ---- pieces */

static bool piece_good(struct request *r, const Inap__V1__EvidenceChunk *in)
{
	uint64_t end = in->offset + in->data.len;
	uint8_t hash[HASH_BYTES];

	if (in->sha256.len != HASH_BYTES || in->data_sha256.len != HASH_BYTES) {
		return bad(r, in->sha256.len != HASH_BYTES ? "sha256" : "data_sha256",
			   "has 32 bytes");
	}
	if (in->bytes == 0 || in->bytes > FILE_BYTES_MAX) {
		return error_set(&r->error, ERROR_TOO_LARGE, "what", "a file", "limit", "20 MiB",
				 NULL);
	}
	if (in->offset >= in->bytes || end > in->bytes || in->data.len == 0 ||
	    in->data.len > PIECE_BYTES_MAX || (end < in->bytes && in->data.len < PIECE_BYTES_MIN)) {
		return bad(r, "data",
			   "a piece has 64 KiB (but the last) to 256 KiB, inside the file");
	}
	crypto_hash_sha256(hash, in->data.data, in->data.len);
	return memcmp(hash, in->data_sha256.data, HASH_BYTES) == 0 ||
	       bad(r, "data", "does not have its hash");
}

static enum step chunk_send(struct request *r)
{
	const Inap__V1__EvidenceChunk *in = request_body(r);
	struct file_piece piece = { in->offset, in->bytes, in->data.data, in->data.len };
	struct file_judged judged;

	if (!piece_good(r, in)) {
		return request_refuse(r);
	}
	judged = filetype_judge(&piece, in->offset == 0 ? NULL : in->type);
	if (judged.found) {
		return request_fail(r, ERROR_EVIDENCE_TYPE, "file", in->name, "found", judged.found,
				    NULL);
	}
	if (in->offset == 0 && strcmp(judged.type, in->type) != 0) {
		return request_fail(r, ERROR_BAD_ARGUMENT, "field", "type", "why",
				    "the first piece told another", NULL);
	}
	sql_evidence_put(&r->unit, r->reach->entity_id, r->plan, r->round, hash_given(&in->sha256),
			 (int64_t)in->bytes, in->type, (int64_t)in->offset,
			 (struct bytes){ in->data.data, in->data.len },
			 judged.list_at >= 0 ? &judged.list_at : NULL, judged.office,
			 judged.list_wanted >= 0 ? &judged.list_wanted : NULL, r->user_id);
	return request_send(r, SENT);
}

static enum step chunk_reply(struct request *r)
{
	const Inap__V1__EvidenceChunk *in = request_body(r);
	Inap__V1__EvidenceChunkReply *reply;
	struct sql_evidence_put_row row;

	sql_evidence_put_row(&r->unit, 0, 0, &row);
	if (row.fault) {
		refused(r, row.fault, 0);
		if (r->error.code == ERROR_EVIDENCE_TYPE) {
			error_argf(&r->error, "file", "%s", in->name);
		}
		return STEP_DONE;
	}
	reply = request_alloc(r, sizeof *reply);
	if (!reply) {
		return request_full(r);
	}
	inap__v1__evidence_chunk_reply__init(reply);
	reply->have = (uint64_t)row.have;
	reply->whole = row.whole;
	return request_reply(r, &reply->base);
}

/** evidence.chunk: the next piece of a file. Unfinished uploads are not in the log: nothing of the
 * report changes. */
enum step evidence_chunk(struct request *r)
{
	switch (r->at) {
	case START:
		return chunk_send(r);
	case SENT:
		return chunk_reply(r);
	default:
		return request_bug(r);
	}
}

/* ---- evidence in replies */

/* Codes, one a line. */
static bool lines(struct request *r, const char *text, char ***list, size_t *count)
{
	char *rest = arena_strdup(&r->arena, words(text));
	size_t n = 0;

	for (const char *at = words(text); *at; at++) {
		n += *at == '\n';
	}
	*list = request_array(r, n + 1, sizeof **list);
	*count = 0;
	while (rest && *list && *rest) {
		char *line = rest;

		rest += strcspn(rest, "\n");
		if (*rest) {
			*rest++ = '\0';
		}
		(*list)[(*count)++] = line;
	}
	return rest && *list;
}

/* The rows of four statements have the same columns under four types: one macro tells them apart.
 */
#define EVIDENCE_FILL(r, out, row)                                                                 \
	evidence_fill(r, out,                                                                      \
		      &(const struct sql_evidence_list_row){ .number = (row).number,               \
							     .name = (row).name,                   \
							     .kind = (row).kind,                   \
							     .type = (row).type,                   \
							     .bytes = (row).bytes,                 \
							     .sha256 = (row).sha256,               \
							     .reference = (row).reference,         \
							     .cells = (row).cells,                 \
							     .activities = (row).activities,       \
							     .note = (row).note,                   \
							     .round = (row).round,                 \
							     .written = (row).written,             \
							     .by = (row).by,                       \
							     .at = (row).at })

static bool evidence_fill(struct request *r, Inap__V1__Evidence *out,
			  const struct sql_evidence_list_row *row)
{
	inap__v1__evidence__init(out);
	out->number = (uint64_t)row->number;
	out->name = words(row->name);
	out->kind = words(row->kind);
	out->type = words(row->type);
	out->bytes = (uint64_t)row->bytes;
	out->sha256.data = (uint8_t *)(uintptr_t)row->sha256.data;
	out->sha256.len = row->sha256.length;
	out->reference = words(row->reference);
	out->note = words(row->note);
	out->round = words(row->round);
	out->revision = (uint64_t)row->written;
	out->by = words(row->by);
	out->at = words(row->at);
	return lines(r, row->cells, &out->cells, &out->n_cells) &&
	       lines(r, row->activities, &out->activities, &out->n_activities);
}

/* ---- writes */

static enum step write_reply(struct request *r, uint64_t base)
{
	Inap__V1__EvidenceReply *reply;
	struct sql_evidence_write_row row;

	sql_evidence_write_row(&r->unit, ENTRY_WRITE, 0, &row);
	if (row.fault) {
		return refused(r, row.fault, base);
	}
	reply = request_alloc(r, sizeof *reply);
	if (!reply) {
		return request_full(r);
	}
	inap__v1__evidence_reply__init(reply);
	reply->evidence = request_alloc(r, sizeof *reply->evidence);
	if (!reply->evidence || !EVIDENCE_FILL(r, reply->evidence, row)) {
		return request_full(r);
	}
	reply->revision = (uint64_t)row.revision;
	reply->state = (Inap__V1__State)proto_enum_value(&inap__v1__state__descriptor, row.state);
	reply->unchanged = row.unchanged;
	reply->receipt.data = (uint8_t *)(uintptr_t)row.receipt.data;
	reply->receipt.len = row.receipt.length;
	reply->replayed = row.replayed;
	return request_reply(r, &reply->base);
}

static enum step attach_send(struct request *r)
{
	const Inap__V1__EvidenceAttach *in = request_body(r);

	if (!attach_good(r, in)) {
		return request_refuse(r);
	}
	sql_evidence_write(&r->unit, "attach", r->reach->entity_id, r->plan, r->round,
			   (int64_t)in->base_revision, in->merge, 0, in->name, in->kind,
			   given(in->reference), hash_given(&in->sha256),
			   codes(r, in->cells, in->n_cells),
			   codes(r, in->activities, in->n_activities), given(in->note), r->user_id,
			   (struct bytes){ r->key, sizeof r->key },
			   (struct bytes){ r->body_hash, sizeof r->body_hash });
	return request_send(r, SENT);
}

/** evidence.attach: a file that is there whole, or a reference, supports the report. */
enum step evidence_attach(struct request *r)
{
	const Inap__V1__EvidenceAttach *in = request_body(r);

	switch (r->at) {
	case START:
		return attach_send(r);
	case SENT:
		return write_reply(r, in->base_revision);
	default:
		return request_bug(r);
	}
}

static enum step mark(struct request *r, const char *action)
{
	const Inap__V1__EvidenceMark *in = request_body(r);

	switch (r->at) {
	case START:
		sql_evidence_write(&r->unit, action, r->reach->entity_id, r->plan, r->round,
				   (int64_t)in->base_revision, in->merge, (int64_t)in->number, NULL,
				   NULL, NULL, (struct bytes){ NULL, 0 }, "{}", "{}",
				   given(in->note), r->user_id,
				   (struct bytes){ r->key, sizeof r->key },
				   (struct bytes){ r->body_hash, sizeof r->body_hash });
		return request_send(r, SENT);
	case SENT:
		return write_reply(r, in->base_revision);
	default:
		return request_bug(r);
	}
}

/** evidence.detach: it supports the report no more; nothing is deleted. */
enum step evidence_detach(struct request *r)
{
	return mark(r, "detach");
}

/** evidence.keep: evidence of the period before is still valid. */
enum step evidence_keep(struct request *r)
{
	return mark(r, "keep");
}

/* ---- reading */

static int32_t roles_of(const struct request *r)
{
	return (int32_t)(r->reach->roles & r->method->roles);
}

static bool list_fill(struct request *r, Inap__V1__EvidenceListReply *reply)
{
	size_t listed = unit_rows(&r->unit, ENTRY_LIST),
	       offered = unit_rows(&r->unit, ENTRY_OFFERED);
	Inap__V1__Evidence *all = request_array(r, listed + offered + 1, sizeof *all);

	reply->evidence = request_array(r, listed + 1, sizeof *reply->evidence);
	reply->offered = request_array(r, offered + 1, sizeof *reply->offered);
	if (!all || !reply->evidence || !reply->offered) {
		return false;
	}
	for (size_t i = 0; i < listed; i++) {
		struct sql_evidence_list_row row;

		sql_evidence_list_row(&r->unit, ENTRY_LIST, i, &row);
		if (!evidence_fill(r, &all[i], &row)) {
			return false;
		}
		reply->evidence[reply->n_evidence++] = &all[i];
	}
	for (size_t i = 0; i < offered; i++) {
		struct sql_evidence_offered_row row;

		sql_evidence_offered_row(&r->unit, ENTRY_OFFERED, i, &row);
		if (!EVIDENCE_FILL(r, &all[listed + i], row)) {
			return false;
		}
		reply->offered[reply->n_offered++] = &all[listed + i];
	}
	return true;
}

static enum step list_reply(struct request *r)
{
	Inap__V1__EvidenceListReply *reply;
	struct sql_evidence_seen_row seen;

	if (unit_rows(&r->unit, ENTRY_SEEN) == 0) {
		return words_no_report(r);
	}
	sql_evidence_seen_row(&r->unit, ENTRY_SEEN, 0, &seen);
	reply = request_alloc(r, sizeof *reply);
	if (!reply) {
		return request_full(r);
	}
	inap__v1__evidence_list_reply__init(reply);
	reply->revision = (uint64_t)seen.revision;
	return list_fill(r, reply) ? request_reply(r, &reply->base) : request_full(r);
}

/** evidence.list: what supports a report, as of the revision that the caller may read. */
enum step evidence_list(struct request *r)
{
	const Inap__V1__EvidenceList *in = request_body(r);
	int64_t revision = (int64_t)in->revision;
	const int64_t *at = in->at_case == INAP__V1__EVIDENCE_LIST__AT_REVISION ? &revision : NULL;

	switch (r->at) {
	case START:
		sql_evidence_seen(&r->unit, r->reach->entity_id, r->plan, r->round, roles_of(r),
				  at);
		sql_evidence_list(&r->unit, r->reach->entity_id, r->plan, r->round, roles_of(r),
				  at);
		sql_evidence_offered(&r->unit, r->reach->entity_id, r->plan, r->round, r->user_id);
		return request_send(r, SENT);
	case SENT:
		return list_reply(r);
	default:
		return request_bug(r);
	}
}

static enum step read_reply(struct request *r)
{
	const Inap__V1__EvidenceRead *in = request_body(r);
	Inap__V1__EvidenceReadReply *reply = request_alloc(r, sizeof *reply);
	struct sql_evidence_read_row row;

	if (unit_rows(&r->unit, ENTRY_SEEN) == 0) {
		return words_no_report(r);
	}
	if (unit_rows(&r->unit, ENTRY_LIST) == 0) {
		request_fail(r, ERROR_NOT_FOUND, "what", "evidence", NULL);
		error_argf(&r->error, "name", "%llu", (unsigned long long)in->number);
		return STEP_DONE;
	}
	sql_evidence_read_row(&r->unit, ENTRY_LIST, 0, &row);
	if (!reply) {
		return request_full(r);
	}
	inap__v1__evidence_read_reply__init(reply);
	reply->evidence = request_alloc(r, sizeof *reply->evidence);
	if (!reply->evidence || !EVIDENCE_FILL(r, reply->evidence, row)) {
		return request_full(r);
	}
	reply->data.data = (uint8_t *)(uintptr_t)row.data.data;
	reply->data.len = row.data.length;
	return request_reply(r, &reply->base);
}

/** evidence.read: bytes of a file, from an offset to the end of the piece that holds it. */
enum step evidence_read(struct request *r)
{
	const Inap__V1__EvidenceRead *in = request_body(r);

	switch (r->at) {
	case START:
		sql_evidence_seen(&r->unit, r->reach->entity_id, r->plan, r->round, roles_of(r),
				  NULL);
		sql_evidence_read(&r->unit, r->reach->entity_id, r->plan, r->round, roles_of(r),
				  (int64_t)in->number, (int64_t)in->offset);
		return request_send(r, SENT);
	case SENT:
		return read_reply(r);
	default:
		return request_bug(r);
	}
}
