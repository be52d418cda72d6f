/**
 * Pairs of entities that report the same fact: review.pairs.
 *
 * Source     how they are compared, and who gets a point: migrations/deploy/pair.sql.
 * Threads    loop thread only.
 */
#ifndef INAP_DOMAIN_PAIR_H
#define INAP_DOMAIN_PAIR_H

#include "server/rpc/request.h"

request_step review_pairs;

#endif
