/**
 * Rules: what figures must hold among themselves; added and retired by hand.
 *
 * Threads    loop thread only.
 */
#ifndef INAP_DOMAIN_RULE_H
#define INAP_DOMAIN_RULE_H

#include "server/rpc/request.h"

request_step rule_list;
request_step rule_change;

#endif
