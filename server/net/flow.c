/* The bytes of a connection: in to whole frames, replies out to the socket, back-pressure both
 * ways. */
#include <string.h>

#include "server/net/inner.h"

static bool flow_may_deliver(const struct connection *c)
{
	return connection_at(c) == CONNECTION_OPEN && c->held == 0 && !c->choked &&
	       c->in_flight < c->net->limits.in_flight_per_connection && !c->net->draining;
}

size_t flow_backlog(const struct connection *c)
{
	return buffer_length(&c->out) + buffer_length(&c->wire);
}

/* Answered here: a ping says that the peer is there, and needs neither session nor database. */
static void flow_pong(struct connection *c, const struct frame *ping)
{
	const struct frame pong = { .method = ping->method, .kind = FRAME_PONG, .id = ping->id };
	uint8_t header[FRAME_HEADER_BYTES];

	frame_header_pack(header, &pong);
	if (!buffer_append(&c->out, header, sizeof(header))) {
		connection_close(c, "out of memory");
		return;
	}
	connection_flush_later(c);
}

static void flow_frame(struct connection *c, const struct frame *frame)
{
	c->net->counters.frames++;
	c->active_ms = (int64_t)uv_now(c->net->loop);
	if (frame->kind == FRAME_PING && frame->flags == 0 && frame->length == 0) {
		flow_pong(c, frame);
		return;
	}
	c->net->handler.frame(c, frame);
}

/* Hands every whole frame of these bytes to the handler, as long as it wants them; returns the
 * bytes used. */
static size_t flow_deliver(struct connection *c, const uint8_t *bytes, size_t count)
{
	bool was_partial = c->partial;
	size_t used = 0;

	c->partial = false;
	while (flow_may_deliver(c)) {
		struct frame frame = { 0 };
		size_t size = 0;
		enum frame_next_result result =
			frame_next(bytes + used, count - used, c->body_max, &frame, &size);

		if (result == FRAME_WHOLE) {
			used += size;
			was_partial = false;
			flow_frame(c, &frame);
			continue;
		}
		if (result == FRAME_TOO_LONG) {
			c->net->handler.broken(c, &frame);
			connection_finish(c, "frame too long");
			break;
		}
		if (used < count) {
			c->partial = true;
			c->frame_bytes = frame.length;
			if (!was_partial) {
				c->frame_ms = (int64_t)uv_now(c->net->loop);
			}
		}
		break;
	}
	return used;
}

/* What waits in `in`; its front is dropped only after the handler has seen it. */
static void flow_deliver_waiting(struct connection *c)
{
	size_t used = flow_deliver(c, buffer_bytes(&c->in), buffer_length(&c->in));

	buffer_consume(&c->in, used);
}

/* Plaintext of the transport. Frames that lie whole in the read buffer are never copied. */
static bool flow_take(void *data, const uint8_t *bytes, size_t count)
{
	struct connection *c = data;
	size_t used = 0;

	if (connection_at(c) == CONNECTION_HANDSHAKE) {
		connection_open(c);
	}
	if (connection_at(c) != CONNECTION_OPEN) {
		return false;
	}
	if (buffer_length(&c->in) == 0) {
		used = flow_deliver(c, bytes, count);
	}
	if (connection_at(c) != CONNECTION_OPEN) {
		return false;
	}
	if (!buffer_append(&c->in, bytes + used, count - used)) {
		connection_close(c, "out of memory");
		return false;
	}
	if (used == 0) {
		flow_deliver_waiting(c);
	}
	return connection_at(c) == CONNECTION_OPEN;
}

static void flow_received(struct connection *c, const uint8_t *bytes, size_t count)
{
	const struct transport_sink sink = { .take = flow_take, .data = c };
	enum transport_state state = c->ops->open(c->transport, bytes, count, &sink);

	if (connection_at(c) == CONNECTION_HANDSHAKE && c->ops->ready(c->transport)) {
		connection_open(c);
	}
	if (state == TRANSPORT_FAILED) {
		/* its alert is still to be sent; a failed transport seals nothing else */
		connection_finish(c, c->ops->why(c->transport));
	} else if (state == TRANSPORT_ENDED) {
		c->ended = true;
		connection_finish(c, "closed by the peer");
	}
	/* handshake and alerts speak without being asked */
	net_flush_later(c);
	flow_adjust(c);
	deadline_arm(c);
}

static void flow_alloc_cb(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
	struct connection *c = handle->data;

	(void)suggested;
	*buffer = uv_buf_init((char *)c->net->input, NET_INPUT_BYTES);
}

