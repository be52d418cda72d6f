/**
 * Grants in replies, made from the words that statements give.
 *
 * Ownership  messages in the request's arena; their strings are borrowed from its results.
 * Threads    loop thread only.
 */
#ifndef INAP_RPC_GRANTS_H
#define INAP_RPC_GRANTS_H

#include "server/rpc/request.h"
#include "inap/v1/session.pb-c.h"

/** One grant in words, as grant_json() of the schema has it. */
struct grant_words {
	const char *role;
	const char *entity;
	const char *jurisdiction;
	const char *starts;
	const char *ends;
	const char *basis;
	const char *order_number;
	const char *order_date;
};

/** A Grant; NULL at the arena's cap. */
Inap__V1__Grant *grants_message(struct request *r, const struct grant_words *words);
/** The bits (enum method_role) of role names parted by commas. */
unsigned grants_roles(const char *names);

#endif
