/* What a file is, by its bytes. */
#include "proto/filetype.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <zlib.h>

#include "proto/utf8.h"

enum {
	LOCAL_BYTES = 30, /* of a ZIP entry before its data, without its name */
	ENTRY_BYTES = 46, /* of an entry of a ZIP directory, without its name */
	END_BYTES = 22,   /* of a ZIP archive's end, without its comment */
	COMMENT_BYTES_MAX = 0xffff,
	DIRECTORY_BYTES_MAX = 128 << 10,
	TYPES_BYTES_MAX = 64 << 10, /* of the list of content types, packed */
	TYPES_UNPACKED_MAX = 512 << 10
};

static const char types_name[] = "[Content_Types].xml";

static const char found_macros[] = "a document with macros";
static const char found_zip[] = "a ZIP archive";
static const char found_broken[] = "a damaged document";
static const char found_locked[] = "an encrypted document";

/* ---- the first bytes */

struct signature {
	size_t length;
	const char *bytes;
	const char *type;  /* taken, or NULL */
	const char *found; /* what it is, where it is not taken */
};

#define SIGNATURE(bytes, type, found)                                                              \
	{                                                                                          \
		sizeof bytes - 1, bytes, type, found                                               \
	}

static const struct signature signatures[] = {
	SIGNATURE("%PDF-", "pdf", NULL),
	SIGNATURE("\x89PNG\r\n\x1a\n", "png", NULL),
	SIGNATURE("\xff\xd8\xff", "jpeg", NULL),
	SIGNATURE("MZ", NULL, "a program"),
	SIGNATURE("\x7f"
		  "ELF",
		  NULL, "a program"),
	SIGNATURE("\xfe\xed\xfa", NULL, "a program"),
	SIGNATURE("\xcf\xfa\xed\xfe", NULL, "a program"),
	SIGNATURE("\xce\xfa\xed\xfe", NULL, "a program"),
	SIGNATURE("\xca\xfe\xba\xbe", NULL, "a program"),
	SIGNATURE("\0asm", NULL, "a program"),
	SIGNATURE("dex\n", NULL, "a program"),
	SIGNATURE("L\0\0\0\x01\x14\x02", NULL, "a shortcut to a program"),
	SIGNATURE("#!", NULL, "a script"),
	SIGNATURE("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", NULL,
		  "an old or encrypted Office document, in which macros cannot be ruled out"),
	SIGNATURE("{\\rtf", NULL, "an RTF document"),
	SIGNATURE("%!PS", NULL, "a PostScript program"),
	SIGNATURE("Rar!", NULL, "an archive"),
	SIGNATURE("7z\xbc\xaf\x27\x1c", NULL, "an archive"),
	SIGNATURE("\x1f\x8b", NULL, "an archive"),
	SIGNATURE("BZh", NULL, "an archive"),
	SIGNATURE("\xfd"
		  "7zXZ",
		  NULL, "an archive"),
	SIGNATURE("\x28\xb5\x2f\xfd", NULL, "an archive"),
	SIGNATURE("MSCF", NULL, "an archive"),
	SIGNATURE("PK\5\6", NULL, found_zip),
	SIGNATURE("GIF8", NULL, "a picture that is neither PNG nor JPEG"),
	SIGNATURE("BM", NULL, "a picture that is neither PNG nor JPEG"),
	SIGNATURE("II*\0", NULL, "a picture that is neither PNG nor JPEG"),
	SIGNATURE("MM\0*", NULL, "a picture that is neither PNG nor JPEG"),
	SIGNATURE("\xff\xfe", NULL, "text that is not UTF-8"),
	SIGNATURE("\xfe\xff", NULL, "text that is not UTF-8"),
};

static uint32_t little(const uint8_t *at, size_t bytes)
{
	uint32_t value = 0;

	while (bytes-- > 0)
		value = value << 8 | at[bytes];
	return value;
}

/* OpenDocument says what it is in its first entry, which is not packed; others are told by their
 * content types. */
