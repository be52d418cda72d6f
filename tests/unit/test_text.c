/* Text: what a server refuses, what normalisation gives, what a terminal may be shown. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "proto/text.h"
#include "proto/utf8.h"

#define BLNS          "../shared/data/nasty/strings/blns.txt"
#define NORMALIZATION "../shared/data/nasty/unicode/NormalizationTest.arabic-latin-subset.txt"
#define ARABIC        "../shared/data/input/arabic-strings/ar_IQ.tsv"
#define SORANI        "../shared/data/input/arabic-strings/ckb.tsv"

struct sample {
	const char *text;
	size_t bytes;
	bool lines;
	enum text_fault fault;
};

#define SAMPLE(text_, lines_, fault_)                                                              \
	{                                                                                          \
		text_, sizeof(text_) - 1, lines_, fault_                                           \
	}

static const struct sample samples[] = {
	SAMPLE("", false, TEXT_OK),
	SAMPLE("FED-MOI", false, TEXT_OK),
	SAMPLE("وزارة الداخلية", false, TEXT_OK),
	SAMPLE("وەزارەتی ناوخۆ", false, TEXT_OK),
	SAMPLE("caf\u00e9 \u0622", false, TEXT_OK),
	SAMPLE("a\u200cb\u200f\u061c\ufeff\U0001f600", false, TEXT_OK),
	SAMPLE("a\xff", false, TEXT_UTF8),
	SAMPLE("\xc0\xaf", false, TEXT_UTF8),         /* overlong */
	SAMPLE("\xe0\x80\xaf", false, TEXT_UTF8),     /* overlong */
	SAMPLE("\xf0\x80\x80\xaf", false, TEXT_UTF8), /* overlong */
	SAMPLE("\xed\xa0\x80", false, TEXT_UTF8),     /* surrogate */
	SAMPLE("\xf4\x90\x80\x80", false, TEXT_UTF8), /* above U+10FFFF */
	SAMPLE("\xf8\x88\x80\x80\x80", false, TEXT_UTF8),
	SAMPLE("\x80", false, TEXT_UTF8),
	SAMPLE("\xd9", false, TEXT_UTF8), /* cut off */
	SAMPLE("\xd9z", false, TEXT_UTF8),
	SAMPLE("a\0b", false, TEXT_NUL),
	SAMPLE("a\0", true, TEXT_NUL),
	SAMPLE("a\nb", false, TEXT_CONTROL),
	SAMPLE("a\tb", false, TEXT_CONTROL),
	SAMPLE("a\n\tb", true, TEXT_OK),
	SAMPLE("a\r\nb", true, TEXT_CONTROL),
	SAMPLE("\x1b[31m", true, TEXT_CONTROL),
	SAMPLE("\x7f", true, TEXT_CONTROL),
	SAMPLE("\xc2\x80", true, TEXT_CONTROL),
	SAMPLE("\xc2\x85", true, TEXT_CONTROL),
	SAMPLE("\xc2\x9f", true, TEXT_CONTROL),
	SAMPLE("\u00a0", false, TEXT_OK),
	SAMPLE("\u202a", true, TEXT_OVERRIDE),
	SAMPLE("a\u202etxt\u202c", true, TEXT_OVERRIDE),
	SAMPLE("\u2066", true, TEXT_ISOLATE),
	SAMPLE("\u2069", true, TEXT_ISOLATE),
	SAMPLE("\u2069\u2066", true, TEXT_ISOLATE),
	SAMPLE("\u2067a\n\u2069", true, TEXT_ISOLATE), /* partner in another line */
	SAMPLE("\u2068a\u2066b\u2069\u2069", false, TEXT_OK),
	SAMPLE("e\u0301", false, TEXT_NOT_NFC),
	SAMPLE("\u0627\u0653", false, TEXT_NOT_NFC),
	SAMPLE("\u0627\u0653 x", false, TEXT_NOT_NFC),
	SAMPLE("a\u0323\u0301", false, TEXT_NOT_NFC),
	SAMPLE("x\u0301\u0323", false, TEXT_NOT_NFC), /* marks out of order */
	SAMPLE("x\u0323\u0301", false, TEXT_OK),
	SAMPLE("ب\u0651\u064e", false,
	       TEXT_NOT_NFC), /* shadda before fatha, as keyboards give it */
	SAMPLE("ب\u064e\u0651", false, TEXT_OK),
	SAMPLE("\u212b", false, TEXT_NOT_NFC), /* a singleton: ANGSTROM SIGN */
	SAMPLE("\u0344", false, TEXT_NOT_NFC),
	SAMPLE("\u0f73", false, TEXT_NOT_NFC),
	SAMPLE("\u1100\u1161", false, TEXT_NOT_NFC), /* Hangul composes by arithmetic */
	SAMPLE("\uac00", false, TEXT_OK),
	SAMPLE("\u09c7\u09be", false, TEXT_NOT_NFC), /* composes with a class-0 sign */
	SAMPLE("\ufb1d", false, TEXT_NOT_NFC),       /* excluded from composition */
};

