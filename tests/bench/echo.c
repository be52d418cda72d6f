/* The bare anchor: a libuv server that unpacks each report.save and packs it again, and does
 * nothing else.
 *
 * echo SOCKET: listens on that Unix socket until SIGTERM. Any token is taken, any report is at
 * revision 0. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uv.h>

#include "inap/v1/report.pb-c.h"
#include "inap/v1/session.pb-c.h"
#include "proto/frame.h"
#include "proto/method.h"

enum { BUFFER_BYTES = 65536, BACKLOG = 256 };

struct peer {
	uv_pipe_t pipe;
	uint8_t in[BUFFER_BYTES];
	size_t have;
};

static void peer_closed_cb(uv_handle_t *handle)
{
	free(handle->data);
}

static void peer_end(struct peer *peer)
{
	if (!uv_is_closing((uv_handle_t *)&peer->pipe))
		uv_close((uv_handle_t *)&peer->pipe, peer_closed_cb);
}

/* One in flight and short answers: the socket has room, or the peer is not ours. */
static void answer(struct peer *peer, const struct frame *to, uint8_t kind,
		   const ProtobufCMessage *message)
{
	static uint8_t out[FRAME_HEADER_BYTES + BUFFER_BYTES];
	struct frame frame = { .method = to->method, .kind = kind, .id = to->id };
	uv_buf_t buffer;

	frame.length = (uint32_t)protobuf_c_message_get_packed_size(message);
	assert(frame.length <= BUFFER_BYTES);
	frame_header_pack(out, &frame);
	protobuf_c_message_pack(message, out + FRAME_HEADER_BYTES);
	buffer = uv_buf_init((char *)out, (unsigned)(FRAME_HEADER_BYTES + frame.length));
	if (uv_try_write((uv_stream_t *)&peer->pipe, &buffer, 1) != (int)buffer.len)
		peer_end(peer);
}

static void take(struct peer *peer, const struct frame *frame)
{
	Inap__V1__HelloReply hello = INAP__V1__HELLO_REPLY__INIT;
	Inap__V1__SessionState state = INAP__V1__SESSION_STATE__INIT;
	Inap__V1__ReportShowReply show = INAP__V1__REPORT_SHOW_REPLY__INIT;
	Inap__V1__ReportSave *save;

	switch (frame->method) {
	case METHOD_HELLO:
		answer(peer, frame, FRAME_REPLY, &hello.base);
		break;
	case METHOD_SESSION_RESUME:
		answer(peer, frame, FRAME_REPLY, &state.base);
		break;
	case METHOD_REPORT_SHOW:
		answer(peer, frame, FRAME_REPLY, &show.base);
		break;
	default:
		save = inap__v1__report_save__unpack(NULL, frame->length, frame->body);
		if (!save) {
			peer_end(peer);
			return;
		}
		answer(peer, frame, FRAME_REPLY, &save->base);
		inap__v1__report_save__free_unpacked(save, NULL);
	}
}

static void alloc_cb(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
	struct peer *peer = handle->data;

	(void)suggested;
	*buffer = uv_buf_init((char *)peer->in + peer->have,
			      (unsigned)(sizeof peer->in - peer->have));
}

static void read_cb(uv_stream_t *stream, ssize_t bytes, const uv_buf_t *buffer)
{
	struct peer *peer = stream->data;
	size_t at = 0, consumed;
	struct frame frame;

	(void)buffer;
	if (bytes < 0) {
		peer_end(peer);
		return;
	}
	peer->have += (size_t)bytes;
	while (frame_next(peer->in + at, peer->have - at, BUFFER_BYTES / 2, &frame, &consumed) ==
	       FRAME_WHOLE) {
		take(peer, &frame);
		at += consumed;
	}
	peer->have -= at;
	memmove(peer->in, peer->in + at, peer->have);
}

static void connection_cb(uv_stream_t *listener, int status)
{
	Inap__V1__HelloReply hello = INAP__V1__HELLO_REPLY__INIT;
	struct frame first = { 0 };
	struct peer *peer = calloc(1, sizeof *peer);

	if (status < 0 || !peer) {
		free(peer);
		return;
	}
	uv_pipe_init(listener->loop, &peer->pipe, 0);
	peer->pipe.data = peer;
	if (uv_accept(listener, (uv_stream_t *)&peer->pipe) != 0 ||
	    uv_read_start((uv_stream_t *)&peer->pipe, alloc_cb, read_cb) != 0) {
		peer_end(peer);
		return;
	}
	answer(peer, &first, FRAME_HELLO, &hello.base);
}

static void signal_cb(uv_signal_t *handle, int number)
{
	(void)number;
	uv_stop(handle->loop);
}

int main(int argc, char **argv)
{
	uv_loop_t *loop = uv_default_loop();
	uv_pipe_t listener;
	uv_signal_t end;

	if (argc != 2)
		return 2;
	uv_pipe_init(loop, &listener, 0);
	uv_signal_init(loop, &end);
	if (uv_pipe_bind(&listener, argv[1]) != 0 ||
	    uv_listen((uv_stream_t *)&listener, BACKLOG, connection_cb) != 0 ||
	    uv_signal_start(&end, signal_cb, SIGTERM) != 0) {
		fprintf(stderr, "echo: cannot listen on '%s'\n", argv[1]);
		return 1;
	}
	uv_run(loop, UV_RUN_DEFAULT);
	return 0;
}