static struct file_judged zip_first(const struct file_piece *piece)
{
	static const char text[] = "application/vnd.oasis.opendocument.text";
	static const char sheet[] = "application/vnd.oasis.opendocument.spreadsheet";
	struct file_judged judged = { NULL, "office", NULL, -1, -1 };
	const uint8_t *head = piece->bytes;
	size_t length;
	const char *mime;

	if (piece->length < LOCAL_BYTES + 8 || little(head + 26, 2) != 8 ||
	    memcmp(head + LOCAL_BYTES, "mimetype", 8) != 0)
		return judged;
	mime = (const char *)head + LOCAL_BYTES + 8 + little(head + 28, 2);
	length = little(head + 18, 4);
	judged.type = NULL;
	if ((size_t)(mime - (const char *)head) > piece->length ||
	    length > piece->length - (size_t)(mime - (const char *)head) ||
	    little(head + 8, 2) != 0)
		judged.found = found_zip;
	else if (length == sizeof text - 1 && memcmp(mime, text, length) == 0)
		judged.type = "odt";
	else if (length == sizeof sheet - 1 && memcmp(mime, sheet, length) == 0)
		judged.type = "ods";
	else
		judged.found = "a document of another kind than text or spreadsheet";
	return judged;
}

static bool begins(const uint8_t *bytes, size_t length, const char *word)
{
	return length >= strlen(word) && strncasecmp((const char *)bytes, word, strlen(word)) == 0;
}

/* Pages and pictures that are text: what a browser would run. */
static const char *markup(const uint8_t *bytes, size_t length)
{
	static const char *const pages[] = { "<!doctype", "<html",   "<head", "<body",
					     "<script",   "<iframe", "<!--" };

	if (begins(bytes, length, "\xef\xbb\xbf")) {
		bytes += 3;
		length -= 3;
	}
	while (length > 0 && memchr(" \t\r\n\f", *bytes, 5)) {
		bytes++;
		length--;
	}
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
		if (begins(bytes, length, pages[i]))
			return "an HTML page";
	if (begins(bytes, length, "<?xml") || begins(bytes, length, "<svg"))
		return "an SVG picture or another XML file";
	return begins(bytes, length, "<?php") || begins(bytes, length, "#!") ? "a script" : NULL;
}

/* Text is UTF-8 without control characters but those that break lines. */
static const char *text_fault_of(const uint8_t *bytes, size_t length)
{
	size_t at = 0;

	while (at < length) {
		uint32_t point;
		size_t step;

		if (bytes[at] < 0x20 && !memchr("\t\n\f\r", bytes[at], 4))
			return "binary data of no type that is taken";
		step = utf8_get((const char *)bytes + at, length - at, &point);
		if (step == 0)
			return "neither a type that is taken nor text in UTF-8";
		at += step;
	}
	return NULL;
}

static struct file_judged first_judge(const struct file_piece *piece)
{
	struct file_judged judged = { NULL, NULL, NULL, -1, -1 };

	if (piece->length >= 4 && memcmp(piece->bytes, "PK\3\4", 4) == 0)
		return zip_first(piece);
	for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++) {
		const struct signature *row = &signatures[i];

		if (piece->length >= row->length &&
		    memcmp(piece->bytes, row->bytes, row->length) == 0) {
			/* letters that a text may well begin with */
			if (!row->type && (row->bytes[0] == 'B' || row->bytes[0] == 'M') &&
			    row->length == 2 && !memchr(piece->bytes, '\0', piece->length))
				continue;
			judged.type = row->type;
			judged.found = row->found;
			return judged;
		}
	}
	judged.found = markup(piece->bytes, piece->length);
	if (!judged.found)
		judged.type = "text";
	return judged;
}

/* ---- office documents: ZIP archives with a list of content types */

static bool holds(const char *text, size_t length, const char *word)
{
	return memmem(text, length, word, strlen(word)) != NULL;
}

/* Does the list name a document with macros? Some programs list the type of binary workbooks for
 * parts that are not there. */
