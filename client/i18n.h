/* Marks for translation, and sentences with named places. */
#ifndef INAP_CLIENT_I18N_H
#define INAP_CLIENT_I18N_H

#include <libintl.h>

#include "client/failure.h"
#include "client/pool.h"

#include "inap/v1/common.pb-c.h"

struct app;

/* _() translates now; N_() marks a text in a table for later. */
#define _(text)  gettext(text)
#define N_(text) text

enum language { LANGUAGE_EN, LANGUAGE_AR, LANGUAGE_CKB };

/**
 * Chooses the language of this run: en, ar or ckb. Catalogues lie in INAP_LOCALEDIR, else beside
 * the program in ../locale, else where they were installed.
 */
void language_set(enum language language);
enum language language_now(void);
/** The language of a code; false: there is no such language. */
bool language_by_code(const char *code, enum language *language);
/** The name in the person's language, or in English where there is none. */
const char *name_text(const Inap__V1__Name *name);
/** May figures in sentences be shown in Arabic digits? Set once from --digits. */
void digits_set(bool arab);
/** Text with its ASCII digits shaped as the person asked; text itself if nothing changes. */
const char *digits_shape(struct pool *pool, const char *text);

/**
 * Puts values into the {named} places of a sentence. A place without a value stays as it is.
 * Values are filtered for the terminal; those without letters have their digits shaped.
 */
char *sentence_fill(struct pool *pool, const char *sentence, const struct place *places,
		    size_t count);
/** The same, from pairs of name and value, ended by NULL. */
char *sentence(struct pool *pool, const char *text, ...) __attribute__((sentinel));
/** A whole number as text. */
char *number_text(struct pool *pool, uint64_t number);

#endif
