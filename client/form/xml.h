/**
 * A part of a workbook as a stream of elements: expat, with its protection on and no DTD.
 *
 * Only elements of the namespaces of workbooks and their relationships (or of none) are given, by
 * their local names; others are passed over with all they hold.
 *
 * Errors     noted in the app: FILE_BAD, naming the part and the line.
 * Limits     XML_DEPTH_MAX elements in one another.
 */
#ifndef INAP_CLIENT_FORM_XML_H
#define INAP_CLIENT_FORM_XML_H

#include <stdbool.h>
#include <stddef.h>

struct package;

enum { XML_DEPTH_MAX = 64 };

/* What is told. The first two may be false: they have noted why they want no more. */
struct xml_reader {
	bool (*open)(void *data, const char *name, const char **attributes);
	bool (*close)(void *data, const char *name);
	void (*text)(void *data, const char *text, size_t length);
	void *data;
};

/** Reads a whole part. */
bool xml_read(struct package *package, const char *part, const struct xml_reader *reader);
/** The value of an attribute by its local name, or NULL. */
const char *xml_attribute(const char **attributes, const char *name);

#endif
