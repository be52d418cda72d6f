/**
 * Parameters of a statement, as the generated sql_*() functions fill them.
 *
 * Ownership  values are copied into the unit's arena; a parameter never set stays SQL null.
 * Errors     an arena at its cap marks the unit broken.
 */
#ifndef INAP_STORE_PARAMETER_H
#define INAP_STORE_PARAMETER_H

#include <assert.h>

#include "server/store/unit.h"

/** count parameters, all SQL null; NULL (and the unit broken) at the arena's cap. */
struct parameter *parameter_array(struct unit *unit, unsigned count)
	__attribute__((warn_unused_result));
void parameter_bigint(struct unit *unit, struct parameter *parameter, int64_t value);
void parameter_integer(struct unit *unit, struct parameter *parameter, int32_t value);
void parameter_boolean(struct unit *unit, struct parameter *parameter, bool value);
/** Text format of any type; NULL is SQL null. */
void parameter_text(struct unit *unit, struct parameter *parameter, const char *value);
/** Sent in binary; data NULL is SQL null. */
void parameter_bytea(struct unit *unit, struct parameter *parameter, struct bytes value);

#endif
