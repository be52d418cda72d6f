/* A raw connection to the daemon, for tests. */
#include "tests/faults/wire/wire.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "inap/v1/common.pb-c.h"

enum { SEND_MS = 10000, READ_BYTES = 65536, CODE_BYTES = 64 };

struct wire {
	int fd;
	SSL_CTX *context; /* NULL: plain */
	SSL *tls;
	uint8_t *in;
	size_t have, room;
	size_t taken; /* bytes of the frame given last */
};

int64_t wire_clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool wait_for(int fd, short events, int64_t until_ms)
{
	for (;;) {
		struct pollfd poller = { .fd = fd, .events = events };
		int64_t left = until_ms - wire_clock_ms();
		int ready = poll(&poller, 1, left > 0 ? (int)left : 0);

		if (ready > 0)
			return true;
		if (ready == 0 || errno != EINTR)
			return false;
	}
}

static int connect_unix(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof address.sun_path)
		return -1;
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static int connect_tcp(const char *host, const char *port)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;
	int fd = -1;

	if (getaddrinfo(host, port, &hints, &found) != 0)
		return -1;
	for (struct addrinfo *at = found; at && fd < 0; at = at->ai_next) {
		fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (fd >= 0 && connect(fd, at->ai_addr, at->ai_addrlen) != 0) {
			close(fd);
			fd = -1;
		}
	}
	freeaddrinfo(found);
	return fd;
}

static bool tls_start(struct wire *wire, const char *host, const char *ca)
{
	static const unsigned char alpn[] = "\x06inap/1";

	wire->context = SSL_CTX_new(TLS_client_method());
	if (!wire->context || !SSL_CTX_set_min_proto_version(wire->context, TLS1_3_VERSION) ||
	    SSL_CTX_load_verify_locations(wire->context, ca, NULL) != 1)
		return false;
	SSL_CTX_set_verify(wire->context, SSL_VERIFY_PEER, NULL);
	wire->tls = SSL_new(wire->context);
	return wire->tls && SSL_set_fd(wire->tls, wire->fd) == 1 &&
	       SSL_set_alpn_protos(wire->tls, alpn, sizeof alpn - 1) == 0 &&
	       SSL_set_tlsext_host_name(wire->tls, host) == 1 &&
	       SSL_set1_host(wire->tls, host) == 1 && SSL_connect(wire->tls) == 1;
}

static bool start(struct wire *wire, const char *server, const char *ca)
{
	bool plain = strncmp(server, "plain:", 6) == 0;
	const char *colon;
	char host[256] = "";

	if (strncmp(server, "unix:", 5) == 0)
		return (wire->fd = connect_unix(server + 5)) >= 0;
	server += plain ? 6 : 0;
	colon = strrchr(server, ':');
	if (!colon || (size_t)(colon - server) >= sizeof host)
		return false;
	memcpy(host, server, (size_t)(colon - server));
	wire->fd = connect_tcp(host, colon + 1);
	return wire->fd >= 0 && (plain || tls_start(wire, host, ca));
}

struct wire *wire_open(const char *server, const char *ca)
{
	struct wire *wire = calloc(1, sizeof *wire);

	if (!wire)
		return NULL;
	wire->fd = -1;
	if (start(wire, server, ca))
		return wire;
	fprintf(stderr, "cannot reach '%s': %s\n", server, strerror(errno));
	ERR_print_errors_fp(stderr);
	wire_close(wire);
	return NULL;
}

void wire_close(struct wire *wire)
{
	if (!wire)
		return;
	SSL_free(wire->tls);
	SSL_CTX_free(wire->context);
	if (wire->fd >= 0)
		close(wire->fd);
	free(wire->in);
	free(wire);
}

bool wire_send(struct wire *wire, const uint8_t *bytes, size_t length)
{
	int64_t until_ms = wire_clock_ms() + SEND_MS;

	while (length > 0) {
		size_t done = 0;

		if (!wait_for(wire->fd, POLLOUT, until_ms))
			return false;
		if (wire->tls) {
			ERR_clear_error();
			if (SSL_write_ex(wire->tls, bytes, length < 16384 ? length : 16384,
					 &done) != 1)
				return false;
		} else {
			ssize_t sent = send(wire->fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);

			if (sent < 0 && errno != EAGAIN)
				return false;
			done = sent > 0 ? (size_t)sent : 0;
		}
		bytes += done;
		length -= done;
	}
	return true;
}

