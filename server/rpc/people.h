/**
 * Users and roles as requests name them: what is refused before anything is asked of the store.
 *
 * Errors     a check that fails sets r->error.
 * Source     DESIGN section 8; the CHECKs of the schema.
 * Threads    loop thread only.
 */
#ifndef INAP_RPC_PEOPLE_H
#define INAP_RPC_PEOPLE_H

#include <stdbool.h>
#include <stddef.h>

#include "server/rpc/request.h"
#include "inap/v1/user.pb-c.h"

enum { DISPLAY_POINTS_MAX = 200, ORDER_POINTS_MAX = 100 };

/** BAD_ARGUMENT: this field, and why. Always false. */
bool people_wrong(struct request *r, const char *field, const char *why);
/** NOT_FOUND. Always false. */
bool people_unknown(struct request *r, const char *what, const char *name);
/** May a user, an entity be called so? */
bool people_is_user(const char *name);
bool people_is_entity(const char *code);
/** A user's name, or BAD_ARGUMENT with what one is. */
bool people_user_check(struct request *r, const char *name);
/** One line of text, of points_max characters. */
bool people_line_check(struct request *r, const char *field, const char *text, size_t points_max);
/** YYYY-MM-DD, or empty: not given. */
bool people_date_check(struct request *r, const char *text);
/** Number and date of a written order, both optional. */
bool people_order_check(struct request *r, const char *number, const char *date);
/** A role wants just its own kind of scope. */
bool people_scope_check(struct request *r, const Inap__V1__Grant *grant);
/** A role to be given, whole. */
bool people_role_check(struct request *r, const Inap__V1__RoleChange *in);
/** The words of the schema; "" for no jurisdiction. */
const char *people_role_word(int role);
const char *people_jurisdiction_word(int jurisdiction);

#endif
