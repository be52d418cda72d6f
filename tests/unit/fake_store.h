/**
 * The store without a server: real result rows for the steps of the domain.
 *
 *     fake_sent(&r->unit, sent, sizeof sent);          "head_lock report_move report_peek"
 *     fake_rows(&r->unit, 0, "seq=9");
 *     fake_rows(&r->unit, 1, "");                      no row
 *     fake_rows(&r->unit, 2, "revision=5,state=submitted,claimed_by=NULL");
 *
 * Rows are parted by ';', columns by ','; a backslash before one of ; , \ takes it as it stands.
 * Every column of the statement must be named once, in any order; what is not is a broken test
 * (assert).
 *
 * Ownership  the results belong to the unit, as those of the pool do.
 */
#ifndef INAP_TESTS_FAKE_STORE_H
#define INAP_TESTS_FAKE_STORE_H

#include <stddef.h>

#include "server/store/pool.h"
#include "server/store/unit.h"

/** The names of the unit's statements, by spaces. Asserts that each is prepared on the unit's lane.
 */
void fake_sent(const struct unit *unit, char *out, size_t size);
/** The result of the entry-th statement. */
void fake_rows(struct unit *unit, unsigned entry, const char *rows);
/** The text of a parameter of the entry-th statement, NULL for SQL null. */
const char *fake_parameter(const struct unit *unit, unsigned entry, unsigned parameter);

/** In place of pool_send(): the unit is kept in *fake_unit. False, with BUSY, while fake_busy. */
bool fake_send(struct pool *pool, struct unit *unit);
extern struct unit *fake_unit;
extern bool fake_busy;
/** Ends fake_unit as done: every statement without rows so far gets none. Calls unit.done. */
void fake_done(void);
/** Ends fake_unit as failed or unknown, with this code. Calls unit.done. */
void fake_fail(enum unit_outcome outcome, enum error_code code);

#endif
