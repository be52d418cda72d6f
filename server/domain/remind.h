/**
 * Reminders to offices whose report is late or due soon.
 *
 * Source     FIELD.md section 0, "Rates", by way of ARCHITECTURE.md.
 * Threads    loop thread only.
 */
#ifndef INAP_DOMAIN_REMIND_H
#define INAP_DOMAIN_REMIND_H

#include "server/rpc/request.h"

request_step round_remind;

#endif
