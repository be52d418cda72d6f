/**
 * Indicators: what a plan asks for, in which tables, of whom.
 *
 * Threads    loop thread only.
 */
#ifndef INAP_DOMAIN_INDICATOR_H
#define INAP_DOMAIN_INDICATOR_H

#include "server/rpc/request.h"

request_step indicator_list;

#endif
