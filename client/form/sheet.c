/* A file of values as lines of a form: CSV here, workbooks in sheet_book.c. */
#include "client/form/sheet.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/app.h"
#include "client/form/csv.h"
#include "client/form/header.h"
#include "client/form/package.h"
#include "client/i18n.h"

static char *refuse(struct app *app, const char *file, const char *why)
{
	fail_with(app, ERROR_FILE_BAD, "file", file, "why", why, NULL);
	return NULL;
}

char *file_bytes(struct app *app, const char *file, size_t most, size_t *length)
{
	bool standard = strcmp(file, "-") == 0;
	int fd = standard ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
	char *bytes;
	ssize_t got = 0;

	*length = 0;
	if (fd < 0)
		return refuse(app, file, _(strerror(errno)));
	bytes = pool_alloc(&app->pool, most + 2);
	while (*length <= most && (got = read(fd, bytes + *length, most + 1 - *length)) > 0)
		*length += (size_t)got;
	if (got < 0)
		bytes = refuse(app, file, _(strerror(errno)));
	else if (*length > most)
		bytes = refuse(app, file, _("it is too large"));
	if (!standard)
		close(fd);
	return bytes;
}

char *sheet_bytes(struct app *app, const char *file, size_t *length)
{
	return file_bytes(app, file, CSV_BYTES_MAX, length);
}

char *sheet_made(struct app *app, bool (*make)(const void *of, const char *path), const void *of,
		 size_t *length)
{
	const char *folder = getenv("TMPDIR");
	char *path = pool_printf(&app->pool, "%s/inap-book-XXXXXX",
				 folder && folder[0] ? folder : "/tmp");
	int fd = mkstemp(path);
	char *bytes = NULL;

	if (fd < 0)
		return refuse(app, path, _(strerror(errno)));
	close(fd);
	if (make(of, path))
		bytes = sheet_bytes(app, path, length);
	else if (!app->failure.set) /* the library keeps no errno */
		refuse(app, path, _("the workbook could not be written"));
	unlink(path);
	return bytes;
}

/* ---- what a form says of itself */

static const char *const meta_names[META_KEYS] = { "_meta.format",   "_meta.report",   "_meta.plan",
						   "_meta.revision", "_meta.language", "_meta.at" };

const char *meta_name(enum meta_key key)
{
	return meta_names[key];
}

const char **meta_slot(struct sheet_meta *meta, enum meta_key key)
{
	const char **const slots[META_KEYS] = { &meta->format,   &meta->report,   &meta->plan,
						&meta->revision, &meta->language, &meta->at };

	return slots[key];
}

void meta_take(struct sheet_meta *meta, const char *name, const char *value)
{
	for (int key = 0; key < META_KEYS; key++) {
		if (!meta->present)
			*meta_slot(meta, (enum meta_key)key) = "";
	}
	meta->present = true;
	for (int key = 0; key < META_KEYS; key++)
		if (strcasecmp(name, meta_names[key]) == 0)
			*meta_slot(meta, (enum meta_key)key) = value;
}

/* ---- CSV */

/* A spreadsheet's guard before what looks like a formula is not part of the text; nor is that of
 * csv_field() before a text that has such a mark of its own. */
static const char *field_of(const struct csv_record *record, int column)
{
	const char *field;
	size_t marks;

	if (column < 0 || (size_t)column >= record->count)
		return "";
	field = record->fields[column];
	marks = strspn(field, "'");
	return marks > 0 && field[marks] && strchr("=+-@", field[marks]) ? field + 1 : field;
}

static bool is_empty(const struct csv_record *record, const struct header *header)
{
	for (int role = 0; role < ROLE_READ; role++) {
		const char *field = field_of(record, header->column[role]);

		if (field[strspn(field, " \t")] != '\0')
			return false;
	}
	return true;
}

static bool header_read(struct app *app, const char *file, const struct csv_table *table,
			struct header *header)
{
	header_take(app, table->count ? table->records[0].fields : NULL,
		    table->count ? table->records[0].count : 0, header);
	if (!header_whole(header))
		return fail_with(app, ERROR_CSV_NO_HEADER, "file", file, "missing",
				 header_missing(app, header), NULL);
	if (header->unknown)
		return fail_with(app, ERROR_CSV_COLUMN, "file", file, "column", header->unknown,
				 NULL);
	return true;
}

static void lines_take(struct app *app, const struct csv_table *table, const struct header *header,
		       struct sheet *sheet)
{
	sheet->lines = pool_alloc(&app->pool, table->count * sizeof *sheet->lines);
	for (size_t i = 1; i < table->count; i++) {
		const struct csv_record *record = &table->records[i];
		const char *cell = field_of(record, header->column[ROLE_CELL]);

		if (strncasecmp(cell, "_meta.", 6) == 0) {
			meta_take(&sheet->meta, cell, field_of(record, header->column[ROLE_VALUE]));
			continue;
		}
		if (is_empty(record, header))
			continue;
		sheet->lines[sheet->count++] = (struct form_line){
			.cell = cell,
			.value = field_of(record, header->column[ROLE_VALUE]),
			.note = field_of(record, header->column[ROLE_NOTE]),
			.expected_on = field_of(record, header->column[ROLE_EXPECTED_ON]),
			.row = record->row,
			.column = csv_column(app, (size_t)header->column[ROLE_VALUE]),
		};
	}
}

bool sheet_read(struct app *app, const char *file, const char *bytes, size_t length,
		struct sheet *sheet)
{
	struct csv_table table;
	struct header header;
	size_t text_length;
	const char *text;

	*sheet = (struct sheet){ .count = 0 };
	if (package_is(bytes, length))
		return sheet_of_book(app, file, bytes, length, sheet);
	text = csv_text(app, file, bytes, length, &text_length);
	if (!text || !csv_read(app, file, text, text_length, &table) ||
	    !header_read(app, file, &table, &header))
		return false;
	lines_take(app, &table, &header, sheet);
	return true;
}
