/**
 * Lists of reports: report.list, review.queue, todo.list.
 *
 * Threads    loop thread only.
 */
#ifndef INAP_DOMAIN_REVIEW_H
#define INAP_DOMAIN_REVIEW_H

#include "server/rpc/request.h"

request_step report_list, review_queue, todo_list;

#endif
