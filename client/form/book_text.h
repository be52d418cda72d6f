/* Texts of a workbook as they come from its parts: gathered, capped, unescaped. */
#ifndef INAP_CLIENT_FORM_BOOK_TEXT_H
#define INAP_CLIENT_FORM_BOOK_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct app;

/* A text that grows. */
struct gather {
	char *bytes;
	size_t length, room;
	bool full; /* more than BOOK_TEXT_MAX came */
};

void gather_add(struct app *app, struct gather *gather, const char *text, size_t length);
void gather_clear(struct gather *gather);
/** A copy of what was gathered. */
char *gather_text(struct app *app, const struct gather *gather);
/** The same with _x000D_ as the character it stands for. */
char *gather_unescaped(struct app *app, const struct gather *gather);

/** Text as a workbook keeps it: what looks like _x000D_ is no escape. */
const char *book_escaped(struct app *app, const char *text);

#endif
