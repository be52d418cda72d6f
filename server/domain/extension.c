/* Extensions: who may still write what in a closed round, until when, why, given by whom. */
#include "server/domain/extension.h"

#include <string.h>

#include "server/rpc/refusal.h"
#include "server/rpc/value.h"
#include "server/rpc/words.h"
#include "server/store/array.h"
#include "inap/v1/extension.pb-c.h"
#include "sql/extension.h"
#include "sql/move.h"

enum { START, SENT };
enum { ENTRY_LOCK, ENTRY_WRITE, ENTRY_TOLD };

static struct bytes write_key(const struct request *r)
{
	return (struct bytes){ r->key, sizeof r->key };
}

static struct bytes write_hash(const struct request *r)
{
	return (struct bytes){ r->body_hash, sizeof r->body_hash };
}

/* Codes of cells have commas; blanks part them. */
static bool cells_split(struct request *r, const char *text, Inap__V1__Extension *extension)
{
	char *rest = arena_strdup(&r->arena, text ? text : "");
	size_t n = 1;

	for (const char *at = rest; at && *at; at++) {
		n += *at == ' ';
	}
	extension->cells = request_array(r, n, sizeof *extension->cells);
	if (!rest || !extension->cells) {
		return false;
	}
	while (rest && *rest) {
		extension->cells[extension->n_cells++] = strsep(&rest, " ");
	}
	return true;
}

static bool extension_fill(struct request *r, Inap__V1__Extension *extension,
			   const struct sql_extension_list_row *row)
{
	inap__v1__extension__init(extension);
	extension->extension = (uint64_t)row->extension;
	extension->report = words_ref(r, row->plan, row->entity, row->round);
	extension->until = words(row->until);
	extension->note = words(row->note);
	extension->by = words(row->by);
	extension->at = words(row->at);
	extension->state = words(row->stands);
	extension->revoked_by = words(row->revoked_by);
	extension->revoked_at = words(row->revoked_at);
	extension->revoked_note = words(row->revoked_note);
	return extension->report && cells_split(r, row->cells, extension);
}

static Inap__V1__ExtensionListReply *reply_new(struct request *r, size_t n,
					       Inap__V1__Extension **extensions)
{
	Inap__V1__ExtensionListReply *reply = request_alloc(r, sizeof *reply);

	*extensions = request_array(r, n + 1, sizeof **extensions);
	if (!reply || !*extensions) {
		return NULL;
	}
	inap__v1__extension_list_reply__init(reply);
	reply->extensions = request_array(r, n + 1, sizeof *reply->extensions);
	if (!reply->extensions) {
		return NULL;
	}
	for (size_t i = 0; i < n; i++) {
		reply->extensions[i] = &(*extensions)[i];
	}
	reply->n_extensions = n;
	return reply;
}

static enum step list_reply(struct request *r)
{
	size_t n = unit_rows(&r->unit, 0);
	Inap__V1__Extension *extensions;
	Inap__V1__ExtensionListReply *reply = reply_new(r, n, &extensions);

	if (!reply) {
		return request_full(r);
	}
	for (size_t i = 0; i < n; i++) {
		struct sql_extension_list_row row;

		sql_extension_list_row(&r->unit, 0, i, &row);
		if (!extension_fill(r, &extensions[i], &row)) {
			return request_full(r);
		}
	}
	return request_reply(r, &reply->base);
}

/** extension.list: those that the caller may know of, newest first. */
enum step extension_list(struct request *r)
{
	const Inap__V1__ExtensionList *in = request_body(r);

	switch (r->at) {
	case START:
		sql_extension_list(&r->unit, in->plan, in->round, in->entity, r->user_id);
		return request_send(r, SENT);
	case SENT:
		return list_reply(r);
	default:
		return request_bug(r);
	}
}

/* ---- writes */

/* A write answers with the extension as it was logged under its key, and its receipt. */
static enum step written(struct request *r, const char *fault)
{
	struct sql_extension_told_row told;
	Inap__V1__ExtensionListReply *reply;
	Inap__V1__Extension *extension;