static bool types_macros(const char *text, size_t length)
{
	static const char enabled[] = "macroEnabled", binary[] = "sheet.binary.";
	const char *at = text, *end = text + length;

	while ((at = memmem(at, (size_t)(end - at), enabled, sizeof enabled - 1)) != NULL) {
		if ((size_t)(at - text) < sizeof binary - 1 ||
		    memcmp(at - (sizeof binary - 1), binary, sizeof binary - 1) != 0)
			return true;
		at += sizeof enabled - 1;
	}
	return holds(text, length, "vbaProject") || holds(text, length, "macrosheet") ||
	       holds(text, length, "intlmacro");
}

/* What the unpacked list says. */
static void types_read(const char *text, size_t length, struct file_judged *judged)
{
	bool document = holds(text, length, "wordprocessingml.document.main+xml");
	bool sheet = holds(text, length, "spreadsheetml.sheet.main+xml");

	if (types_macros(text, length))
		judged->found = found_macros;
	else if (holds(text, length, "&")) /* written so that it cannot be searched */
		judged->found = found_broken;
	else if (document == sheet)
		judged->found = "a document of another kind than text or spreadsheet";
	else
		judged->office = document ? "docx" : "xlsx";
}

/* Unpacks a list of content types; 0: it is not whole here, or not packed as it must be. */
static size_t types_unpack(const uint8_t *packed, size_t length, bool stored, char *text)
{
	z_stream stream = { .next_in = (Bytef *)(uintptr_t)packed,
			    .avail_in = (uInt)length,
			    .next_out = (Bytef *)text,
			    .avail_out = TYPES_UNPACKED_MAX };
	size_t unpacked = 0;

	if (stored) {
		memcpy(text, packed, length);
		return length;
	}
	if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
		return 0;
	if (inflate(&stream, Z_FINISH) == Z_STREAM_END)
		unpacked = stream.total_out;
	inflateEnd(&stream);
	return unpacked;
}

/* The list whose entry begins at `head`: judged, where it is whole in the piece. */
static void types_judge(const struct file_piece *piece, const uint8_t *head,
			struct file_judged *judged)
{
	size_t left = piece->length - (size_t)(head - piece->bytes);
	size_t skip = LOCAL_BYTES + little(head + 26, 2) + little(head + 28, 2);
	size_t method = little(head + 8, 2), packed = little(head + 18, 4), unpacked;
	bool stored = method == 0;
	char *text;

	if (skip >= left || (!stored && method != Z_DEFLATED) ||
	    (stored && (packed > left - skip || packed > TYPES_UNPACKED_MAX)))
		return;
	text = malloc(TYPES_UNPACKED_MAX);
	unpacked =
		text ? types_unpack(head + skip, stored ? packed : left - skip, stored, text) : 0;
	if (unpacked > 0) {
		judged->list_at = (int64_t)piece->offset + (head - piece->bytes);
		types_read(text, unpacked, judged);
	}
	free(text);
}

/* The list of content types, wherever in the piece it begins. */
static void types_find(const struct file_piece *piece, struct file_judged *judged)
{
	const size_t name = sizeof types_name - 1;
	const uint8_t *at = piece->bytes, *end = piece->bytes + piece->length;

	while (!judged->found && (at = memmem(at, (size_t)(end - at), types_name, name)) != NULL) {
		const uint8_t *head = at - LOCAL_BYTES;

		if (at - piece->bytes >= LOCAL_BYTES && memcmp(head, "PK\3\4", 4) == 0 &&
		    little(head + 26, 2) == name)
			types_judge(piece, head, judged);
		at += name;
	}
}

/* Where the archive's end stands in its last piece; NULL: there is none. */
static const uint8_t *end_find(const uint8_t *bytes, size_t length)
{
	for (size_t back = END_BYTES; back <= length && back <= END_BYTES + COMMENT_BYTES_MAX;
	     back++) {
		const uint8_t *at = bytes + length - back;

		if (memcmp(at, "PK\5\6", 4) == 0 && little(at + 20, 2) == back - END_BYTES)
			return at;
	}
	return NULL;
}

static bool name_ends(const char *name, size_t length, const char *end)
{
	size_t n = strlen(end);

	return length >= n && strncasecmp(name + length - n, end, n) == 0;
}

static bool name_begins(const char *name, size_t length, const char *begin)
{
	size_t n = strlen(begin);

	return length >= n && strncasecmp(name, begin, n) == 0;
}

