/* Gates (a) and (b) of a request, read from the rows of methods.def. */
#include "server/rpc/policy.h"

bool policy_method(const struct method *method, const struct session *session, int64_t wall_ms,
		   struct error *error)
{
	bool in = session->user_id != 0;

	if (method->roles == ROLE_BITS_NOBODY_YET) {
		if (in && method->access == ACCESS_SESSION) {
			return error_set(error, ERROR_MALFORMED, "why",
					 "this connection has its session", NULL);
		}
		return true;
	}
	if (!in || wall_ms >= session->expires_ms) {
		return error_set(error, ERROR_LOGIN_REQUIRED, NULL);
	}
	if (method->roles == ROLE_BITS_ANYONE || (session->roles & method->roles) != 0) {
		return true;
	}
	return error_set(error, ERROR_FORBIDDEN, "action", method->name, NULL);
}

const struct reach *policy_entity(const struct method *method, const struct session *session,
				  const char *entity, struct error *error)
{
	const struct reach *reach = session_reach(session, entity);

	if (reach && (reach->roles & method->roles) != 0) {
		return reach;
	}
	if (reach) {
		error_set(error, ERROR_FORBIDDEN, "action", method->name, NULL);
	} else if (method->scope == SCOPE_REPORT) {
		error_set(error, ERROR_NOT_FOUND, "what", "report", "name", entity, NULL);
	} else {
		error_set(error, ERROR_NOT_FOUND, "what", "entity", "name", entity, NULL);
	}
	return NULL;
}
