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

static void frames_may_come_one_byte_at_a_time(void **state)
{
	struct peer peer = start();
	uint8_t bytes[256];
	size_t count = peer_pack(bytes, FRAME_REQUEST, ASK_ECHO, 1, 20);

	(void)state;
	count += peer_pack(bytes + count, FRAME_REQUEST, ASK_ECHO, 2, 0);
	for (size_t i = 0; i < count; i++) {
		peer_send(&peer, bytes + i, 1);
		world_turn();
		world_turn();
	}
	assert_reply(&peer, FRAME_REPLY, 1, 20);
	assert_memory_equal(peer.got + FRAME_HEADER_BYTES, bytes + FRAME_HEADER_BYTES, 20);
	assert_reply(&peer, FRAME_REPLY, 2, 0);
	assert_string_equal(world.seen, "1 2 ");
	assert_string_equal(world.peer, "plain:127.0.0.1");
	assert_int_equal(net_counters(world.net).frames, 2);
	assert_int_equal(net_counters(world.net).bytes_in, count);
	assert_int_equal(net_counters(world.net).bytes_out, count);
	stop(&peer);
}

static void frames_may_come_glued_and_cut_anywhere(void **state)
{
	struct peer peer = start();
	uint8_t bytes[8192];
	size_t count = 0;

	(void)state;
	for (uint32_t id = 1; id <= 8; id++) {
		count += peer_pack(bytes + count, FRAME_REQUEST, ASK_ECHO, id, id * 7);
	}
	for (size_t cut = 0; cut <= count; cut += 13) {
		peer_send(&peer, bytes, cut);
		world_turn();
		world_turn();
		peer_send(&peer, bytes + cut, count - cut);
		for (uint32_t id = 1; id <= 8; id++) {
			assert_reply(&peer, FRAME_REPLY, id, id * 7);
		}
	}
	stop(&peer);
}

static void a_frame_over_the_limit_is_answered_and_the_connection_ends(void **state)
{
	struct peer peer = start();
	uint8_t flood[65536] = { 0 };

	(void)state;
	peer_frame(&peer, FRAME_REQUEST, ASK_ECHO, 1, 4096);
	assert_reply(&peer, FRAME_REPLY, 1, 4096);
	peer_frame(&peer, FRAME_REQUEST, ASK_ECHO, 2, 4097);
	peer_send(&peer, flood,
		  sizeof(flood)); /* unread input must not turn the answer into a reset */
	assert_reply(&peer, FRAME_ERROR, 2, 5);
	world_until((peer_read(&peer), peer.ended));
	assert_int_equal(world.broken, 1);
	assert_string_equal(world.seen, "1 ");
	peer_close(&peer);
	world_until(world.closed == 1);
	assert_string_equal(world.why, "frame too long");
	assert_int_equal(net_counters(world.net).expired, 0); /* by the peer's goodbye */
	world_stop();
}

static void a_login_raises_the_limit_and_a_logout_lowers_it(void **state)
{
	struct peer peer = start();

	(void)state;
	peer_frame(&peer, FRAME_REQUEST, ASK_LOGIN, 1, 0);
	assert_reply(&peer, FRAME_REPLY, 1, 0);
	assert_int_equal(net_counters(world.net).before_login, 0);
	peer_frame(&peer, FRAME_REQUEST, ASK_ECHO, 2, 1 << 20);
	assert_reply(&peer, FRAME_REPLY, 2, 1 << 20);
	connection_logged_in(world.latest, false);
	assert_int_equal(net_counters(world.net).before_login, 1);
	peer_frame(&peer, FRAME_REQUEST, ASK_ECHO, 3, 4097);
	assert_reply(&peer, FRAME_ERROR, 3, 5);
	stop(&peer);
}

static void a_half_frame_at_the_end_is_dropped_in_silence(void **state)
{
	struct peer peer = start();
	uint8_t bytes[256];
	size_t count = peer_pack(bytes, FRAME_REQUEST, ASK_ECHO, 1, 20);

	(void)state;
	count += peer_pack(bytes + count, FRAME_REQUEST, ASK_ECHO, 2, 20);
	peer_send(&peer, bytes, count - 1);
	assert_int_equal(shutdown(peer.descriptor, SHUT_WR), 0);
	assert_reply(&peer, FRAME_REPLY, 1, 20); /* the peer only half closed */
	assert_ends(&peer, "closed by the peer");
	assert_string_equal(world.seen, "1 ");
	assert_int_equal(world.broken, 0);
	stop(&peer);
}