static void flow_read_cb(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer)
{
	struct connection *c = stream->data;

	if (count == 0) {
		return;
	}
	if (count < 0 && count != UV_EOF) {
		connection_close(c, uv_strerror((int)count));
		return;
	}
	if (count == UV_EOF) {
		c->reading = false;
		c->ended = true;
		/* a half frame is dropped; replies already packed go out to a peer that only half
		 * closed */
		if (connection_at(c) == CONNECTION_OPEN) {
			connection_finish(c, "closed by the peer");
		} else {
			connection_close(c, "closed by the peer");
		}
		return;
	}
	c->net->counters.bytes_in += (uint64_t)count;
	if (connection_at(c) != CONNECTION_FINISHING) {
		flow_received(c, (const uint8_t *)buffer->base, (size_t)count);
	}
}

void flow_adjust(struct connection *c)
{
	enum connection_state at = connection_at(c);
	bool want = at == CONNECTION_HANDSHAKE || flow_may_deliver(c) ||
		    (at == CONNECTION_FINISHING && c->shut);
	int code;

	if (at == CONNECTION_CLOSING || want == c->reading || (want && c->ended)) {
		return;
	}
	c->reading = want;
	if (!want) {
		uv_read_stop(&c->socket.stream);
		return;
	}
	c->frame_ms = (int64_t)uv_now(c->net->loop);
	code = uv_read_start(&c->socket.stream, flow_alloc_cb, flow_read_cb);
	if (code) {
		connection_close(c, uv_strerror(code));
	}
}

void flow_start(struct connection *c)
{
	if (c->ops->ready(c->transport)) {
		connection_open(c);
	}
	flow_adjust(c);
	deadline_arm(c);
}

void flow_resume(struct connection *c)
{
	if (flow_may_deliver(c) && buffer_length(&c->in) > 0) {
		flow_deliver_waiting(c);
	}
	if (c->ending && c->held == 0) {
		connection_finish(c, c->ending);
	}
	flow_adjust(c);
	deadline_arm(c);
}

static void flow_shutdown_cb(uv_shutdown_t *request, int status)
{
	struct connection *c = request->data;

	if (status == UV_ECANCELED) {
		return; /* it is being closed already */
	}
	if (status < 0 || c->ended) {
		connection_close(c, c->why);
		return;
	}
	c->since_ms = (int64_t)uv_now(c->net->loop);
	deadline_arm(c);
}

static void flow_write_cb(uv_write_t *request, int status)
{
	struct connection *c = request->data;

	c->writing = false;
	if (status == UV_ECANCELED) {
		return;
	}
	if (status < 0) {
		connection_close(c, uv_strerror(status));
		return;
	}
	buffer_consume(&c->wire, buffer_length(&c->wire));
	c->active_ms = (int64_t)uv_now(c->net->loop);
	flow_flush(c);
}

/* What the kernel does not take at once goes on behind our back; false if the connection failed. */
static bool flow_write(struct connection *c)
{
	uv_buf_t bytes =
		uv_buf_init((char *)buffer_bytes(&c->wire), (unsigned)buffer_length(&c->wire));
	int code = bytes.len > 0 ? uv_try_write(&c->socket.stream, &bytes, 1) : 0;

	if (code < 0 && code != UV_EAGAIN) {
		connection_close(c, uv_strerror(code));
		return false;
	}
	c->net->counters.bytes_out += bytes.len;
	buffer_consume(&c->wire, code > 0 ? (size_t)code : 0);
	if (buffer_length(&c->wire) == 0) {
		return true;
	}
	bytes = uv_buf_init((char *)buffer_bytes(&c->wire), (unsigned)buffer_length(&c->wire));
	code = uv_write(&c->write, &c->socket.stream, &bytes, 1, flow_write_cb);
	if (code) {
		connection_close(c, uv_strerror(code));
		return false;
	}
	c->writing = true;
	deadline_write_began(c);
	return true;
}

/* All is out: goodbye, then wait for the peer's, lest unread input turns our last words into a
 * reset. */
static void flow_end(struct connection *c)
{
	c->shut = true;
	if (!c->ops->goodbye(c->transport, &c->wire)) {
		connection_close(c, c->ops->why(c->transport));
		return;
	}
	if (!flow_write(c)) {
		return;
	}
	c->since_ms = (int64_t)uv_now(c->net->loop);
	if (uv_shutdown(&c->shutdown, &c->socket.stream, flow_shutdown_cb) != 0) {
		connection_close(c, c->why);
		return;
	}
	flow_adjust(c);
}

void flow_flush(struct connection *c)
{
	bool more = true;

	while (more && !c->writing && !c->shut) {
		if (!c->ops->seal(c->transport, &c->out, &c->wire)) {
			connection_close(c, c->ops->why(c->transport));
			return;
		}
		more = buffer_length(&c->wire) > 0;
		if (more && !flow_write(c)) {
			return;
		}
	}
	if (c->choked && flow_backlog(c) <= c->net->limits.out_high_bytes / 2) {
		c->choked = false;
		connection_resume_later(c);
	}
	if (connection_at(c) == CONNECTION_FINISHING && !c->writing && !c->shut) {
		flow_end(c);
	}
	if (connection_at(c) != CONNECTION_CLOSING) {
		deadline_arm(c);
	}
}
