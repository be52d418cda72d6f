/**
 * What a file is, by its bytes: the types that are taken as evidence, and by name what is not.
 *
 * A file travels in pieces, and each piece is judged by itself, by the client before it is sent and
 * by the server when it comes. So the pieces are cut (filetype_cut) that what must be read at once
 * lies in one: a character of a text, an office document's list of content types, and a ZIP
 * archive's directory.
 *
 * Ownership  texts are constants.
 * Limits     FILE_BYTES_MAX a file; a piece has PIECE_BYTES_MIN (but the last) to PIECE_BYTES_MAX
 * bytes. Threads    any.
 */
#ifndef INAP_PROTO_FILETYPE_H
#define INAP_PROTO_FILETYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PIECE_BYTES_MAX = 256 << 10, PIECE_BYTES_MIN = 64 << 10, FILE_BYTES_MAX = 20 << 20 };

struct file_piece {
	uint64_t offset; /* in the file */
	uint64_t total;  /* bytes of the whole file */
	const uint8_t *bytes;
	size_t length;
};

/** What a piece tells. */
struct file_judged {
	const char *found; /* refused: what was found, in English words; NULL: nothing is wrong */
	const char *type;  /* first piece: pdf, png, jpeg, odt, ods, office or text; NULL else */
	const char *
		office; /* docx or xlsx: a good list of content types is in this piece; NULL else */
	int64_t list_at;     /* where that list begins, -1 where there is none */
	int64_t list_wanted; /* office, last piece: where the directory says it begins; -1 else */
};

/**
 * Judges a piece of a file whose first piece told the type `first` (NULL for the first piece
 * itself). An office document is good when the list that its directory names is one that was
 * judged: list_at of some piece is list_wanted of the last.
 */
struct file_judged filetype_judge(const struct file_piece *piece, const char *first);
/** How long the piece at offset is, of a file that is there whole. */
size_t filetype_cut(const uint8_t *bytes, size_t total, size_t offset);
/** Judges a whole file: .type is its type, docx and xlsx too, unless .found says why it is not
 * taken. */
struct file_judged filetype_of(const uint8_t *bytes, size_t total);
/** What a name says it is, where that is never taken whatever its bytes are (virus.exe); else NULL.
 */
const char *filetype_named(const char *name);

#endif
