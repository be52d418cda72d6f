/**
 * Refusals as SQL words them, CODE|name=value|name=value: a code of errors.def and its arguments.
 *
 * Ownership  the text may die with the unit; what is needed is copied.
 * Threads    loop thread only.
 */
#ifndef INAP_RPC_REFUSAL_H
#define INAP_RPC_REFUSAL_H

#include "server/rpc/request.h"

/** Refuses the request with a fault; one that cannot be read is our own bug: INTERNAL. */
enum step refusal_of(struct request *r, const char *fault);

#endif
