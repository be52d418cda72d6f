/**
 * A plan suspended and resumed, and the one that is meant where none is named.
 *
 * Threads    loop thread only.
 */
#ifndef INAP_DOMAIN_PLAN_STATE_H
#define INAP_DOMAIN_PLAN_STATE_H

#include "server/rpc/request.h"

request_step plan_suspend, plan_resume, plan_current;

#endif
