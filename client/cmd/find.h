/* A word looked for in codes and names, in three languages. */
#ifndef INAP_CLIENT_CMD_FIND_H
#define INAP_CLIENT_CMD_FIND_H

#include <stdbool.h>

#include "inap/v1/common.pb-c.h"

struct pool;

/**
 * Does the text hold the word? Case, marks and the keyboard do not count: U+064A is U+06CC, U+0643
 * is U+06A9, any digit is its number. U+06D5, a vowel of Kurdish, is no U+0647.
 */
bool text_holds(struct pool *pool, const char *text, const char *word);
/** Does the code, or a name in any language? */
bool named(struct pool *pool, const char *code, const Inap__V1__Name *name, const char *word);

#endif
