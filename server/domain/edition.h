/**
 * Editions: edition.list, read, propose, comment, confirm, withdraw, sentence, and public-list and
 * -read.
 *
 * Source     DESIGN.md sections 7 and 8; what an edition says: migrations/deploy/edition.sql; its
 *            bytes, line by line: proto/PROTOCOL.md section 12.
 * Limits     a piece of bytes: 256 KiB.
 * Threads    loop thread only.
 */
#ifndef INAP_DOMAIN_EDITION_H
#define INAP_DOMAIN_EDITION_H

#include "server/rpc/request.h"

request_step edition_list, edition_read, edition_propose, edition_comment, edition_confirm,
	edition_withdraw, edition_sentence, edition_public_list, edition_public_read;

#endif
