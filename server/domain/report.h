/**
 * Reading a report: report.show, report.check, report.diff, report.history.
 *
 * Threads    loop thread only.
 */
#ifndef INAP_DOMAIN_REPORT_H
#define INAP_DOMAIN_REPORT_H

#include "server/rpc/request.h"

request_step report_show, report_check, report_diff, report_history;

#endif