	if (fault) {
		return refusal_of(r, fault);
	}
	if (unit_rows(&r->unit, ENTRY_TOLD) == 0) {
		return request_bug(r);
	}
	sql_extension_told_row(&r->unit, ENTRY_TOLD, 0, &told);
	const struct sql_extension_list_row row = { .extension = told.extension,
						    .plan = told.plan,
						    .entity = told.entity,
						    .round = told.round,
						    .cells = told.cells,
						    .until = told.until,
						    .note = told.note,
						    .by = told.by,
						    .at = told.at,
						    .stands = told.stands,
						    .revoked_by = told.revoked_by,
						    .revoked_at = told.revoked_at,
						    .revoked_note = told.revoked_note };
	reply = reply_new(r, 1, &extension);
	if (!reply || !extension_fill(r, extension, &row)) {
		return request_full(r);
	}
	reply->receipt.data = (uint8_t *)(uintptr_t)told.receipt.data;
	reply->receipt.len = told.receipt.length;
	return request_reply(r, &reply->base);
}

static enum step add_send(struct request *r)
{
	const Inap__V1__ExtensionAdd *in = request_body(r);
	int64_t entity = r->reach->entity_id;
	struct array entities, cells;

	if (!*in->until) {
		return request_fail(r, ERROR_BAD_ARGUMENT, "field", "until", "why", "is missing",
				    NULL);
	}
	if (!date_valid(in->until) && !moment_valid(in->until)) {
		return request_fail(r, ERROR_DATE_BAD, "text", in->until, NULL);
	}
	if (!*in->note) {
		return request_fail(r, ERROR_BAD_ARGUMENT, "field", "note", "why",
				    "a reason is needed", NULL);
	}
	array_begin(&entities, &r->arena);
	array_add_bigint(&entities, entity);
	array_begin(&cells, &r->arena);
	for (size_t i = 0; i < in->n_cells; i++) {
		array_add_text(&cells, in->cells[i]);
	}
	sql_head_lock(&r->unit, array_end(&entities));
	sql_extension_add(&r->unit, entity, in->plan, in->round, array_end(&cells), in->until,
			  in->note, r->user_id, write_key(r), write_hash(r));
	sql_extension_told(&r->unit, &entity, NULL, write_key(r));
	return request_send(r, SENT);
}

static enum step add_reply(struct request *r)
{
	struct sql_extension_add_row row;

	if (unit_rows(&r->unit, ENTRY_WRITE) == 0) {
		return request_bug(r);
	}
	sql_extension_add_row(&r->unit, ENTRY_WRITE, 0, &row);
	return written(r, row.fault);
}

/** extension.add: some cells, or all of a report, may be written until a date. */
enum step extension_add(struct request *r)
{
	switch (r->at) {
	case START:
		return add_send(r);
	case SENT:
		return add_reply(r);
	default:
		return request_bug(r);
	}
}

static enum step revoke_send(struct request *r)
{
	const Inap__V1__ExtensionRevoke *in = request_body(r);
	int64_t extension = (int64_t)in->extension;

	if (!*in->note) {
		return request_fail(r, ERROR_BAD_ARGUMENT, "field", "note", "why",
				    "a reason is needed", NULL);
	}
	sql_extension_lock(&r->unit, extension);
	sql_extension_revoke(&r->unit, extension, in->note, r->user_id, write_key(r),
			     write_hash(r));
	sql_extension_told(&r->unit, NULL, &extension, write_key(r));
	return request_send(r, SENT);
}

static enum step revoke_reply(struct request *r)
{
	struct sql_extension_revoke_row row;

	if (unit_rows(&r->unit, ENTRY_WRITE) == 0) {
		return request_bug(r);
	}
	sql_extension_revoke_row(&r->unit, ENTRY_WRITE, 0, &row);
	return written(r, row.fault);
}

/** extension.revoke: from now on it unlocks nothing; what was saved under it stays. */
enum step extension_revoke(struct request *r)
{
	switch (r->at) {
	case START:
		return revoke_send(r);
	case SENT:
		return revoke_reply(r);
	default:
		return request_bug(r);
	}
}
