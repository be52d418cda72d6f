/* One blocking connection to the server. The only file that knows sockets and OpenSSL. */
#include "client/call.h"

#include <errno.h>
#include <fcntl.h>
#include <arpa/inet.h>
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
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "client/app.h"
#include "client/i18n.h"

enum { CONNECT_MS = 10000 };

struct link {
	struct app *app;
	int fd;
	SSL_CTX *context; /* NULL: plain */
	SSL *tls;
};

int64_t clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool not_reached(struct app *app, const char *why)
{
	return fail_with(app, ERROR_NOT_REACHED, "server", app->config.server, "why", why, NULL);
}

static bool refused(struct app *app, const char *why)
{
	return fail_with(app, ERROR_TLS_REFUSED, "server", app->config.server, "why", why, NULL);
}

/* Waits until the socket is ready; false: the deadline passed. */
static bool wait_for(int fd, short events, int64_t deadline_ms)
{
	struct pollfd poller = { .fd = fd, .events = events };

	for (;;) {
		int64_t left = deadline_ms ? deadline_ms - clock_ms() : -1;
		int ready;

		if (deadline_ms && left <= 0)
			return false;
		ready = poll(&poller, 1, left > 3600000 ? 3600000 : (int)left);
		if (ready > 0)
			return true;
		if (ready < 0 && errno != EINTR)
			return false;
	}
}

static int connect_to(const struct sockaddr *address, socklen_t length, int family,
		      int64_t deadline_ms)
{
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int why = 0;
	socklen_t size = sizeof why;

	if (fd < 0)
		return -1;
	if (connect(fd, address, length) == 0)
		return fd;
	if (errno != EINPROGRESS)
		why = errno;
	else if (!wait_for(fd, POLLOUT, deadline_ms))
		why = ETIMEDOUT;
	else if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &why, &size) != 0)
		why = errno;
	if (why == 0)
		return fd;
	close(fd);
	errno = why;
	return -1;
}

static bool connect_unix(struct link *link, const char *path, int64_t deadline_ms)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof address.sun_path)
		return not_reached(link->app, _("the path of the socket is too long"));
	strcpy(address.sun_path, path);
	link->fd = connect_to((struct sockaddr *)&address, sizeof address, AF_UNIX, deadline_ms);
	return link->fd >= 0 || not_reached(link->app, _(strerror(errno)));
}

/* "host:port" and "[v6]:port" apart; both live in the pool. */
static bool host_split(struct app *app, const char *address, char **host, char **port)
{
	const char *colon = strrchr(address, ':');
	size_t length = colon ? (size_t)(colon - address) : 0;

	if (length == 0 || colon[1] == '\0')
		return not_reached(app, _("write HOST:PORT or unix:PATH"));
	if (address[0] == '[' && colon[-1] == ']') {
		address++;
		length -= 2;
	}
	*host = pool_strndup(&app->pool, address, length);
	*port = pool_strdup(&app->pool, colon + 1);
	return true;
}

static bool connect_tcp(struct link *link, const char *host, const char *port, int64_t deadline_ms)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;
	int failed = getaddrinfo(host, port, &hints, &found);

	if (failed != 0)
		return not_reached(link->app, _(gai_strerror(failed)));
	for (struct addrinfo *at = found; at && link->fd < 0; at = at->ai_next)
		link->fd = connect_to(at->ai_addr, at->ai_addrlen, at->ai_family, deadline_ms);
	failed = errno;
	freeaddrinfo(found);
	return link->fd >= 0 || not_reached(link->app, _(strerror(failed)));
}

/* Nobody refused anything: the line ended before the two had spoken, as it does while a server
 * starts behind a proxy. */
static bool handshake_lost(const SSL *tls)
{
	unsigned long code = ERR_peek_last_error();

	return SSL_get_verify_result(tls) == X509_V_OK &&
	       (code == 0 || ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING);
}

