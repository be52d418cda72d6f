/* Tests of connections: framing, back-pressure, deadlines, caps and an orderly end, over real
 * sockets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/base/clock.h"
#include "tests/unit/peer.h"

static struct config_limits limits;

static int before(void **state)
{
	(void)state;
	limits = world_limits();
	return 0;
}

static struct peer start(void)
{
	struct peer peer;

	world_start(&limits);
	world_listen(NULL);
	peer = peer_tcp(world.port);
	world_until(world.opened == 1);
	return peer;
}

static void stop(struct peer *peer)
{
	peer_close(peer);
	world_until(world.closed == world.opened);
	world_stop();
}

static void assert_reply(struct peer *peer, uint8_t kind, uint32_t id, uint32_t length)
{
	struct frame frame;

	world_until(peer_next(peer, &frame));
	assert_int_equal(frame.kind, kind);
	assert_int_equal(frame.id, id);
	assert_int_equal(frame.length, length);
}

/* The peer sees the end, and the handler hears why. */
static void assert_ends(struct peer *peer, const char *why)
{
	world_until((peer_read(peer), peer->ended));
	world_until(world.closed == 1);
	assert_string_equal(world.why, why);
}

/* 8 times 1 MiB of replies asked again and again by a peer that reads none of them. */
static void a_peer_that_does_not_read_is_bounded_and_cut_off(void **state)
{
	struct peer peer;
	int small = 8192;
	uint32_t id;

	(void)state;
	limits.stall_ms = 200;
	peer = start();
	setsockopt(peer.descriptor, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	for (id = 1; id <= 100; id++) {
		peer_frame_large(&peer, id, 1 << 20);
		world_turn();
	}
	world_until(world.closed == 1);
	assert_string_equal(world.why, "the peer takes no output");
	assert_true(world.backlog_max <= limits.out_high_bytes + (1 << 20) + FRAME_HEADER_BYTES);
	assert_int_equal(world.refused_appends, 0);
	assert_true(strlen(world.seen) < 100); /* it did stop asking the handler */
	assert_int_equal(net_counters(world.net).expired, 1);
	stop(&peer);
}

/* Reads a little, again and again: slower than the stall deadline, but never silent. */
static void a_slow_reader_is_not_a_stalled_one(void **state)
{
	struct peer peer;
	size_t read_bytes = 0;
	uint8_t piece[16384];
	int64_t began = clock_ms();

	(void)state;
	limits.stall_ms = 150;
	world_start(&limits);
	world_listen(NULL);
	peer = peer_tcp(world.port);
	world_until(world.opened == 1);
	peer_frame_large(&peer, 1, 8 << 20);
	while (clock_ms() < began + 900) {
		ssize_t n = recv(peer.descriptor, piece, sizeof(piece), MSG_DONTWAIT);

		read_bytes += n > 0 ? (size_t)n : 0;
		world_pass(5);
	}
	assert_int_equal(world.closed, 0);
	assert_true(read_bytes < 8 << 20);
	stop(&peer);
}

static void a_silent_newcomer_is_cut_at_the_login_deadline(void **state)
{
	struct peer peer;

	(void)state;
	limits.login_ms = 100;
	peer = start();
	for (uint32_t id = 1; id < 4; id++) { /* pings do not put it off */
		peer_frame(&peer, FRAME_PING, ASK_ECHO, id, 0);
		assert_reply(&peer, FRAME_PONG, id, 0);
		world_pass(10);
	}
	assert_ends(&peer, "login deadline");
	stop(&peer);
}

static void after_login_the_idle_deadline_counts_from_the_last_frame(void **state)
{
	struct peer peer;

	(void)state;
	limits.login_ms = 50;
	limits.idle_ms = 300;
	peer = start();
	peer_frame(&peer, FRAME_REQUEST, ASK_LOGIN, 1, 0);
	assert_reply(&peer, FRAME_REPLY, 1, 0);
	for (uint32_t id = 2; id < 8; id++) {
		world_pass(60);
		assert_int_equal(world.closed, 0);
		peer_frame(&peer, FRAME_PING, ASK_ECHO, id, 0);
		assert_reply(&peer, FRAME_PONG, id, 0);
	}
	assert_ends(&peer, "idle deadline");
	stop(&peer);
}

static void while_a_request_is_answered_nobody_is_idle(void **state)
{
	struct peer peer;

	(void)state;
	limits.idle_ms = 300;
	peer = start();
	peer_frame(&peer, FRAME_REQUEST, ASK_LOGIN, 1, 0);
	peer_frame(&peer, FRAME_REQUEST, ASK_BEGIN, 2, 0);
	world_until(strcmp(world.seen, "1 2 ") == 0);
	world_pass(600);
	assert_int_equal(world.closed, 0);
	connection_request_ends(world.latest);
	world_turn();
	world_turn();
	assert_int_equal(world.closed, 0); /* it counts from the answer */
	assert_ends(&peer, "idle deadline");
	stop(&peer);
}

static void a_frame_that_does_not_come_to_its_end_is_cut(void **state)
{
	struct peer peer;
	uint8_t bytes[64];

	(void)state;
	limits.frame_ms = 100;
	peer = start();
	peer_pack(bytes, FRAME_REQUEST, ASK_ECHO, 1, 0);
	for (size_t i = 0; i < 20; i++) { /* a byte now and then does not put it off */
		if (!world.latest) {
			break;
		}
		send(peer.descriptor, bytes + i, 1, MSG_NOSIGNAL);
		world_pass(15);
	}
	assert_null(world.latest); /* cut before the last of these bytes */
	assert_ends(&peer, "frame deadline");
	assert_string_equal(world.seen, "");
	stop(&peer);
}

static void a_larger_frame_has_more_time(void **state)
{
	struct peer peer;
	uint8_t bytes[4096 + FRAME_HEADER_BYTES];
	size_t count = peer_pack(bytes, FRAME_REQUEST, ASK_ECHO, 1, 4096);

	(void)state;
	limits.frame_ms = 50;
	peer = start();
	peer_send(&peer, bytes, count - 1);
	world_pass(300); /* a second for its 4 KiB */
	assert_int_equal(world.closed, 0);
	peer_send(&peer, bytes + count - 1, 1);
	assert_reply(&peer, FRAME_REPLY, 1, 4096);
	world_pass(100); /* and none is running now */
	assert_int_equal(world.closed, 0);
	stop(&peer);
}

static void while_held_no_frame_deadline_runs(void **state)
{
	struct peer peer;
	uint8_t bytes[64];
	size_t count = peer_pack(bytes, FRAME_REQUEST, ASK_ECHO, 1, 0);

	(void)state;
	limits.frame_ms = 200;
	peer = start();
	peer_send(&peer, bytes, 10);
	world_until(net_counters(world.net).bytes_in == 10);
	connection_hold(world.latest);
	world_pass(500);
	assert_int_equal(world.closed, 0);
	connection_release(world.latest);
	world_turn();
	world_turn();
	peer_send(&peer, bytes + 10, count - 10);
	assert_reply(&peer, FRAME_REPLY, 1, 0);
	stop(&peer);
}

static void a_peer_that_never_says_goodbye_is_not_waited_for(void **state)
{
	struct peer peer = start();

	(void)state;
	peer_frame(&peer, FRAME_REQUEST, ASK_FINISH, 1, 0);
	assert_reply(&peer, FRAME_REPLY, 1, 0);
	world_until(world.closed == 1);
	assert_string_equal(world.why, "asked to finish");
	stop(&peer);
}

#define TEST(test) cmocka_unit_test_setup(test, before)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_peer_that_does_not_read_is_bounded_and_cut_off),
		TEST(a_slow_reader_is_not_a_stalled_one),
		TEST(a_silent_newcomer_is_cut_at_the_login_deadline),
		TEST(after_login_the_idle_deadline_counts_from_the_last_frame),
		TEST(while_a_request_is_answered_nobody_is_idle),
		TEST(a_frame_that_does_not_come_to_its_end_is_cut),
		TEST(a_larger_frame_has_more_time),
		TEST(while_held_no_frame_deadline_runs),
		TEST(a_peer_that_never_says_goodbye_is_not_waited_for),
	};

	log_descriptor_set(-1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
