/* inap user import: a CSV file of users and roles, all of it or nothing. */
#include <string.h>

#include "client/app.h"
#include "client/cmd/report.h"
#include "client/cmd/user.h"
#include "client/form/csv.h"
#include "client/form/sheet.h"
#include "client/form/value.h"
#include "client/i18n.h"
#include "client/out/json.h"
#include "client/pending.h"
#include "inap/v1/office.pb-c.h"

enum people_column {
	PEOPLE_USER,
	PEOPLE_NAME,
	PEOPLE_HOME,
	PEOPLE_ROLE,
	PEOPLE_SCOPE,
	PEOPLE_FROM,
	PEOPLE_TO,
	PEOPLE_BASIS,
	PEOPLE_ORDER,
	PEOPLE_ORDER_DATE,
	PEOPLE_COLUMNS
};

/* Names of columns, lower case and NFC; the first of each column is the path by which the server
 * names it. */
static const struct {
	const char *name;
	enum people_column column;
} names[] = {
	{ "user", PEOPLE_USER },
	{ "name", PEOPLE_NAME },
	{ "home", PEOPLE_HOME },
	{ "role", PEOPLE_ROLE },
	{ "scope", PEOPLE_SCOPE },
	{ "from", PEOPLE_FROM },
	{ "to", PEOPLE_TO },
	{ "basis", PEOPLE_BASIS },
	{ "order", PEOPLE_ORDER },
	{ "order_date", PEOPLE_ORDER_DATE },
	{ "order date", PEOPLE_ORDER_DATE },
	{ "المستخدم", PEOPLE_USER },
	{ "اسم المستخدم", PEOPLE_USER },
	{ "الاسم", PEOPLE_NAME },
	{ "الجهة", PEOPLE_HOME },
	{ "الدور", PEOPLE_ROLE },
	{ "النطاق", PEOPLE_SCOPE },
	{ "من", PEOPLE_FROM },
	{ "إلى", PEOPLE_TO },
	{ "السند", PEOPLE_BASIS },
	{ "رقم الأمر", PEOPLE_ORDER },
	{ "تاريخ الأمر", PEOPLE_ORDER_DATE },
	{ "بەکارهێنەر", PEOPLE_USER },
	{ "ناو", PEOPLE_NAME },
	{ "دامەزراوە", PEOPLE_HOME },
	{ "ڕۆڵ", PEOPLE_ROLE },
	{ "بوار", PEOPLE_SCOPE },
	{ "لە", PEOPLE_FROM },
	{ "بۆ", PEOPLE_TO },
	{ "بنەما", PEOPLE_BASIS },
	{ "ژمارەی فەرمان", PEOPLE_ORDER },
	{ "بەرواری فەرمان", PEOPLE_ORDER_DATE },
};

/* The file. */
struct people {
	const char *file;
	char *bytes;
	size_t length;
	int column[PEOPLE_COLUMNS]; /* where each stands; -1: nowhere */
	Inap__V1__UserRow **rows;
	size_t count;
};

static int column_named(struct app *app, const char *heading)
{
	const char *clean = text_clean(app, heading);

	for (size_t i = 0; clean && i < sizeof names / sizeof *names; i++)
		if (strcasecmp(names[i].name, clean) == 0)
			return (int)names[i].column;
	return -1;
}

static bool header_read(struct app *app, const struct csv_table *table, struct people *people)
{
	const struct csv_record *first = table->count ? &table->records[0] : NULL;

	for (int i = 0; i < PEOPLE_COLUMNS; i++)
		people->column[i] = -1;
	for (size_t i = 0; first && i < first->count; i++) {
		int column = column_named(app, first->fields[i]);

		if (column >= 0 && people->column[column] < 0)
			people->column[column] = (int)i;
		else if (column >= 0 || first->fields[i][0])
			return fail_with(app, ERROR_CSV_COLUMN, "file", people->file, "column",
					 first->fields[i], NULL);
	}
	if (people->column[PEOPLE_USER] >= 0)
		return true;
	return fail_with(app, ERROR_FILE_BAD, "file", people->file, "why",
			 sentence(&app->pool, _("its first row names no column {column}"), "column",
				  "user", NULL),
			 NULL);
}

static char *field_text(struct app *app, const struct people *people,
			const struct csv_record *record, enum people_column column)
{
	int at = people->column[column];
	const char *field = at >= 0 && (size_t)at < record->count ? record->fields[at] : "";

	return pool_strdup(&app->pool, text_clean(app, field));
}

