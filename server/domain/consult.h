/**
 * Consultation: who is consulted on an indicator confirms or contests what was submitted.
 *
 * Threads    loop thread only.
 */
#ifndef INAP_DOMAIN_CONSULT_H
#define INAP_DOMAIN_CONSULT_H

#include "server/rpc/request.h"

request_step consult_list, report_consult;

#endif
