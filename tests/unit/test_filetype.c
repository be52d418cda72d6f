/* What a file is, by its bytes, piece by piece. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "proto/filetype.h"

#define WORD  "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
#define SHEET "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
#define LIST  "[Content_Types].xml"

/* ---- archives, made by hand */

struct entry {
	const char *name;
	const char *data;
	size_t length; /* 0: of the text */
	bool packed;
	bool locked;
};

static uint8_t bytes[4 << 20];
static size_t length;

static void put(uint64_t value, size_t n)
{
	for (; n > 0; n--, value >>= 8)
		bytes[length++] = (uint8_t)value;
}

static void put_bytes(const void *data, size_t n)
{
	memcpy(bytes + length, data, n);
	length += n;
}

static size_t deflated(const char *data, size_t n, uint8_t *out, size_t room)
{
	z_stream stream = { .next_in = (Bytef *)(uintptr_t)data,
			    .avail_in = (uInt)n,
			    .next_out = out,
			    .avail_out = (uInt)room };

	assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY),
			 Z_OK);
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	deflateEnd(&stream);
	return stream.total_out;
}

static void zip(const struct entry *entries, size_t count)
{
	static uint8_t packed[1 << 20];
	size_t at[16], size[16], begin;

	length = 0;
	for (size_t i = 0; i < count; i++) {
		const struct entry *entry = &entries[i];
		size_t n = entry->length ? entry->length : strlen(entry->data);

		at[i] = length;
		size[i] = entry->packed ? deflated(entry->data, n, packed, sizeof packed) : n;
		put(0x04034b50, 4);
		put(20, 2);
		put(entry->locked, 2);
		put(entry->packed ? 8 : 0, 2);
		put(0, 8); /* time, date, checksum */
		put(size[i], 4);
		put(n, 4);
		put(strlen(entry->name), 2);
		put(0, 2);
		put_bytes(entry->name, strlen(entry->name));
		put_bytes(entry->packed ? (const char *)packed : entry->data, size[i]);
	}
	begin = length;
	for (size_t i = 0; i < count; i++) {
		put(0x02014b50, 4);
		put(20, 2);
		put(20, 2);
		put(entries[i].locked, 2);
		put(entries[i].packed ? 8 : 0, 2);
		put(0, 8);
		put(size[i], 4);
		put(entries[i].length ? entries[i].length : strlen(entries[i].data), 4);
		put(strlen(entries[i].name), 2);
		put(0, 12);
		put(at[i], 4);
		put_bytes(entries[i].name, strlen(entries[i].name));
	}
	size[0] = length;
	put(0x06054b50, 4);
	put(0, 4);
	put(count, 2);
	put(count, 2);
	put(size[0] - begin, 4);
	put(begin, 4);
	put(0, 2);
}

#define ZIP(...)                                                                                   \
	zip((const struct entry[]){ __VA_ARGS__ },                                                 \
	    sizeof((const struct entry[]){ __VA_ARGS__ }) / sizeof(struct entry))

static void assert_type(const char *type)
{
	struct file_judged judged = filetype_of(bytes, length);

	if (judged.found)
		fail_msg("refused: %s", judged.found);
	assert_string_equal(judged.type, type);
}

static void assert_found(const char *found)
{
	struct file_judged judged = filetype_of(bytes, length);

	if (!judged.found)
		fail_msg("taken as %s, wanted: %s", judged.type, found);
	assert_string_equal(judged.found, found);
}

static void whole(const void *data, size_t n)
{
	length = 0;
	put_bytes(data, n);
}

#define WHOLE(text) whole(text, sizeof(text) - 1)

/* ---- tests */

static void what_is_taken_is_known_by_its_first_bytes(void **state)
{
	(void)state;
	WHOLE("%PDF-1.4 and so on");
	assert_type("pdf");
	WHOLE("\x89PNG\r\n\x1a\n and so on");
	assert_type("png");
	WHOLE("\xff\xd8\xff\xe0 and so on");
	assert_type("jpeg");
	WHOLE("cell,value\r\nPA-1.1,12\r\n");
	assert_type("text");
	WHOLE("\xef\xbb\xbf\xd9\x85\xd8\xad\xd8\xb6\xd8\xb1 <b>\n");
	assert_type("text");
	WHOLE("MZ and BM are how a text may begin");
	assert_type("text");
}

