/* user.import: a file of users and roles, all of it or nothing. */
#include "server/domain/user.h"

#include <string.h>

#include "proto/enums.h"
#include "server/rpc/password.h"
#include "server/rpc/people.h"
#include "server/rpc/refusal.h"
#include "server/rpc/words.h"
#include "server/store/array.h"
#include "inap/v1/office.pb-c.h"
#include "sql/user.h"

enum { IMPORT_START, IMPORT_SENT };
enum { ENTRY_LOCK, ENTRY_IMPORT };

/* What lives from one step to the next. */
struct import {
	char (*codes)[ENROL_CODE_BYTES]; /* one a row; only new users' are shown */
	Inap__V1__FieldError **bad;      /* by row: refused before the store was asked; NULL */
	size_t bad_count;
};

/* The rows as columns. */
struct columns {
	struct array user, name, home, role, entity, jurisdiction, from, to, basis, order,
		order_date, code, bad;
};

/* ---- one thing at fault */

/* The column that a check's field belongs to. */
static const char *column_of(const char *field)
{
	static const char *const columns[][2] = {
		{ "grant.role", "role" },
		{ "grant.entity", "scope" },
		{ "grant.jurisdiction", "scope" },
		{ "grant.basis", "basis" },
		{ "grant.order_number", "order" },
		{ "order_number", "order" },
		{ "grant.to", "to" },
	};

	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
		if (strcmp(field, columns[i][0]) == 0) {
			return columns[i][1];
		}
	}
	return field;
}

/* r->error becomes a fault of one row and is forgotten. path NULL: as the error names it. */
static Inap__V1__FieldError *row_fault(struct request *r, size_t at, const char *path)
{
	const Inap__V1__UserImport *in = request_body(r);
	Inap__V1__FieldError *field = request_alloc(r, sizeof *field);
	const char *named = error_argument(&r->error, "field");

	if (!field) {
		return NULL;
	}
	inap__v1__field_error__init(field);
	field->path = words(arena_strdup(&r->arena, path ? path : column_of(named ? named : "")));
	field->code = words(error_row(r->error.code)->name);
	field->row = in->rows[at]->row;
	field->arguments = request_array(r, r->error.count + 1, sizeof *field->arguments);
	for (unsigned i = 0; field->arguments && i < r->error.count; i++) {
		const struct error_argument *argument = &r->error.arguments[i];
		const char *value = strcmp(argument->name, "field") == 0
					    ? field->path
					    : arena_strdup(&r->arena, argument->value);

		field->arguments[field->n_arguments] =
			words_argument(r, argument->name, words(value));
		field->n_arguments += field->arguments[field->n_arguments] != NULL;
	}
	r->error = (struct error){ .code = ERROR_NONE };
	return field;
}

/* ---- a row, judged without the store */

static bool role_read(struct request *r, const Inap__V1__UserRow *row, Inap__V1__Grant *grant)
{
	int role = proto_enum_value(&inap__v1__role__descriptor, row->role);
	int side = proto_enum_value(&inap__v1__jurisdiction__descriptor, row->scope);
	int basis = *row->basis ? proto_enum_value(&inap__v1__basis__descriptor, row->basis)
				: INAP__V1__BASIS__BASIS_OWN;

	if (role == 0) {
		return people_unknown(r, "role", row->role);
	}
	if (basis == 0) {
		return people_wrong(r, "grant.basis", "own or acting");
	}
	grant->role = (Inap__V1__Role)role;
	grant->basis = (Inap__V1__Basis)basis;
	grant->jurisdiction = (Inap__V1__Jurisdiction)side;
	if (side == 0 && strcmp(row->scope, "national") != 0) {
		grant->entity = row->scope;
	}
	grant->from = row->from;
	grant->to = row->to;
	grant->order_number = row->order_number;
	grant->order_date = row->order_date;
	return true;
}

