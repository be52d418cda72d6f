/* Small workbooks made for tests, part by part. */
#ifndef INAP_TESTS_WORKBOOK_H
#define INAP_TESTS_WORKBOOK_H

#include <stddef.h>

/* A part of a file; text NULL ends a list. */
struct workbook_part {
	const char *name;
	const char *text;
};

#define WORKBOOK_RELS                                                                              \
	"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
#define WORKBOOK_REL(id, type, target)                                                             \
	"<Relationship Id=\"" id                                                                   \
	"\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/"                         \
	"relationships/" type "\" Target=\"" target "\"/>"
#define WORKBOOK_MAIN "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""

/** The bytes of a ZIP archive of these parts; malloc'ed. */
char *workbook_zip(const struct workbook_part *parts, size_t *length);
/** One of one sheet, `rows` inside its sheetData; `shared` inside its sst, NULL: it has none. */
char *workbook_simple(const char *rows, const char *shared, size_t *length);

#endif
