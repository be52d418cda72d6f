/* What went wrong, in a shape that can be said in three languages and in JSON. */
#ifndef INAP_CLIENT_FAILURE_H
#define INAP_CLIENT_FAILURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inap/v1/common.pb-c.h"
#include "proto/errors.h"

struct app;

/* One named place of a sentence. */
struct place {
	const char *name;
	const char *value;
};

/* One thing at fault. */
struct failure_field {
	const char *path;    /* where in the request, or the cell's code */
	const char *code;    /* a code of errors.def */
	const char *cell;    /* cell code, or "" */
	const char *column;  /* column of the file, or "" */
	const char *message; /* English, when the code is not known here */
	uint32_t row;        /* row of the file, 0 = none */
	struct place *places;
	size_t places_count;
};

enum { FAILURE_PLACES_MAX = 16 };

/**
 * The one failure of a run. Zeroed: nothing went wrong.
 *
 * Ownership  all texts belong to the app's pool.
 */
struct failure {
	bool set;
	enum error_code code; /* ERROR_NONE: a code that only a newer server knows */
	const char *name;     /* the code as it travels */
	struct place places[FAILURE_PLACES_MAX];
	size_t places_count;
	struct failure_field *fields;
	size_t fields_count;
	uint64_t revision;
	const Inap__V1__Error *wire; /* the server's error, for actions and changes; or NULL */
	const char *trace;           /* trace id in hex, or "" */
	const char *next_label;      /* why to run it (translated), or NULL */
	const char *next;            /* a command that helps, or NULL */
};

/**
 * Notes a failure of the client's own: pairs of name and value, ended by NULL.
 * Always false, so that a caller can say `return fail_with(…);`.
 */
bool fail_with(struct app *app, enum error_code code, ...) __attribute__((sentinel));
/** Notes a failure that the server sent; trace has 16 bytes. Always false. */
bool fail_wire(struct app *app, const Inap__V1__Error *error, const uint8_t *trace);
/** One thing at fault as the server sent it. */
struct failure_field field_of_wire(struct app *app, const Inap__V1__FieldError *wire);
/** Adds one thing at fault to the failure that fail_with() just noted. */
void fail_field(struct app *app, const struct failure_field *field);
/** Puts the things at fault in the order of their rows. */
void fail_sort(struct app *app);
/** Adds the command that helps: the label says why, in the person's language. */
void fail_next(struct app *app, const char *label, const char *command);
/** The exit status of the failure; 0 when there is none. */
int failure_exit(const struct failure *failure);
/** Forgets the failure. */
void failure_clear(struct failure *failure);

#endif