static Inap__V1__UserRow *row_read(struct app *app, const struct people *people,
				   const struct csv_record *record)
{
	Inap__V1__UserRow *row = pool_alloc(&app->pool, sizeof *row);

	inap__v1__user_row__init(row);
	row->user = field_text(app, people, record, PEOPLE_USER);
	row->name = field_text(app, people, record, PEOPLE_NAME);
	row->home = field_text(app, people, record, PEOPLE_HOME);
	row->role = field_text(app, people, record, PEOPLE_ROLE);
	row->scope = field_text(app, people, record, PEOPLE_SCOPE);
	row->from = field_text(app, people, record, PEOPLE_FROM);
	row->to = field_text(app, people, record, PEOPLE_TO);
	row->basis = field_text(app, people, record, PEOPLE_BASIS);
	row->order_number = field_text(app, people, record, PEOPLE_ORDER);
	row->order_date = field_text(app, people, record, PEOPLE_ORDER_DATE);
	row->row = record->row;
	return row;
}

static bool is_empty(const struct csv_record *record)
{
	for (size_t i = 0; i < record->count; i++)
		if (record->fields[i][strspn(record->fields[i], " \t")] != '\0')
			return false;
	return true;
}

static bool people_read(struct app *app, struct people *people)
{
	struct csv_table table;
	size_t length;
	const char *text;

	people->bytes = sheet_bytes(app, people->file, &people->length);
	text = people->bytes ? csv_text(app, people->file, people->bytes, people->length, &length)
			     : NULL;
	if (!text || !csv_read(app, people->file, text, length, &table) ||
	    !header_read(app, &table, people))
		return false;
	people->rows = pool_alloc(&app->pool, table.count * sizeof(Inap__V1__UserRow *));
	for (size_t i = 1; i < table.count; i++)
		if (!is_empty(&table.records[i]))
			people->rows[people->count++] = row_read(app, people, &table.records[i]);
	if (people->count > 0)
		return true;
	return fail_with(app, ERROR_FILE_BAD, "file", people->file, "why", _("it has no rows"),
			 NULL);
}

/* The server names fields; the person's file has columns. */
static bool refused(struct app *app, const struct people *people)
{
	for (size_t i = 0; i < app->failure.fields_count; i++) {
		struct failure_field *field = &app->failure.fields[i];

		for (size_t k = 0; k < PEOPLE_COLUMNS; k++)
			if (strcmp(names[k].name, field->path) == 0 && people->column[k] >= 0)
				field->column = csv_column(app, (size_t)people->column[k]);
	}
	fail_sort(app);
	return false;
}

/* What became of the rows. */
struct done {
	uint64_t made, given, same;
	struct user_code *codes; /* of those who were made */
	size_t count;
};

static struct done done_read(struct app *app, const Inap__V1__UserImportReply *reply)
{
	struct done done = { .codes = pool_alloc(&app->pool,
						 (reply->n_rows + 1) * sizeof *done.codes) };

	for (size_t i = 0; i < reply->n_rows; i++) {
		const Inap__V1__UserImported *row = reply->rows[i];

		if (row->made) {
			done.made++;
			done.codes[done.count++] =
				(struct user_code){ row->user, row->code, row->expires_at };
		}
		if (row->given)
			done.given++;
		if (!row->made && !row->given)
			done.same++;
	}
	return done;
}

static bool import_say(struct app *app, const Inap__V1__UserImportReply *reply)
{
	struct done done = done_read(app, reply);
	const char *text = reply->dry_run
				   ? _("nothing was done; it would be: {created} users made, "
				       "{granted} roles given, {unchanged} rows as before")
				   : _("{created} users made, {granted} roles given, "
				       "{unchanged} rows as before");
	json_t *answer = json_object();

	json_put_number(answer, "created", done.made);
	json_put_number(answer, "granted", done.given);
	json_put_number(answer, "unchanged", done.same);
	json_put_bool(answer, "dry_run", reply->dry_run);
	json_object_set_new(answer, "users",
			    codes_json(done.codes, reply->dry_run ? 0 : done.count));
	json_object_set_new(answer, "receipt", receipt_json(&reply->receipt));
	out_json(app, answer);
	out_say(app, sentence(&app->pool, text, "created", number_text(&app->pool, done.made),
			      "granted", number_text(&app->pool, done.given), "unchanged",
			      number_text(&app->pool, done.same), NULL));
	return reply->dry_run || done.count == 0 || codes_say(app, done.codes, done.count);
}

bool cmd_user_import(struct app *app)
{
	Inap__V1__UserImport request = INAP__V1__USER_IMPORT__INIT;
	struct people people = { .file = app->words[0] };
	ProtobufCMessage *message = NULL;
	struct write write = { .method = METHOD_USER_IMPORT,
			       .request = &request.base,
			       .report = "",
			       .dry_run = app->options.given[OPT_DRY_RUN] };

	if (!people_read(app, &people))
		return false;
	request.rows = people.rows;
	request.n_rows = people.count;
	request.dry_run = write.dry_run;
	write.intent = intent_of(app, people.bytes, people.length);
	if (!pending_settle(app, "", write.method, write.intent, &message))
		return false;
	if (!message && !write_call(app, &write, &message))
		return refused(app, &people);
	return import_say(app, (const Inap__V1__UserImportReply *)message);
}
