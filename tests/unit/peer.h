/**
 * A loop with a net on it, and clients of that net driven by the same thread.
 *
 * The handler notes what it is told and does what a frame's method asks (enum ask). world_until()
 * turns the loop until a condition holds; a test that waits in vain fails after WORLD_WAIT_MS.
 */
#ifndef INAP_TESTS_PEER_H
#define INAP_TESTS_PEER_H

#include <openssl/ssl.h>
#include <uv.h>

#include "proto/frame.h"
#include "server/net/listener.h"
#include "server/net/net.h"

enum { WORLD_WAIT_MS = 10000 };

/** What a frame's method asks of the handler. */
enum ask {
	ASK_ECHO,   /* reply with the same body */
	ASK_HOLD,   /* hold the connection */
	ASK_BEGIN,  /* a request that is not answered */
	ASK_LOGIN,  /* logged in from here on; reply */
	ASK_LARGE,  /* reply with a body of time_ms bytes */
	ASK_FINISH, /* reply, then finish */
	ASK_CLOSE   /* close at once */
};

struct world {
	uv_loop_t loop;
	struct net *net;
	unsigned port;
	unsigned opened;
	unsigned closed;
	unsigned broken;
	unsigned refused_appends;
	size_t backlog_max;
	char why[128];             /* of the last closed */
	char seen[4096];           /* ids of the frames, in order: "1 2 3 " */
	struct connection *latest; /* the last opened, NULL once closed */
	char peer[128];            /* its name */
	bool drained;
	bool gone; /* the net is */
};

extern struct world world;

/** Limits that do not get in the way. */
struct config_limits world_limits(void);
void world_start(const struct config_limits *limits);
/** Listens on a loopback port; tls may be NULL. */
void world_listen(struct tls *tls);
/** Closes the net and asserts that no handle is left. */
void world_stop(void);
/** One turn of the loop, without sleeping. */
void world_turn(void);
/** Turns for this long. */
void world_pass(unsigned ms);

#define world_until(condition)                                                                     \
	do {                                                                                       \
		int64_t world_end = clock_ms() + WORLD_WAIT_MS;                                    \
		while (!(condition)) {                                                             \
			if (clock_ms() > world_end) {                                              \
				fail_msg("never: %s", #condition);                                 \
			}                                                                          \
			world_turn();                                                              \
		}                                                                                  \
	} while (0)

struct peer {
	int descriptor;
	SSL *ssl;
	bool ended;    /* end of file, or a reset */
	bool shaken;   /* TLS: hands were shaken */
	bool failed;   /* TLS: refused */
	size_t length; /* of got */
	size_t used;   /* of got, by peer_next() */
	uint8_t *got;
};

struct peer peer_tcp(unsigned port);
struct peer peer_unix(const char *path);
void peer_tls(struct peer *peer, SSL_CTX *context);
void peer_close(struct peer *peer);
void peer_send(struct peer *peer, const void *bytes, size_t count);
/** A frame with a body of this length. */
void peer_frame(struct peer *peer, uint8_t kind, enum ask ask, uint32_t id, size_t body);
/** The same, for ASK_LARGE. */
void peer_frame_large(struct peer *peer, uint32_t id, uint32_t bytes);
/** Bytes of such a frame, for sending in pieces; returns their count. */
size_t peer_pack(uint8_t *out, uint8_t kind, enum ask ask, uint32_t id, size_t body);
/** Reads what is there. */
void peer_read(struct peer *peer);
/** The next whole frame received, if any; reads first. */
bool peer_next(struct peer *peer, struct frame *frame);

/** Writes a self-signed certificate and its key as PEM to these paths. */
void peer_certificate(const char *certificate, const char *key);

#endif
