/**
 * Categories: the parts of a plan's dimensions.
 *
 * Threads    loop thread only.
 */
#ifndef INAP_DOMAIN_CATEGORY_H
#define INAP_DOMAIN_CATEGORY_H

#include "server/rpc/request.h"

request_step category_list;

#endif
