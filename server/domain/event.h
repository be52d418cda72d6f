/**
 * Events, what they decided, and organisations that take part.
 *
 * Source     FIELD.md section 0, "Events and organisations", by way of ARCHITECTURE.md.
 * Threads    loop thread only.
 */
#ifndef INAP_DOMAIN_EVENT_H
#define INAP_DOMAIN_EVENT_H

#include "server/rpc/request.h"

request_step event_list, event_write, event_decide, event_done;
request_step organisation_list, organisation_write;

#endif
