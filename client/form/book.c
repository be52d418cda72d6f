/* A workbook: which sheets it has, its shared texts, which number formats are dates. */
#include "client/form/book.h"

#include <stdlib.h>
#include <string.h>

#include "client/app.h"
#include "client/form/book_text.h"
#include "client/form/xml.h"
#include "client/i18n.h"

/* ---- relationships: which part is what of another */

struct relation {
	const char *id;
	const char *type; /* last word of its URI: worksheet, sharedStrings... */
	const char *part; /* whole name; "" if it points out of the file */
};

enum { RELATIONS_MAX = 1024 };

struct relations {
	struct app *app;
	const char *folder; /* of the part whose they are: "xl/" */
	struct relation list[RELATIONS_MAX];
	size_t count;
};

static const char *folder_of(struct app *app, const char *part)
{
	const char *slash = strrchr(part, '/');

	return slash ? pool_strndup(&app->pool, part, (size_t)(slash - part) + 1) : "";
}

/* A target, from the root or from where the other part lies, with .. and . taken out. */
static const char *part_of(struct app *app, const char *folder, const char *target)
{
	bool from_root = target[0] == '/' || target[0] == '\\';
	char *path = pool_printf(&app->pool, "%s%s", from_root ? "" : folder, target);
	char *out = pool_alloc(&app->pool, strlen(path) + 2);
	size_t length = 0;
	char *rest;

	for (char *step = strtok_r(path, "/\\", &rest); step; step = strtok_r(NULL, "/\\", &rest)) {
		if (strcmp(step, ".") == 0)
			continue;
		if (strcmp(step, "..") == 0) {
			while (length > 0 && out[--length] != '/')
				;
			continue;
		}
		if (length > 0)
			out[length++] = '/';
		memcpy(out + length, step, strlen(step));
		length += strlen(step);
	}
	out[length] = '\0';
	return out;
}

static bool relation_open(void *data, const char *name, const char **attributes)
{
	struct relations *relations = data;
	const char *id = xml_attribute(attributes, "Id");
	const char *type = xml_attribute(attributes, "Type");
	const char *target = xml_attribute(attributes, "Target");
	const char *mode = xml_attribute(attributes, "TargetMode");
	struct relation *relation;

	if (strcmp(name, "Relationship") != 0 || !id || !type || !target ||
	    relations->count == RELATIONS_MAX)
		return true;
	relation = &relations->list[relations->count++];
	relation->id = pool_strdup(&relations->app->pool, id);
	relation->type = pool_strdup(&relations->app->pool,
				     strrchr(type, '/') ? strrchr(type, '/') + 1 : type);
	relation->part = mode && strcmp(mode, "External") == 0
				 ? ""
				 : part_of(relations->app, relations->folder, target);
	return true;
}

static bool close_nothing(void *data, const char *name)
{
	(void)data;
	(void)name;
	return true;
}

static void text_nothing(void *data, const char *text, size_t length)
{
	(void)data;
	(void)text;
	(void)length;
}

static bool relations_read(struct package *package, const char *part, struct relations *relations)
{
	struct app *app = package_app(package);
	const char *folder = folder_of(app, part);
	const char *file =
		pool_printf(&app->pool, "%s_rels/%s.rels", folder, part + strlen(folder));
	const struct xml_reader reader = { relation_open, close_nothing, text_nothing, relations };

	relations->app = app;
	relations->folder = folder;
	relations->count = 0;
	return xml_read(package, file, &reader);
}

static const char *relation_typed(const struct relations *relations, const char *type)
{
	for (size_t i = 0; i < relations->count; i++)
		if (strcmp(relations->list[i].type, type) == 0 && relations->list[i].part[0])
			return relations->list[i].part;
	return NULL;
}

/* ---- the list of sheets */

struct listing {
	struct book *book;
	const struct relations *relations;
	struct book_sheet sheets[BOOK_SHEETS_MAX];
};

