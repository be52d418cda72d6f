/**
 * What a person may see of a failure: a code of errors.def and its named arguments.
 *
 * Ownership  a plain struct on the caller's memory; values are copied, cut at ERROR_VALUE_BYTES - 1
 *            on a UTF-8 boundary.
 * Errors     setting one never fails; over ERROR_ARGUMENTS_MAX arguments is our own bug (assert).
 * Threads    any.
 */
#ifndef INAP_BASE_ERROR_H
#define INAP_BASE_ERROR_H

#include <stdbool.h>

#include "proto/errors.h"

enum { ERROR_ARGUMENTS_MAX = 6, ERROR_VALUE_BYTES = 200 };

struct error_argument {
	const char *name; /* static */
	char value[ERROR_VALUE_BYTES];
};

struct error {
	enum error_code code;
	unsigned count;
	struct error_argument arguments[ERROR_ARGUMENTS_MAX];
};

/** Sets code and (name, value) pairs of const char *, ended by NULL; returns false so that callers
 * can `return error_set(...)`. */
bool error_set(struct error *error, enum error_code code, ...) __attribute__((sentinel));
/** Adds one argument, printf-like. */
void error_argf(struct error *error, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/** ERROR_INTERNAL-like failure at start-up: code INTERNAL, argument "why" printf-like; returns
 * false. */
bool error_why(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));
/** The value of a named argument, or NULL. */
const char *error_argument(const struct error *error, const char *name);

#endif
