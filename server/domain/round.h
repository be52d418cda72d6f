/**
 * Rounds: openings for reporting, always a quarter.
 *
 * Threads    loop thread only.
 */
#ifndef INAP_DOMAIN_ROUND_H
#define INAP_DOMAIN_ROUND_H

#include "server/rpc/request.h"

request_step round_list, round_add, round_open, round_close, round_extend, round_outage;

#endif
