/**
 * Wiring: which step answers which method. The only file that sees every domain.
 *
 * Threads    loop thread only.
 */
#ifndef INAP_WIRING_H
#define INAP_WIRING_H

#include "server/rpc/rpc.h"

/** The migration that this build knows (the last of migrations/sqitch.plan). */
#define WIRING_SCHEMA "handover"

/** Fills rpc->steps and rpc->refresh. */
void wiring_steps(struct rpc *rpc);
/** The daemon's own steps. */
extern request_step *const wiring_poll;        /* reads session_change */
extern request_step *const wiring_first_admin; /* makes user admin, prints its code */

#endif
