/**
 * UTF-8, strict as RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF.
 *
 * Threads    any.
 */
#ifndef INAP_PROTO_UTF8_H
#define INAP_PROTO_UTF8_H

#include <stddef.h>
#include <stdint.h>

enum { UTF8_POINT_BYTES = 4 };

/** Reads the first code point of n bytes; returns its bytes, or 0 if they are not UTF-8 (or n is
 * 0). */
size_t utf8_get(const char *bytes, size_t n, uint32_t *point);
/** Writes a code point that is a valid one; returns its bytes. */
size_t utf8_put(char out[UTF8_POINT_BYTES], uint32_t point);

#endif
