/* A loop with a net on it, and clients of that net driven by the same thread. */
#include "tests/unit/peer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "server/base/clock.h"

enum { GOT_BYTES = 32 << 20 };

struct world world;

struct config_limits world_limits(void)
{
	return (struct config_limits){
		.connections = 1000,
		.connections_before_login = 1000,
		.connections_before_login_per_source = 1000,
		.in_flight_per_connection = 8,
		.in_flight_per_user = 16,
		.out_high_bytes = 64 * 1024,
		.stall_ms = 60000,
		.handshake_ms = 60000,
		.login_ms = 60000,
		.frame_ms = 60000,
		.idle_ms = 60000,
		.drain_ms = 60000,
	};
}

static void reply(struct connection *c, const struct frame *to, uint8_t kind, size_t count)
{
	struct buffer *out = connection_out(c);
	const struct frame answer = {
		.length = (uint32_t)count, .method = to->method, .kind = kind, .id = to->id
	};
	uint8_t *room = buffer_reserve(out, FRAME_HEADER_BYTES + count);

	if (!room) {
		world.refused_appends++;
		return;
	}
	frame_header_pack(room, &answer);
	memset(room + FRAME_HEADER_BYTES, (int)(to->id & 0xff), count);
	if (to->body && count == to->length) {
		memcpy(room + FRAME_HEADER_BYTES, to->body, count);
	}
	buffer_commit(out, FRAME_HEADER_BYTES + count);
	connection_flush_later(c);
	if (buffer_length(out) > world.backlog_max) {
		world.backlog_max = buffer_length(out);
	}
}

static void on_opened(struct connection *c)
{
	world.opened++;
	world.latest = c;
	connection_data_set(c, &world);
	snprintf(world.peer, sizeof(world.peer), "%s", connection_peer(c));
}

static void on_frame(struct connection *c, const struct frame *frame)
{
	size_t length = strlen(world.seen);

	if (length + 12 < sizeof(world.seen)) {
		snprintf(world.seen + length, sizeof(world.seen) - length, "%u ", frame->id);
	}
	assert_ptr_equal(connection_data(c), &world);
	switch ((enum ask)frame->method) {
	case ASK_HOLD:
		connection_hold(c);
		break;
	case ASK_BEGIN:
		connection_request_begins(c);
		break;
	case ASK_LARGE:
		reply(c, frame, FRAME_REPLY, frame->time_ms);
		break;
	case ASK_CLOSE:
		connection_close(c, "asked to close");
		break;
	case ASK_LOGIN:
		connection_logged_in(c, true);
		reply(c, frame, FRAME_REPLY, 0);
		break;
	case ASK_FINISH:
		reply(c, frame, FRAME_REPLY, 0);
		connection_finish(c, "asked to finish");
		break;
	case ASK_ECHO:
		reply(c, frame, FRAME_REPLY, frame->length);
		break;
	}
}

static void on_broken(struct connection *c, const struct frame *header)
{
	world.broken++;
	reply(c, header, FRAME_ERROR, 5);
}

static void on_closed(struct connection *c, const char *why)
{
	world.closed++;
	snprintf(world.why, sizeof(world.why), "%s", why);
	if (world.latest == c) {
		world.latest = NULL;
	}
}

void world_start(const struct config_limits *limits)
{
	const struct connection_handler handler = {
		.opened = on_opened, .frame = on_frame, .broken = on_broken, .closed = on_closed
	};
	struct error error;

	memset(&world, 0, sizeof(world));
	assert_int_equal(uv_loop_init(&world.loop), 0);
	world.net = net_new(&world.loop, limits, &handler, &error);
	assert_non_null(world.net);
}

void world_listen(struct tls *tls)
{
	const struct listener_options options = { .tls = tls, .backlog = 128 };
	struct error error;

	assert_true(listener_tcp(world.net, "127.0.0.1:0", &options, &world.port, &error));
}

void world_turn(void)
{
	struct pollfd loop = { .fd = uv_backend_fd(&world.loop), .events = POLLIN };

	if (uv_run(&world.loop, UV_RUN_NOWAIT) != 0) {
		poll(&loop, 1, 1);
	}
}

void world_pass(unsigned ms)
{
	int64_t end = clock_ms() + ms;

	while (clock_ms() < end) {
		world_turn();
	}
}

static void on_gone(void *data)
{
	*(bool *)data = true;
}

void world_stop(void)
{
	net_close(world.net, on_gone, &world.gone);
	world_until(world.gone);
	assert_int_equal(world.opened, world.closed);
	uv_run(&world.loop, UV_RUN_NOWAIT);
	assert_int_equal(uv_loop_close(&world.loop), 0);
}

static struct peer peer_new(int family, const struct sockaddr *address, socklen_t length)
{
	struct peer peer = { .descriptor = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0) };

	assert_true(peer.descriptor >= 0);
	assert_int_equal(connect(peer.descriptor, address, length), 0);
	peer.got = malloc(GOT_BYTES);
	assert_non_null(peer.got);
	return peer;
}

struct peer peer_tcp(unsigned port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return peer_new(AF_INET, (const struct sockaddr *)&address, sizeof(address));
}

