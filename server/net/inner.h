/**
 * What the files of net/ share: the structs behind net.h and connection.h. No other folder includes
 * it.
 *
 *   connection.c  life: made, opened, finished, closed, freed
 *   flow.c        bytes in to frames, replies out to bytes
 *   deadline.c    the one timer of a connection
 *   net.c         the turn of the loop, drain, close
 */
#ifndef INAP_NET_INNER_H
#define INAP_NET_INNER_H

#include <uv.h>

#include "server/base/address.h"
#include "server/base/list.h"
#include "server/base/machine.h"
#include "server/net/net.h"
#include "server/net/transport.h"

enum { NET_INPUT_BYTES = 64 * 1024, BODY_SMALL_BYTES = 4096, BODY_LARGE_BYTES = 1 << 20 };

struct net {
	uv_loop_t *loop;
	uv_prepare_t prepare; /* end of a turn: writes what was gathered */
	uv_idle_t idle;       /* start of a turn: goes on with the resumed; keeps the turn short */
	struct connection_handler handler;
	struct config_limits limits;
	struct net_counters counters;
	struct list_node connections;
	struct list_node dirty;
	struct list_node resumed;
	struct list_node listeners;
	unsigned handles; /* of the net itself, not yet closed */
	uint64_t numbers;
	int64_t refused_ms; /* of the last line about it; 0: none yet */
	bool draining;
	bool closing;
	void (*drained)(void *data);
	void *drained_data;
	void (*closed)(void *data);
	void *closed_data;
	uint8_t input[NET_INPUT_BYTES]; /* one read buffer for all */
};

union net_socket {
	uv_handle_t handle;
	uv_stream_t stream;
	uv_tcp_t tcp;
	uv_pipe_t pipe;
};

enum connection_state {
	CONNECTION_HANDSHAKE,
	CONNECTION_OPEN,
	CONNECTION_FINISHING, /* writes what it has, then says goodbye and waits for the peer's */
	CONNECTION_CLOSING    /* its handles are being closed */
};

struct connection {
	struct list_node node;
	struct list_node dirty;
	struct list_node resumed;
	struct net *net;
	struct machine machine;
	union net_socket socket;
	uv_timer_t timer;
	uv_write_t write;
	uv_shutdown_t shutdown;
	const struct transport_ops *ops;
	void *transport;
	struct buffer in;   /* what cannot be delivered yet: a half frame, or frames that wait */
	struct buffer out;  /* replies, not sealed yet */
	struct buffer wire; /* sealed; not touched while a write is under way */
	void *data;
	uint64_t number;
	const char *why;
	const char *ending; /* finishes with this once what waits is delivered */
	unsigned handles;
	unsigned held;
	unsigned in_flight;
	uint32_t body_max;
	bool accepted; /* met no cap */
	bool opened;   /* the handler knows it */
	bool logged_in;
	bool reading;
	bool writing;
	bool choked;        /* too much output waits */
	bool partial;       /* `in` begins with a half frame */
	bool shut;          /* said goodbye */
	bool ended;         /* the peer will say no more */
	int64_t since_ms;   /* of this state, or of the last change of login */
	int64_t active_ms;  /* last whole frame or last answer */
	int64_t frame_ms;   /* the half frame began, or reading went on */
	int64_t stall_ms;   /* last progress of the write under way */
	int64_t timer_ms;   /* when the timer rings; 0: not set */
	size_t frame_bytes; /* length of the half frame, once known */
	size_t unsent;      /* bytes that the peer had not taken at stall_ms */
	struct sockaddr_storage address;
	char peer[ADDRESS_TEXT_BYTES + 8];
};

/* connection.c */
struct connection_source {
	const char *label; /* before the address: "tls:" */
	const struct transport_ops *ops;
	void *transport;
	bool pipe;
};
/** Accepts from a listening stream; the connection takes source->transport in any case. */
void connection_accept(struct net *net, uv_stream_t *listener,
		       const struct connection_source *source);
enum connection_state connection_at(const struct connection *c);
/** The handshake is done: tells the handler. */
void connection_open(struct connection *c);
/** Goes on with waiting frames at the start of the next turn. */
void connection_resume_later(struct connection *c);

/* flow.c */
void flow_start(struct connection *c);
/** Writes what is gathered; ends a finishing connection once all is out. */
void flow_flush(struct connection *c);
/** Delivers frames that waited, then reads on if it may. */
void flow_resume(struct connection *c);
/** Starts or stops reading, as the state wants it. */
void flow_adjust(struct connection *c);
/** Bytes that wait to be written. */
size_t flow_backlog(const struct connection *c);

/* deadline.c */
/** Sets the timer to the next deadline; cheap where that moved away only. */
void deadline_arm(struct connection *c);
/** A write began: what it must show progress against. */
void deadline_write_began(struct connection *c);
void deadline_cb(uv_timer_t *timer);

/* net.c */
void net_flush_later(struct connection *c);
/** A connection, a listener or a handle of the net is gone. */
void net_gone(struct net *net);
/** False at a cap that the newcomer meets. */
bool net_room(const struct net *net, const struct sockaddr_storage *address);
/** Counts it; one line a second in the log, or a flood of peers would be one of lines. */
void net_refused(struct net *net, const struct connection *c);

#endif
