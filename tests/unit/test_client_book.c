/* Workbooks: read whoever wrote them, or refused by part or cell; their lines; nothing kept grows
 * without end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/form/book.h"
#include "client/form/decimal.h"
#include "client/form/sheet.h"
#include "client/out/out.h"
#include "tests/unit/client_app.h"
#include "tests/unit/workbook.h"

#define NASTY "../shared/data/nasty/xlsx"

static struct app *app;
static char *bytes; /* of the workbook at hand */
static struct book book;

static int set_up(void **state)
{
	(void)state;
	app = client_app_new();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	free(bytes);
	bytes = NULL;
	client_app_free(app);
	return 0;
}

/* A workbook's bytes instead of the last one's. */
static size_t simple(const char *rows, const char *shared)
{
	size_t length;

	free(bytes);
	bytes = workbook_simple(rows, shared, &length);
	return length;
}

static size_t parts(const struct workbook_part *list)
{
	size_t length;

	free(bytes);
	bytes = workbook_zip(list, &length);
	return length;
}

/* The first sheet of a workbook of these rows. */
static const struct book_sheet *read_rows(const char *rows, const char *shared)
{
	size_t length = simple(rows, shared);

	assert_true(book_open(app, "q3.xlsx", bytes, length, &book));
	assert_true(book_read(&book, &book.sheets[0]));
	book_close(&book);
	return &book.sheets[0];
}

/* What is said of it: taken is said as "". */
static const char *said(size_t length)
{
	struct sheet sheet;

	failure_clear(&app->failure);
	return sheet_read(app, "q3.xlsx", bytes, length, &sheet) ? "" : failure_sentence(app);
}

static const char *said_of(const char *rows, const char *shared)
{
	return said(simple(rows, shared));
}

/* ---- numbers and days */

