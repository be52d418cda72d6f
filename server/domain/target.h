/**
 * Targets and lights: target.set, target.list, national.lights, light.override.
 *
 * Source     FIELD.md section 0, Lights; how they are made: migrations/deploy/target.sql.
 * Limits     one unit each.
 * Threads    loop thread only.
 */
#ifndef INAP_DOMAIN_TARGET_H
#define INAP_DOMAIN_TARGET_H

#include "server/rpc/request.h"

request_step target_set, target_list, national_lights, light_override;

#endif
