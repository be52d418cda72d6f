/**
 * Builds PostgreSQL array literals ({1,2}, {"a",NULL}) in an arena.
 *
 *     struct array a;
 *     array_begin(&a, &request->arena);
 *     array_add_bigint(&a, 5);
 *     const char *literal = array_end(&a);
 *
 * Ownership  the literal lies in the arena; the struct is the caller's.
 * Errors     at the arena's cap array_end() answers NULL, which a statement would take for SQL
 *            null; arena_failed(), and so pool_send(), says so.
 * Limits     the arena's.
 */
#ifndef INAP_STORE_ARRAY_H
#define INAP_STORE_ARRAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/store/unit.h"

struct array {
	struct arena *arena;
	char *text; /* not ended by NUL until array_end() */
	size_t length;
	size_t size;
	bool failed;
};

void array_begin(struct array *array, struct arena *arena);
/** NULL adds NULL; quotes and backslashes are escaped. */
void array_add_text(struct array *array, const char *value);
void array_add_bigint(struct array *array, int64_t value);
/** NULL element, where a bigint is not given. */
void array_add_null(struct array *array);
/** As \x and hexadecimal digits; data NULL adds NULL. */
void array_add_bytea(struct array *array, struct bytes value);
/** The literal, or NULL at the arena's cap. */
const char *array_end(struct array *array);

/** Arrays of one, for statements that take any number of requests; NULL at the arena's cap. */
const char *array_of_text(struct arena *arena, const char *value);
const char *array_of_bigint(struct arena *arena, int64_t value);
const char *array_of_bytea(struct arena *arena, struct bytes value);
/** The next element of a literal of texts or numbers, its backslashes undone, in the arena; *at
 * moves behind it. NULL at the arena's cap. */
char *array_next(struct arena *arena, const char **at);

#endif