static void numbers_come_back_as_they_were_typed(void **state)
{
	static const char *const pairs[][2] = {
		{ "12", "12" },
		{ "0.30000000000000004", "0.3" },
		{ "12.300000000000001", "12.3" },
		{ "1.2E-2", "0.012" },
		{ "-4.5e3", "-4500" },
		{ "1E+15", "1000000000000000" },
		{ "123456789012345678", "123456789012346000" },
		{ "0.99999999999999999", "1" },
		{ "999999999999999.9", "1000000000000000" },
		{ "000.500", "0.5" },
		{ "0", "0" },
		{ "-0", "0" },
		{ "1.0", "1" },
		{ "0.000001", "0.000001" },
		{ "4.9406564584124654E-324", NULL },
		{ "1E300", NULL },
		{ "1e999999999999", NULL },
		{ "", NULL },
		{ "-", NULL },
		{ ".", NULL },
		{ "1e", NULL },
		{ "0x10", NULL },
		{ "12 ", NULL },
		{ "nan", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		const char *got = decimal_of(app, pairs[i][0], 0);

		if (!pairs[i][1] && !got)
			continue;
		assert_string_equal(got ? got : pairs[i][0], pairs[i][1] ? pairs[i][1] : "none");
	}
	assert_string_equal(decimal_of(app, "0.125", 2), "12.5");
	assert_string_equal(decimal_of(app, "1", 2), "100");
	assert_true(decimal_fits("123456789012345"));
	assert_true(decimal_fits("-1200000000000000000"));
	assert_true(decimal_fits("0.00012"));
	assert_false(decimal_fits("1234567890123456"));
	assert_false(decimal_fits("0.1234567890123456"));
}

static void days_are_counted_from_1900_or_1904(void **state)
{
	(void)state;
	assert_string_equal(decimal_day(app, "45596", false), "2024-10-31");
	assert_string_equal(decimal_day(app, "45596.75", false), "2024-10-31");
	assert_string_equal(decimal_day(app, "44134", true), "2024-10-31");
	assert_string_equal(decimal_day(app, "1", false), "1900-01-01");
	assert_string_equal(decimal_day(app, "61", false), "1900-03-01");
	assert_null(decimal_day(app, "0", false));
	assert_null(decimal_day(app, "-3", false));
	assert_null(decimal_day(app, "99999999", false));
	assert_null(decimal_day(app, "tomorrow", false));
}

/* ---- cells */

static void cells_of_every_kind_are_read(void **state)
{
	const struct book_sheet *sheet = read_rows(
		"<row r=\"3\"><c r=\"A3\" t=\"s\"><v>1</v></c><c r=\"C3\"><v>1.5</v></c>"
		"<c r=\"D3\" t=\"b\"><v>1</v></c><c r=\"E3\" t=\"e\"><v>#REF!</v></c>"
		"<c r=\"F3\"><f>F18*2</f><v>4</v></c><c r=\"G3\" t=\"str\"><v>typed</v></c>"
		"<c r=\"H3\" s=\"4\"/><c r=\"I3\" t=\"d\"><v>2024-10-31T00:00:00</v></c></row>"
		"<row r=\"9\"><c r=\"AA9\" t=\"inlineStr\"><is><r><t>in</t></r><r><t "
		"xml:space=\"preserve\"> line</t></r></is></c></row>",
		"<si><t>none</t></si><si><r><t>ri</t></r><rPh sb=\"0\" eb=\"1\"><t>NO</t></rPh>"
		"<r><t>ch_x000D_</t></r></si>");
	const struct book_row *row = &sheet->rows[0];

	(void)state;
	assert_int_equal(sheet->count, 2);
	assert_int_equal(row->row, 3);
	assert_int_equal(row->count, 7);
	assert_string_equal(book_text(row, 0), "rich\r");
	assert_string_equal(book_text(row, 1), "");
	assert_string_equal(book_text(row, 2), "1.5");
	assert_int_equal(book_cell(row, 2)->kind, BOOK_NUMBER);
	assert_string_equal(book_text(row, 3), "true");
	assert_int_equal(book_cell(row, 4)->kind, BOOK_ERROR);
	assert_string_equal(book_text(row, 5), "=F18*2");
	assert_int_equal(book_cell(row, 5)->kind, BOOK_FORMULA);
	assert_string_equal(book_text(row, 6), "typed");
	assert_null(book_cell(row, 7));
	assert_string_equal(book_text(row, 8), "2024-10-31");
	assert_string_equal(book_text(&sheet->rows[1], 26), "in line");
}

static void missing_numbers_of_rows_and_cells_are_counted(void **state)
{
	const struct book_sheet *sheet =
		read_rows("<row><c><v>1</v></c><c/><c><v>3</v></c></row><row/><row r=\"7\"><c "
			  "r=\"B7\"><v>4</v></c><c><v>5</v></c></row><row><c><v>6</v></c></row>",
			  NULL);

	(void)state;
	assert_int_equal(sheet->count, 3);
	assert_int_equal(sheet->rows[0].row, 1);
	assert_string_equal(book_text(&sheet->rows[0], 2), "3");
	assert_int_equal(sheet->rows[1].row, 7);
	assert_string_equal(book_text(&sheet->rows[1], 2), "5");
	assert_int_equal(sheet->rows[2].row, 8);
}

/* Absolute names, another folder, prefixes, the strict namespace, styles, 1904, a chart, a hidden
 * sheet. */
static void other_programs_shape_is_read_too(void **state)
{
	size_t length = parts((const struct workbook_part[]){
		{ "_rels/.rels", WORKBOOK_RELS WORKBOOK_REL("a", "officeDocument",
							    "/book/wb.xml") "</Relationships>" },
		{ "book/wb.xml",
		  "<x:workbook xmlns:x=\"http://purl.oclc.org/ooxml/spreadsheetml/main\" "
		  "xmlns:r=\"http://purl.oclc.org/ooxml/officeDocument/relationships\">"
		  "<x:workbookPr date1904=\"true\"/><x:sheets>"
		  "<x:sheet name=\"Chart\" sheetId=\"1\" r:id=\"c\"/>"
		  "<x:sheet name=\"Old\" state=\"veryHidden\" sheetId=\"2\" r:id=\"o\"/>"
		  "<x:sheet name=\"فصل\" sheetId=\"3\" r:id=\"s\"/></x:sheets></x:workbook>" },
		{ "book\\_rels\\wb.xml.rels",
		  WORKBOOK_RELS WORKBOOK_REL("c", "chartsheet", "c.xml")
			  WORKBOOK_REL("o", "worksheet", "s.xml") WORKBOOK_REL("s", "worksheet",
									       "../Odd/./Sheet.XML")
				  WORKBOOK_REL("t", "styles", "st.xml") "</Relationships>" },
		{ "odd/sheet.xml",
		  "<worksheet " WORKBOOK_MAIN " xmlns:y=\"urn:other\"><y:c r=\"A1\"><v>9</v></y:c>"
		  "<sheetData><row r=\"1\"><c r=\"A1\" s=\"1\"><v>44134</v></c><c r=\"B1\" s=\"2\">"
		  "<v>0.125</v></c><c r=\"C1\" s=\"3\"><v>7</v></c><c r=\"D1\" "
		  "s=\"99\"><v>8</v></c>"
		  "</row></sheetData></worksheet>" },
		{ "book/st.xml", "<styleSheet " WORKBOOK_MAIN "><numFmts><numFmt numFmtId=\"164\" "
				 "formatCode=\"[$-401]d\\/m\\/yyyy\"/><numFmt numFmtId=\"165\" "
				 "formatCode=\"0 &quot;days&quot;\"/></numFmts><cellStyleXfs><xf "
				 "numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf "
				 "numFmtId=\"164\"/><xf numFmtId=\"10\"/><xf "
				 "numFmtId=\"165\"/></cellXfs></styleSheet>" },
		{ NULL, NULL } });
	const struct book_row *row;

	(void)state;
	assert_true(book_open(app, "q3.xlsx", bytes, length, &book));
	assert_int_equal(book.count, 3);
	assert_string_equal(book.sheets[0].part, "");
	assert_false(book.sheets[0].hidden);
	assert_true(book.sheets[1].hidden);
	assert_string_equal(book.sheets[2].name, "فصل");
	assert_true(book_read(&book, &book.sheets[0]));
	assert_true(book_read(&book, &book.sheets[2]));
	assert_int_equal(book.sheets[0].count, 0);
	row = &book.sheets[2].rows[0];
	assert_string_equal(book_text(row, 0), "2024-10-31");
	assert_int_equal(book_cell(row, 0)->kind, BOOK_DATE);
	assert_string_equal(book_text(row, 1), "12.5%");
	assert_string_equal(book_text(row, 2), "7");
	assert_int_equal(book_cell(row, 2)->kind, BOOK_NUMBER);
	assert_string_equal(book_text(row, 3), "8");
	book_close(&book);
}

/* ---- lines */

#define HEADER                                                                                     \
	"<row r=\"2\"><c r=\"B2\" t=\"str\"><v>Cell</v></c><c r=\"C2\" "                           \
	"t=\"str\"><v>القيمة</v></c>"                                                        \
	"<c r=\"D2\" t=\"str\"><v>expected_on</v></c></row>"

static void a_sheet_with_a_header_anywhere_gives_lines(void **state)
{
	struct sheet sheet;
	size_t length = simple(
		"<row r=\"1\"><c r=\"A1\" t=\"str\"><v>Report of the third "
		"quarter</v></c></row>" HEADER
		"<row r=\"5\"><c r=\"B5\" t=\"str\"><v>PA-1.1</v></c><c r=\"C5\"><v>12</v></c><c "
		"r=\"D5\"><v>45596</v></c></row><row r=\"6\"><c r=\"A6\" t=\"str\"><v>a "
		"heading</v></c></row><row r=\"7\"><c r=\"B7\" t=\"str\"><v>PA-1.2</v></c><c "
		"r=\"C7\">"
		"<f>C5*2</f><v>24</v></c><c r=\"D7\" t=\"str\"><v>٢٠٢٤-١٠-٠١</v></c></row>",
		NULL);

	(void)state;
	assert_true(sheet_read(app, "q3.xlsx", bytes, length, &sheet));
	assert_false(sheet.meta.present);
	assert_int_equal(sheet.count, 2);
	assert_string_equal(sheet.lines[0].cell, "PA-1.1");
	assert_string_equal(sheet.lines[0].value, "12");
	assert_string_equal(sheet.lines[0].expected_on, "2024-10-31");
	assert_int_equal(sheet.lines[0].row, 5);
	assert_string_equal(sheet.lines[0].column, "C");
	assert_null(sheet.lines[0].fault);
	assert_string_equal(sheet.lines[1].fault, "SHEET_FORMULA");
	assert_string_equal(sheet.lines[1].fault_text, "=C5*2");
	assert_string_equal(sheet.lines[1].expected_on, "٢٠٢٤-١٠-٠١");
}

static void a_formula_is_refused_by_its_cell(void **state)
{
	struct form form = { .app = app, .report = "FED-MOI/2024Q3", .expected_on = "" };
	struct sheet sheet;
	size_t length = simple(HEADER "<row r=\"19\"><c r=\"B19\" t=\"str\"><v>PA-1.1</v></c><c "
				      "r=\"C19\"><f>C18*2</f></c></row>",
			       NULL);

	(void)state;
	assert_true(sheet_read(app, "q3.xlsx", bytes, length, &sheet));
	form_add(&form, &sheet.lines[0]);
	assert_int_equal(form.entries_count, 0);
	assert_int_equal(form.problems_count, 1);
	assert_string_equal(form.problems[0].code, "SHEET_FORMULA");
	assert_string_equal(form.problems[0].column, "C");
	assert_int_equal(form.problems[0].row, 19);
	assert_string_equal(field_sentence(app, &form.problems[0]),
			    "=C18*2 is a formula: paste it as a value");
}

static void our_forms_say_what_they_are_of(void **state)
{
	struct sheet sheet;
	const char *text = "cell,value\nPA-1.1,3\n_meta.format,1\n_meta.report,FED-MOI/2024Q3\n"
			   "_meta.revision,4\n_meta.later,x\n";

	(void)state;
	assert_true(sheet_read(app, "q3.csv", text, strlen(text), &sheet));
	assert_true(sheet.meta.present);
	assert_int_equal(sheet.count, 1);
	assert_string_equal(sheet.meta.report, "FED-MOI/2024Q3");
	assert_string_equal(sheet.meta.revision, "4");
	assert_string_equal(sheet.meta.plan, "");
}

/* ---- refusals */

static void what_cannot_be_read_is_refused_by_part_or_cell(void **state)
{
	static const char *const cases[][3] = {
		{ "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>7</v></c></row>", "<si><t>x</t></si>",
		  "sheet Q3, cell A1 means a text that is not there" },
		{ "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>", NULL,
		  "sheet Q3, cell A1 means a text that is not there" },
		{ "<row r=\"1\"><c r=\"B1\"><v>1</v></c><c r=\"B1\"><v>2</v></c></row>", NULL,
		  "sheet Q3, cell B1 stands twice or out of order" },
		{ "<row r=\"1\"><c r=\"ZZZZ1\"><v>1</v></c></row>", NULL,
		  "sheet Q3 has a cell 'ZZZZ1'" },
		{ "<row r=\"1\"><c r=\"1A\"><v>1</v></c></row>", NULL, "sheet Q3 has a cell '1A'" },
		{ "<row r=\"0\"/>", NULL, "sheet Q3 has a row '0'" },
		{ "<row r=\"9999999\"/>", NULL, "sheet Q3 has a row '9999999'" },
		{ "<c r=\"A1\"><v>1</v></c>", NULL, "sheet Q3 has a cell 'A1' in no row" },
		{ "<row r=\"1\"/><c r=\"A1\"><v>1</v></c>", NULL,
		  "sheet Q3 has a cell 'A1' in no row" },
		{ "<row r=\"1\"><c r=\"A1\"><v>1</v><row r=\"2\"/></c></row>", NULL,
		  "sheet Q3 has a row '2'" },
		{ "<row r=\"1\"><c r=\"A1\"><c r=\"B1\"><v>1</v></c></c></row>", NULL,
		  "sheet Q3 has a cell 'B1'" },
		{ "<row>", NULL, "part xl/worksheets/sheet1.xml is no XML (line 1)" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(
			said_of(cases[i][0], cases[i][1]),
			pool_printf(&app->pool, "cannot read 'q3.xlsx': %s", cases[i][2]));
	assert_string_equal(
		said_of("<row r=\"1\"><c><v>1</v></c></row>", NULL),
		"'q3.xlsx': sheet 'Q3' (xl/worksheets/sheet1.xml) has no header row with "
		"a column for the cell and one for the value; missing: cell, value");
	assert_string_equal(
		said_of("<row r=\"4\"><c t=\"str\"><v>cell</v></c><c t=\"str\"><v>value</v></c><c "
			"t=\"str\"><v>colour</v></c></row>",
			NULL),
		"'q3.xlsx' has an unknown column 'colour (Q3!C4)'");
}

static void a_file_that_is_no_workbook_is_refused_by_its_part(void **state)
{
	size_t length = parts((const struct workbook_part[]){ { "a.txt", "x" }, { NULL, NULL } });

	(void)state;
	assert_string_equal(said(length), "cannot read 'q3.xlsx': part _rels/.rels is missing");
	length = parts((const struct workbook_part[]){
		{ "_rels/.rels", WORKBOOK_RELS "</Relationships>" }, { NULL, NULL } });
	assert_string_equal(said(length),
			    "cannot read 'q3.xlsx': part _rels/.rels names no workbook");
	length = parts((const struct workbook_part[]){
		{ "_rels/.rels", WORKBOOK_RELS WORKBOOK_REL("a", "officeDocument",
							    "xl/w.xml") "</Relationships>" },
		{ "_rels/.RELS", "" },
		{ NULL, NULL } });
	assert_string_equal(said(length),
			    "cannot read 'q3.xlsx': part _rels/.rels stands in it twice");
	length = simple("<row/>", NULL);
	assert_string_equal(said(length / 2),
			    "cannot read 'q3.xlsx': its list of parts is damaged");
	memset(bytes + 60, 0xff, 20);
	assert_string_equal(said(length), "cannot read 'q3.xlsx': part _rels/.rels is damaged");
}

/* Entities that grow, and elements without end. */
static void xml_that_attacks_is_refused(void **state)
{
	static const char bomb[] =
		"<!DOCTYPE w [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>"
		"<Relationships>&b;</Relationships>";
	static const char outside[] = "<!DOCTYPE w SYSTEM \"file:///etc/passwd\"><Relationships/>";
	char *deep = calloc(1, 3 * 100000 + 1);

	(void)state;
	assert_string_equal(
		said(parts(
			(const struct workbook_part[]){ { "_rels/.rels", bomb }, { NULL, NULL } })),
		"cannot read 'q3.xlsx': part _rels/.rels has a DTD; a workbook has none");
	assert_string_equal(
		said(parts((const struct workbook_part[]){ { "_rels/.rels", outside },
							   { NULL, NULL } })),
		"cannot read 'q3.xlsx': part _rels/.rels has a DTD; a workbook has none");
	assert_non_null(deep);
	for (size_t i = 0; i < 100000; i++)
		memcpy(deep + 3 * i, "<a>", 3);
	assert_string_equal(said(parts((const struct workbook_part[]){ { "_rels/.rels", deep },
								       { NULL, NULL } })),
			    "cannot read 'q3.xlsx': part _rels/.rels nests too deep");
	free(deep);
}

/* What is small in the file and large unpacked. */
static void bombs_are_refused_before_they_fill_the_memory(void **state)
{
	const size_t large = PACKAGE_PART_MAX + 1000;
	char *blanks = malloc(large + 1);
	char *cells;
	size_t length = 0;

	(void)state;
	assert_non_null(blanks);
	memset(blanks, ' ', large);
	blanks[large] = '\0';
	assert_string_equal(said_of(blanks, NULL),
			    "cannot read 'q3.xlsx': part xl/worksheets/sheet1.xml is too large");
	cells = blanks; /* as many cells as nobody types */
	for (size_t row = 0; length + 600 < large && row < 8000; row++) {
		length += (size_t)sprintf(cells + length, "<row>");
		for (size_t i = 0; i < 28; i++)
			length += (size_t)sprintf(cells + length, "<c><v>1</v></c>");
		length += (size_t)sprintf(cells + length, "</row>");
	}
	assert_string_equal(said_of(cells, NULL),
			    "cannot read 'q3.xlsx': sheet Q3 is too large (cell Y7143)");
	/* one long text that every cell says again, in a header's place and in lines */
	memset(blanks, 'x', large);
	length = (size_t)sprintf(
		cells, "<row><c t=\"str\"><v>cell</v></c><c t=\"str\"><v>value</v></c></row>");
	for (size_t row = 0; row < 1000; row++)
		length += (size_t)sprintf(cells + length, "<row><c t=\"s\"><v>0</v></c></row>");
	cells[length] = '\0';
	memcpy(cells + length + 1, "<si><t>", 7);
	strcpy(cells + length + 1 + BOOK_TEXT_MAX, "</t></si>");
	assert_string_equal(said_of(cells, cells + length + 1),
			    "cannot read 'q3.xlsx': it is too large");
	assert_int_not_equal(said_of(strstr(cells, "</row>") + 6, cells + length + 1)[0], 'c');
	memset(blanks, 'x', large);
	memcpy(blanks, "<row><c t=\"str\"><v>", 19);
	strcpy(blanks + BOOK_TEXT_MAX + 100, "</v></c></row>");
	assert_string_equal(said_of(blanks, NULL),
			    "cannot read 'q3.xlsx': sheet Q3, cell A1 is too long");
	free(blanks);
}

/* ---- other people's files, where they are */

/* The line of VERDICTS.tsv: how many sheets, and does the first one hold anything. */
static void verdict_check(const char *path, const char *verdict)
{
	char *file = pool_printf(&app->pool, NASTY "/%s", strrchr(path, '/') + 1);
	unsigned long sheets = strtoul(verdict + 3, NULL, 10);
	const char *sentence;
	struct sheet sheet;
	size_t length;
	char *whole = sheet_bytes(app, file, &length);

	if (!whole)
		fail_msg("%s is not there", file);
	assert_false(sheet_read(app, file, whole, length, &sheet));
	sentence = failure_sentence(app);
	if (!strstr(sentence, "part ") && !strstr(sentence, "(xl/"))
		fail_msg("%s: neither part nor cell: %s", file, sentence);
	if (strncmp(verdict, "ok:", 3) != 0 || strstr(sentence, "twice") ||
	    strstr(sentence, "no XML"))
		return;
	failure_clear(&app->failure);
	assert_true(book_open(app, file, whole, length, &book));
	assert_int_equal(book.count, sheets);
	for (size_t i = 0; i < book.count; i++)
		if (!book_read(&book, &book.sheets[i]))
			fail_msg("%s: %s", file, failure_sentence(app));
	book_close(&book);
	if ((book.sheets[0].count == 0) != (strstr(verdict, "empty") != NULL))
		fail_msg("%s: %zu rows, but %s", file, book.sheets[0].count, verdict);
}

static void other_peoples_files_are_taken_or_refused_by_part_or_cell(void **state)
{
	FILE *verdicts = fopen(NASTY "/VERDICTS.tsv", "r");
	char line[1024];
	size_t count = 0;

	(void)state;
	if (!verdicts) {
		print_message("%s is not there: skipped\n", NASTY);
		skip();
	}
	while (fgets(line, sizeof line, verdicts)) {
		char *path = strtok(line, "\t");
		char *verdict = strtok(NULL, "\t") ? strtok(NULL, "\t") : NULL;

		if (!verdict || strcmp(path, "file") == 0)
			continue;
		verdict_check(path, verdict);
		count++;
	}
	fclose(verdicts);
	assert_true(count > 30);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(numbers_come_back_as_they_were_typed),
		TEST(days_are_counted_from_1900_or_1904),
		TEST(cells_of_every_kind_are_read),
		TEST(missing_numbers_of_rows_and_cells_are_counted),
		TEST(other_programs_shape_is_read_too),
		TEST(a_sheet_with_a_header_anywhere_gives_lines),
		TEST(a_formula_is_refused_by_its_cell),
		TEST(our_forms_say_what_they_are_of),
		TEST(what_cannot_be_read_is_refused_by_part_or_cell),
		TEST(a_file_that_is_no_workbook_is_refused_by_its_part),
		TEST(xml_that_attacks_is_refused),
		TEST(bombs_are_refused_before_they_fill_the_memory),
		TEST(other_peoples_files_are_taken_or_refused_by_part_or_cell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