/* Does a part of this name hold macros? */
static bool name_is_macro(const char *name, size_t length)
{
	static const char *const ends[] = { "vbaproject.bin", "vbadata.xml", ".docm", ".xlsm",
					    ".xlsb",          ".dotm",       ".xltm", ".pptm" };
	static const char *const begins[] = { "Basic/", "Scripts/", "xl/macrosheets/" };

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (name_ends(name, length, ends[i]))
			return true;
	for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
		if (name_begins(name, length, begins[i]))
			return true;
	return false;
}

/* Every name of the directory, which must be whole in the last piece. */
static void directory_judge(const struct file_piece *piece, struct file_judged *judged)
{
	const uint8_t *end = end_find(piece->bytes, piece->length);
	uint64_t begin = end ? little(end + 16, 4) : 0;
	const uint8_t *at;
	unsigned entries, lists = 0;

	judged->found = found_broken;
	if (!end || begin < piece->offset || begin - piece->offset > (size_t)(end - piece->bytes))
		return;
	at = piece->bytes + (begin - piece->offset);
	entries = little(end + 10, 2);
	for (unsigned i = 0; i < entries; i++) {
		size_t length;
		const char *name;

		if (end - at < ENTRY_BYTES || memcmp(at, "PK\1\2", 4) != 0)
			return;
		length = little(at + 28, 2);
		name = (const char *)at + ENTRY_BYTES;
		if ((size_t)(end - at) <
		    ENTRY_BYTES + length + little(at + 30, 2) + little(at + 32, 2))
			return;
		if ((little(at + 8, 2) & 1) != 0) {
			judged->found = found_locked;
			return;
		}
		if (name_is_macro(name, length)) {
			judged->found = found_macros;
			return;
		}
		if (length == sizeof types_name - 1 && strncasecmp(name, types_name, length) == 0) {
			lists++;
			judged->list_wanted = little(at + 42, 4);
		}
		at += ENTRY_BYTES + length + little(at + 30, 2) + little(at + 32, 2);
	}
	if (at == end && lists <= 1)
		judged->found = NULL;
}

static struct file_judged zip_judge(const struct file_piece *piece, const char *first,
				    struct file_judged judged)
{
	bool office = strcmp(first, "office") == 0;

	if (office)
		types_find(piece, &judged);
	if (!judged.found && piece->offset + piece->length == piece->total) {
		directory_judge(piece, &judged);
		if (!judged.found && office && judged.list_wanted < 0)
			judged.found = found_zip;
	}
	return judged;
}

struct file_judged filetype_judge(const struct file_piece *piece, const char *first)
{
	struct file_judged judged = { NULL, NULL, NULL, -1, -1 };

	if (piece->total == 0) {
		judged.found = "empty";
		return judged;
	}
	if (piece->offset == 0) {
		judged = first_judge(piece);
		first = judged.type;
	}
	if (judged.found || !first)
		return judged;
	if (strcmp(first, "text") == 0)
		judged.found = text_fault_of(piece->bytes, piece->length);
	else if (strcmp(first, "office") == 0 || strcmp(first, "odt") == 0 ||
		 strcmp(first, "ods") == 0)
		judged = zip_judge(piece, first, judged);
	return judged;
}

/* ---- cutting */

/* Where the directory of an archive and, in an office document, its list of content types begin and
 * end. */
struct marks {
	size_t directory;
	size_t list, list_end;
};

