/* TLS 1.3 over two memory BIOs. */
#include "server/net/tls.h"

#include <assert.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>

#include "proto/frame.h"
#include "server/base/clock.h"

/* One record of plaintext at a time keeps both memory BIOs small: they never shrink. */
enum { TLS_PIECE_BYTES = 16 * 1024, TLS_VERIFY_DEPTH = 2 };

struct tls {
	SSL_CTX *context;
	uint8_t plain[TLS_PIECE_BYTES]; /* shared: used within one call only */
};

struct tls_session {
	struct tls *tls;
	SSL *ssl;
	BIO *from_wire; /* both owned by ssl */
	BIO *to_wire;
	const char *why;
	bool failed;
	unsigned small; /* small records and handshake messages since small_from */
	int64_t small_from;
};

static const unsigned char tls_protocol[] = "\x06inap/1";

static const char *tls_reason(void)
{
	const char *reason = ERR_reason_error_string(ERR_peek_last_error());

	return reason ? reason : "tls failed";
}

/* Without an offer a client is let in: s_client and a health check need not know ALPN. */
static int tls_choose_cb(SSL *ssl, const unsigned char **out, unsigned char *out_length,
			 const unsigned char *offered, unsigned offered_length, void *data)
{
	unsigned char *chosen = NULL;

	(void)ssl;
	(void)data;
	if (SSL_select_next_proto(&chosen, out_length, tls_protocol, sizeof(tls_protocol) - 1,
				  offered, offered_length) != OPENSSL_NPN_NEGOTIATED) {
		return SSL_TLSEXT_ERR_ALERT_FATAL;
	}
	*out = chosen;
	return SSL_TLSEXT_ERR_OK;
}

/* Counts what a peer can send without saying anything. */
static void tls_message_cb(int sent, int version, int type, const void *message, size_t length,
			   SSL *ssl, void *data)
{
	struct tls_session *session = SSL_get_app_data(ssl);

	(void)version;
	(void)data;
	if (!sent && type == SSL3_RT_HANDSHAKE && session && length > 0 &&
	    *(const unsigned char *)message == SSL3_MT_KEY_UPDATE) {
		session->small++;
	}
}

static bool tls_client_ca(SSL_CTX *context, const char *client_ca, struct error *error)
{
	STACK_OF(X509_NAME) *names = NULL;

	if (!client_ca || !client_ca[0]) {
		return true;
	}
	names = SSL_load_client_CA_file(client_ca);
	if (!names || SSL_CTX_load_verify_locations(context, client_ca, NULL) != 1) {
		sk_X509_NAME_pop_free(names, X509_NAME_free);
		return error_why(error, "cannot use client CA '%s': %s", client_ca, tls_reason());
	}
	SSL_CTX_set_client_CA_list(context, names);
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_verify_depth(context, TLS_VERIFY_DEPTH);
	return true;
}

static bool tls_setup(SSL_CTX *context, const char *certificate, const char *key,
		      struct error *error)
{
	if (SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) != 1 ||
	    SSL_CTX_set_num_tickets(context, 0) != 1 ||
	    SSL_CTX_set_max_early_data(context, 0) != 1) {
		return error_why(error, "cannot set up TLS 1.3: %s", tls_reason());
	}
	SSL_CTX_set_options(context,
			    SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_alpn_select_cb(context, tls_choose_cb, NULL);
	SSL_CTX_set_msg_callback(context, tls_message_cb);
	if (SSL_CTX_use_certificate_chain_file(context, certificate) != 1) {
		return error_why(error, "cannot use certificate '%s': %s", certificate,
				 tls_reason());
	}
	if (SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1 ||
	    SSL_CTX_check_private_key(context) != 1) {
		return error_why(error, "cannot use key '%s': %s", key, tls_reason());
	}
	return true;
}

struct tls *tls_new(const char *certificate, const char *key, const char *client_ca,
		    struct error *error)
{
	struct tls *tls = calloc(1, sizeof(*tls));

	ERR_clear_error();
	if (!tls) {
		error_why(error, "out of memory");
		return NULL;
	}
	tls->context = SSL_CTX_new(TLS_server_method());
	if (!tls->context) {
		error_why(error, "cannot set up TLS: %s", tls_reason());
		goto out;
	}
	if (!tls_setup(tls->context, certificate, key, error) ||
	    !tls_client_ca(tls->context, client_ca, error)) {
		goto out;
	}
	return tls;
out:
	tls_free(tls);
	return NULL;
}

void tls_free(struct tls *tls)
{
	if (tls) {
		SSL_CTX_free(tls->context);
		free(tls);
	}
}

void *tls_accept(struct tls *tls)
{
	struct tls_session *session = calloc(1, sizeof(*session));

	if (!session) {
		return NULL;
	}
	session->tls = tls;
	session->ssl = SSL_new(tls->context);
	session->from_wire = BIO_new(BIO_s_mem());
	session->to_wire = BIO_new(BIO_s_mem());
	if (!session->ssl || !session->from_wire || !session->to_wire) {
		SSL_free(session->ssl);
		BIO_free(session->from_wire);
		BIO_free(session->to_wire);
		free(session);
		return NULL;
	}
	/* empty means wait, not end of file */
	BIO_set_mem_eof_return(session->from_wire, -1);
	BIO_set_mem_eof_return(session->to_wire, -1);
	SSL_set_bio(session->ssl, session->from_wire, session->to_wire);
	SSL_set_app_data(session->ssl, session);
	SSL_set_accept_state(session->ssl);
	return session;
}