struct peer peer_unix(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	memcpy(address.sun_path, path, strlen(path) + 1);
	return peer_new(AF_UNIX, (const struct sockaddr *)&address, sizeof(address));
}

static bool would_block(void)
{
	return errno == EAGAIN || errno == EWOULDBLOCK;
}

void peer_tls(struct peer *peer, SSL_CTX *context)
{
	int64_t end = clock_ms() + WORLD_WAIT_MS;

	fcntl(peer->descriptor, F_SETFL, O_NONBLOCK);
	peer->ssl = SSL_new(context);
	assert_non_null(peer->ssl);
	SSL_set_fd(peer->ssl, peer->descriptor);
	while (!peer->shaken && !peer->failed && clock_ms() < end) {
		int code;

		ERR_clear_error();
		code = SSL_connect(peer->ssl);
		peer->shaken = code == 1;
		if (code != 1) {
			int why = SSL_get_error(peer->ssl, code);

			peer->failed = why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE;
		}
		world_turn();
	}
}

void peer_close(struct peer *peer)
{
	SSL_free(peer->ssl);
	close(peer->descriptor);
	free(peer->got);
	memset(peer, 0, sizeof(*peer));
}

void peer_send(struct peer *peer, const void *bytes, size_t count)
{
	const uint8_t *from = bytes;
	int64_t end = clock_ms() + WORLD_WAIT_MS;

	while (count > 0) {
		ssize_t n = peer->ssl ? SSL_write(peer->ssl, from, (int)count)
				      : send(peer->descriptor, from, count,
					     MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n > 0) {
			from += n;
			count -= (size_t)n;
			continue;
		}
		assert_true(clock_ms() < end);
		assert_true(peer->ssl || would_block());
		world_turn();
	}
}

size_t peer_pack(uint8_t *out, uint8_t kind, enum ask ask, uint32_t id, size_t body)
{
	const struct frame frame = {
		.length = (uint32_t)body, .method = (uint16_t)ask, .kind = kind, .id = id
	};

	frame_header_pack(out, &frame);
	for (size_t i = 0; i < body; i++) {
		out[FRAME_HEADER_BYTES + i] = (uint8_t)(id + i);
	}
	return FRAME_HEADER_BYTES + body;
}

void peer_frame(struct peer *peer, uint8_t kind, enum ask ask, uint32_t id, size_t body)
{
	uint8_t *bytes = malloc(FRAME_HEADER_BYTES + body);

	assert_non_null(bytes);
	peer_send(peer, bytes, peer_pack(bytes, kind, ask, id, body));
	free(bytes);
}

void peer_frame_large(struct peer *peer, uint32_t id, uint32_t bytes)
{
	const struct frame frame = {
		.method = ASK_LARGE, .kind = FRAME_REQUEST, .id = id, .time_ms = bytes
	};
	uint8_t header[FRAME_HEADER_BYTES];

	frame_header_pack(header, &frame);
	peer_send(peer, header, sizeof(header));
}

void peer_read(struct peer *peer)
{
	for (;;) {
		uint8_t *room = peer->got + peer->length;
		size_t free_bytes = GOT_BYTES - peer->length;
		ssize_t n;

		assert_true(free_bytes > 0);
		ERR_clear_error();
		n = peer->ssl ? SSL_read(peer->ssl, room, (int)free_bytes)
			      : recv(peer->descriptor, room, free_bytes, MSG_DONTWAIT);
		if (n > 0) {
			peer->length += (size_t)n;
			continue;
		}
		if (peer->ssl) {
			int why = SSL_get_error(peer->ssl, (int)n);

			peer->ended |= why != SSL_ERROR_WANT_READ;
			peer->failed |= why == SSL_ERROR_SSL;
		} else {
			peer->ended |= n == 0 || !would_block();
		}
		return;
	}
}

bool peer_next(struct peer *peer, struct frame *frame)
{
	size_t size = 0;

	peer_read(peer);
	if (frame_next(peer->got + peer->used, peer->length - peer->used, 1 << 24, frame, &size) !=
	    FRAME_WHOLE) {
		return false;
	}
	peer->used += size;
	return true;
}

void peer_certificate(const char *certificate, const char *key)
{
	EVP_PKEY *pair = EVP_EC_gen("P-256");
	X509 *x509 = X509_new();
	X509_NAME *name = X509_get_subject_name(x509);
	FILE *file;

	assert_non_null(pair);
	X509_set_version(x509, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x509), 1325);
	X509_gmtime_adj(X509_getm_notBefore(x509), -3600);
	X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
	X509_set_pubkey(x509, pair);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)certificate, -1,
				   -1, 0);
	X509_set_issuer_name(x509, name);
	assert_true(X509_sign(x509, pair, EVP_sha256()) > 0);
	file = fopen(certificate, "w");
	assert_non_null(file);
	PEM_write_X509(file, x509);
	fclose(file);
	file = fopen(key, "w");
	assert_non_null(file);
	PEM_write_PrivateKey(file, pair, NULL, NULL, 0, NULL, NULL);
	fclose(file);
	X509_free(x509);
	EVP_PKEY_free(pair);
}
