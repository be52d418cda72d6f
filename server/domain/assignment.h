/**
 * Assignments: who reports what, changed by hand with a date.
 *
 * Threads    loop thread only.
 */
#ifndef INAP_DOMAIN_ASSIGNMENT_H
#define INAP_DOMAIN_ASSIGNMENT_H

#include "server/rpc/request.h"

request_step assignment_change;

#endif
