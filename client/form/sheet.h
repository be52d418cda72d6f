/* A CSV file as lines of a form: its header found, its columns by name, in three languages. */
#ifndef INAP_CLIENT_FORM_SHEET_H
#define INAP_CLIENT_FORM_SHEET_H

#include <stdbool.h>
#include <stddef.h>

#include "client/form/form.h"

struct app;

struct sheet {
	struct form_line *lines;
	size_t count;
};

/** Reads a whole file, or standard input for "-". NULL: noted as a failure. */
char *sheet_bytes(struct app *app, const char *file, size_t *length);
/** The lines of a file's bytes. False: FILE_BAD, CSV_NO_HEADER or CSV_COLUMN is noted. */
bool sheet_read(struct app *app, const char *file, const char *bytes, size_t length,
		struct sheet *sheet);

#endif
