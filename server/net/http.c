/* Health over HTTP: GET /healthz and /readyz, one request per connection. */
#include "server/net/http.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/address.h"
#include "server/base/list.h"

enum { HTTP_BACKLOG = 16, HTTP_REPLY_BYTES = 512 };

struct http {
	uv_loop_t *loop;
	uv_tcp_t socket;
	struct http_options options;
	struct list_node clients;
	unsigned count;
	bool gone; /* the listening socket is closed */
	void (*closed)(void *data);
	void *closed_data;
};

struct http_client {
	struct list_node node;
	struct http *http;
	uv_tcp_t socket;
	uv_timer_t timer;
	uv_write_t write;
	unsigned handles;
	size_t length;
	char request[HTTP_REQUEST_BYTES];
	char reply[HTTP_REPLY_BYTES];
};

static void http_free(struct http *http)
{
	void (*closed)(void *data) = http->closed;
	void *data = http->closed_data;

	if (http->gone && http->count == 0) {
		free(http);
		if (closed) {
			closed(data);
		}
	}
}

static void http_client_closed_cb(uv_handle_t *handle)
{
	struct http_client *client = handle->data;
	struct http *http = client->http;

	if (--client->handles == 0) {
		free(client);
		http->count--;
		http_free(http);
	}
}

static void http_client_close(struct http_client *client)
{
	if (!uv_is_closing((uv_handle_t *)&client->socket)) {
		list_remove(&client->node);
		uv_close((uv_handle_t *)&client->socket, http_client_closed_cb);
		uv_close((uv_handle_t *)&client->timer, http_client_closed_cb);
	}
}

static void http_deadline_cb(uv_timer_t *timer)
{
	http_client_close(timer->data);
}

static void http_written_cb(uv_write_t *request, int status)
{
	(void)status;
	http_client_close(request->data);
}

static void http_reply(struct http_client *client, const char *status, const char *text)
{
	uv_buf_t bytes;
	int length = snprintf(client->reply, sizeof(client->reply),
			      "HTTP/1.1 %s\r\nContent-Type: text/plain\r\n"
			      "Content-Length: %zu\r\nConnection: close\r\n\r\n%.200s\n",
			      status, strnlen(text, 200) + 1, text);

	uv_read_stop((uv_stream_t *)&client->socket);
	bytes = uv_buf_init(client->reply, (unsigned)length);
	if (uv_write(&client->write, (uv_stream_t *)&client->socket, &bytes, 1, http_written_cb)) {
		http_client_close(client);
	}
}

/* True if the first line is "GET <path> HTTP/1.x". */
static bool http_asks(const char *request, const char *path)
{
	size_t length = strlen(path);

	return strncmp(request, "GET ", 4) == 0 && strncmp(request + 4, path, length) == 0 &&
	       strncmp(request + 4 + length, " HTTP/1.", 8) == 0;
}

static void http_answer(struct http_client *client)
{
	const struct http_options *options = &client->http->options;
	const char *why = "not ready";

	if (strncmp(client->request, "GET ", 4) != 0) {
		http_reply(client, "405 Method Not Allowed", "only GET");
	} else if (http_asks(client->request, "/healthz")) {
		http_reply(client, "200 OK", "ok");
	} else if (!http_asks(client->request, "/readyz")) {
		http_reply(client, "404 Not Found", "only /healthz and /readyz");
	} else if (options->ready(options->data, &why)) {
		http_reply(client, "200 OK", "ready");
	} else {
		http_reply(client, "503 Service Unavailable", why);
	}
}

/* One byte stays free for the NUL that makes the request a string. */
static void http_alloc_cb(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
	struct http_client *client = handle->data;

	(void)suggested;
	*buffer = uv_buf_init(client->request + client->length,
			      (unsigned)(sizeof(client->request) - 1 - client->length));
}

static void http_read_cb(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer)
{
	struct http_client *client = stream->data;

	(void)buffer;
	if (count < 0) {
		http_client_close(client);
		return;
	}
	client->length += (size_t)count;
	client->request[client->length] = '\0';
	if (strstr(client->request, "\r\n\r\n")) {
		http_answer(client);
	} else if (client->length == sizeof(client->request) - 1) {
		http_reply(client, "431 Request Header Fields Too Large", "too large");
	}
}

static void http_arrival_cb(uv_stream_t *stream, int status)
{
	struct http *http = stream->data;
	struct http_client *client = status < 0 ? NULL : calloc(1, sizeof(*client));

	if (!client) {
		return;
	}
	client->http = http;
	client->handles = 2;
	uv_tcp_init(http->loop, &client->socket);
	uv_timer_init(http->loop, &client->timer);
	client->socket.data = client;
	client->timer.data = client;
	client->write.data = client;
	list_push_back(&http->clients, &client->node);
	http->count++;
	if (uv_accept(stream, (uv_stream_t *)&client->socket) != 0 ||
	    http->count > HTTP_CLIENTS_MAX ||
	    uv_read_start((uv_stream_t *)&client->socket, http_alloc_cb, http_read_cb) != 0) {
		http_client_close(client);
		return;
	}
	uv_timer_start(&client->timer, http_deadline_cb, http->options.deadline_ms, 0);
}

static void http_gone_cb(uv_handle_t *handle)
{
	struct http *http = handle->data;

	http->gone = true;
	http_free(http);
}

static unsigned http_port(const struct http *http)
{
	struct sockaddr_storage address = { 0 };
	int length = (int)sizeof(address);

	uv_tcp_getsockname(&http->socket, (struct sockaddr *)&address, &length);
	return ntohs(address.ss_family == AF_INET6
			     ? ((const struct sockaddr_in6 *)&address)->sin6_port
			     : ((const struct sockaddr_in *)&address)->sin_port);
}

struct http *http_new(uv_loop_t *loop, const struct http_options *options, unsigned *port,
		      struct error *error)
{
	struct sockaddr_storage where;
	struct http *http = NULL;
	int code;

	if (!address_parse(options->address, &where, error)) {
		return NULL;
	}
	if (!address_loopback(&where)) {
		error_why(error, "'%s' is not a loopback address", options->address);
		return NULL;
	}
	http = calloc(1, sizeof(*http));
	if (!http) {
		error_why(error, "out of memory");
		return NULL;
	}
	http->loop = loop;
	http->options = *options;
	list_init(&http->clients);
	uv_tcp_init(loop, &http->socket);
	http->socket.data = http;
	code = uv_tcp_bind(&http->socket, (const struct sockaddr *)&where, 0);
	if (code == 0) {
		code = uv_listen((uv_stream_t *)&http->socket, HTTP_BACKLOG, http_arrival_cb);
	}
	if (code) {
		error_why(error, "cannot listen on '%s': %s", options->address, uv_strerror(code));
		uv_close((uv_handle_t *)&http->socket, http_gone_cb);
		return NULL;
	}
	if (port) {
		*port = http_port(http);
	}
	return http;
}

void http_close(struct http *http, void (*closed)(void *data), void *data)
{
	struct list_node *node;

	http->closed = closed;
	http->closed_data = data;
	while ((node = list_first(&http->clients)) != NULL) {
		http_client_close(LIST_OWNER(node, struct http_client, node));
	}
	uv_close((uv_handle_t *)&http->socket, http_gone_cb);
}
