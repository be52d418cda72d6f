/* The check of every string, normalisation, and the filter before a terminal. */
#include "proto/text.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "proto/utf8.h"

/* A canonical decomposition has at most four code points (Unicode, chapter 3.7). */
enum { DECOMPOSED_MAX = 4, POINTS_BUFFER = (TEXT_MARKS_MAX + 1) * DECOMPOSED_MAX };

static const char *const reasons[TEXT_FAULTS] = {
	[TEXT_OK] = "",
	[TEXT_BYTES] = "is too long",
	[TEXT_POINTS] = "has too many characters",
	[TEXT_UTF8] = "is not valid UTF-8",
	[TEXT_NUL] = "holds a NUL character",
	[TEXT_CONTROL] = "holds a control character",
	[TEXT_OVERRIDE] = "holds a hidden character that turns the reading direction",
	[TEXT_ISOLATE] = "holds a direction isolate without its partner",
	[TEXT_MARKS] = "holds too many combining marks in a row",
	[TEXT_NOT_NFC] = "is not in Unicode normalisation form C",
};

const char *text_reason(enum text_fault fault)
{
	assert((unsigned)fault < TEXT_FAULTS);
	return reasons[fault];
}

static bool is_control(uint32_t point)
{
	return point < 0x20 || (point >= 0x7f && point <= 0x9f);
}

static bool is_override(uint32_t point)
{
	return point >= 0x202a && point <= 0x202e;
}

static bool is_isolate(uint32_t point)
{
	return point >= 0x2066 && point <= 0x2069;
}

/*
 * Can this code point neither compose with the one before it nor move before it? Then normalisation
 * may be judged in two halves here. (The few class-0 points that decompose into marks are never
 * NFC, in any half.)
 */
static bool is_boundary(uint32_t point)
{
	if (point < 0x300)
		return true;
	if (point >= 0x1160 && point <= 0x11ff) /* Hangul vowels and finals compose by arithmetic */
		return false;
	const utf8proc_property_t *property = utf8proc_get_property((utf8proc_int32_t)point);
	return property->combining_class == 0 &&
	       (property->comb_index < 0x8000 || property->comb_index == UINT16_MAX);
}

/* A run of code points between two boundaries: the piece that is normalised by itself. */
struct run {
	const char *start;
	size_t bytes;
	size_t points;
	uint32_t first;
};

static bool run_is_nfc(const struct run *run)
{
	utf8proc_int32_t points[POINTS_BUFFER];

	if (run->points == 0 || (run->points == 1 && run->first < 0xc0))
		return true;
	utf8proc_ssize_t n = utf8proc_decompose((const utf8proc_uint8_t *)run->start,
						(utf8proc_ssize_t)run->bytes, points, POINTS_BUFFER,
						UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	assert(n >= 0 && n <= POINTS_BUFFER);
	n = utf8proc_normalize_utf32(points, n, UTF8PROC_STABLE | UTF8PROC_COMPOSE);

	const char *at = run->start, *end = run->start + run->bytes;
	for (utf8proc_ssize_t i = 0; i < n; i++) {
		uint32_t point = 0;
		size_t size = utf8_get(at, (size_t)(end - at), &point);
		if (size == 0 || point != (uint32_t)points[i])
			return false;
		at += size;
	}
	return at == end;
}

static enum text_fault run_add(struct run *run, const char *at, size_t size, uint32_t point)
{
	if (is_boundary(point)) {
		if (!run_is_nfc(run))
			return TEXT_NOT_NFC;
		*run = (struct run){ .start = at, .first = point };
	}
	if (run->points == 0) {
		run->start = at;
		run->first = point;
	}
	run->bytes += size;
	run->points++;
	return run->points > TEXT_MARKS_MAX ? TEXT_MARKS : TEXT_OK;
}

/* What a single code point may be at fault for; *open counts isolates not yet closed in this line.
 */
static enum text_fault point_check(uint32_t point, bool lines, size_t *open)
{
	if (point == 0)
		return TEXT_NUL;
	if (is_control(point)) {
		if (!lines || (point != '\n' && point != '\t'))
			return TEXT_CONTROL;
		return point == '\n' && *open > 0 ? TEXT_ISOLATE : TEXT_OK;
	}
	if (is_override(point))
		return TEXT_OVERRIDE;
	if (!is_isolate(point))
		return TEXT_OK;
	if (point != 0x2069)
		++*open;
	else if (*open == 0)
		return TEXT_ISOLATE;
	else
		--*open;
	return TEXT_OK;
}

enum text_fault text_check(const char *text, size_t bytes, const struct text_rule *rule)
{
	struct run run = { .start = text };
	size_t open = 0, points = 0;
	enum text_fault fault = TEXT_OK;

	if (rule->bytes_max > 0 && bytes > rule->bytes_max)
		return TEXT_BYTES;
	for (size_t at = 0; at < bytes;) {
		uint32_t point = 0;
		size_t size = utf8_get(text + at, bytes - at, &point);
		if (size == 0)
			return TEXT_UTF8;
		fault = point_check(point, rule->lines, &open);
		if (fault == TEXT_OK)
			fault = run_add(&run, text + at, size, point);
		if (fault != TEXT_OK)
			return fault;
		at += size;
		points++;
	}
	if (rule->points_max > 0 && points > rule->points_max)
		return TEXT_POINTS;
	if (open > 0)
		return TEXT_ISOLATE;
	return run_is_nfc(&run) ? TEXT_OK : TEXT_NOT_NFC;
}

size_t text_points(const char *text)
{
	size_t points = 0, left = strlen(text);

	while (left > 0) {
		uint32_t point = 0;
		size_t size = utf8_get(text, left, &point);
		size = size == 0 ? 1 : size;
		text += size;
		left -= size;
		points++;
	}
	return points;
}

bool text_nfc(const char *text, char **out)
{
	utf8proc_uint8_t *made = NULL;

	*out = NULL;
	if (utf8proc_map((const utf8proc_uint8_t *)text, 0, &made,
			 UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPOSE) < 0)
		return false;
	*out = (char *)made;
	return true;
}

/* The longest a byte can grow: "\xff" is four for one, "\u202e" six for three. */
enum { PRINTABLE_GROWTH = 4 };

char *text_printable(const char *text, bool lines)
{
	size_t left = strlen(text);
	size_t room = left * PRINTABLE_GROWTH + 1;
	char *out = malloc(room);
	char *to = out;

	if (out == NULL)
		return NULL;
	while (left > 0) {
		uint32_t point = 0;
		size_t size = utf8_get(text, left, &point);
		size_t space = room - (size_t)(to - out);
		if (size == 0) {
			to += snprintf(to, space, "\\x%02x", (unsigned)(uint8_t)*text);
			size = 1;
		} else if (point == '\n' || point == '\t') {
			*to++ = lines ? *text : ' ';
		} else if (is_control(point)) {
			to += snprintf(to, space, "\\x%02x", (unsigned)point);
		} else if (is_override(point) || is_isolate(point) || point == 0x2028 ||
			   point == 0x2029) {
			to += snprintf(to, space, "\\u%04x", (unsigned)point);
		} else {
			memcpy(to, text, size);
			to += size;
		}
		text += size;
		left -= size;
	}
	*to = '\0';
	return out;
}
