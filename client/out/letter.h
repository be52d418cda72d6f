/**
 * Enrolment sheets: how a new user comes in, in three languages, as one HTML page to print.
 *
 * One A4 page for each user, Arabic and Kurdish from right to left. No script, nothing fetched from
 * elsewhere.
 */
#ifndef INAP_CLIENT_OUT_LETTER_H
#define INAP_CLIENT_OUT_LETTER_H

#include <stddef.h>

#include "inap/v1/user.pb-c.h"

struct app;

struct letter {
	const Inap__V1__User *user;
	const char *code;
	const char *expires_at; /* ISO 8601 UTC */
};

/** The page; authority is the fingerprint of the server's authority, "" for none. In the app's
 * pool. */
const char *letters_html(struct app *app, const struct letter *letters, size_t count,
			 const char *authority);

#endif
