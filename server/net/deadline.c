/* The deadlines of a connection: handshake, login, frame, idle, stall, goodbye, by one timer. */
#include <linux/sockios.h>
#include <sys/ioctl.h>

#include "server/net/inner.h"

enum { GOODBYE_MS = 1000, FRAME_GRACE_MS = 1000, FRAME_GRACE_BYTES = 4096 };

struct deadline {
	int64_t at_ms;
	const char *why;
};

static void deadline_sooner(struct deadline *deadline, int64_t from_ms, int64_t after_ms,
			    const char *why)
{
	if (from_ms + after_ms < deadline->at_ms) {
		deadline->at_ms = from_ms + after_ms;
		deadline->why = why;
	}
}

/* A slow link gets a second for every 4 KiB, so that a large frame can come through at all. */
static int64_t deadline_frame_ms(const struct connection *c)
{
	size_t pieces = (c->frame_bytes + FRAME_GRACE_BYTES - 1) / FRAME_GRACE_BYTES;

	return (int64_t)c->net->limits.frame_ms + (int64_t)pieces * FRAME_GRACE_MS;
}

static struct deadline deadline_next(const struct connection *c)
{
	const struct config_limits *limits = &c->net->limits;
	struct deadline deadline = { .at_ms = INT64_MAX };

	if (c->writing) {
		deadline_sooner(&deadline, c->stall_ms, limits->stall_ms,
				"the peer takes no output");
	}
	switch (connection_at(c)) {
	case CONNECTION_HANDSHAKE:
		deadline_sooner(&deadline, c->since_ms, limits->handshake_ms, "handshake deadline");
		break;
	case CONNECTION_OPEN:
		if (!c->logged_in) {
			deadline_sooner(&deadline, c->since_ms, limits->login_ms, "login deadline");
		} else if (c->in_flight == 0 && c->held == 0 && !c->writing) {
			deadline_sooner(&deadline, c->active_ms, limits->idle_ms, "idle deadline");
		}
		if (c->partial && c->reading) {
			deadline_sooner(&deadline, c->frame_ms, deadline_frame_ms(c),
					"frame deadline");
		}
		break;
	case CONNECTION_FINISHING:
		if (c->shut && !c->writing) {
			deadline_sooner(&deadline, c->since_ms, GOODBYE_MS, "goodbye deadline");
		}
		break;
	case CONNECTION_CLOSING:
		break;
	}
	return deadline;
}

void deadline_arm(struct connection *c)
{
	int64_t at_ms = deadline_next(c).at_ms;
	int64_t now = (int64_t)uv_now(c->net->loop);

	if (connection_at(c) == CONNECTION_CLOSING || at_ms == INT64_MAX) {
		return; /* a timer that rings for nothing looks again and stays silent */
	}
	if (c->timer_ms != 0 && c->timer_ms <= at_ms) {
		return;
	}
	c->timer_ms = at_ms;
	uv_timer_start(&c->timer, deadline_cb, at_ms > now ? (uint64_t)(at_ms - now) : 0, 0);
}

/* Counts what the kernel holds too: on a slow link its buffer drains long before ours moves. */
static size_t deadline_unsent(const struct connection *c)
{
	size_t unsent = uv_stream_get_write_queue_size(&c->socket.stream);
	uv_os_fd_t descriptor;
	int queued = 0;

	if (uv_fileno(&c->socket.handle, &descriptor) == 0 &&
	    ioctl(descriptor, SIOCOUTQ, &queued) == 0 && queued > 0) {
		unsent += (size_t)queued;
	}
	return unsent;
}

void deadline_write_began(struct connection *c)
{
	c->stall_ms = (int64_t)uv_now(c->net->loop);
	c->unsent = deadline_unsent(c);
}

static bool deadline_progressed(struct connection *c)
{
	size_t unsent = deadline_unsent(c);

	if (!c->writing || unsent >= c->unsent) {
		return false;
	}
	c->unsent = unsent;
	c->stall_ms = (int64_t)uv_now(c->net->loop);
	return true;
}

void deadline_cb(uv_timer_t *timer)
{
	struct connection *c = timer->data;
	int64_t now = (int64_t)uv_now(c->net->loop);
	struct deadline deadline = deadline_next(c);

	c->timer_ms = 0;
	if (deadline.at_ms <= now && deadline_progressed(c)) {
		deadline = deadline_next(c);
	}
	if (deadline.at_ms <= now) {
		c->net->counters.expired++;
		connection_close(c, deadline.why);
		return;
	}
	deadline_arm(c);
}
