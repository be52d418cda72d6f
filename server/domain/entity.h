/**
 * Entities: the institutions that report.
 *
 * Threads    loop thread only.
 */
#ifndef INAP_DOMAIN_ENTITY_H
#define INAP_DOMAIN_ENTITY_H

#include "server/rpc/request.h"

request_step entity_list, entity_edit;

#endif
