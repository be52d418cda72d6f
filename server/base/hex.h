/**
 * Bytes as lower-case hex digits and back.
 *
 * Threads    any.
 */
#ifndef INAP_BASE_HEX_H
#define INAP_BASE_HEX_H

#include <stdbool.h>
#include <stddef.h>

/** Writes 2 x bytes digits and a NUL to text. */
void hex_encode(const void *data, size_t bytes, char *text);
/** Exactly 2 x bytes digits, either case, into data; false if text is anything else. */
bool hex_decode(const char *text, void *data, size_t bytes) __attribute__((warn_unused_result));

#endif
