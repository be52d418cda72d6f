/* Users, shared by the commands about them: writes, reads, one-time codes and the sheets that carry
 * them. */
#ifndef INAP_CLIENT_CMD_USER_H
#define INAP_CLIENT_CMD_USER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "inap/v1/user.pb-c.h"
#include "proto/method.h"

struct app;

/** A write: sent, or the answer of the one that was left behind by this very intent. */
bool plain_write(struct app *app, enum method_number method, const ProtobufCMessage *request,
		 uint64_t intent, ProtobufCMessage **reply);
/** The users that this admin keeps, or one of them. */
bool users_read(struct app *app, const char *name, Inap__V1__UserListReply **reply);

/* A code as the server gave it; texts are borrowed. */
struct user_code {
	const char *user;
	const char *code; /* "": used up since */
	const char *expires_at;
};

/** Shows codes as a table, and writes their sheets where --sheet asks for it. */
bool codes_say(struct app *app, const struct user_code *codes, size_t count);
/** [{"user","code","expires_at"}] */
json_t *codes_json(const struct user_code *codes, size_t count);
/** The enrolment sheets of these users as one HTML page. NULL: noted as a failure. */
const char *codes_sheet(struct app *app, const struct user_code *codes, size_t count);

#endif
