/* A listener: a bound socket that hands arriving peers to the net. */
#include "server/net/listener.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "server/base/log.h"
#include "server/net/inner.h"

struct listener {
	struct list_node node;
	struct net *net;
	union net_socket socket;
	struct tls *tls;
	bool pipe;
};

static void listener_closed_cb(uv_handle_t *handle)
{
	struct listener *listener = handle->data;
	struct net *net = listener->net;

	free(listener);
	net->handles--;
	net_gone(net);
}

static void listener_close(struct listener *listener)
{
	list_remove(&listener->node);
	uv_close(&listener->socket.handle, listener_closed_cb);
}

void listener_close_all(struct net *net)
{
	struct list_node *node;

	while ((node = list_first(&net->listeners)) != NULL) {
		listener_close(LIST_OWNER(node, struct listener, node));
	}
}

static void listener_arrival_cb(uv_stream_t *stream, int status)
{
	struct listener *listener = stream->data;
	struct connection_source source = {
		.label = listener->pipe  ? "unix:"
			 : listener->tls ? "tls:"
					 : "plain:",
		.ops = listener->tls ? &transport_tls : &transport_plain,
		.pipe = listener->pipe,
	};

	if (status < 0) {
		log_event(LOG_LEVEL_WARNING, "accept_failed", "why", uv_strerror(status), NULL);
		return;
	}
	if (listener->tls) {
		source.transport = tls_accept(listener->tls);
		if (!source.transport) {
			log_event(LOG_LEVEL_ERROR, "accept_failed", "why", "out of memory", NULL);
			return;
		}
	}
	connection_accept(listener->net, stream, &source);
}

static struct listener *listener_new(struct net *net, struct error *error)
{
	struct listener *listener = calloc(1, sizeof(*listener));

	if (!listener) {
		error_why(error, "out of memory");
		return NULL;
	}
	listener->net = net;
	return listener;
}

/* From here the handle must be uv_close'd, so the net counts it. */
static void listener_own(struct listener *listener)
{
	listener->socket.handle.data = listener;
	listener->net->handles++;
	list_push_back(&listener->net->listeners, &listener->node);
}

static int listener_bind(struct listener *listener, const struct sockaddr_storage *address,
			 const struct listener_options *options)
{
	unsigned flags = address->ss_family == AF_INET6 ? UV_TCP_IPV6ONLY : 0;
	int on = 1;
	uv_os_fd_t descriptor;
	int code = 0;

	if (options->reuse_port) {
		code = uv_fileno(&listener->socket.handle, &descriptor);
		if (code == 0 &&
		    setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) != 0) {
			code = uv_translate_sys_error(errno);
		}
	}
	if (code == 0) {
		code = uv_tcp_bind(&listener->socket.tcp, (const struct sockaddr *)address, flags);
	}
	if (code == 0) {
		code = uv_listen(&listener->socket.stream, (int)options->backlog,
				 listener_arrival_cb);
	}
	return code;
}

static unsigned listener_port(const struct listener *listener)
{
	struct sockaddr_storage address = { 0 };
	int length = (int)sizeof(address);

	uv_tcp_getsockname(&listener->socket.tcp, (struct sockaddr *)&address, &length);
	return ntohs(address.ss_family == AF_INET6
			     ? ((const struct sockaddr_in6 *)&address)->sin6_port
			     : ((const struct sockaddr_in *)&address)->sin_port);
}

bool listener_tcp(struct net *net, const char *address, const struct listener_options *options,
		  unsigned *port, struct error *error)
{
	struct sockaddr_storage where;
	struct listener *listener = NULL;
	int code;

	if (!address_parse(address, &where, error)) {
		return false;
	}
	if (!options->tls && !address_loopback(&where)) {
		return error_why(error, "'%s' is not a loopback address: not without TLS", address);
	}
	listener = listener_new(net, error);
	if (!listener) {
		return false;
	}
	listener->tls = options->tls;
	code = uv_tcp_init_ex(net->loop, &listener->socket.tcp, where.ss_family);
	if (code) {
		free(listener);
		return error_why(error, "cannot listen on '%s': %s", address, uv_strerror(code));
	}
	listener_own(listener);
	code = listener_bind(listener, &where, options);
	if (code) {
		listener_close(listener);
		return error_why(error, "cannot listen on '%s': %s", address, uv_strerror(code));
	}
	if (port) {
		*port = listener_port(listener);
	}
	log_event(LOG_LEVEL_INFO, "listening", "address", address, "transport",
		  options->tls ? "tls" : "plain", NULL);
	return true;
}

/* Takes away a socket that a killed daemon left; anything else at that path is an error. */
static bool listener_unix_clear(const char *path, struct error *error)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct stat found;
	int probe;
	int code;

	if (lstat(path, &found) != 0) {
		return errno == ENOENT ||
		       error_why(error, "cannot look at '%s': %s", path, strerror(errno));
	}
	if (!S_ISSOCK(found.st_mode)) {
		return error_why(error, "'%s' is there and no socket", path);
	}
	memcpy(address.sun_path, path, strlen(path) + 1);
	probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (probe < 0) {
		return error_why(error, "cannot open a socket: %s", strerror(errno));
	}
	code = connect(probe, (const struct sockaddr *)&address, sizeof(address)) == 0 ? 0 : errno;
	close(probe);
	if (code != ECONNREFUSED) {
		return error_why(error, "'%s' is in use", path);
	}
	if (unlink(path) != 0) {
		return error_why(error, "cannot remove '%s': %s", path, strerror(errno));
	}
	return true;
}

bool listener_unix(struct net *net, const char *path, unsigned backlog, struct error *error)
{
	struct listener *listener = NULL;
	mode_t mask;
	int code;

	if (strlen(path) > ADDRESS_UNIX_BYTES_MAX) {
		return error_why(error, "the socket's path has over %d bytes",
				 ADDRESS_UNIX_BYTES_MAX);
	}
	if (!listener_unix_clear(path, error)) {
		return false;
	}
	listener = listener_new(net, error);
	if (!listener) {
		return false;
	}
	listener->pipe = true;
	uv_pipe_init(net->loop, &listener->socket.pipe, 0);
	listener_own(listener);
	mask = umask(0117); /* so that it is never more open, not even for a moment */
	code = uv_pipe_bind(&listener->socket.pipe, path);
	umask(mask);
	if (code == 0) {
		code = uv_listen(&listener->socket.stream, (int)backlog, listener_arrival_cb);
	}
	if (code) {
		listener_close(listener);
		return error_why(error, "cannot listen on '%s': %s", path, uv_strerror(code));
	}
	log_event(LOG_LEVEL_INFO, "listening", "address", path, "transport", "unix", NULL);
	return true;
}
