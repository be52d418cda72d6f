/**
 * The moves of a report: one table of transitions, one statement, one step each.
 *
 * Source     DESIGN.md section 7, by way of ARCHITECTURE.md.
 * Threads    loop thread only.
 */
#ifndef INAP_DOMAIN_MOVE_H
#define INAP_DOMAIN_MOVE_H

#include "server/rpc/request.h"

request_step report_ready, report_hand_back, report_submit, report_withdraw, report_contest,
	report_answer, report_ask_cells, report_ask_restatement, edition_restate;
request_step review_claim, review_release, review_point, review_return, review_endorse,
	review_accept, review_send_back, review_withdraw;

#endif
