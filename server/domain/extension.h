/**
 * Extensions: extension.add, list and revoke. Whether one unlocks a cell is judged by the save.
 *
 * Threads    loop thread only.
 */
#ifndef INAP_DOMAIN_EXTENSION_H
#define INAP_DOMAIN_EXTENSION_H

#include "server/rpc/request.h"

request_step extension_add, extension_list, extension_revoke;

#endif
