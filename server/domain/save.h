/**
 * report.save: writes cells of a report, one request, one revision; review.receive: one that came
 * on paper.
 *
 * Threads    loop thread only.
 */
#ifndef INAP_DOMAIN_SAVE_H
#define INAP_DOMAIN_SAVE_H

#include "server/rpc/request.h"

request_step report_save, review_receive;

#endif
