/* Texts of a workbook as they come from its parts. */
#include "client/form/book_text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "client/app.h"
#include "client/form/book.h"
#include "proto/utf8.h"

void gather_add(struct app *app, struct gather *gather, const char *text, size_t length)
{
	if (gather->length + length > BOOK_TEXT_MAX) {
		gather->full = true;
		return;
	}
	if (gather->length + length > gather->room) {
		size_t room = gather->room ? gather->room : 256;
		char *bytes;

		while (room < gather->length + length)
			room *= 2;
		bytes = pool_alloc(&app->pool, room);
		if (gather->length > 0)
			memcpy(bytes, gather->bytes, gather->length);
		gather->bytes = bytes;
		gather->room = room;
	}
	memcpy(gather->bytes + gather->length, text, length);
	gather->length += length;
}

void gather_clear(struct gather *gather)
{
	gather->length = 0;
	gather->full = false;
}

char *gather_text(struct app *app, const struct gather *gather)
{
	return pool_strndup(&app->pool, gather->bytes, gather->length);
}

/* _x000D_ at text: its code point. */
static bool is_escape(const char *text, uint32_t *point)
{
	char digits[5] = "";

	if (text[0] != '_' || text[1] != 'x')
		return false;
	for (int i = 0; i < 4; i++) {
		if (!isxdigit((unsigned char)text[2 + i]))
			return false;
		digits[i] = text[2 + i];
	}
	*point = (uint32_t)strtoul(digits, NULL, 16);
	return text[6] == '_' && *point != 0 && (*point < 0xd800 || *point > 0xdfff);
}

char *gather_unescaped(struct app *app, const struct gather *gather)
{
	char *text = gather_text(app, gather);
	char *to = text;
	uint32_t point;

	for (const char *from = text; *from;) {
		if (is_escape(from, &point)) {
			to += utf8_put(to, point);
			from += 7;
		} else {
			*to++ = *from++;
		}
	}
	*to = '\0';
	return text;
}

const char *book_escaped(struct app *app, const char *text)
{
	char *out = pool_alloc(&app->pool, 7 * strlen(text) + 1);
	char *to = out;
	uint32_t point;

	for (; *text; text++) {
		if (is_escape(text, &point)) {
			memcpy(to, "_x005F", 6);
			to += 6;
		}
		*to++ = *text;
	}
	return out;
}
