/**
 * Verification in the field: samples of accepted cells, and what was seen. No figure changes by it.
 *
 * Threads    loop thread only.
 */
#ifndef INAP_DOMAIN_VERIFICATION_H
#define INAP_DOMAIN_VERIFICATION_H

#include "server/rpc/request.h"

request_step verify_sample, verify_record, verify_list;

#endif
