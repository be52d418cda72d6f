/**
 * The consolidated picture: national.summary, national.completeness, national.recompute.
 *
 * Source     who sees which figures: DESIGN.md section 8; how they are made: section 6, and
 *            migrations/deploy/consolidate.sql, span.sql.
 * Threads    loop thread only.
 */
#ifndef INAP_DOMAIN_NATIONAL_H
#define INAP_DOMAIN_NATIONAL_H

#include "server/rpc/request.h"
#include "inap/v1/common.pb-c.h"

/** A jurisdiction of its word. */
Inap__V1__Jurisdiction national_side(const char *word);
/** Refuses where the plan or its round is not there; false if both are. */
bool national_missing(struct request *r, const char *plan, const char *round,
		      const char *plan_asked, const char *round_asked);

request_step national_summary, national_completeness, national_recompute;

#endif
