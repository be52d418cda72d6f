/* Refusals as numbers and rows, made from errors.def. */
#ifndef INAP_PROTO_ERRORS_H
#define INAP_PROTO_ERRORS_H

#include <stdbool.h>

enum error_code {
	ERROR_NONE = 0,
#define ERROR(name, exit, retry, text) ERROR_##name,
#include "proto/errors.def"
#undef ERROR
	ERROR_COUNT
};

struct error_row {
	const char *name; /* "STALE_REVISION", what travels */
	int exit;         /* exit status of inap */
	bool retry;       /* may succeed later, unchanged */
	const char *text; /* English sentence with {named} places */
};

/** The row of a code; code must be a valid error_code. */
const struct error_row *error_row(enum error_code code);
/** The code of a name; ERROR_NONE if there is none (a newer server). */
enum error_code error_by_name(const char *name);

#endif
