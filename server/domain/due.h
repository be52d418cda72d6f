/**
 * One report's deadline: round.extend-one, round.excuse. The Secretariat's.
 *
 * Threads    loop thread only.
 */
#ifndef INAP_DOMAIN_DUE_H
#define INAP_DOMAIN_DUE_H

#include "server/rpc/request.h"

request_step round_extend_one, round_excuse;

#endif
