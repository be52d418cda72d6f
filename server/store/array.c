/* PostgreSQL array literals, built in an arena. */
#include "server/store/array.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { ARRAY_BYTES_FIRST = 256 };

/* Room for bytes more; false once the arena is at its cap. */
static bool reserve(struct array *array, size_t bytes)
{
	size_t size = array->size;
	char *text;

	if (array->failed)
		return false;
	if (bytes <= array->size - array->length)
		return true;
	while (size - array->length < bytes)
		size = size == 0 ? ARRAY_BYTES_FIRST : size * 2;
	text = arena_alloc(array->arena, size);
	if (text == NULL) {
		array->failed = true;
		return false;
	}
	if (array->length > 0)
		memcpy(text, array->text, array->length);
	array->text = text;
	array->size = size;
	return true;
}

static void put(struct array *array, char c)
{
	array->text[array->length++] = c;
}

/* The comma before every element but the first, and room for the element. */
static bool element(struct array *array, size_t bytes)
{
	if (!reserve(array, bytes + 1))
		return false;
	if (array->length > 1)
		put(array, ',');
	return true;
}

static void plain(struct array *array, const char *text)
{
	size_t length = strlen(text);

	if (!element(array, length))
		return;
	memcpy(array->text + array->length, text, length);
	array->length += length;
}

void array_begin(struct array *array, struct arena *arena)
{
	memset(array, 0, sizeof *array);
	array->arena = arena;
	if (reserve(array, 1))
		put(array, '{');
}

void array_add_null(struct array *array)
{
	plain(array, "NULL");
}

void array_add_bigint(struct array *array, int64_t value)
{
	char digits[24];

	snprintf(digits, sizeof digits, "%" PRId64, value);
	plain(array, digits);
}

void array_add_text(struct array *array, const char *value)
{
	if (value == NULL) {
		array_add_null(array);
		return;
	}
	/* Every byte may need a backslash. Always quoted, so "NULL", spaces and the empty text stay
	 * text. */
	if (!element(array, 2 * strlen(value) + 2))
		return;
	put(array, '"');
	for (; *value != '\0'; value++) {
		if (*value == '"' || *value == '\\')
			put(array, '\\');
		put(array, *value);
	}
	put(array, '"');
}

void array_add_bytea(struct array *array, struct bytes value)
{
	static const char digits[] = "0123456789abcdef";

	if (value.data == NULL) {
		array_add_null(array);
		return;
	}
	if (!element(array, 2 * value.length + 5))
		return;
	/* Inside the quotes of an array literal the backslash of \x is doubled. */
	memcpy(array->text + array->length, "\"\\\\x", 4);
	array->length += 4;
	for (size_t i = 0; i < value.length; i++) {
		put(array, digits[value.data[i] >> 4]);
		put(array, digits[value.data[i] & 15]);
	}
	put(array, '"');
}

const char *array_end(struct array *array)
{
	if (!reserve(array, 2))
		return NULL;
	put(array, '}');
	put(array, '\0');
	return array->text;
}

const char *array_of_text(struct arena *arena, const char *value)
{
	struct array array;

	array_begin(&array, arena);
	array_add_text(&array, value);
	return array_end(&array);
}

const char *array_of_bigint(struct arena *arena, int64_t value)
{
	struct array array;

	array_begin(&array, arena);
	array_add_bigint(&array, value);
	return array_end(&array);
}

const char *array_of_bytea(struct arena *arena, struct bytes value)
{
	struct array array;

	array_begin(&array, arena);
	array_add_bytea(&array, value);
	return array_end(&array);
}

char *array_next(struct arena *arena, const char **at)
{
	const char *start = *at;
	size_t n = 0, out = 0;
	bool quoted;
	char *copy;

	while (*start == '{' || *start == ',')
		start++;
	quoted = *start == '"';
	start += quoted;
	while (start[n] && (quoted ? start[n] != '"' : start[n] != ',' && start[n] != '}'))
		n += start[n] == '\\' && start[n + 1] ? 2 : 1;
	copy = arena_alloc(arena, n + 1);
	for (size_t i = 0; copy && i < n; i++) {
		i += start[i] == '\\' && i + 1 < n;
		copy[out++] = start[i];
	}
	if (copy)
		copy[out] = '\0';
	*at = start + n + quoted;
	return copy;
}
