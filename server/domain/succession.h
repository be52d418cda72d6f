/**
 * An entity takes over from another: assignments, the open draft, the series.
 *
 * Source     FIELD.md section 0, "Who counts", by way of ARCHITECTURE.md.
 * Threads    loop thread only.
 */
#ifndef INAP_DOMAIN_SUCCESSION_H
#define INAP_DOMAIN_SUCCESSION_H

#include "server/rpc/request.h"

request_step entity_succeed;

#endif
