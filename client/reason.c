/* Reasons of refusals: a row of reasons.def is found by its text, with anything in its places. */
#include "client/reason.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "client/i18n.h"
#include "client/pool.h"

static const char *const rows[] = {
#define REASON(text) text,
#include "client/reasons.def"
#undef REASON
};

/* What a match found. */
struct match {
	struct place places[FAILURE_PLACES_MAX];
	size_t count;
};

/* Where the value ends that stands before `literal`: at its next mark, or at the text's end. */
static const char *value_end(struct pool *pool, const char *text, const char *literal)
{
	size_t length = strcspn(literal, "{"), rest = strlen(text);

	if (literal[length] != '\0')
		return strstr(text, pool_strndup(pool, literal, length));
	return rest < length ? NULL : text + (rest - length);
}

static bool match_text(struct pool *pool, const char *row, const char *text, struct match *match)
{
	match->count = 0;
	while (*row) {
		const char *close = *row == '{' ? strchr(row, '}') : NULL;
		const char *end;

		if (!close) {
			if (*row++ != *text++)
				return false;
			continue;
		}
		end = value_end(pool, text, close + 1);
		if (!end || end == text || match->count == FAILURE_PLACES_MAX)
			return false;
		match->places[match->count++] = (struct place){
			.name = pool_strndup(pool, row + 1, (size_t)(close - row - 1)),
			.value = pool_strndup(pool, text, (size_t)(end - text)),
		};
		text = end;
		row = close + 1;
	}
	return *text == '\0';
}

const char *reason_said(struct pool *pool, const char *reason)
{
	struct match match = { 0 };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strcmp(rows[i], reason) == 0)
			return _(rows[i]);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strchr(rows[i], '{') && match_text(pool, rows[i], reason, &match))
			return sentence_fill(pool, _(rows[i]), match.places, match.count);
	return NULL;
}
