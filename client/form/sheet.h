/**
 * A file of values as lines of a form: CSV or a workbook, told apart by what it holds. Forms of
 * ours say beside their lines which report they are of.
 */
#ifndef INAP_CLIENT_FORM_SHEET_H
#define INAP_CLIENT_FORM_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/form/form.h"

struct app;

enum { SHEET_FORMAT = 1 };

/* What a form says of itself, in its hidden sheet _meta or in the last rows of its CSV. */
struct sheet_meta {
	bool present;
	const char *format;
	const char *report; /* FED-MOI/2024Q3 */
	const char *plan;
	const char *revision;
	const char *language;
	const char *at; /* server's time when it was made */
};

struct sheet {
	struct form_line *lines;
	size_t count;
	struct sheet_meta meta;
};

/** Reads a whole file of at most so many bytes, or standard input for "-"; a 0 stands behind them.
 * NULL: noted as a failure. */
char *file_bytes(struct app *app, const char *file, size_t most, size_t *length);
/** A file of values, of CSV_BYTES_MAX. */
char *sheet_bytes(struct app *app, const char *file, size_t *length);
/**
 * The bytes of a workbook that `make` writes to a file of our own, private and gone afterwards: the
 * library writes files only. NULL: noted as a failure, by `make` where it knows more.
 */
char *sheet_made(struct app *app, bool (*make)(const void *of, const char *path), const void *of,
		 size_t *length);
/** The lines of a file's bytes. False: FILE_BAD, CSV_NO_HEADER, SHEET_NO_HEADER or CSV_COLUMN. */
bool sheet_read(struct app *app, const char *file, const char *bytes, size_t length,
		struct sheet *sheet);
/** The lines of a workbook. */
bool sheet_of_book(struct app *app, const char *file, const char *bytes, size_t length,
		   struct sheet *sheet);

/* What _meta says, key by key; the first is there in every form. */
enum meta_key {
	META_FORMAT,
	META_REPORT,
	META_PLAN,
	META_REVISION,
	META_LANGUAGE,
	META_AT,
	META_KEYS
};

/** The key's name in a file. */
const char *meta_name(enum meta_key key);
/** Takes what a file says under a name; a name that is none of these is passed over. */
void meta_take(struct sheet_meta *meta, const char *name, const char *value);
/** Where the key's value is kept. */
const char **meta_slot(struct sheet_meta *meta, enum meta_key key);

#endif
