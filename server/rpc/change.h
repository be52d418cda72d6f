/**
 * A cell's change between two revisions, from a row to the wire: reading, saving and moving all
 * give them.
 *
 * Ownership  the message lies in the request's arena and points into the row.
 * Threads    loop thread only.
 */
#ifndef INAP_RPC_CHANGE_H
#define INAP_RPC_CHANGE_H

#include "server/rpc/request.h"

/* The columns of report_changes(); SQL null is NULL. */
struct change {
	const char *cell;
	int64_t b_kind;
	const char *b_number, *b_denominator, *b_text, *b_note, *b_expected_on;
	int64_t kind;
	const char *number, *denominator, *value, *note, *expected_on;
	const char *by, *at, *via, *reason;
	int64_t revision;
};

/* Of the row of any statement that gives those columns. */
#define CHANGE_OF(row)                                                                             \
	((struct change){ .cell = (row).cell,                                                      \
			  .b_kind = (row).b_kind,                                                  \
			  .b_number = (row).b_number,                                              \
			  .b_denominator = (row).b_denominator,                                    \
			  .b_text = (row).b_text,                                                  \
			  .b_note = (row).b_note,                                                  \
			  .b_expected_on = (row).b_expected_on,                                    \
			  .kind = (row).kind,                                                      \
			  .number = (row).number,                                                  \
			  .denominator = (row).denominator,                                        \
			  .value = (row).value,                                                    \
			  .note = (row).note,                                                      \
			  .expected_on = (row).expected_on,                                        \
			  .by = (row).by,                                                          \
			  .at = (row).at,                                                          \
			  .via = (row).via,                                                        \
			  .reason = (row).reason,                                                  \
			  .revision = (row).revision })

/** The message; NULL at the arena's cap. */
Inap__V1__CellChange *change_make(struct request *r, const struct change *change);

#endif