/* The fault's path where the error itself does not tell it; NULL: the row may go to the store. */
static const char *row_path(struct request *r, const Inap__V1__UserRow *row, Inap__V1__Grant *grant)
{
	Inap__V1__RoleChange change = INAP__V1__ROLE_CHANGE__INIT;

	change.user = row->user;
	change.grant = grant;
	if (!people_user_check(r, row->user)) {
		return "user";
	}
	if (*row->home && !people_is_entity(row->home)) {
		people_unknown(r, "entity", row->home);
		return "home";
	}
	if (!people_line_check(r, "name", row->name, DISPLAY_POINTS_MAX)) {
		return "name";
	}
	if (!people_date_check(r, row->from)) {
		return "from";
	}
	if (!people_date_check(r, row->to)) {
		return "to";
	}
	if (!people_date_check(r, row->order_date)) {
		return "order_date";
	}
	if (!*row->role) {
		return NULL;
	}
	if (!role_read(r, row, grant)) {
		return r->error.code == ERROR_NOT_FOUND ? "role" : "";
	}
	if (!people_role_check(r, &change)) {
		return r->error.code == ERROR_NOT_FOUND ? "scope" : "";
	}
	return NULL;
}

static const char *given(const char *text)
{
	return *text ? text : NULL;
}

static bool row_add(struct request *r, struct import *import, struct columns *c, size_t at)
{
	const Inap__V1__UserImport *in = request_body(r);
	const Inap__V1__UserRow *row = in->rows[at];
	Inap__V1__Grant grant = INAP__V1__GRANT__INIT;
	const char *path = row_path(r, row, &grant);
	uint8_t hash[PASSWORD_SHA256_BYTES];
	bool bad = path != NULL;

	if (bad) {
		import->bad[at] = row_fault(r, at, *path ? path : NULL);
		import->bad_count++;
		if (!import->bad[at]) {
			return false;
		}
	}
	enrol_code_new(import->codes[at], hash);
	array_add_text(&c->user, row->user);
	array_add_text(&c->name, row->name);
	array_add_text(&c->home, row->home);
	array_add_text(&c->role, row->role);
	array_add_text(&c->entity, grant.entity);
	array_add_text(&c->jurisdiction, people_jurisdiction_word((int)grant.jurisdiction));
	array_add_text(&c->from, bad ? NULL : given(row->from));
	array_add_text(&c->to, bad ? NULL : given(row->to));
	array_add_text(&c->basis, grant.basis == INAP__V1__BASIS__BASIS_ACTING ? "acting" : "own");
	array_add_text(&c->order, row->order_number);
	array_add_text(&c->order_date, bad ? NULL : given(row->order_date));
	array_add_bytea(&c->code, (struct bytes){ hash, sizeof hash });
	array_add_text(&c->bad, bad ? "t" : "f");
	return true;
}

static void columns_begin(struct request *r, struct columns *c)
{
	struct array *all[] = { &c->user,  &c->name,       &c->home, &c->role, &c->entity,
				&c->from,  &c->to,         &c->code, &c->bad,  &c->jurisdiction,
				&c->basis, &c->order_date, &c->order };

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		array_begin(all[i], &r->arena);
	}
}

static enum step import_send(struct request *r)
{
	const Inap__V1__UserImport *in = request_body(r);
	struct import *import = request_alloc(r, sizeof *import);
	struct columns c;

	if (in->n_rows == 0) {
		people_wrong(r, "rows", "is missing");
		return request_refuse(r);
	}
	r->state = import;
	if (!import) {
		return request_full(r);
	}
	import->codes = request_array(r, in->n_rows, sizeof *import->codes);
	import->bad = request_array(r, in->n_rows, sizeof(Inap__V1__FieldError *));
	if (!import->codes || !import->bad) {
		return request_full(r);
	}
	columns_begin(r, &c);
	for (size_t i = 0; i < in->n_rows; i++) {
		if (!row_add(r, import, &c, i)) {
			return request_full(r);
		}
	}
	r->unit.context_write = "{0}"; /* all of it goes to the system's own chain */
	r->unit.dry = in->dry_run;
	sql_user_lock(&r->unit);
	sql_user_import(&r->unit, r->user_id, array_end(&c.user), array_end(&c.name),
			array_end(&c.home), array_end(&c.role), array_end(&c.entity),
			array_end(&c.jurisdiction), array_end(&c.from), array_end(&c.to),
			array_end(&c.basis), array_end(&c.order), array_end(&c.order_date),
			array_end(&c.code), array_end(&c.bad),
			(struct bytes){ r->key, sizeof r->key },
			(struct bytes){ r->body_hash, sizeof r->body_hash });
	return request_send(r, IMPORT_SENT);
}

