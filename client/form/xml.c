/* A part of a workbook as a stream of elements. */
#include "client/form/xml.h"

#include <string.h>

#include <expat.h>

#include "client/app.h"
#include "client/form/package.h"
#include "client/i18n.h"

/* Stands between namespace and local name; no namespace has one. */
static const char separator = ' ';

/* One reading. */
struct stream {
	struct package *package;
	const char *part;
	const struct xml_reader *reader;
	XML_Parser parser;
	size_t depth;
	size_t foreign; /* depth of the outermost foreign element; 0: none is open */
	bool stopped;   /* why is noted */
};

static const char *local_name(const char *name)
{
	const char *space = strrchr(name, separator);

	return space ? space + 1 : name;
}

static bool is_ours(const char *name)
{
	static const char *const ours[] = {
		"http://schemas.openxmlformats.org/spreadsheetml/2006/main ",
		"http://purl.oclc.org/ooxml/spreadsheetml/main ",
		"http://schemas.openxmlformats.org/package/2006/relationships ",
	};

	if (!strchr(name, separator))
		return true;
	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		if (strncmp(name, ours[i], strlen(ours[i])) == 0)
			return true;
	return false;
}

static void stop(struct stream *stream)
{
	stream->stopped = true;
	XML_StopParser(stream->parser, XML_FALSE);
}

static void refuse(struct stream *stream, const char *text)
{
	package_refuse(stream->package, text, stream->part, NULL);
	stop(stream);
}

/* After XML_StopParser() expat still ends the element it is in. */
static void open_cb(void *data, const XML_Char *name, const XML_Char **attributes)
{
	struct stream *stream = data;

	if (stream->stopped)
		return;
	if (++stream->depth > XML_DEPTH_MAX) {
		refuse(stream, _("part {part} nests too deep"));
		return;
	}
	if (!stream->foreign && !is_ours(name))
		stream->foreign = stream->depth;
	if (!stream->foreign &&
	    !stream->reader->open(stream->reader->data, local_name(name), attributes))
		stop(stream);
}

static void close_cb(void *data, const XML_Char *name)
{
	struct stream *stream = data;

	if (stream->stopped)
		return;
	if (!stream->foreign && !stream->reader->close(stream->reader->data, local_name(name)))
		stop(stream);
	if (stream->foreign == stream->depth)
		stream->foreign = 0;
	stream->depth--;
}

static void text_cb(void *data, const XML_Char *text, int length)
{
	struct stream *stream = data;

	if (!stream->stopped && !stream->foreign)
		stream->reader->text(stream->reader->data, text, (size_t)length);
}

static void doctype_cb(void *data, const XML_Char *name, const XML_Char *system,
		       const XML_Char *public, int internal)
{
	(void)name;
	(void)system;
	(void)public;
	(void)internal;
	refuse(data, _("part {part} has a DTD; a workbook has none"));
}

static bool broken(struct stream *stream)
{
	struct app *app = package_app(stream->package);

	if (stream->stopped)
		return false;
	return package_refuse(stream->package, _("part {part} is no XML (line {at})"), stream->part,
			      number_text(&app->pool, XML_GetCurrentLineNumber(stream->parser)));
}

static bool feed(void *data, const char *bytes, size_t length)
{
	struct stream *stream = data;

	return XML_Parse(stream->parser, bytes, (int)length, 0) == XML_STATUS_OK || broken(stream);
}

bool xml_read(struct package *package, const char *part, const struct xml_reader *reader)
{
	struct stream stream = { .package = package, .part = part, .reader = reader };
	bool ok;

	stream.parser = XML_ParserCreateNS(NULL, separator);
	if (!stream.parser)
		return package_refuse(package, _("part {part} is too large"), part, NULL);
	XML_SetUserData(stream.parser, &stream);
	XML_SetElementHandler(stream.parser, open_cb, close_cb);
	XML_SetCharacterDataHandler(stream.parser, text_cb);
	XML_SetStartDoctypeDeclHandler(stream.parser, doctype_cb);
	ok = package_read(package, part, feed, &stream) &&
	     (XML_Parse(stream.parser, "", 0, 1) == XML_STATUS_OK || broken(&stream));
	XML_ParserFree(stream.parser);
	return ok;
}

const char *xml_attribute(const char **attributes, const char *name)
{
	for (size_t i = 0; attributes[i]; i += 2)
		if (strcmp(local_name(attributes[i]), name) == 0)
			return attributes[i + 1];
	return NULL;
}
