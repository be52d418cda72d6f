/**
 * SQLSTATE to errors: one table, and what the pool does about each.
 *
 * Our own functions never raise for what a person did, but those whose work is too large for result
 * rows (plan import). They raise with an SQLSTATE of class IN and DETAIL =
 * code|name=value|name=value, values with %7C for | and %25 for %; code is a name of errors.def,
 * which becomes the unit's error.
 *
 * Ownership  names of arguments are copied into the unit's arena, which outlives the error.
 * Threads    loop thread only.
 */
#ifndef INAP_STORE_SQLSTATE_H
#define INAP_STORE_SQLSTATE_H

#include "server/store/unit.h"

enum sqlstate_action {
	SQLSTATE_FAIL,  /* the answer is definite: nothing took effect */
	SQLSTATE_AGAIN, /* send the unit again, once */
	SQLSTATE_LOST   /* the connection is going: as if it were lost */
};

/** What a failed statement said. Pointers may be NULL and are borrowed for the call. */
struct sqlstate_report {
	const char *state; /* five characters; NULL where libpq itself failed */
	const char *message;
	const char *detail;
	const char *table;
	const char *constraint;
	const char *statement;
};

enum sqlstate_action sqlstate_action(const char *state);
/** Sets unit->error and unit->sqlstate; what is our own fault is logged with the state. */
void sqlstate_set(struct unit *unit, const struct sqlstate_report *report);

#endif
