/* Long text in a narrow column: folded between words. */
#ifndef INAP_CLIENT_OUT_FOLD_H
#define INAP_CLIENT_OUT_FOLD_H

#include <stddef.h>

struct pool;

/** How many places of a terminal text takes; marks above letters take none. */
size_t text_width(const char *text);
/**
 * Text with line feeds instead of blanks, so that no line is wider than width where a blank allows
 * it: letters of an Arabic word are never torn apart. width 0: nothing is folded.
 */
const char *text_fold(struct pool *pool, const char *text, size_t width);

#endif
