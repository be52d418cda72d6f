/**
 * Dispatch: a frame becomes a request, passes the gates and starts its step.
 *
 * Errors     every refusal is answered with an error frame.
 * Threads    loop thread only.
 */
#ifndef INAP_RPC_DISPATCH_H
#define INAP_RPC_DISPATCH_H

#include "server/rpc/rpc.h"

void dispatch_frame(struct peer *peer, const struct frame *frame);
/** A frame over the limit: its header is answered, then the connection closes. */
void dispatch_broken(struct peer *peer, const struct frame *header);

#endif
