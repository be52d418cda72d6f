/**
 * Gates (a) and (b): who may call what, for which entity. One table (methods.def), default deny.
 * Gate (c) stands in every write's SQL.
 *
 * Threads    any; pure.
 */
#ifndef INAP_RPC_POLICY_H
#define INAP_RPC_POLICY_H

#include "server/base/error.h"
#include "server/rpc/session.h"
#include "proto/method.h"

/** Gate (a), before the body is unpacked. False with LOGIN_REQUIRED, FORBIDDEN or MALFORMED. */
bool policy_method(const struct method *method, const struct session *session, int64_t wall_ms,
		   struct error *error) __attribute__((warn_unused_result));
/** Gate (b): the entity a request names. NULL with NOT_FOUND (out of reach) or FORBIDDEN (in reach
 * by another role). */
const struct reach *policy_entity(const struct method *method, const struct session *session,
				  const char *entity, struct error *error)
	__attribute__((warn_unused_result));

#endif
