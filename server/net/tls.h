/**
 * TLS 1.3 over two memory BIOs.
 *
 * TLS 1.3 only, no tickets, no early data, no renegotiation; ALPN inap/1, required when the client
 * offers any; client certificates asked for where a client CA is configured, and verified when
 * given.
 *
 * Ownership  struct tls is the daemon's and outlives its connections; tls_accept() makes a
 * transport. Errors     a sentence naming the file at start; afterwards those of struct
 * transport_ops. Limits     TLS_SMALL_RECORDS_MAX records a second that carry less than a frame
 * header. Threads    loop thread only.
 */
#ifndef INAP_NET_TLS_H
#define INAP_NET_TLS_H

#include "server/base/error.h"
#include "server/net/transport.h"

enum { TLS_SMALL_RECORDS_MAX = 1000 };

struct tls;

/** client_ca "" or NULL: no client certificate is asked for. */
struct tls *tls_new(const char *certificate, const char *key, const char *client_ca,
		    struct error *error) __attribute__((warn_unused_result));
void tls_free(struct tls *tls);
/** A transport for one connection, with transport_tls; NULL without memory. */
void *tls_accept(struct tls *tls) __attribute__((warn_unused_result));

extern const struct transport_ops transport_tls;

#endif