/* Why the handshake failed, in words that help. */
static const char *handshake_reason(const SSL *tls)
{
	long verdict = SSL_get_verify_result(tls);
	unsigned long code = ERR_peek_last_error();

	if (verdict == X509_V_ERR_HOSTNAME_MISMATCH || verdict == X509_V_ERR_IP_ADDRESS_MISMATCH)
		return _("its certificate is for another name");
	if (verdict == X509_V_ERR_CERT_HAS_EXPIRED)
		return _("its certificate has expired");
	if (verdict == X509_V_ERR_CERT_NOT_YET_VALID)
		return _("its certificate is not valid yet; is the clock right?");
	if (verdict != X509_V_OK)
		return _("its certificate is not signed by the authority in use");
	if (ERR_GET_REASON(code) == SSL_R_TLSV1_ALERT_PROTOCOL_VERSION ||
	    ERR_GET_REASON(code) == SSL_R_UNSUPPORTED_PROTOCOL)
		return _("it does not speak TLS 1.3");
	return _("it does not speak this protocol");
}

static bool tls_prepare(struct link *link, const char *host)
{
	static const unsigned char alpn[] = "\x06inap/1";
	const char *ca = link->app->config.ca;
	unsigned char ignored[16];
	X509_VERIFY_PARAM *rules;

	link->context = SSL_CTX_new(TLS_client_method());
	if (!link->context || !SSL_CTX_set_min_proto_version(link->context, TLS1_3_VERSION))
		return refused(link->app, _("TLS 1.3 is not available here"));
	SSL_CTX_set_verify(link->context, SSL_VERIFY_PEER, NULL);
	if (ca[0] ? !SSL_CTX_load_verify_locations(link->context, ca, NULL)
		  : !SSL_CTX_set_default_verify_paths(link->context))
		return fail_with(link->app, ERROR_FILE_BAD, "file", ca, "why",
				 _("it holds no certificate of an authority"), NULL);
	link->tls = SSL_new(link->context);
	if (!link->tls || SSL_set_fd(link->tls, link->fd) != 1 ||
	    SSL_set_alpn_protos(link->tls, alpn, sizeof alpn - 1) != 0)
		return refused(link->app, _("TLS 1.3 is not available here"));
	rules = SSL_get0_param(link->tls);
	if (inet_pton(AF_INET, host, ignored) == 1 || inet_pton(AF_INET6, host, ignored) == 1)
		return X509_VERIFY_PARAM_set1_ip_asc(rules, host) == 1;
	return SSL_set_tlsext_host_name(link->tls, host) == 1 &&
	       SSL_set1_host(link->tls, host) == 1;
}

/* After a call of OpenSSL that did not finish: waits for what it wants. False: it failed. */
static bool tls_wait(struct link *link, int result, int64_t deadline_ms)
{
	switch (SSL_get_error(link->tls, result)) {
	case SSL_ERROR_WANT_READ:
		return wait_for(link->fd, POLLIN, deadline_ms);
	case SSL_ERROR_WANT_WRITE:
		return wait_for(link->fd, POLLOUT, deadline_ms);
	default:
		return false;
	}
}

static bool tls_start(struct link *link, const char *host, int64_t deadline_ms)
{
	const unsigned char *protocol = NULL;
	unsigned length = 0;
	int result;

	if (!tls_prepare(link, host)) {
		if (!link->app->failure.set)
			refused(link->app, _("its name cannot be checked"));
		return false;
	}
	ERR_clear_error();
	while ((result = SSL_connect(link->tls)) != 1)
		if (!tls_wait(link, result, deadline_ms))
			return handshake_lost(link->tls)
				       ? not_reached(link->app, _("it ended the connection"))
				       : refused(link->app, handshake_reason(link->tls));
	SSL_get0_alpn_selected(link->tls, &protocol, &length);
	if (length != 6 || memcmp(protocol, "inap/1", 6) != 0)
		return refused(link->app, _("it does not speak this protocol"));
	return true;
}