static void marks_find(const uint8_t *bytes, size_t total, struct marks *marks)
{
	const uint8_t *end = end_find(bytes, total);
	size_t at = end ? little(end + 16, 4) : total;

	*marks = (struct marks){ total, total, total };
	if (!end || at > (size_t)(end - bytes) || total - at > DIRECTORY_BYTES_MAX)
		return;
	marks->directory = at;
	while ((size_t)(end - bytes) - at >= ENTRY_BYTES && memcmp(bytes + at, "PK\1\2", 4) == 0) {
		size_t name = little(bytes + at + 28, 2), packed = little(bytes + at + 20, 4);
		size_t head = little(bytes + at + 42, 4);

		if ((size_t)(end - bytes) - at < ENTRY_BYTES + name)
			return;
		if (name == sizeof types_name - 1 &&
		    memcmp(bytes + at + ENTRY_BYTES, types_name, name) == 0 &&
		    packed <= TYPES_BYTES_MAX && head < marks->directory &&
		    marks->directory - head >= LOCAL_BYTES) {
			size_t skip = LOCAL_BYTES + little(bytes + head + 26, 2) +
				      little(bytes + head + 28, 2);

			marks->list = head;
			marks->list_end = head + skip + packed;
		}
		at += ENTRY_BYTES + name + little(bytes + at + 30, 2) + little(bytes + at + 32, 2);
		if (at > (size_t)(end - bytes))
			return;
	}
}

size_t filetype_cut(const uint8_t *bytes, size_t total, size_t offset)
{
	size_t end = total - offset > PIECE_BYTES_MAX ? offset + PIECE_BYTES_MAX : total;
	struct marks marks;

	if (end == total)
		return end - offset;
	if (total >= 4 && memcmp(bytes, "PK\3\4", 4) == 0) {
		marks_find(bytes, total, &marks);
		if (end > marks.directory && marks.directory > offset + PIECE_BYTES_MIN)
			end = marks.directory;
		if (end > marks.list && end < marks.list_end &&
		    marks.list > offset + PIECE_BYTES_MIN)
			end = marks.list;
	}
	/* A character is not cut; in what is no text this shifts the cut by a few bytes. */
	for (int back = 0; back < 3 && (bytes[end] & 0xc0) == 0x80; back++)
		end--;
	return end - offset;
}

struct file_judged filetype_of(const uint8_t *bytes, size_t total)
{
	struct file_judged whole = { NULL, NULL, NULL, -1, -1 };
	size_t at = 0;

	do {
		struct file_piece piece = { at, total, bytes + at,
					    total > at ? filetype_cut(bytes, total, at) : 0 };
		struct file_judged judged = filetype_judge(&piece, whole.type);

		if (judged.found)
			return judged;
		if (at == 0)
			whole.type = judged.type;
		if (judged.office) {
			whole.office = judged.office;
			whole.list_at = judged.list_at;
		}
		whole.list_wanted = judged.list_wanted;
		at += piece.length;
	} while (at < total);
	if (whole.list_at != whole.list_wanted)
		whole.found = found_zip;
	if (whole.office)
		whole.type = whole.office;
	return whole;
}

/* ---- names */

const char *filetype_named(const char *name)
{
	static const struct {
		const char *end;
		const char *found;
	} rows[] = {
		{ ".exe", "a program" },
		{ ".com", "a program" },
		{ ".dll", "a program" },
		{ ".scr", "a program" },
		{ ".msi", "a program" },
		{ ".jar", "a program" },
		{ ".apk", "a program" },
		{ ".lnk", "a shortcut to a program" },
		{ ".bat", "a script" },
		{ ".cmd", "a script" },
		{ ".ps1", "a script" },
		{ ".vbs", "a script" },
		{ ".vbe", "a script" },
		{ ".js", "a script" },
		{ ".mjs", "a script" },
		{ ".jse", "a script" },
		{ ".wsf", "a script" },
		{ ".hta", "a script" },
		{ ".sh", "a script" },
		{ ".py", "a script" },
		{ ".pl", "a script" },
		{ ".rb", "a script" },
		{ ".php", "a script" },
		{ ".reg", "a script" },
		{ ".html", "an HTML page" },
		{ ".htm", "an HTML page" },
		{ ".xhtml", "an HTML page" },
		{ ".mht", "an HTML page" },
		{ ".svg", "an SVG picture or another XML file" },
		{ ".xml", "an SVG picture or another XML file" },
		{ ".docm", found_macros },
		{ ".xlsm", found_macros },
		{ ".xlsb", found_macros },
		{ ".dotm", found_macros },
		{ ".xltm", found_macros },
		{ ".pptm", found_macros },
		{ ".xlam", found_macros },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (name_ends(name, strlen(name), rows[i].end))
			return rows[i].found;
	return NULL;
}