static void a_reset_ends_it_once(void **state)
{
	struct peer peer = start();
	const struct linger hard = { .l_onoff = 1 };

	(void)state;
	setsockopt(peer.descriptor, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
	peer_close(&peer);
	world_until(world.closed == 1);
	assert_string_equal(world.why, "connection reset by peer");
	world_stop();
}

static void a_ping_is_answered_here(void **state)
{
	struct peer peer = start();
	struct frame frame = { .kind = FRAME_PING, .flags = 1, .id = 8 };
	uint8_t header[FRAME_HEADER_BYTES];

	(void)state;
	peer_frame(&peer, FRAME_PING, ASK_ECHO, 7, 0);
	assert_reply(&peer, FRAME_PONG, 7, 0);
	assert_string_equal(world.seen, "");
	/* what is no proper ping is the handler's to judge */
	frame_header_pack(header, &frame);
	peer_send(&peer, header, sizeof(header));
	peer_frame(&peer, FRAME_PING, ASK_ECHO, 9, 3);
	world_until(strcmp(world.seen, "8 9 ") == 0);
	stop(&peer);
}

static void what_waits_behind_a_hold_comes_in_order_after_it(void **state)
{
	struct peer peer = start();
	uint8_t bytes[1024];
	size_t count = peer_pack(bytes, FRAME_REQUEST, ASK_HOLD, 1, 0);

	(void)state;
	count += peer_pack(bytes + count, FRAME_REQUEST, ASK_ECHO, 2, 10);
	count += peer_pack(bytes + count, FRAME_REQUEST, ASK_HOLD, 3, 0);
	count += peer_pack(bytes + count, FRAME_REQUEST, ASK_ECHO, 4, 10);
	peer_send(&peer, bytes, count);
	world_until(world.seen[0]);
	peer_frame(&peer, FRAME_REQUEST, ASK_ECHO, 5, 0);
	world_pass(30);
	assert_string_equal(world.seen, "1 ");
	connection_hold(world.latest);
	connection_release(world.latest);
	world_pass(10);
	assert_string_equal(world.seen, "1 "); /* holds are counted */
	connection_release(world.latest);
	assert_string_equal(world.seen, "1 "); /* never from inside the call */
	world_until(strcmp(world.seen, "1 2 3 ") == 0);
	world_pass(10);
	assert_string_equal(world.seen, "1 2 3 ");
	connection_release(world.latest);
	world_until(strcmp(world.seen, "1 2 3 4 5 ") == 0);
	assert_reply(&peer, FRAME_REPLY, 2, 10);
	assert_reply(&peer, FRAME_REPLY, 4, 10);
	assert_reply(&peer, FRAME_REPLY, 5, 0);
	stop(&peer);
}

static void finishing_later_delivers_what_waits_behind_a_hold(void **state)
{
	struct peer peer = start();
	uint8_t bytes[1024];
	size_t count = peer_pack(bytes, FRAME_REQUEST, ASK_HOLD, 1, 0);

	(void)state;
	count += peer_pack(bytes + count, FRAME_REQUEST, ASK_ECHO, 2, 10);
	count += peer_pack(bytes + count, FRAME_REQUEST, ASK_ECHO, 3, 0);
	count += peer_pack(bytes + count, FRAME_REQUEST, ASK_ECHO, 4, 99) - 1;
	peer_send(&peer, bytes, count);
	world_until(world.seen[0]);
	connection_finish_later(world.latest, "enough");
	world_pass(20);
	assert_string_equal(world.seen, "1 "); /* the hold comes first */
	connection_release(world.latest);
	assert_reply(&peer, FRAME_REPLY, 2, 10);
	assert_reply(&peer, FRAME_REPLY, 3, 0);
	assert_ends(&peer, "enough");
	assert_string_equal(world.seen, "1 2 3 ");
	stop(&peer);
}

static void at_the_cap_of_requests_in_flight_nothing_more_is_read(void **state)
{
	struct peer peer;

	(void)state;
	limits.in_flight_per_connection = 2;
	peer = start();
	for (uint32_t id = 1; id <= 5; id++) {
		peer_frame(&peer, FRAME_REQUEST, ASK_BEGIN, id, 0);
	}
	world_until(strcmp(world.seen, "1 2 ") == 0);
	world_pass(20);
	assert_string_equal(world.seen, "1 2 ");
	connection_request_ends(world.latest);
	world_until(strcmp(world.seen, "1 2 3 ") == 0);
	world_pass(20);
	assert_string_equal(world.seen, "1 2 3 ");
	connection_request_ends(world.latest);
	connection_request_ends(world.latest);
	world_until(strcmp(world.seen, "1 2 3 4 5 ") == 0);
	connection_request_ends(world.latest); /* below the cap again, so that the end is seen */
	stop(&peer);
}

static void a_peer_that_reads_late_gets_everything(void **state)
{
	struct peer peer = start();

	(void)state;
	for (uint32_t id = 1; id <= 24; id++) {
		peer_frame_large(&peer, id, 1 << 20);
	}
	world_pass(100);
	assert_null(strstr(world.seen, "24 "));
	for (uint32_t id = 1; id <= 24; id++) {
		assert_reply(&peer, FRAME_REPLY, id, 1 << 20);
		assert_int_equal(peer.got[peer.used - 1], id);
	}
	stop(&peer);
}

static void finishing_writes_everything_first(void **state)
{
	struct peer peer = start();
	uint8_t bytes[1024];
	size_t count;

	(void)state;
	peer_frame_large(&peer, 1, 1 << 20);
	world_until(strcmp(world.seen, "1 ") == 0);
	count = peer_pack(bytes, FRAME_REQUEST, ASK_FINISH, 2, 0);
	count += peer_pack(bytes + count, FRAME_REQUEST, ASK_ECHO, 3, 0);
	peer_send(&peer, bytes, count);
	assert_reply(&peer, FRAME_REPLY, 1, 1 << 20);
	assert_reply(&peer, FRAME_REPLY, 2, 0);
	world_until((peer_read(&peer), peer.ended));
	assert_int_equal(world.closed, 0); /* it waits for the peer's goodbye */
	assert_true(connection_closing(world.latest));
	connection_finish(world.latest, "again");
	peer_frame(&peer, FRAME_REQUEST, ASK_ECHO, 4, 0); /* is not delivered any more */
	world_pass(10);
	peer_close(&peer);
	world_until(world.closed == 1);
	assert_string_equal(world.why, "asked to finish");
	assert_int_equal(net_counters(world.net).expired, 0);
	assert_string_equal(world.seen, "1 2 ");
	world_stop();
}

static void closing_in_the_middle_of_glued_frames_is_clean(void **state)
{
	struct peer peer = start();
	uint8_t bytes[1024];
	size_t count = peer_pack(bytes, FRAME_REQUEST, ASK_ECHO, 1, 0);

	(void)state;
	assert_int_equal(connection_number(world.latest), 1);
	count += peer_pack(bytes + count, FRAME_REQUEST, ASK_CLOSE, 2, 0);
	count += peer_pack(bytes + count, FRAME_REQUEST, ASK_ECHO, 3, 0);
	peer_send(&peer, bytes, count);
	assert_ends(&peer, "asked to close");
	assert_string_equal(world.seen, "1 2 ");
	stop(&peer);
}

static void after_a_close_nothing_is_written(void **state)
{
	struct peer peer = start();
	struct connection *c = world.latest;

	(void)state;
	connection_close(c, "first");
	connection_close(c, "second");
	assert_true(buffer_append(connection_out(c), "late", 4));
	connection_flush_later(c);
	connection_finish(c, "third");
	connection_hold(c);
	connection_release(c);
	assert_ends(&peer, "first");
	assert_int_equal(peer.length, 0);
	stop(&peer);
}

#define TEST(test) cmocka_unit_test_setup(test, before)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(frames_may_come_one_byte_at_a_time),
		TEST(frames_may_come_glued_and_cut_anywhere),
		TEST(a_frame_over_the_limit_is_answered_and_the_connection_ends),
		TEST(a_login_raises_the_limit_and_a_logout_lowers_it),
		TEST(a_half_frame_at_the_end_is_dropped_in_silence),
		TEST(a_reset_ends_it_once),
		TEST(a_ping_is_answered_here),
		TEST(what_waits_behind_a_hold_comes_in_order_after_it),
		TEST(finishing_later_delivers_what_waits_behind_a_hold),
		TEST(at_the_cap_of_requests_in_flight_nothing_more_is_read),
		TEST(a_peer_that_reads_late_gets_everything),
		TEST(finishing_writes_everything_first),
		TEST(closing_in_the_middle_of_glued_frames_is_clean),
		TEST(after_a_close_nothing_is_written),
	};

	log_descriptor_set(-1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
