/**
 * The consolidated picture: national.summary, national.completeness, national.recompute.
 *
 * Source     who sees which figures: DESIGN.md section 8; how they are made: section 6, and
 *            migrations/deploy/total.sql.
 * Threads    loop thread only.
 */
#ifndef INAP_DOMAIN_NATIONAL_H
#define INAP_DOMAIN_NATIONAL_H

#include "server/rpc/request.h"

request_step national_summary, national_completeness, national_recompute;

#endif