/* ---- the answer */

/* Rows that the daemon refused and rows that the store refused, in the file's order. */
static enum step import_refused(struct request *r)
{
	const Inap__V1__UserImport *in = request_body(r);
	const struct import *import = r->state;
	size_t told = unit_rows(&r->unit, ENTRY_IMPORT);
	Inap__V1__Error *refusal = request_refusal(r);
	Inap__V1__FieldError **fields =
		request_array(r, import->bad_count + told + 1, sizeof *fields);
	size_t count = 0, next = 0;

	if (!refusal || !fields) {
		return request_full(r);
	}
	for (size_t i = 0; i < in->n_rows; i++) {
		struct sql_user_import_row row;

		if (import->bad[i]) {
			fields[count++] = import->bad[i];
		}
		if (next == told) {
			continue;
		}
		sql_user_import_row(&r->unit, ENTRY_IMPORT, next, &row);
		if ((size_t)row.ord != i + 1) {
			continue;
		}
		next++;
		refusal_of(r, row.fault);
		fields[count] = row_fault(r, i, row.field);
		if (!fields[count++]) {
			return request_full(r);
		}
	}
	refusal->fields = fields;
	refusal->n_fields = count;
	error_set(&r->error, ERROR_INVALID_ROWS, NULL);
	error_argf(&r->error, "count", "%zu", count);
	return STEP_DONE;
}

static enum step import_done(struct request *r)
{
	const Inap__V1__UserImport *in = request_body(r);
	const struct import *import = r->state;
	Inap__V1__UserImportReply *reply = request_alloc(r, sizeof *reply);
	Inap__V1__UserImported *rows = request_array(r, in->n_rows, sizeof *rows);
	struct sql_user_import_row row = { 0 };

	if (!reply || !rows) {
		return request_full(r);
	}
	inap__v1__user_import_reply__init(reply);
	reply->rows = request_array(r, in->n_rows, sizeof *reply->rows);
	for (size_t i = 0; reply->rows && i < in->n_rows; i++) {
		sql_user_import_row(&r->unit, ENTRY_IMPORT, i, &row);
		inap__v1__user_imported__init(&rows[i]);
		rows[i].user = in->rows[i]->user;
		rows[i].made = row.made;
		rows[i].given = row.given;
		if (row.in_force && !in->dry_run) {
			rows[i].code = import->codes[i];
			rows[i].expires_at = words(row.expires_at);
		}
		reply->rows[reply->n_rows++] = &rows[i];
	}
	reply->dry_run = in->dry_run;
	if (!in->dry_run) { /* what was rolled back has no entry to vouch for */
		reply->receipt.data = (uint8_t *)(uintptr_t)row.receipt.data;
		reply->receipt.len = row.receipt.length;
	}
	return request_reply(r, &reply->base);
}

static enum step import_reply(struct request *r)
{
	const Inap__V1__UserImport *in = request_body(r);
	const struct import *import = r->state;
	struct sql_user_import_row first = { 0 };

	if (unit_rows(&r->unit, ENTRY_IMPORT) > 0) {
		sql_user_import_row(&r->unit, ENTRY_IMPORT, 0, &first);
	}
	if (first.fault && first.ord == 0) {
		return refusal_of(r, first.fault);
	}
	if (first.fault || import->bad_count > 0) {
		return import_refused(r);
	}
	return unit_rows(&r->unit, ENTRY_IMPORT) == in->n_rows ? import_done(r) : request_bug(r);
}

enum step user_import(struct request *r)
{
	switch (r->at) {
	case IMPORT_START:
		return import_send(r);
	case IMPORT_SENT:
		return import_reply(r);
	}
	return request_bug(r);
}
