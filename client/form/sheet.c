/* A CSV file as lines of a form. */
#include "client/form/sheet.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "client/app.h"
#include "client/form/csv.h"
#include "client/form/value.h"
#include "client/i18n.h"

/* What a column is for. */
enum role { ROLE_CELL, ROLE_VALUE, ROLE_NOTE, ROLE_EXPECTED_ON, ROLE_COUNT };

/* Names of columns, lower case and NFC; the first of each role is its English one. */
static const struct {
	const char *name;
	enum role role;
} names[] = {
	{ "cell", ROLE_CELL },
	{ "value", ROLE_VALUE },
	{ "note", ROLE_NOTE },
	{ "expected_on", ROLE_EXPECTED_ON },
	{ "expected on", ROLE_EXPECTED_ON },
	{ "الخلية", ROLE_CELL },
	{ "خلية", ROLE_CELL },
	{ "الخانة", ROLE_CELL },
	{ "خانة", ROLE_CELL },
	{ "القيمة", ROLE_VALUE },
	{ "قيمة", ROLE_VALUE },
	{ "ملاحظة", ROLE_NOTE },
	{ "الملاحظة", ROLE_NOTE },
	{ "متوقع في", ROLE_EXPECTED_ON },
	{ "التاريخ المتوقع", ROLE_EXPECTED_ON },
	{ "تاريخ التوفر المتوقع", ROLE_EXPECTED_ON },
	{ "خانە", ROLE_CELL },
	{ "بەها", ROLE_VALUE },
	{ "نرخ", ROLE_VALUE },
	{ "تێبینی", ROLE_NOTE },
	{ "چاوەڕوانکراو لە", ROLE_EXPECTED_ON },
	{ "بەرواری چاوەڕوانکراو", ROLE_EXPECTED_ON },
};

/* Where each role stands in a record; -1: nowhere. */
struct header {
	int column[ROLE_COUNT];
};

static char *refuse(struct app *app, const char *file, const char *why)
{
	fail_with(app, ERROR_FILE_BAD, "file", file, "why", why, NULL);
	return NULL;
}

char *sheet_bytes(struct app *app, const char *file, size_t *length)
{
	bool standard = strcmp(file, "-") == 0;
	int fd = standard ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
	char *bytes;
	ssize_t got = 0;

	*length = 0;
	if (fd < 0)
		return refuse(app, file, _(strerror(errno)));
	bytes = pool_alloc(&app->pool, CSV_BYTES_MAX + 2);
	while (*length <= CSV_BYTES_MAX &&
	       (got = read(fd, bytes + *length, CSV_BYTES_MAX + 1 - *length)) > 0)
		*length += (size_t)got;
	if (got < 0)
		bytes = refuse(app, file, _(strerror(errno)));
	else if (*length > CSV_BYTES_MAX)
		bytes = refuse(app, file, _("it is too large"));
	if (!standard)
		close(fd);
	return bytes;
}

static int role_of(struct app *app, const char *heading)
{
	const char *clean = text_clean(app, heading);

	for (size_t i = 0; clean && i < sizeof names / sizeof *names; i++)
		if (strcasecmp(names[i].name, clean) == 0)
			return (int)names[i].role;
	return -1;
}

/* Both names that a person may write: the English one and that of the language spoken. */
static const char *role_names(struct app *app, const struct header *header)
{
	const char *missing = "";

	for (int role = ROLE_CELL; role <= ROLE_VALUE; role++)
		if (header->column[role] < 0)
			missing = pool_printf(&app->pool, "%s%s%s", missing, missing[0] ? ", " : "",
					      names[role].name);
	return missing;
}

static bool header_read(struct app *app, const char *file, const struct csv_table *table,
			struct header *header)
{
	const struct csv_record *first = table->count ? &table->records[0] : NULL;
	const char *unknown = NULL;

	for (int role = 0; role < ROLE_COUNT; role++)
		header->column[role] = -1;
	for (size_t i = 0; first && i < first->count; i++) {
		int role = role_of(app, first->fields[i]);

		if (role >= 0 && header->column[role] < 0)
			header->column[role] = (int)i;
		else if (!unknown && (role >= 0 || first->fields[i][0]))
			unknown = first->fields[i];
	}
	if (header->column[ROLE_CELL] < 0 || header->column[ROLE_VALUE] < 0)
		return fail_with(app, ERROR_CSV_NO_HEADER, "file", file, "missing",
				 role_names(app, header), NULL);
	if (unknown)
		return fail_with(app, ERROR_CSV_COLUMN, "file", file, "column", unknown, NULL);
	return true;
}

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

static bool is_empty(const struct csv_record *record)
{
	for (size_t i = 0; i < record->count; i++)
		if (record->fields[i][strspn(record->fields[i], " \t")] != '\0')
			return false;
	return true;
}

bool sheet_read(struct app *app, const char *file, const char *bytes, size_t length,
		struct sheet *sheet)
{
	struct csv_table table;
	struct header header;
	size_t text_length;
	const char *text = csv_text(app, file, bytes, length, &text_length);

	*sheet = (struct sheet){ .count = 0 };
	if (!text)
		return false;
	if (!csv_read(app, file, text, text_length, &table) ||
	    !header_read(app, file, &table, &header))
		return false;
	sheet->lines = pool_alloc(&app->pool, table.count * sizeof *sheet->lines);
	for (size_t i = 1; i < table.count; i++) {
		const struct csv_record *record = &table.records[i];

		if (is_empty(record))
			continue;
		sheet->lines[sheet->count++] = (struct form_line){
			.cell = field_of(record, header.column[ROLE_CELL]),
			.value = field_of(record, header.column[ROLE_VALUE]),
			.note = field_of(record, header.column[ROLE_NOTE]),
			.expected_on = field_of(record, header.column[ROLE_EXPECTED_ON]),
			.row = record->row,
			.column = csv_column(app, (size_t)header.column[ROLE_VALUE]),
		};
	}
	return true;
}
