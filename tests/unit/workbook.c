/* Small workbooks made for tests. */
#include "tests/unit/workbook.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <minizip/zip.h>

static char *file_bytes(const char *path, size_t *length)
{
	FILE *file = fopen(path, "rb");
	char *bytes;
	long size;

	assert(file && fseek(file, 0, SEEK_END) == 0);
	size = ftell(file);
	assert(size >= 0 && fseek(file, 0, SEEK_SET) == 0);
	*length = (size_t)size;
	bytes = malloc(*length + 1);
	assert(bytes && fread(bytes, 1, *length, file) == *length);
	fclose(file);
	return bytes;
}

char *workbook_zip(const struct workbook_part *parts, size_t *length)
{
	char path[] = "/tmp/inap-workbook-XXXXXX";
	int fd = mkstemp(path);
	char *bytes;
	zipFile zip;

	assert(fd >= 0);
	close(fd);
	zip = zipOpen64(path, APPEND_STATUS_CREATE);
	assert(zip);
	for (; parts->text; parts++) {
		assert(zipOpenNewFileInZip64(zip, parts->name, NULL, NULL, 0, NULL, 0, NULL,
					     Z_DEFLATED, Z_DEFAULT_COMPRESSION, 0) == ZIP_OK);
		assert(zipWriteInFileInZip(zip, parts->text, (unsigned)strlen(parts->text)) ==
		       ZIP_OK);
		assert(zipCloseFileInZip(zip) == ZIP_OK);
	}
	assert(zipClose(zip, NULL) == ZIP_OK);
	bytes = file_bytes(path, length);
	unlink(path);
	return bytes;
}

char *workbook_simple(const char *rows, const char *shared, size_t *length)
{
	char *sheet = NULL, *texts = NULL, *bytes;

	assert(asprintf(&sheet,
			"<worksheet " WORKBOOK_MAIN "><sheetData>%s</sheetData></worksheet>",
			rows) > 0);
	assert(asprintf(&texts, "<sst " WORKBOOK_MAIN ">%s</sst>", shared ? shared : "") > 0);
	bytes = workbook_zip(
		(const struct workbook_part[]){
			{ "_rels/.rels",
			  WORKBOOK_RELS WORKBOOK_REL("r1", "officeDocument",
						     "xl/workbook.xml") "</Relationships>" },
			{ "xl/workbook.xml",
			  "<workbook " WORKBOOK_MAIN
			  " xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/"
			  "relationships\"><sheets><sheet name=\"Q3\" sheetId=\"1\" r:id=\"r1\"/>"
			  "</sheets></workbook>" },
			{ "xl/_rels/workbook.xml.rels",
			  WORKBOOK_RELS WORKBOOK_REL("r1", "worksheet", "worksheets/sheet1.xml")
				  WORKBOOK_REL("r2", "sharedStrings",
					       "sharedStrings.xml") "</Relationships>" },
			{ "xl/worksheets/sheet1.xml", sheet },
			{ "xl/sharedStrings.xml", shared ? texts : NULL },
			{ NULL, NULL } },
		length);
	free(sheet);
	free(texts);
	return bytes;
}