static void sheet_add(struct listing *listing, const char **attributes)
{
	struct book *book = listing->book;
	const char *name = xml_attribute(attributes, "name");
	const char *state = xml_attribute(attributes, "state");
	const char *id = xml_attribute(attributes, "id");
	struct book_sheet *sheet;

	if (book->count == BOOK_SHEETS_MAX)
		return;
	sheet = &listing->sheets[book->count++];
	*sheet = (struct book_sheet){ .name = pool_strdup(&book->app->pool, name), .part = "" };
	sheet->hidden = state && strcmp(state, "visible") != 0;
	for (size_t i = 0; id && i < listing->relations->count; i++) {
		const struct relation *relation = &listing->relations->list[i];

		if (strcmp(relation->id, id) == 0 && strcmp(relation->type, "worksheet") == 0)
			sheet->part = relation->part;
	}
}

static bool workbook_open(void *data, const char *name, const char **attributes)
{
	struct listing *listing = data;
	const char *since = xml_attribute(attributes, "date1904");

	if (strcmp(name, "sheet") == 0)
		sheet_add(listing, attributes);
	else if (strcmp(name, "workbookPr") == 0)
		listing->book->from_1904 =
			since && (strcmp(since, "1") == 0 || strcmp(since, "true") == 0);
	return true;
}

/* ---- shared texts */

struct sharing {
	struct book *book;
	struct gather gather;
	size_t room;
	bool in_text;
	size_t in_reading; /* how a text is pronounced is no part of it */
};

static bool shared_open(void *data, const char *name, const char **attributes)
{
	struct sharing *sharing = data;

	(void)attributes;
	if (strcmp(name, "si") == 0)
		gather_clear(&sharing->gather);
	sharing->in_text = strcmp(name, "t") == 0 && sharing->in_reading == 0;
	sharing->in_reading += strcmp(name, "rPh") == 0;
	return true;
}

static void shared_text(void *data, const char *text, size_t length)
{
	struct sharing *sharing = data;

	if (sharing->in_text)
		gather_add(sharing->book->app, &sharing->gather, text, length);
}

static void texts_grow(struct sharing *sharing)
{
	struct book *book = sharing->book;
	size_t room = sharing->room ? sharing->room * 2 : 256;
	const char **texts = pool_alloc(&book->app->pool, room * sizeof *texts);

	if (book->texts_count > 0)
		memcpy(texts, book->texts, book->texts_count * sizeof *texts);
	book->texts = texts;
	sharing->room = room;
}

static bool shared_close(void *data, const char *name)
{
	struct sharing *sharing = data;
	struct book *book = sharing->book;

	sharing->in_text = false;
	sharing->in_reading -= strcmp(name, "rPh") == 0;
	if (strcmp(name, "si") != 0)
		return true;
	if (sharing->gather.full || book->texts_count == BOOK_CELLS_MAX)
		return package_refuse(book->package, _("its shared texts are too long (text {at})"),
				      "", number_text(&book->app->pool, book->texts_count));
	if (book->texts_count == sharing->room)
		texts_grow(sharing);
	book->texts[book->texts_count++] = gather_unescaped(book->app, &sharing->gather);
	return true;
}

static bool shared_read(struct book *book, const char *part)
{
	struct sharing sharing = { .book = book };
	const struct xml_reader reader = { shared_open, shared_close, shared_text, &sharing };

	return xml_read(book->package, part, &reader);
}

/* ---- styles: is a number shown as a date or as a percentage? */

enum { FORMATS_MAX = 1000, STYLES_MAX = 65536 };

struct styling {
	struct book *book;
	struct {
		long id;
		uint8_t style;
	} formats[FORMATS_MAX];
	size_t formats_count;
	bool in_cells; /* in the formats of cells, not in those of named styles */
	size_t room;
};

/* By its code: dd/mm/yyyy, 0.0%; what stands in quotes or brackets is no sign of it. */
static uint8_t style_of_code(const char *code)
{
	uint8_t style = STYLE_PLAIN;

	for (; *code && *code != ';'; code++) {
		if (*code == '"' || *code == '[') {
			const char *end = strchr(code + 1, *code == '"' ? '"' : ']');

			if (!end)
				break;
			code = end;
		} else if ((*code == '\\' || *code == '_' || *code == '*') && code[1]) {
			code++;
		} else if (*code == '%') {
			style = STYLE_PERCENT;
		} else if (strchr("dDmMyYhHsS", *code)) {
			return STYLE_DATE;
		}
	}
	return style;
}

