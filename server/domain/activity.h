/**
 * Activities: the list of them, and those that entities propose for their sectoral plans.
 *
 * Source     FIELD.md section 0, "Activities", by way of ARCHITECTURE.md.
 * Threads    loop thread only.
 */
#ifndef INAP_DOMAIN_ACTIVITY_H
#define INAP_DOMAIN_ACTIVITY_H

#include "server/rpc/request.h"

request_step activity_list, activity_add, activity_agree;

#endif
