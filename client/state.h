/* What the client remembers on disk: the login, and which revision of which report was shown. */
#ifndef INAP_CLIENT_STATE_H
#define INAP_CLIENT_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "inap/v1/session.pb-c.h"

struct app;

enum { TOKEN_BYTES = 32 };

/**
 * The stored login of a profile. It lies in $XDG_STATE_HOME/inap/tokens/PROFILE, mode 0600.
 * Roles are those of the last contact: good enough for help, never for a right.
 */
struct login {
	bool present;
	uint8_t token[TOKEN_BYTES];
	const char *user;
	unsigned roles;     /* bits of proto/method.h */
	const char *entity; /* the first grant's entity, or "" */
};

/**
 * Reads the stored login. No file is no failure (present is false); a file that others may read is
 * one.
 */
bool login_load(struct app *app);
/** Stores a login; token NULL keeps the one there is and refreshes the rest. */
bool login_store(struct app *app, const uint8_t *token, const Inap__V1__SessionState *state);
/** Forgets the login, on disk and here. */
void login_forget(struct app *app);

/** The last revision of a report that this person was shown. False: none. */
bool seen_get(struct app *app, const char *report, uint64_t *revision);
/** Remembers it. What cannot be written is said, and no failure. */
void seen_put(struct app *app, const char *report, uint64_t revision);
/** The last revision of one of many small things of a kind that this person was shown; 0: none. */
uint64_t seen_one(struct app *app, const char *kind, const char *name);
/** Remembers revisions by name, in one file per kind; takes the object. */
void seen_many_put(struct app *app, const char *kind, json_t *revisions);

/** A folder of this profile, made with mode 0700 where it is missing; NULL: noted as a failure. */
const char *state_folder(struct app *app, const char *first, const char *second);
/** Writes a file with mode 0600 so that it is there whole or not at all, and synced. */
bool state_write(struct app *app, const char *folder, const char *name, const void *bytes,
		 size_t length);
/** Reads a whole file of at most `most` bytes; NULL: it is not there or cannot be read. */
char *state_read(struct app *app, const char *path, size_t most, size_t *length);
/** text as a file name: what is not a letter, digit, '.', ':' or '-' becomes '_'. */
const char *state_name(struct app *app, const char *text);

#endif
