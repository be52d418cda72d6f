/**
 * Values between wire and database: the message Value and the columns kind, number, denominator,
 * text.
 *
 * Ownership  parts point into the message; a made message lies in the request's arena.
 * Source     the numbers of value_kind are those of the table value_kind
 * (migrations/deploy/report.sql). Threads    loop thread only.
 */
#ifndef INAP_RPC_VALUE_H
#define INAP_RPC_VALUE_H

#include "server/rpc/request.h"

enum value_kind {
	VALUE_CLEARED = 0,
	VALUE_NUMBER = 1,
	VALUE_YES = 2,
	VALUE_NO = 3,
	VALUE_TEXT = 4,
	VALUE_RATIO = 5,
	VALUE_NUMERATOR = 6,
	VALUE_DENOMINATOR = 7,
	VALUE_NOT_APPLICABLE = 8,
	VALUE_NOT_COLLECTED = 9,
	VALUE_WITHHELD = 10,
	VALUE_NOT_AVAILABLE = 11
};

struct value_parts {
	enum value_kind kind;
	const char *number;      /* NULL: none */
	const char *denominator; /* NULL: none */
	const char *text;        /* NULL: none */
};

/** The columns of a message; false if it holds nothing, or a number that is none (*bad, the text at
 * fault). */
bool value_read(const Inap__V1__Value *value, struct value_parts *parts, const char **bad)
	__attribute__((warn_unused_result));
/** The message of columns; NULL for VALUE_CLEARED, an unknown kind, or a full arena
 * (arena_failed()). */
Inap__V1__Value *value_make(struct request *r, int64_t kind, const char *number,
			    const char *denominator, const char *text);
/** The word of a kind ("not_collected"), for refusals; "nothing" for what has none. */
const char *value_kind_name(int64_t kind);

/** YYYY-MM-DD, a day that exists. */
bool date_valid(const char *text);
/** YYYY-MM-DDTHH:MM:SSZ, a moment that exists. */
bool moment_valid(const char *text);

#endif