static enum transport_state tls_fail(struct tls_session *session, const char *why)
{
	session->failed = true;
	session->why = why;
	return TRANSPORT_FAILED;
}

/* After an SSL_* call that gave nothing: wait, end or failure. */
static enum transport_state tls_result(struct tls_session *session, int result)
{
	switch (SSL_get_error(session->ssl, result)) {
	case SSL_ERROR_WANT_READ:
		return TRANSPORT_GOES_ON;
	case SSL_ERROR_ZERO_RETURN:
		return TRANSPORT_ENDED;
	default:
		return tls_fail(session, tls_reason());
	}
}

/* A flood of records too small to say anything costs us more than the peer. */
static bool tls_flooded(struct tls_session *session, size_t count)
{
	int64_t now = clock_ms();

	session->small += count < FRAME_HEADER_BYTES ? 1 : 0;
	if (now - session->small_from >= 1000) {
		session->small_from = now;
		session->small = 0;
	}
	return session->small > TLS_SMALL_RECORDS_MAX;
}

/* Everything that lies in from_wire: more records may wait there without a new event. */
static enum transport_state tls_drain(struct tls_session *session,
				      const struct transport_sink *sink)
{
	struct tls *tls = session->tls;
	int count;

	if (!SSL_is_init_finished(session->ssl)) {
		ERR_clear_error();
		count = SSL_do_handshake(session->ssl);
		if (count != 1) {
			return tls_result(session, count);
		}
	}
	for (;;) {
		ERR_clear_error();
		count = SSL_read(session->ssl, tls->plain, sizeof(tls->plain));
		if (count <= 0) {
			enum transport_state state = tls_result(session, count);

			return state == TRANSPORT_GOES_ON && tls_flooded(session, SIZE_MAX)
				       ? tls_fail(session, "too many small records")
				       : state;
		}
		if (tls_flooded(session, (size_t)count)) {
			return tls_fail(session, "too many small records");
		}
		if (!sink->take(sink->data, tls->plain, (size_t)count)) {
			return TRANSPORT_GOES_ON;
		}
	}
}

static enum transport_state tls_open(void *self, const uint8_t *bytes, size_t count,
				     const struct transport_sink *sink)
{
	struct tls_session *session = self;
	enum transport_state state = TRANSPORT_GOES_ON;

	while (count > 0 && state == TRANSPORT_GOES_ON) {
		size_t piece = count < TLS_PIECE_BYTES ? count : TLS_PIECE_BYTES;

		if (BIO_write(session->from_wire, bytes, (int)piece) != (int)piece) {
			return tls_fail(session, "out of memory");
		}
		state = tls_drain(session, sink);
		bytes += piece;
		count -= piece;
	}
	return state;
}

static bool tls_flush(struct tls_session *session, struct buffer *wire)
{
	size_t waiting = BIO_ctrl_pending(session->to_wire);
	uint8_t *room;

	if (waiting == 0) {
		return true;
	}
	room = buffer_reserve(wire, waiting);
	if (!room || BIO_read(session->to_wire, room, (int)waiting) != (int)waiting) {
		tls_fail(session, "out of memory");
		return false;
	}
	buffer_commit(wire, waiting);
	return true;
}

static bool tls_seal(void *self, struct buffer *plain, struct buffer *wire)
{
	struct tls_session *session = self;

	if (!tls_flush(session, wire)) {
		return false;
	}
	while (!session->failed && SSL_is_init_finished(session->ssl) && buffer_length(plain) > 0 &&
	       buffer_length(wire) < TRANSPORT_SEAL_BYTES) {
		size_t left = buffer_length(plain);
		int piece = (int)(left < TLS_PIECE_BYTES ? left : TLS_PIECE_BYTES);
		int count;

		ERR_clear_error();
		count = SSL_write(session->ssl, buffer_bytes(plain), piece);
		if (count != piece) {
			tls_fail(session, tls_reason());
			return false;
		}
		buffer_consume(plain, (size_t)count);
		if (!tls_flush(session, wire)) {
			return false;
		}
	}
	return true;
}

static bool tls_goodbye(void *self, struct buffer *wire)
{
	struct tls_session *session = self;

	if (!session->failed && SSL_is_init_finished(session->ssl)) {
		ERR_clear_error();
		SSL_shutdown(session->ssl);
	}
	return tls_flush(session, wire);
}

static bool tls_ready(const void *self)
{
	const struct tls_session *session = self;

	return !session->failed && SSL_is_init_finished(session->ssl);
}

static const char *tls_why(const void *self)
{
	const struct tls_session *session = self;

	return session->why ? session->why : "tls failed";
}

static void tls_session_free(void *self)
{
	struct tls_session *session = self;

	SSL_free(session->ssl);
	free(session);
}

const struct transport_ops transport_tls = {
	.open = tls_open,
	.seal = tls_seal,
	.goodbye = tls_goodbye,
	.ready = tls_ready,
	.why = tls_why,
	.free = tls_session_free,
};
