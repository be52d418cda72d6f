/**
 * Editions: which one is meant, its bytes, and what they say. Shared by the commands about
 * editions and the pictures of one.
 *
 * Ownership  everything lives in the app's pool.
 * Source     the canonical bytes, line by line: proto/PROTOCOL.md section 12.
 */
#ifndef INAP_CLIENT_CMD_EDITION_H
#define INAP_CLIENT_CMD_EDITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "inap/v1/edition.pb-c.h"
#include "inap/v1/national.pb-c.h"

struct app;

enum { EDITION_BYTES_MAX = 32 << 20, EDITION_FIELDS_MAX = 24 };

/* One line of an edition: its fields, the first says what it is. */
struct edition_line {
	const char *fields[EDITION_FIELDS_MAX]; /* those that are not there are "" */
};

/* An edition as its bytes say it. */
struct edition_text {
	struct edition_line *lines;
	size_t count;
};

/** "[PLAN:]2024Q3[/1]" as the server is asked for it; number 0: none was given. */
bool edition_parse(struct app *app, const char *word, Inap__V1__EditionList *request);
/** Heads (and, of one, its remarks), as the server lists them; --public asks without an account. */
bool edition_heads(struct app *app, const Inap__V1__EditionList *request,
		   const Inap__V1__EditionListReply **reply);
/** The edition that a word names; without a number the newest published, else the newest. */
bool edition_find(struct app *app, const char *word, const Inap__V1__Edition **edition,
		  const Inap__V1__EditionListReply **reply);
/** "2024Q3/1" */
const char *edition_code(struct app *app, const Inap__V1__Edition *edition);
/** Its canonical bytes, whole; they have its hash, or TAMPERED is noted. */
bool edition_bytes(struct app *app, const Inap__V1__Edition *edition, const char **bytes,
		   size_t *length);
/** The hash of bytes, in hex. */
const char *edition_hash(struct app *app, const void *bytes, size_t length);
/** Takes the first `most` lines apart; NULL: they are no edition, or end early. */
const struct edition_text *edition_read(struct app *app, const char *bytes, size_t length,
					size_t most);
/** Finds an edition, and takes its bytes apart; NULL: noted as a failure. */
const struct edition_text *edition_fetch(struct app *app, const char *word,
					 const Inap__V1__Edition **edition);
/** The first field after `word` of the line that begins with it; "" for none. */
const char *edition_word(const struct edition_text *text, const char *word);
/** The figures as a national summary has them, with the names of indicators and chapters. */
const Inap__V1__NationalSummaryReply *edition_summary(struct app *app,
						      const struct edition_text *text);
/** A figure's answer, from `kind` and its two numbers; NULL: none. */
Inap__V1__Value *edition_value(struct app *app, const char *kind, const char *number,
			       const char *denominator);

/** A head, for scripts and for people. */
json_t *edition_json(const Inap__V1__Edition *edition);
void edition_say(struct app *app, const Inap__V1__Edition *edition);

#endif
