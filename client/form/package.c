/* The parts of a workbook file, by minizip over memory. */
#include "client/form/package.h"

#include <string.h>

#include <minizip/unzip.h>

#include "client/app.h"
#include "client/i18n.h"

struct part {
	const char *name; /* without a leading slash */
	unz64_file_pos at;
	bool twice;
	bool encrypted;
};

struct package {
	struct app *app;
	const char *file;
	const char *bytes;
	size_t length;
	size_t position;
	size_t budget; /* bytes that may still be unpacked */
	unzFile zip;
	struct part *parts;
	size_t count;
};

bool package_is(const char *bytes, size_t length)
{
	return length >= 4 && memcmp(bytes, "PK", 2) == 0;
}

/* ---- memory as minizip's file */

static voidpf memory_open_cb(voidpf opaque, const void *name, int mode)
{
	(void)name;
	(void)mode;
	return opaque;
}

static uLong memory_read_cb(voidpf opaque, voidpf stream, void *buffer, uLong size)
{
	struct package *package = stream;
	size_t left = package->length - package->position;
	size_t take = size < left ? size : left;

	(void)opaque;
	memcpy(buffer, package->bytes + package->position, take);
	package->position += take;
	return take;
}

static ZPOS64_T memory_tell_cb(voidpf opaque, voidpf stream)
{
	(void)opaque;
	return ((const struct package *)stream)->position;
}

static long memory_seek_cb(voidpf opaque, voidpf stream, ZPOS64_T offset, int origin)
{
	struct package *package = stream;
	size_t from = origin == ZLIB_FILEFUNC_SEEK_CUR   ? package->position
		      : origin == ZLIB_FILEFUNC_SEEK_END ? package->length
							 : 0;

	(void)opaque;
	if (offset > package->length - from)
		return -1;
	package->position = from + (size_t)offset;
	return 0;
}

static int memory_done_cb(voidpf opaque, voidpf stream)
{
	(void)opaque;
	(void)stream;
	return 0;
}

/* ---- */

struct app *package_app(const struct package *package)
{
	return package->app;
}

bool package_refuse(const struct package *package, const char *text, const char *part,
		    const char *at)
{
	const char *why =
		sentence(&package->app->pool, text, "part", part, "at", at ? at : "", NULL);

	return fail_with(package->app, ERROR_FILE_BAD, "file", package->file, "why", why, NULL);
}

static struct part *part_find(const struct package *package, const char *name)
{
	for (size_t i = 0; i < package->count; i++)
		if (strcasecmp(package->parts[i].name, name) == 0)
			return &package->parts[i];
	return NULL;
}

/* Some write \ for /, and some a / in front. */
static const char *part_name(struct app *app, const char *stored)
{
	char *name = pool_strdup(&app->pool, stored);

	for (char *at = name; *at; at++)
		if (*at == '\\')
			*at = '/';
	while (*name == '/')
		name++;
	return name;
}

static bool part_add(struct package *package)
{
	char name[1024];
	unz_file_info64 info;
	struct part *part = &package->parts[package->count];
	struct part *known;

	if (unzGetCurrentFileInfo64(package->zip, &info, name, sizeof name, NULL, 0, NULL, 0) !=
		    UNZ_OK ||
	    unzGetFilePos64(package->zip, &part->at) != UNZ_OK)
		return false;
	if (info.size_filename >= sizeof name)
		return true; /* no part of a workbook has such a name */
	name[info.size_filename] = '\0';
	part->name = part_name(package->app, name);
	part->encrypted = info.flag & 1;
	known = part_find(package, part->name);
	if (known)
		known->twice = true;
	else
		package->count++;
	return true;
}

static bool parts_list(struct package *package)
{
	int more = unzGoToFirstFile(package->zip);

	package->parts =
		pool_alloc(&package->app->pool, (PACKAGE_PARTS_MAX + 1) * sizeof *package->parts);
	for (size_t seen = 0; more == UNZ_OK && seen < PACKAGE_PARTS_MAX; seen++) {
		if (!part_add(package))
			return false;
		more = unzGoToNextFile(package->zip);
	}
	return more == UNZ_END_OF_LIST_OF_FILE;
}

struct package *package_open(struct app *app, const char *file, const char *bytes, size_t length)
{
	struct package *package = pool_alloc(&app->pool, sizeof *package);
	zlib_filefunc64_def memory = { .zopen64_file = memory_open_cb,
				       .zread_file = memory_read_cb,
				       .ztell64_file = memory_tell_cb,
				       .zseek64_file = memory_seek_cb,
				       .zclose_file = memory_done_cb,
				       .zerror_file = memory_done_cb,
				       .opaque = package };

	*package = (struct package){ .app = app,
				     .file = file,
				     .bytes = bytes,
				     .length = length,
				     .budget = PACKAGE_BYTES_MAX };
	package->zip = unzOpen2_64("", &memory);
	if (package->zip && parts_list(package))
		return package;
	package_close(package);
	package_refuse(package, _("its list of parts is damaged"), "", NULL);
	return NULL;
}

void package_close(struct package *package)
{
	if (package->zip)
		unzClose(package->zip);
	package->zip = NULL;
}

bool package_has(const struct package *package, const char *part)
{
	return part_find(package, part) != NULL;
}

static bool part_pump(struct package *package, const char *part, package_sink *sink, void *data)
{
	char *buffer = pool_alloc(&package->app->pool, 64 << 10);
	size_t total = 0;
	int got;

	while ((got = unzReadCurrentFile(package->zip, buffer, 64 << 10)) > 0) {
		total += (size_t)got;
		if (total > PACKAGE_PART_MAX || (size_t)got > package->budget)
			return package_refuse(package, _("part {part} is too large"), part, NULL);
		package->budget -= (size_t)got;
		if (!sink(data, buffer, (size_t)got))
			return false;
	}
	return got == 0 || package_refuse(package, _("part {part} is damaged"), part, NULL);
}

bool package_read(struct package *package, const char *part, package_sink *sink, void *data)
{
	const struct part *found = part_find(package, part);
	bool ok;

	if (!found)
		return package_refuse(package, _("part {part} is missing"), part, NULL);
	if (found->twice)
		return package_refuse(package, _("part {part} stands in it twice"), part, NULL);
	if (found->encrypted)
		return package_refuse(package, _("part {part} is encrypted"), part, NULL);
	if (unzGoToFilePos64(package->zip, &found->at) != UNZ_OK ||
	    unzOpenCurrentFile(package->zip) != UNZ_OK)
		return package_refuse(package, _("part {part} is damaged"), part, NULL);
	ok = part_pump(package, part, sink, data);
	if (unzCloseCurrentFile(package->zip) != UNZ_OK && ok)
		return package_refuse(package, _("part {part} is damaged"), part, NULL);
	return ok;
}