static void what_is_not_is_named(void **state)
{
	(void)state;
	WHOLE("");
	assert_found("empty");
	WHOLE("MZ\x90\0\3\0\0\0");
	assert_found("a program");
	WHOLE("\x7f"
	      "ELF\2\1\1");
	assert_found("a program");
	WHOLE("#!/bin/sh\nrm -rf /\n");
	assert_found("a script");
	WHOLE("\n  <!DOCTYPE html><script>");
	assert_found("an HTML page");
	WHOLE("\xef\xbb\xbf<HTML>");
	assert_found("an HTML page");
	WHOLE("<?xml version='1.0'?><svg/>");
	assert_found("an SVG picture or another XML file");
	WHOLE(" <svg xmlns=''>");
	assert_found("an SVG picture or another XML file");
	WHOLE("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 a .doc");
	assert_found("an old or encrypted Office document, in which macros cannot be ruled out");
	WHOLE("GIF89a");
	assert_found("a picture that is neither PNG nor JPEG");
	WHOLE("\x1f\x8b\x08");
	assert_found("an archive");
	WHOLE("text\0with a NUL");
	assert_found("binary data of no type that is taken");
	WHOLE("\xc7\xe1\xda\xd1\xc7\xde in cp1256");
	assert_found("neither a type that is taken nor text in UTF-8");
	WHOLE("\xff\xfeU\0T\0F\0");
	assert_found("text that is not UTF-8");
}

static void office_documents_say_what_they_are(void **state)
{
	(void)state;
	ZIP({ .name = LIST, .data = "<Types>" WORD "</Types>", .packed = true },
	    { .name = "word/document.xml", .data = "<w/>" });
	assert_type("docx");
	ZIP({ .name = "xl/workbook.xml", .data = "<w/>", .packed = true },
	    { .name = LIST, .data = "<Types>" SHEET "</Types>", .packed = true });
	assert_type("xlsx"); /* as some programs write it: the list comes last */
	ZIP({ .name = LIST, .data = "<Types>" SHEET "</Types>" });
	assert_type("xlsx");
	ZIP({ .name = "mimetype", .data = "application/vnd.oasis.opendocument.text" },
	    { .name = "content.xml", .data = "<c/>", .packed = true });
	assert_type("odt");
	ZIP({ .name = "mimetype", .data = "application/vnd.oasis.opendocument.spreadsheet" },
	    { .name = "content.xml", .data = "<c/>" });
	assert_type("ods");
}

static void a_type_for_parts_that_are_not_there_is_no_macro(void **state)
{
	(void)state;
	ZIP({ .name = LIST,
	      .data = "<Types>application/vnd.ms-excel.sheet.binary.macroEnabled.main " SHEET
		      "</Types>" });
	assert_type("xlsx");
	ZIP({ .name = LIST,
	      .data = "<Types>application/vnd.ms-excel.sheet.binary.macroEnabled.main</Types>" });
	assert_found("a document of another kind than text or spreadsheet");
}

static void macros_are_found_wherever_they_are(void **state)
{
	(void)state;
	ZIP({ .name = LIST,
	      .data = "<Types>application/vnd.ms-word.document.macroEnabled.main+xml</Types>",
	      .packed = true });
	assert_found("a document with macros");
	ZIP({ .name = LIST,
	      .data = "<Types>" WORD " application/vnd.ms-office.vbaProject</Types>",
	      .packed = true },
	    { .name = "word/other.bin", .data = "x" });
	assert_found("a document with macros");
	ZIP({ .name = LIST, .data = "<Types>" SHEET "</Types>", .packed = true },
	    { .name = "xl/VBAProject.bin", .data = "x" });
	assert_found("a document with macros");
	ZIP({ .name = LIST, .data = "<Types>" WORD "</Types>" },
	    { .name = "word/embeddings/Sheet1.xlsm", .data = "x" });
	assert_found("a document with macros");
	ZIP({ .name = "mimetype", .data = "application/vnd.oasis.opendocument.text" },
	    { .name = "Basic/Standard/Module1.xml", .data = "x" });
	assert_found("a document with macros");
	ZIP({ .name = "mimetype", .data = "application/vnd.oasis.opendocument.text" },
	    { .name = "Scripts/python/a.py", .data = "x" });
	assert_found("a document with macros");
}

static void other_archives_are_not_taken(void **state)
{
	(void)state;
	ZIP({ .name = "a.txt", .data = "hello" });
	assert_found("a ZIP archive");
	ZIP({ .name = LIST, .data = "<Types>presentationml.presentation.main+xml</Types>" });
	assert_found("a document of another kind than text or spreadsheet");
	ZIP({ .name = "mimetype", .data = "application/vnd.oasis.opendocument.graphics" });
	assert_found("a document of another kind than text or spreadsheet");
	ZIP({ .name = LIST, .data = "<Types>" WORD "</Types>" },
	    { .name = "word/document.xml", .data = "x", .locked = true });
	assert_found("an encrypted document");
	ZIP({ .name = LIST, .data = "<Types>macro&#69;nabled " WORD "</Types>" });
	assert_found("a damaged document"); /* written so that it cannot be searched */
	ZIP({ .name = LIST, .data = "<Types>" WORD "</Types>" },
	    { .name = "[content_types].XML", .data = "x" });
	assert_found("a damaged document"); /* which of the two counts? */
	ZIP({ .name = LIST, .data = "<Types>" WORD "</Types>" },
	    { .name = "word/document.xml", .data = "<w/>" });
	length -= 5;
	assert_found("a damaged document");
	WHOLE("PK\3\4 and nothing more");
	assert_found("a damaged document");
}

