/**
 * Evidence: files that support a report, in pieces, and references.
 *
 * Limits     a file has FILE_BYTES_MAX bytes; a report 100 pieces of evidence and 200 MiB of files;
 * an entity 64 MiB of uploads that are not attached, each counted whole until it rests for 7 days.
 * Threads    loop thread only.
 */
#ifndef INAP_DOMAIN_EVIDENCE_H
#define INAP_DOMAIN_EVIDENCE_H

#include "server/rpc/request.h"

request_step evidence_begin, evidence_chunk, evidence_attach, evidence_detach, evidence_keep;
request_step evidence_list, evidence_read;

#endif