bool wire_send_frame(struct wire *wire, const struct frame *frame)
{
	uint8_t *bytes = malloc(FRAME_HEADER_BYTES + frame->length);
	bool sent;

	if (!bytes)
		return false;
	frame_header_pack(bytes, frame);
	if (frame->length > 0)
		memcpy(bytes + FRAME_HEADER_BYTES, frame->body, frame->length);
	sent = wire_send(wire, bytes, FRAME_HEADER_BYTES + frame->length);
	free(bytes);
	return sent;
}

bool wire_request(struct wire *wire, unsigned method, uint32_t id, const uint8_t *key,
		  const ProtobufCMessage *message)
{
	size_t length = protobuf_c_message_get_packed_size(message);
	uint8_t *body = malloc(length + 1);
	struct frame frame = { .method = (uint16_t)method, .kind = FRAME_REQUEST, .id = id };
	bool sent;

	if (!body)
		return false;
	protobuf_c_message_pack(message, body);
	frame.body = body;
	frame.length = (uint32_t)length;
	if (key)
		memcpy(frame.key, key, sizeof frame.key);
	sent = wire_send_frame(wire, &frame);
	free(body);
	return sent;
}

static bool room_make(struct wire *wire)
{
	uint8_t *grown;

	if (wire->room - wire->have >= READ_BYTES)
		return true;
	grown = realloc(wire->in, wire->room * 2 + READ_BYTES);
	if (!grown)
		return false;
	wire->in = grown;
	wire->room = wire->room * 2 + READ_BYTES;
	return true;
}

/* One read of what is there; it does not wait for more than a record. */
static enum wire_result read_some(struct wire *wire, int64_t until_ms)
{
	size_t got = 0;

	if (!room_make(wire))
		return WIRE_CLOSED;
	if (!(wire->tls && SSL_pending(wire->tls) > 0) && !wait_for(wire->fd, POLLIN, until_ms))
		return WIRE_SILENT;
	if (wire->tls) {
		ERR_clear_error();
		if (SSL_read_ex(wire->tls, wire->in + wire->have, READ_BYTES, &got) != 1)
			return WIRE_CLOSED;
	} else {
		ssize_t bytes = recv(wire->fd, wire->in + wire->have, READ_BYTES, 0);

		if (bytes <= 0)
			return WIRE_CLOSED;
		got = (size_t)bytes;
	}
	wire->have += got;
	return WIRE_FRAME;
}

enum wire_result wire_read(struct wire *wire, struct frame *out, int timeout_ms)
{
	int64_t until_ms = wire_clock_ms() + timeout_ms;

	if (wire->taken > 0)
		memmove(wire->in, wire->in + wire->taken, wire->have - wire->taken);
	wire->have -= wire->taken;
	wire->taken = 0;
	for (;;) {
		enum wire_result result;

		switch (frame_next(wire->in, wire->have, WIRE_BODY_MAX, out, &wire->taken)) {
		case FRAME_WHOLE:
			return WIRE_FRAME;
		case FRAME_TOO_LONG:
			fprintf(stderr, "the server sent what is no frame\n");
			return WIRE_CLOSED;
		case FRAME_MORE:
			break;
		}
		wire->taken = 0;
		result = read_some(wire, until_ms);
		if (result != WIRE_FRAME)
			return result;
	}
}

enum wire_result wire_answer(struct wire *wire, uint32_t id, struct frame *out, int timeout_ms)
{
	int64_t until_ms = wire_clock_ms() + timeout_ms;

	for (;;) {
		int64_t left = until_ms - wire_clock_ms();
		enum wire_result result = wire_read(wire, out, left > 0 ? (int)left : 0);

		if (result != WIRE_FRAME || (out->id == id && out->kind != FRAME_PART))
			return result;
	}
}

const char *wire_code(const struct frame *frame)
{
	static _Thread_local char code[CODE_BYTES];
	Inap__V1__Error *error;

	if (frame->kind != FRAME_ERROR)
		return "-";
	error = inap__v1__error__unpack(NULL, frame->length, frame->body);
	snprintf(code, sizeof code, "%s", error ? error->code : "?");
	if (error)
		inap__v1__error__free_unpacked(error, NULL);
	return code;
}