static void a_good_list_beside_the_one_that_counts_helps_nothing(void **state)
{
	static char decoy[200];
	size_t n;

	(void)state;
	/* Inside another entry stands what looks like an entry with a good list; the real one is
	 * packed in a way that we do not read. */
	ZIP({ .name = LIST, .data = "<Types>" WORD "</Types>" });
	n = 30 + strlen(LIST) + strlen("<Types>" WORD "</Types>");
	assert_true(n <= sizeof decoy);
	memcpy(decoy, bytes, n);
	ZIP({ .name = "decoy", .data = decoy, .length = n },
	    { .name = LIST, .data = "<Types>" WORD "</Types>" });
	bytes[30 + 5 + n + 8] = 9; /* the method */
	assert_found("a ZIP archive");
}

static char noise[1 << 20];

static void pieces_are_cut_so_that_each_can_be_judged(void **state)
{
	size_t at, pieces = 0;

	(void)state;
	memset(noise, 'x', sizeof noise);
	for (size_t before = PIECE_BYTES_MAX - 300; before < PIECE_BYTES_MAX; before += 7) {
		ZIP({ .name = "xl/media/image1.png", .data = noise, .length = before },
		    { .name = LIST, .data = "<Types>" SHEET "</Types>", .packed = true },
		    { .name = "xl/media/image2.png", .data = noise, .length = 300000 },
		    { .name = "xl/workbook.xml", .data = "<w/>" });
		assert_type("xlsx");
		for (at = 0, pieces = 0; at < length; pieces++) {
			size_t piece = filetype_cut(bytes, length, at);

			assert_true(piece <= PIECE_BYTES_MAX &&
				    (piece >= PIECE_BYTES_MIN || at + piece == length));
			at += piece;
		}
		assert_true(pieces <= 4);
	}
	for (size_t before = PIECE_BYTES_MAX - 200; before < PIECE_BYTES_MAX; before += 7) {
		ZIP({ .name = LIST, .data = "<Types>" SHEET "</Types>", .packed = true },
		    { .name = "xl/media/image1.png", .data = noise, .length = before });
		assert_type("xlsx"); /* the directory over a boundary */
	}
}

static void a_character_is_never_cut(void **state)
{
	static const char meem[] = "\xd9\x85";

	(void)state;
	length = 0;
	put('x', 1);
	while (length < 3 * PIECE_BYTES_MAX)
		put_bytes(meem, 2);
	assert_type("text");
	bytes[length - 1] = 'x';
	assert_found("neither a type that is taken nor text in UTF-8");
}

static void names_of_programs_are_known(void **state)
{
	(void)state;
	assert_string_equal(filetype_named("minutes.EXE"), "a program");
	assert_string_equal(filetype_named("a.docm"), "a document with macros");
	assert_string_equal(filetype_named("x.svg"), "an SVG picture or another XML file");
	assert_null(filetype_named("minutes.pdf"));
	assert_null(filetype_named("exe"));
	assert_null(filetype_named("Minutes of 3 March"));
}

/* Whatever comes, and wherever it ends: nothing is read outside of it. */
static void cut_short_and_changed_files_are_survived(void **state)
{
	(void)state;
	srand(1325);
	for (unsigned i = 0; i < 3000; i++) {
		uint8_t *copy;
		size_t n;

		ZIP({ .name = LIST, .data = "<Types>" WORD "</Types>", .packed = (i & 1) != 0 },
		    { .name = "word/document.xml", .data = "<w/>" });
		n = length - (i % 3 ? 0 : (size_t)rand() % length);
		copy = malloc(n + 1); /* of its very size, so that the sanitizer sees */
		assert_non_null(copy);
		memcpy(copy, bytes, n);
		for (unsigned change = i % 5; change > 0 && n > 0; change--)
			copy[(size_t)rand() % n] = (uint8_t)rand();
		copy = realloc(copy, n ? n : 1);
		assert_true(filetype_of(copy, n).found || filetype_of(copy, n).type);
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_taken_is_known_by_its_first_bytes),
		cmocka_unit_test(what_is_not_is_named),
		cmocka_unit_test(office_documents_say_what_they_are),
		cmocka_unit_test(a_type_for_parts_that_are_not_there_is_no_macro),
		cmocka_unit_test(macros_are_found_wherever_they_are),
		cmocka_unit_test(other_archives_are_not_taken),
		cmocka_unit_test(a_good_list_beside_the_one_that_counts_helps_nothing),
		cmocka_unit_test(pieces_are_cut_so_that_each_can_be_judged),
		cmocka_unit_test(a_character_is_never_cut),
		cmocka_unit_test(names_of_programs_are_known),
		cmocka_unit_test(cut_short_and_changed_files_are_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