static const struct text_rule any = { .bytes_max = 0 };

static void each_fault_is_found(void **state)
{
	bool seen[TEXT_FAULTS] = { false };

	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
		struct text_rule rule = { .lines = samples[i].lines };
		/* An exact copy: reading past the end shows under the sanitiser. */
		char *copy = malloc(samples[i].bytes + 1);
		assert_non_null(copy);
		memmove(copy, samples[i].text, samples[i].bytes);
		copy = realloc(copy, samples[i].bytes == 0 ? 1 : samples[i].bytes);
		assert_non_null(copy);
		enum text_fault fault = text_check(copy, samples[i].bytes, &rule);
		if (fault != samples[i].fault)
			fail_msg("sample %zu: '%s', not '%s'", i, text_reason(fault),
				 text_reason(samples[i].fault));
		free(copy);
		seen[fault] = true;
	}
	for (int fault = 0; fault < TEXT_FAULTS; fault++)
		if (fault != TEXT_BYTES && fault != TEXT_POINTS && fault != TEXT_MARKS)
			assert_true(seen[fault]);
}

static void lengths_are_in_bytes_and_in_code_points(void **state)
{
	const char *text = "وزارة"; /* 5 code points, 10 bytes */
	struct text_rule rule = { .bytes_max = 10, .points_max = 5 };

	(void)state;
	assert_int_equal(text_check(text, 10, &rule), TEXT_OK);
	rule.bytes_max = 9;
	assert_int_equal(text_check(text, 10, &rule), TEXT_BYTES);
	rule.bytes_max = 0;
	rule.points_max = 4;
	assert_int_equal(text_check(text, 10, &rule), TEXT_POINTS);
	assert_int_equal(text_points(text), 5);
	assert_int_equal(text_points("a\xff\xd9"), 3);
}

static void marks_without_end_are_refused_at_once(void **state)
{
	char text[2 + 2 * TEXT_MARKS_MAX] = "x";
	size_t bytes = 1;

	(void)state;
	while (bytes < 1 + 2 * (TEXT_MARKS_MAX - 1)) {
		text[bytes++] = '\xcc'; /* U+0323 COMBINING DOT BELOW */
		text[bytes++] = '\xa3';
	}
	assert_int_equal(text_check(text, bytes, &any), TEXT_OK);
	text[bytes++] = '\xcc';
	text[bytes++] = '\xa3';
	assert_int_equal(text_check(text, bytes, &any), TEXT_MARKS);
}

static void every_fault_has_its_words(void **state)
{
	(void)state;
	assert_string_equal(text_reason(TEXT_OK), "");
	for (int i = TEXT_OK + 1; i < TEXT_FAULTS; i++) {
		assert_true(strlen(text_reason((enum text_fault)i)) > 5);
		for (int j = TEXT_OK; j < i; j++)
			assert_string_not_equal(text_reason((enum text_fault)i),
						text_reason((enum text_fault)j));
	}
}

