/**
 * Plans: importing a plan file, and reading plans.
 *
 * Limits     a plan file has at most UNPACK_JSON_BYTES; plan.import answers at most
 *            UNPACK_REPEATED_MAX changes, the counts are always whole.
 * Threads    loop thread only.
 */
#ifndef INAP_DOMAIN_PLAN_H
#define INAP_DOMAIN_PLAN_H

#include "server/rpc/request.h"

request_step plan_import, plan_list, plan_show;

#endif
