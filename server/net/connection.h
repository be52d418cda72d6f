/**
 * A connection: bytes of one peer in, whole frames out to the handler; replies the other way.
 *
 * TLS or plain is decided by the listener and invisible here. Output is gathered in one buffer
 * and written once at the end of the loop turn.
 *
 * Ownership  made by the listener on accept; freed by itself after `closed` was called and every
 *            libuv handle is closed. The handler's data pointer is the handler's.
 * Errors     none to the caller: a failing connection closes itself and `closed` says why.
 * Limits     frame body connection_limits.body_max (4 KiB before login, 1 MiB after); output over
 *            out_high bytes stops reading until half is written, no progress for stall_ms closes;
 *            in_flight_max requests unanswered stops reading.
 * Threads    loop thread only.
 */
#ifndef INAP_NET_CONNECTION_H
#define INAP_NET_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/frame.h"
#include "server/base/buffer.h"

struct connection;

/** What the layer above (rpc) gives the listener. */
struct connection_handler {
	/** A peer arrived and, under TLS, shook hands. */
	void (*opened)(struct connection *connection);
	/** A whole frame; body is borrowed for the call. Kind and flags are checked by the handler.
	 */
	void (*frame)(struct connection *connection, const struct frame *frame);
	/** Broken framing (bad length): answer if possible; the connection closes after flushing.
	 */
	void (*broken)(struct connection *connection, const struct frame *header);
	/** Called exactly once for every opened(), last; nothing may be written any more. */
	void (*closed)(struct connection *connection, const char *why);
};

void connection_data_set(struct connection *connection, void *data);
void *connection_data(const struct connection *connection);
/** Where replies are packed; grows to its cap. Call connection_flush_later() after appending. */
struct buffer *connection_out(struct connection *connection);
void connection_flush_later(struct connection *connection);
/** While held (counted), no further frame is delivered; the bytes wait. Used while a resume or
 * login is pending. */
void connection_hold(struct connection *connection);
void connection_release(struct connection *connection);
/** One more or one fewer unanswered request; at the cap reading stops. */
void connection_request_begins(struct connection *connection);
void connection_request_ends(struct connection *connection);
/** After login: body limit 1 MiB, idle deadline instead of login deadline. */
void connection_logged_in(struct connection *connection, bool logged_in);
/** Closes after what is in the out buffer was written. Reading stops at once. */
void connection_finish(struct connection *connection, const char *why);
/** Closes like connection_finish(), but only after the whole frames that came already were
 * delivered: at the next turn, or once the last hold is released. */
void connection_finish_later(struct connection *connection, const char *why);
/** Closes now. */
void connection_close(struct connection *connection, const char *why);
bool connection_closing(const struct connection *connection);
/** "tls:203.0.113.4", "unix:" and so on: for the log and the session list. */
const char *connection_peer(const struct connection *connection);
/** A number unique in this process, for the log. */
uint64_t connection_number(const struct connection *connection);

#endif