static void normalisation_composes(void **state)
{
	char *out = NULL;

	(void)state;
	assert_true(text_nfc("e\u0301 \u0627\u0653", &out));
	assert_string_equal(out, "\u00e9 \u0622");
	free(out);
	assert_true(text_nfc("", &out));
	assert_string_equal(out, "");
	free(out);
	assert_false(text_nfc("\xff", &out));
	assert_null(out);
}

static void code_points_are_written_as_they_are_read(void **state)
{
	(void)state;
	for (uint32_t point = 0; point <= 0x10ffff; point++) {
		char bytes[UTF8_POINT_BYTES];
		uint32_t back = 0;
		if (point >= 0xd800 && point <= 0xdfff)
			continue;
		size_t size = utf8_put(bytes, point);
		assert_int_equal(utf8_get(bytes, size, &back), size);
		assert_int_equal(back, point);
		assert_int_equal(utf8_get(bytes, size - 1, &back), 0);
	}
}

/* A column of hexadecimal code points into UTF-8. */
static void column_read(const char *column, char *out, size_t room)
{
	size_t used = 0;
	char *end = NULL;

	for (const char *at = column; *at != ';' && *at != '\0'; at = end) {
		uint32_t point = (uint32_t)strtoul(at, &end, 16);
		if (end == at)
			break;
		assert_true(used + UTF8_POINT_BYTES < room);
		used += utf8_put(out + used, point);
	}
	out[used] = '\0';
}

static FILE *open_or_skip(const char *path)
{
	FILE *file = fopen(path, "r");

	if (file == NULL) {
		print_message("SKIPPED: '%s' is not there\n", path);
		skip();
	}
	return file;
}

/* Both the source and the decomposed form become nfc; refused are those that are not it already. */
static unsigned vector_check(const char *column, const char *nfc)
{
	char text[512];
	char *out = NULL;

	column_read(column, text, sizeof text);
	assert_true(text_nfc(text, &out));
	assert_string_equal(out, nfc);
	free(out);
	bool same = strcmp(text, nfc) == 0;
	assert_int_equal(text_check(text, strlen(text), &any), same ? TEXT_OK : TEXT_NOT_NFC);
	return same ? 0 : 1;
}

static void unicode_s_own_normalisation_vectors_agree(void **state)
{
	FILE *file = open_or_skip(NORMALIZATION);
	char line[2048], nfc[512];
	unsigned rows = 0, refused = 0;

	(void)state;
	while (fgets(line, sizeof line, file) != NULL) {
		char *second = strchr(line, ';');
		if (line[0] == '#' || line[0] == '@' || second == NULL)
			continue;
		column_read(second + 1, nfc, sizeof nfc);
		char *third = strchr(second + 1, ';');
		assert_non_null(third);
		assert_int_equal(vector_check(second + 1, nfc), 0);
		refused += vector_check(line, nfc);
		refused += vector_check(third + 1, nfc);
		rows++;
	}
	fclose(file);
	assert_true(rows > 700);
	assert_int_equal(refused, 62); /* the rest are presentation forms, which NFC keeps */
}

/* Nothing that a terminal would obey; text is valid UTF-8. */
static void assert_printable(const char *text, bool lines)
{
	size_t left = strlen(text);

	while (left > 0) {
		uint32_t point = 0;
		size_t size = utf8_get(text, left, &point);
		assert_true(size > 0);
		if (!lines || (point != '\n' && point != '\t'))
			assert_true(point >= 0x20 && (point < 0x7f || point > 0x9f));
		assert_false(point >= 0x2028 && point <= 0x202e);
		assert_false(point >= 0x2066 && point <= 0x2069);
		text += size;
		left -= size;
	}
}

static void assert_printed(const char *text, bool lines, const char *expected)
{
	char *out = text_printable(text, lines);

	assert_non_null(out);
	assert_string_equal(out, expected);
	free(out);
}

static void a_terminal_gets_no_control(void **state)
{
	(void)state;
	assert_printed("وزارة 12", false, "وزارة 12");
	assert_printed("\x1b]0;x\a", false, "\\x1b]0;x\\x07");
	assert_printed("a\x7f\xc2\x9b\u202e\u2066\u2028", false,
		       "a\\x7f\\x9b\\u202e\\u2066\\u2028");
	assert_printed("a\n\tb\r", true, "a\n\tb\\x0d");
	assert_printed("a\n\tb\r", false, "a  b\\x0d");
	assert_printed("\xff\xd9", false, "\\xff\\xd9");
	assert_printed("", false, "");
}