static uint8_t style_of(const struct styling *styling, long id)
{
	for (size_t i = 0; i < styling->formats_count; i++)
		if (styling->formats[i].id == id)
			return styling->formats[i].style;
	if (id == 9 || id == 10)
		return STYLE_PERCENT;
	return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) ||
			       (id >= 50 && id <= 58)
		       ? STYLE_DATE
		       : STYLE_PLAIN;
}

static void style_add(struct styling *styling, long id)
{
	struct book *book = styling->book;

	if (book->styles_count == STYLES_MAX)
		return;
	if (book->styles_count == styling->room) {
		size_t room = styling->room ? styling->room * 2 : 64;
		uint8_t *styles = pool_alloc(&book->app->pool, room);

		if (book->styles_count > 0)
			memcpy(styles, book->styles, book->styles_count);
		book->styles = styles;
		styling->room = room;
	}
	book->styles[book->styles_count++] = style_of(styling, id);
}

static bool styles_open(void *data, const char *name, const char **attributes)
{
	struct styling *styling = data;
	const char *id = xml_attribute(attributes, "numFmtId");
	const char *code = xml_attribute(attributes, "formatCode");

	if (strcmp(name, "numFmt") == 0 && id && code && styling->formats_count < FORMATS_MAX) {
		styling->formats[styling->formats_count].id = strtol(id, NULL, 10);
		styling->formats[styling->formats_count++].style = style_of_code(code);
	} else if (strcmp(name, "cellXfs") == 0) {
		styling->in_cells = true;
	} else if (strcmp(name, "xf") == 0 && styling->in_cells) {
		style_add(styling, id ? strtol(id, NULL, 10) : 0);
	}
	return true;
}

static bool styles_close(void *data, const char *name)
{
	struct styling *styling = data;

	if (strcmp(name, "cellXfs") == 0)
		styling->in_cells = false;
	return true;
}

static bool styles_read(struct book *book, const char *part)
{
	struct styling *styling = pool_alloc(&book->app->pool, sizeof *styling);
	const struct xml_reader reader = { styles_open, styles_close, text_nothing, styling };

	styling->book = book;
	return xml_read(book->package, part, &reader);
}

/* ---- */

static bool workbook_read(struct book *book, struct relations *relations)
{
	struct listing *listing = pool_alloc(&book->app->pool, sizeof *listing);
	const struct xml_reader reader = { workbook_open, close_nothing, text_nothing, listing };
	const char *workbook, *part;

	*listing = (struct listing){ .book = book, .relations = relations };
	if (!relations_read(book->package, "", relations))
		return false;
	workbook = relation_typed(relations, "officeDocument");
	if (!workbook)
		return package_refuse(book->package, _("part {part} names no workbook"),
				      "_rels/.rels", NULL);
	if (!relations_read(book->package, workbook, relations) ||
	    !xml_read(book->package, workbook, &reader))
		return false;
	book->sheets = listing->sheets;
	if (book->count == 0)
		return package_refuse(book->package, _("part {part} names no sheet"), workbook,
				      NULL);
	part = relation_typed(relations, "sharedStrings");
	if (part && package_has(book->package, part) && !shared_read(book, part))
		return false;
	part = relation_typed(relations, "styles");
	return !part || !package_has(book->package, part) || styles_read(book, part);
}

bool book_open(struct app *app, const char *file, const char *bytes, size_t length,
	       struct book *book)
{
	struct relations *relations = pool_alloc(&app->pool, sizeof *relations);

	*book = (struct book){ .app = app };
	book->package = package_open(app, file, bytes, length);
	if (!book->package)
		return false;
	if (workbook_read(book, relations))
		return true;
	book_close(book);
	return false;
}

void book_close(struct book *book)
{
	package_close(book->package);
}
