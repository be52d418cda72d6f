/* Fuzz target: any bytes as a file of values, workbook or CSV, read in full, must end in lines or
 * in a refusal.
 *
 * What begins with "== " is the parts of a workbook, each after a line "== NAME": they are packed
 * here, so that what is tried reaches the readers of XML and is not lost at a checksum.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "client/app.h"
#include "client/form/sheet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PARTS_MAX = 32, NAME_MAX_BYTES = 200 };

/* A ZIP archive of parts that are stored as they are: local headers, then the directory. */
struct packing {
	uint8_t *archive, *directory;
	size_t archive_length, directory_length;
	uint16_t count;
};

static void put(uint8_t *to, size_t *length, uint32_t value, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		to[(*length)++] = i < sizeof value ? (uint8_t)(value >> 8 * i) : 0;
}

static void put_bytes(uint8_t *to, size_t *length, const uint8_t *from, size_t bytes)
{
	memcpy(to + *length, from, bytes);
	*length += bytes;
}

/* What local header and directory say alike: version, flags, method, time, checksum, sizes. */
static void put_part(uint8_t *to, size_t *length, const uint8_t *text, size_t text_length,
		     size_t name_length)
{
	put(to, length, 20, 2);
	put(to, length, 0, 8);
	put(to, length, (uint32_t)crc32(0, text, (uInt)text_length), 4);
	put(to, length, (uint32_t)text_length, 4);
	put(to, length, (uint32_t)text_length, 4);
	put(to, length, (uint32_t)name_length, 2);
	put(to, length, 0, 2);
}

static void part_pack(struct packing *packing, const uint8_t *name, size_t name_length,
		      const uint8_t *text, size_t text_length)
{
	uint32_t at = (uint32_t)packing->archive_length;

	put(packing->archive, &packing->archive_length, 0x04034b50, 4);
	put_part(packing->archive, &packing->archive_length, text, text_length, name_length);
	put_bytes(packing->archive, &packing->archive_length, name, name_length);
	put_bytes(packing->archive, &packing->archive_length, text, text_length);
	put(packing->directory, &packing->directory_length, 0x02014b50, 4);
	put(packing->directory, &packing->directory_length, 20, 2);
	put_part(packing->directory, &packing->directory_length, text, text_length, name_length);
	put(packing->directory, &packing->directory_length, 0, 10);
	put(packing->directory, &packing->directory_length, at, 4);
	put_bytes(packing->directory, &packing->directory_length, name, name_length);
	packing->count++;
}

static void end_pack(struct packing *packing)
{
	uint32_t at = (uint32_t)packing->archive_length;
	uint32_t length = (uint32_t)packing->directory_length;

	put_bytes(packing->archive, &packing->archive_length, packing->directory, length);
	put(packing->archive, &packing->archive_length, 0x06054b50, 4);
	put(packing->archive, &packing->archive_length, 0, 4);
	put(packing->archive, &packing->archive_length, packing->count, 2);
	put(packing->archive, &packing->archive_length, packing->count, 2);
	put(packing->archive, &packing->archive_length, length, 4);
	put(packing->archive, &packing->archive_length, at, 4);
	put(packing->archive, &packing->archive_length, 0, 2);
}

static const uint8_t *find(const uint8_t *from, const uint8_t *end, const char *text)
{
	const uint8_t *found = memmem(from, (size_t)(end - from), text, strlen(text));

	return found ? found : end;
}

/* The archive of the parts that data lists; malloc'ed. */
static uint8_t *pack(const uint8_t *data, size_t size, size_t *length)
{
	const size_t room = size + PARTS_MAX * (64 + NAME_MAX_BYTES) + 64;
	struct packing packing = { .archive = malloc(2 * room), .directory = malloc(room) };
	const uint8_t *end = data + size;

	assert(packing.archive && packing.directory);
	while (data < end && packing.count < PARTS_MAX) {
		const uint8_t *name = data + 3;
		const uint8_t *line = find(name, end, "\n");
		const uint8_t *text = line < end ? line + 1 : end;
		size_t name_length = (size_t)(line - name);

		data = find(text, end, "\n== ");
		if (name_length <= NAME_MAX_BYTES)
			part_pack(&packing, name, name_length, text, (size_t)(data - text));
		data += data < end;
	}
	end_pack(&packing);
	free(packing.directory);
	*length = packing.archive_length;
	return packing.archive;
}

static size_t line_check(const struct form_line *line)
{
	assert(line->row > 0 && line->column[0] != '\0');
	assert((line->fault == NULL) == (line->fault_text == NULL));
	return strlen(line->cell) + strlen(line->value) + strlen(line->note) +
	       strlen(line->expected_on);
}

static void read_check(const char *bytes, size_t length)
{
	struct app app = { .status = 0 };
	struct sheet sheet;
	size_t total = 0;

	if (sheet_read(&app, "fuzz", bytes, length, &sheet)) {
		for (size_t i = 0; i < sheet.count; i++)
			total += line_check(&sheet.lines[i]);
		for (int key = 0; sheet.meta.present && key < META_KEYS; key++)
			total += strlen(*meta_slot(&sheet.meta, (enum meta_key)key));
		assert(total <= 512u << 20);
	} else {
		assert(app.failure.set && app.failure.name[0] != '\0');
	}
	pool_fini(&app.pool);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *archive;
	size_t length;
	char *text;

	if (size >= 3 && memcmp(data, "== ", 3) == 0) {
		archive = pack(data, size, &length);
		read_check((const char *)archive, length);
		free(archive);
		return 0;
	}
	text = malloc(size + 1);
	assert(text);
	memcpy(text, data, size);
	text[size] = '\0';
	read_check(text, size);
	free(text);
	return 0;
}