static void a_million_random_strings_stay_harmless(void **state)
{
	uint64_t seed = 1325;

	(void)state;
	for (unsigned i = 0; i < 1000000; i++) {
		char text[4 * UTF8_POINT_BYTES + 1];
		size_t used = 0;
		for (unsigned j = 0; j < 4; j++) {
			seed = seed * 6364136223846793005U + 1442695040888963407U;
			/* one in four a small one, so that every control comes */
			uint32_t point = (uint32_t)(seed >> 40);
			point %= (seed >> 38 & 3) == 0 ? 0x2070 : 0x110000;
			if (point == 0 || (point >= 0xd800 && point <= 0xdfff))
				text[used++] = '\xfe';
			else
				used += utf8_put(text + used, point);
		}
		text[used] = '\0';
		char *out = text_printable(text, i % 2 == 0);
		assert_non_null(out);
		assert_printable(out, i % 2 == 0);
		free(out);
	}
}

static void naughty_strings_are_taken_or_refused_and_never_printed_raw(void **state)
{
	FILE *file = open_or_skip(BLNS);
	struct text_rule note = { .bytes_max = 32768, .lines = true };
	char line[16384];
	unsigned faults[TEXT_FAULTS] = { 0 }, rows = 0;

	(void)state;
	while (fgets(line, sizeof line, file) != NULL) {
		char *nfc = NULL;
		line[strcspn(line, "\n")] = '\0';
		char *out = text_printable(line, false);
		assert_non_null(out);
		assert_printable(out, false);
		free(out);
		/* What a client would send: normalised. Then only what is harmful is refused. */
		assert_true(text_nfc(line, &nfc));
		enum text_fault fault = text_check(nfc, strlen(nfc), &note);
		assert_int_not_equal(fault, TEXT_NOT_NFC);
		faults[fault]++;
		rows++;
		free(nfc);
	}
	fclose(file);
	assert_true(rows > 600);
	/* The list's lines of controls, of bidi overrides, and of isolates without partner. */
	assert_true(faults[TEXT_CONTROL] > 0);
	assert_true(faults[TEXT_OVERRIDE] > 0);
	assert_int_equal(faults[TEXT_UTF8] + faults[TEXT_NUL] + faults[TEXT_BYTES], 0);
	assert_true(faults[TEXT_OK] > rows - 20);
}

static void real_arabic_and_sorani_texts_pass(void **state)
{
	static const char *const paths[] = { ARABIC, SORANI };

	(void)state;
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
		FILE *file = open_or_skip(paths[i]);
		char line[8192];
		unsigned rows = 0;
		while (fgets(line, sizeof line, file) != NULL) {
			char *nfc = NULL;
			line[strcspn(line, "\n")] = '\0';
			assert_true(text_nfc(line, &nfc));
			struct text_rule rule = { .lines = true };
			enum text_fault fault = text_check(nfc, strlen(nfc), &rule);
			if (fault != TEXT_OK)
				fail_msg("'%s' %s", line, text_reason(fault));
			free(nfc);
			rows++;
		}
		fclose(file);
		assert_true(rows > 50);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_fault_is_found),
		cmocka_unit_test(lengths_are_in_bytes_and_in_code_points),
		cmocka_unit_test(marks_without_end_are_refused_at_once),
		cmocka_unit_test(every_fault_has_its_words),
		cmocka_unit_test(normalisation_composes),
		cmocka_unit_test(code_points_are_written_as_they_are_read),
		cmocka_unit_test(unicode_s_own_normalisation_vectors_agree),
		cmocka_unit_test(a_terminal_gets_no_control),
		cmocka_unit_test(a_million_random_strings_stay_harmless),
		cmocka_unit_test(naughty_strings_are_taken_or_refused_and_never_printed_raw),
		cmocka_unit_test(real_arabic_and_sorani_texts_pass),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
