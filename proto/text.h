/**
 * Text: the check that every string of a request passes, and the client's two helpers.
 *
 * A server refuses what fails and never alters text; a client normalises before it sends and
 * filters before anything reaches a terminal. Rules: PROTOCOL.md, "Text".
 *
 * Ownership  text_nfc() and text_printable() give malloc'ed strings; the caller frees them.
 * Errors     a text_fault, with text_reason() in English; the two helpers return NULL without
 * memory. Limits     those of struct text_rule; TEXT_MARKS_MAX code points that all depend on the
 * one before. Threads    any. text_check() allocates nothing.
 */
#ifndef INAP_PROTO_TEXT_H
#define INAP_PROTO_TEXT_H

#include <stdbool.h>
#include <stddef.h>

enum { TEXT_MARKS_MAX = 64 };

enum text_fault {
	TEXT_OK,
	TEXT_BYTES,    /* longer than bytes_max */
	TEXT_POINTS,   /* more code points than points_max */
	TEXT_UTF8,     /* not UTF-8 */
	TEXT_NUL,      /* U+0000 */
	TEXT_CONTROL,  /* C0, DEL or C1; tab and LF are fine in texts of lines */
	TEXT_OVERRIDE, /* U+202A to U+202E */
	TEXT_ISOLATE,  /* U+2066 to U+2069 without its partner in the same line */
	TEXT_MARKS,    /* more than TEXT_MARKS_MAX combining marks in a row */
	TEXT_NOT_NFC,  /* not in normalisation form C */
	TEXT_FAULTS
};

struct text_rule {
	size_t bytes_max;  /* 0: any */
	size_t points_max; /* code points; 0: any */
	bool lines;        /* tab and LF may stand in it */
};

/** The first fault of `bytes` bytes at text (which may hold NUL), or TEXT_OK. */
enum text_fault text_check(const char *text, size_t bytes, const struct text_rule *rule);
/** Why, in a few English words: "is not valid UTF-8". "" for TEXT_OK. */
const char *text_reason(enum text_fault fault);
/** Code points of a string; a byte that is not UTF-8 counts as one. */
size_t text_points(const char *text);

/** Normalisation form C of text in *out. False, *out NULL: not UTF-8, or no memory. */
bool text_nfc(const char *text, char **out) __attribute__((warn_unused_result));
/**
 * text made safe for a terminal: every control (C0, DEL, C1, ESC among them), every bidi embedding,
 * override and isolate, line and paragraph separator and every broken byte becomes visible as \x1b
 * or \u202e. With lines, tab and LF stay; without, each is one space. NULL: no memory.
 */
char *text_printable(const char *text, bool lines) __attribute__((warn_unused_result));

#endif
