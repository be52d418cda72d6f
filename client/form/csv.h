/**
 * CSV files as people have them: any of , ; or tab, a byte order mark, CR LF, quotes across lines,
 * cp1256.
 *
 * Ownership  texts live in the app's pool.
 * Errors     noted in the app: FILE_BAD.
 * Limits     CSV_BYTES_MAX a file, CSV_FIELDS_MAX fields a record, CSV_RECORDS_MAX records.
 */
#ifndef INAP_CLIENT_FORM_CSV_H
#define INAP_CLIENT_FORM_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct app;

enum { CSV_BYTES_MAX = 4 << 20, CSV_FIELDS_MAX = 256, CSV_RECORDS_MAX = 20000 };

/* One record. */
struct csv_record {
	uint32_t row; /* the line of the file on which it starts, from 1, as a person counts */
	size_t count;
	const char **fields;
};

struct csv_table {
	struct csv_record *records;
	size_t count, room;
};

/** The bytes as UTF-8 text without byte order mark: as they are, or from cp1256. NULL: noted. */
char *csv_text(struct app *app, const char *file, const char *bytes, size_t length,
	       size_t *text_length);
/** Reads the records of a text, separated by csv_separator(). */
bool csv_read(struct app *app, const char *file, const char *text, size_t length,
	      struct csv_table *table);
/** Which of , ; and tab separates the first record: the one that stands most often outside quotes.
 */
char csv_separator(const char *text, size_t length);
/** "A" of 0, "Z" of 25, "AA" of 26, "XFD" of 16383. */
const char *csv_column(struct app *app, size_t index);

#endif
