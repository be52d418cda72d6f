/* The page's own letters: those that it uses, of a font of this machine, as WOFF in base64.
 *
 * A ministry's machine may have no font with Kurdish letters. harfbuzz cuts the font down; WOFF 1
 * is zlib over each table (W3C, WOFF File Format 1.0), for which there is no library in C. */
#include <stdlib.h>
#include <string.h>

#include <hb-subset.h>
#include <zlib.h>

#include "client/picture/page.h"
#include "proto/utf8.h"

enum {
	SFNT_HEAD_BYTES = 12,
	SFNT_ENTRY_BYTES = 16,
	WOFF_HEAD_BYTES = 44,
	WOFF_ENTRY_BYTES = 20,
	WOFF_TABLES_MAX = 64
};

static const char *const files[] = {
	"/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
	"/usr/share/fonts/dejavu/DejaVuSans.ttf",
	"/usr/share/fonts/TTF/DejaVuSans.ttf",
};

char *base64_of(const uint8_t *bytes, size_t length)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char *out = malloc((length + 2) / 3 * 4 + 1), *at = out;

	for (size_t i = 0; out && i < length; i += 3) {
		unsigned three = (unsigned)bytes[i] << 16 |
				 (i + 1 < length ? (unsigned)bytes[i + 1] << 8 : 0) |
				 (i + 2 < length ? bytes[i + 2] : 0);

		*at++ = digits[three >> 18];
		*at++ = digits[three >> 12 & 63];
		*at++ = i + 1 < length ? digits[three >> 6 & 63] : '=';
		*at++ = i + 2 < length ? digits[three & 63] : '=';
	}
	if (out)
		*at = '\0';
	return out;
}

static unsigned read16(const uint8_t *at)
{
	return (unsigned)at[0] << 8 | at[1];
}

static uint32_t read32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void write16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void write32(uint8_t *at, uint32_t value)
{
	write16(at, value >> 16);
	write16(at + 2, value & 0xffff);
}

/* One table, compressed where that makes it smaller; what it takes, padded to four. */
static size_t table_pack(uint8_t *out, size_t at, const uint8_t *font, const uint8_t *entry,
			 uint8_t *to)
{
	uint32_t bytes = read32(entry + 12);
	uLongf packed = compressBound(bytes);

	if (compress2(out + at, &packed, font + read32(entry + 8), bytes, Z_BEST_COMPRESSION) !=
		    Z_OK ||
	    packed >= bytes) {
		memcpy(out + at, font + read32(entry + 8), bytes);
		packed = bytes;
	}
	memcpy(to, entry, 4);
	write32(to + 4, (uint32_t)at);
	write32(to + 8, (uint32_t)packed);
	write32(to + 12, bytes);
	write32(to + 16, read32(entry + 4));
	while (packed % 4 != 0)
		out[at + packed++] = 0;
	return packed;
}

/* A font as harfbuzz made it; *length is the WOFF's. */
static uint8_t *woff_make(const uint8_t *font, size_t bytes, size_t *length)
{
	unsigned tables = read16(font + 4);
	size_t sfnt = SFNT_HEAD_BYTES + SFNT_ENTRY_BYTES * (size_t)tables;
	uint8_t *out;

	if (tables > WOFF_TABLES_MAX)
		return NULL;
	out = calloc(1, compressBound(bytes) + WOFF_HEAD_BYTES +
				tables * (WOFF_ENTRY_BYTES + compressBound(0) + 4));
	if (!out)
		return NULL;
	*length = WOFF_HEAD_BYTES + WOFF_ENTRY_BYTES * (size_t)tables;
	for (unsigned i = 0; i < tables; i++) {
		const uint8_t *entry = font + SFNT_HEAD_BYTES + SFNT_ENTRY_BYTES * (size_t)i;

		sfnt += (read32(entry + 12) + 3) & ~3u;
		*length += table_pack(out, *length, font, entry,
				      out + WOFF_HEAD_BYTES + WOFF_ENTRY_BYTES * (size_t)i);
	}
	memcpy(out, "wOFF", 4);
	memcpy(out + 4, font, 4);
	write32(out + 8, (uint32_t)*length);
	write16(out + 12, tables);
	write32(out + 16, (uint32_t)sfnt);
	write16(out + 20, 1);
	return out;
}

/* What is kept: the letters of the text, but for those of ASCII, which every machine has, and no
 * hints, which only old screens need. */
static hb_face_t *face_cut(hb_face_t *whole, const char *text, size_t length)
{
	hb_subset_input_t *input = hb_subset_input_create_or_fail();
	hb_face_t *cut = NULL;

	if (!input)
		return NULL;
	hb_subset_input_set_flags(input, HB_SUBSET_FLAGS_NO_HINTING);
	for (size_t at = 0; at < length;) {
		uint32_t letter;
		size_t bytes = utf8_get(text + at, length - at, &letter);

		if (bytes == 0)
			break;
		if (letter >= 0x80 || letter == ' ')
			hb_set_add(hb_subset_input_unicode_set(input), (hb_codepoint_t)letter);
		at += bytes;
	}
	cut = hb_subset_or_fail(whole, input);
	hb_subset_input_destroy(input);
	return cut;
}

static char *face_text(hb_face_t *face)
{
	hb_blob_t *blob = hb_face_reference_blob(face);
	unsigned bytes = 0;
	const char *font = hb_blob_get_data(blob, &bytes);
	size_t length = 0;
	uint8_t *woff =
		bytes > SFNT_HEAD_BYTES ? woff_make((const uint8_t *)font, bytes, &length) : NULL;
	char *text = woff ? base64_of(woff, length) : NULL;

	free(woff);
	hb_blob_destroy(blob);
	return text;
}

char *font_subset(const char *text, size_t length)
{
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		hb_blob_t *blob = hb_blob_create_from_file_or_fail(files[i]);
		hb_face_t *whole = blob ? hb_face_create(blob, 0) : NULL;
		hb_face_t *cut = whole ? face_cut(whole, text, length) : NULL;
		char *font = cut ? face_text(cut) : NULL;

		hb_face_destroy(cut);
		hb_face_destroy(whole);
		hb_blob_destroy(blob);
		if (font)
			return font;
	}
	return NULL;
}