static bool link_start(struct link *link, int64_t deadline_ms)
{
	const char *server = link->app->config.server;
	bool plain = strncmp(server, "plain:", 6) == 0;
	char *host, *port;

	if (!server[0]) {
		fail_with(link->app, ERROR_USAGE, "why", _("no server is set"), NULL);
		fail_next(link->app, N_("To name it:"), "export INAP_SERVER=HOST:PORT");
		return false;
	}
	if (strncmp(server, "unix:", 5) == 0)
		return connect_unix(link, server + 5, deadline_ms);
	if (!host_split(link->app, plain ? server + 6 : server, &host, &port))
		return false;
	/* Figures and passwords travel unencrypted only where they do not leave the machine. */
	if (plain && strncmp(host, "127.", 4) != 0 && strcmp(host, "::1") != 0)
		return refused(link->app, _("plain: is for 127.0.0.1 only"));
	if (!connect_tcp(link, host, port, deadline_ms))
		return false;
	return plain || tls_start(link, host, deadline_ms);
}

struct link *link_open(struct app *app, int64_t deadline_ms)
{
	struct link *link = calloc(1, sizeof *link);
	int64_t soon = clock_ms() + CONNECT_MS;

	if (!link) {
		not_reached(app, strerror(ENOMEM));
		return NULL;
	}
	*link = (struct link){ .app = app, .fd = -1 };
	if (link_start(link, deadline_ms && deadline_ms < soon ? deadline_ms : soon))
		return link;
	link_close(link);
	return NULL;
}

bool link_write(struct link *link, const uint8_t *bytes, size_t length, int64_t deadline_ms)
{
	while (length > 0) {
		size_t done = 0;

		if (link->tls) {
			int result = SSL_write_ex(link->tls, bytes, length, &done);

			if (result != 1 && !tls_wait(link, result, deadline_ms))
				return not_reached(link->app, _("the connection was lost"));
		} else {
			ssize_t sent = send(link->fd, bytes, length, MSG_NOSIGNAL);

			if (sent >= 0)
				done = (size_t)sent;
			else if (errno != EAGAIN || !wait_for(link->fd, POLLOUT, deadline_ms))
				return not_reached(link->app, _("the connection was lost"));
		}
		bytes += done;
		length -= done;
	}
	return true;
}

static size_t lost(struct link *link, int64_t deadline_ms)
{
	bool late = deadline_ms && clock_ms() >= deadline_ms;

	not_reached(link->app, late ? _("no answer in time") : _("the connection was lost"));
	return 0;
}

size_t link_read(struct link *link, uint8_t *bytes, size_t most, int64_t deadline_ms)
{
	for (;;) {
		size_t done = 0;
		ssize_t got;

		if (link->tls) {
			int result = SSL_read_ex(link->tls, bytes, most, &done);

			if (result == 1)
				return done;
			/* TLS 1.3 reports a refused client only at the first read. */
			if (!tls_wait(link, result, deadline_ms))
				return lost(link, deadline_ms);
			continue;
		}
		got = recv(link->fd, bytes, most, 0);
		if (got > 0)
			return (size_t)got;
		if (got == 0 || errno != EAGAIN || !wait_for(link->fd, POLLIN, deadline_ms))
			return lost(link, deadline_ms);
	}
}

const char *link_authority(const struct link *link)
{
	STACK_OF(X509) *chain = link->tls ? SSL_get0_verified_chain(link->tls) : NULL;
	int last = chain ? sk_X509_num(chain) - 1 : -1;
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned bytes = 0;
	char *text;

	if (last < 0 || X509_digest(sk_X509_value(chain, last), EVP_sha256(), digest, &bytes) != 1)
		return "";
	text = pool_alloc(&link->app->pool, 3 * (size_t)bytes + 1);
	for (unsigned i = 0; i < bytes; i++)
		snprintf(text + (size_t)3 * i, 4, i + 1 < bytes ? "%02X:" : "%02X", digest[i]);
	return text;
}

void link_close(struct link *link)
{
	if (!link)
		return;
	SSL_free(link->tls);
	SSL_CTX_free(link->context);
	if (link->fd >= 0)
		close(link->fd);
	free(link);
}

void digest_sha256(const void *bytes, size_t length, uint8_t digest[32])
{
	if (EVP_Digest(bytes, length, digest, NULL, EVP_sha256(), NULL) != 1)
		abort(); /* without memory there is nothing to say either */
}
