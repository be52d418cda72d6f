/**
 * Users and their roles, as admins keep them; and what an approver delegates.
 *
 * Errors     what lies outside the admin's scope is NOT_FOUND; who is conflicted ROLE_CONFLICT.
 * Limits     one unit each.
 * Threads    loop thread only.
 */
#ifndef INAP_DOMAIN_USER_H
#define INAP_DOMAIN_USER_H

#include "server/rpc/request.h"

request_step user_add, user_list, user_disable, user_enable, user_reset, role_grant, role_revoke,
	role_delegate, user_import;

#endif
