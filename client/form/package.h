/**
 * The parts of a workbook file: a ZIP archive in memory, read with caps.
 *
 * Ownership  the bytes are borrowed until package_close(); names live in the app's pool.
 * Errors     noted in the app: FILE_BAD, naming the part.
 * Limits     PACKAGE_PARTS_MAX parts; unpacked PACKAGE_PART_MAX bytes a part, PACKAGE_BYTES_MAX
 *            all that is read. Counted as they come, whatever the archive says of itself.
 */
#ifndef INAP_CLIENT_FORM_PACKAGE_H
#define INAP_CLIENT_FORM_PACKAGE_H

#include <stdbool.h>
#include <stddef.h>

struct app;
struct package;

enum { PACKAGE_PARTS_MAX = 2000, PACKAGE_PART_MAX = 32 << 20, PACKAGE_BYTES_MAX = 64 << 20 };

/** Takes the next bytes of a part; false: it has noted why it wants no more. */
typedef bool package_sink(void *data, const char *bytes, size_t length);

/** Do the bytes begin as a ZIP archive does? */
bool package_is(const char *bytes, size_t length);
/** Opens an archive; file is its name for messages. NULL: noted. */
struct package *package_open(struct app *app, const char *file, const char *bytes, size_t length);
void package_close(struct package *package);
/** The run that it was opened in. */
struct app *package_app(const struct package *package);
/** Is there such a part? Names are compared without regard to case. */
bool package_has(const struct package *package, const char *part);
/** Reads a part, piece by piece. */
bool package_read(struct package *package, const char *part, package_sink *sink, void *data);
/**
 * Notes FILE_BAD. `text` is a sentence (translated) with a place {part} and perhaps {at}.
 * Always false.
 */
bool package_refuse(const struct package *package, const char *text, const char *part,
		    const char *at);

#endif
