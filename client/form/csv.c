/* CSV files as people have them, read by libcsv. */
#include "client/form/csv.h"

#include <csv.h>
#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "client/app.h"
#include "client/i18n.h"
#include "proto/utf8.h"

static bool is_utf8(const char *bytes, size_t length)
{
	uint32_t point;

	while (length > 0) {
		size_t used = utf8_get(bytes, length, &point);

		if (used == 0)
			return false;
		bytes += used;
		length -= used;
	}
	return true;
}

/* cp1256: what Arabic Windows writes where nobody chose UTF-8. */
static char *from_cp1256(struct app *app, const char *bytes, size_t length, size_t *text_length)
{
	iconv_t converter = iconv_open("UTF-8", "CP1256");
	size_t room = 3 * length + 4;
	char *text = pool_alloc(&app->pool, room);
	char *to = text;
	char *from = pool_strndup(&app->pool, bytes, length);
	size_t done;

	if (converter == (iconv_t)-1)
		return NULL;
	done = iconv(converter, &from, &length, &to, &room);
	iconv_close(converter);
	*text_length = (size_t)(to - text);
	return done == (size_t)-1 ? NULL : text;
}

static char *refuse(struct app *app, const char *file, const char *why)
{
	fail_with(app, ERROR_FILE_BAD, "file", file, "why", why, NULL);
	return NULL;
}

/* The container of old office files, and of new ones with a password. */
static const char *compound_reason(const char *bytes, size_t length)
{
	static const char encrypted[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";

	if (memmem(bytes, length, encrypted, sizeof encrypted))
		return _("it has a password (part EncryptedPackage): save it without one");
	return _("it is an old office file: save it as .xlsx");
}

char *csv_text(struct app *app, const char *file, const char *bytes, size_t length,
	       size_t *text_length)
{
	char *text;

	if (length >= 8 && memcmp(bytes, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8) == 0)
		return refuse(app, file, compound_reason(bytes, length));
	if (length >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0))
		return refuse(app, file, _("it is not CSV in UTF-8; save it as CSV UTF-8"));
	if (memchr(bytes, '\0', length))
		return refuse(app, file, _("it is not a text file"));
	if (length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
		bytes += 3;
		length -= 3;
	}
	if (is_utf8(bytes, length)) {
		*text_length = length;
		return pool_strndup(&app->pool, bytes, length);
	}
	text = from_cp1256(app, bytes, length, text_length);
	return text ? text : refuse(app, file, _("it is neither UTF-8 nor cp1256"));
}

char csv_separator(const char *text, size_t length)
{
	static const char candidates[] = ",;\t";
	size_t counts[3] = { 0 };
	bool quoted = false;
	int best = 0;

	for (size_t i = 0; i < length; i++) {
		const char *found;

		if (text[i] == '"')
			quoted = !quoted;
		else if (!quoted && (text[i] == '\n' || text[i] == '\r') && i > 0)
			break;
		else if (!quoted && text[i] && (found = strchr(candidates, text[i])))
			counts[found - candidates]++;
	}
	for (int i = 1; i < 3; i++)
		if (counts[i] > counts[best])
			best = i;
	return candidates[best];
}

/* One reading. */
struct reading {
	struct app *app;
	struct csv_table *table;
	const char *fields[CSV_FIELDS_MAX];
	size_t count;
	uint32_t row; /* where the record now read starts */
	bool started; /* a byte of it was seen */
	bool too_many;
};

static void field_cb(void *bytes, size_t length, void *data)
{
	struct reading *reading = data;

	if (reading->count == CSV_FIELDS_MAX) {
		reading->too_many = true;
		return;
	}
	reading->fields[reading->count++] = pool_strndup(&reading->app->pool, bytes, length);
}

static void record_cb(int terminator, void *data)
{
	struct reading *reading = data;
	struct csv_table *table = reading->table;
	struct csv_record *record;

	(void)terminator;
	if (table->count == CSV_RECORDS_MAX) {
		reading->too_many = true;
		return;
	}
	if (table->count == table->room) {
		size_t room = table->room ? table->room * 2 : 64;
		struct csv_record *records =
			pool_alloc(&reading->app->pool, room * sizeof *records);

		if (table->count > 0)
			memcpy(records, table->records, table->count * sizeof *records);
		table->records = records;
		table->room = room;
	}
	record = &table->records[table->count++];
	*record = (struct csv_record){ .row = reading->row, .count = reading->count };
	record->fields = pool_alloc(&reading->app->pool, (reading->count + 1) * sizeof(char *));
	memcpy(record->fields, reading->fields, reading->count * sizeof(char *));
	reading->count = 0;
	reading->started = false;
}

/* Byte by byte, because libcsv does not say on which line a record starts. */
static bool feed(struct reading *reading, struct csv_parser *parser, const char *text,
		 size_t length, uint32_t *line)
{
	*line = 1;
	for (size_t i = 0; i < length && !reading->too_many; i++) {
		if (!reading->started && text[i] != '\n' && text[i] != '\r') {
			reading->started = true;
			reading->row = *line;
		}
		if (csv_parse(parser, text + i, 1, field_cb, record_cb, reading) != 1)
			return false;
		if (text[i] == '\n' || (text[i] == '\r' && text[i + 1] != '\n'))
			++*line;
	}
	/* A lone quote inside a field is text (37°36'37.8"N), but one left open swallows the rest.
	 */
	csv_set_opts(parser, CSV_STRICT | CSV_STRICT_FINI);
	return csv_fini(parser, field_cb, record_cb, reading) == 0;
}

bool csv_read(struct app *app, const char *file, const char *text, size_t length,
	      struct csv_table *table)
{
	struct reading reading = { .app = app, .table = table };
	struct csv_parser parser;
	uint32_t line = 0;
	bool ok;

	*table = (struct csv_table){ .count = 0 };
	if (csv_init(&parser, 0) != 0) {
		refuse(app, file, strerror(ENOMEM));
		return false;
	}
	csv_set_delim(&parser, (unsigned char)csv_separator(text, length));
	ok = feed(&reading, &parser, text, length, &line);
	csv_free(&parser);
	if (ok && !reading.too_many)
		return true;
	if (reading.too_many)
		refuse(app, file, _("it is too large"));
	else
		refuse(app, file,
		       sentence(&app->pool, _("row {row}: its quotes do not match"), "row",
				number_text(&app->pool, reading.row), NULL));
	return false;
}

const char *csv_column(struct app *app, size_t index)
{
	const char *name = "";

	for (index++; index > 0; index = (index - 1) / 26)
		name = pool_printf(&app->pool, "%c%s", (char)('A' + (index - 1) % 26), name);
	return name;
}
