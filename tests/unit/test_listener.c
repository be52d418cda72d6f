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

static void the_caps_refuse_who_comes_too_many(void **state)
{
	struct peer peers[4];

	(void)state;
	for (int cap = 0; cap < 3; cap++) {
		limits = world_limits();
		*(cap == 0   ? &limits.connections
		  : cap == 1 ? &limits.connections_before_login
			     : &limits.connections_before_login_per_source) = 2;
		world_start(&limits);
		world_listen(NULL);
		for (int i = 0; i < 2; i++) {
			peers[i] = peer_tcp(world.port);
		}
		world_until(world.opened == 2);
		peers[2] = peer_tcp(world.port);
		world_until((peer_read(&peers[2]), peers[2].ended));
		assert_int_equal(world.opened, 2);
		assert_int_equal(net_counters(world.net).refused, 1);
		peer_frame(&peers[0], FRAME_REQUEST, ASK_LOGIN, 1, 0);
		assert_reply(&peers[0], FRAME_REPLY, 1, 0);
		peers[3] = peer_tcp(world.port); /* a login makes room, but not in the whole */
		world_until(cap == 0 ? (peer_read(&peers[3]), peers[3].ended) : world.opened == 3);
		for (int i = 0; i < 4; i++) {
			peer_close(&peers[i]);
		}
		world_until(net_counters(world.net).open == 0);
		assert_int_equal(net_counters(world.net).before_login, 0);
		world_stop();
	}
}

static void a_flood_of_refused_peers_is_one_line_a_second(void **state)
{
	struct peer peers[20];
	char lines[4096] = "";
	int ends[2];
	const char *line;

	(void)state;
	limits.connections = 1;
	world_start(&limits);
	world_listen(NULL);
	assert_int_equal(pipe(ends), 0);
	log_descriptor_set(ends[1]);
	for (size_t i = 0; i < 20; i++) {
		peers[i] = peer_tcp(world.port);
	}
	world_until(net_counters(world.net).refused == 19);
	world_until(net_counters(world.net).open == 1);
	log_descriptor_set(-1);
	assert_true(read(ends[0], lines, sizeof(lines) - 1) > 0);
	line = strstr(lines, "event=connection_refused peer=plain:127.0.0.1 refused=1 ");
	assert_non_null(line);
	assert_null(strstr(line, "refused=2 "));
	assert_null(strstr(lines, "handshake_failed"));
	for (size_t i = 0; i < 20; i++) {
		peer_close(&peers[i]);
	}
	close(ends[0]);
	close(ends[1]);
	world_stop();
}

static void many_short_connections_leave_nothing(void **state)
{
	(void)state;
	world_start(&limits);
	world_listen(NULL);
	for (int turn = 0; turn < 20; turn++) {
		struct peer peers[10];

		for (size_t i = 0; i < 10; i++) {
			peers[i] = peer_tcp(world.port);
			peer_frame(&peers[i], FRAME_REQUEST, i % 3 ? ASK_ECHO : ASK_CLOSE, 1,
				   i * 9);
		}
		world_turn();
		for (size_t i = 0; i < 10; i++) {
			peer_close(&peers[i]);
		}
	}
	world_until(net_counters(world.net).accepted == 200);
	world_until(net_counters(world.net).open == 0);
	assert_int_equal(world.opened, 200);
	assert_int_equal(world.closed, 200);
	world_stop();
}

static void on_drained(void *data)
{
	*(bool *)data = true;
}

static void draining_answers_what_is_in_flight_and_takes_no_more(void **state)
{
	struct peer idle;
	struct peer busy;
	struct connection *c;

	(void)state;
	world_start(&limits);
	world_listen(NULL);
	idle = peer_tcp(world.port);
	world_until(world.opened == 1);
	busy = peer_tcp(world.port);
	world_until(world.opened == 2);
	c = world.latest;
	peer_frame(&busy, FRAME_REQUEST, ASK_BEGIN, 1, 0);
	world_until(world.seen[0]);
	net_drain(world.net, on_drained, &world.drained);
	peer_frame(&busy, FRAME_REQUEST, ASK_ECHO, 2, 0);
	world_until((peer_read(&idle), idle.ended));
	peer_close(&idle);
	world_until(world.closed == 1);
	world_pass(20);
	assert_false(world.drained);
	assert_string_equal(world.seen, "1 ");
	assert_true(buffer_append(connection_out(c), "done", 4));
	connection_flush_later(c);
	connection_request_ends(c);
	world_until((peer_read(&busy), busy.ended));
	assert_int_equal(busy.length, 4);
	peer_close(&busy);
	world_until(world.drained);
	assert_string_equal(world.why, "the server stops");
	world_stop();
}

static void an_empty_net_is_drained_at_once(void **state)
{
	(void)state;
	world_start(&limits);
	world_listen(NULL);
	net_drain(world.net, on_drained, &world.drained);
	assert_true(world.drained);
	world_stop();
}

static void closing_the_net_ends_whoever_is_there(void **state)
{
	struct peer peer = start();

	(void)state;
	peer_frame_large(&peer, 1, 4 << 20); /* a write is under way */
	world_until(world.seen[0]);
	world_turn();
	world_stop();
	assert_int_equal(world.closed, 1);
	assert_string_equal(world.why, "the server stops");
	peer_close(&peer);
}

static void addresses_that_are_not_loopback_need_tls(void **state)
{
	const struct listener_options options = { .backlog = 5 };
	const struct listener_options shared = { .backlog = 5, .reuse_port = true };
	struct error error;
	char address[32];
	unsigned port = 0;

	(void)state;
	world_start(&limits);
	assert_false(listener_tcp(world.net, "0.0.0.0:0", &options, NULL, &error));
	assert_non_null(strstr(error_argument(&error, "why"), "not a loopback address"));
	assert_false(listener_tcp(world.net, "nonsense", &options, NULL, &error));
	assert_true(listener_tcp(world.net, "127.0.0.1:0", &shared, &port, &error));
	snprintf(address, sizeof(address), "127.0.0.1:%u", port);
	assert_false(listener_tcp(world.net, address, &options, NULL, &error));
	assert_non_null(strstr(error_argument(&error, "why"), "address already in use"));
	assert_true(listener_tcp(world.net, address, &shared, NULL, &error));
	assert_true(listener_tcp(world.net, "[::1]:0", &options, &port, &error));
	assert_true(port > 0);
	world_stop();
}

static void a_unix_socket_is_private_and_replaces_a_dead_one(void **state)
{
	char folder[] = "/tmp/test_connection_XXXXXX";
	char path[64];
	char longer[128];
	struct stat found;
	struct error error;
	struct peer peer;
	int file;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/socket", folder);
	memset(longer, 'x', sizeof(longer));
	longer[0] = '/';
	longer[108] = '\0';
	world_start(&limits);
	assert_false(listener_unix(world.net, longer, 5, &error));
	assert_false(listener_unix(world.net, "/no/such/folder/socket", 5, &error));
	file = open(path, O_CREAT | O_WRONLY, 0600);
	close(file);
	assert_false(listener_unix(world.net, path, 5, &error));
	assert_non_null(strstr(error_argument(&error, "why"), "no socket"));
	unlink(path);
	assert_true(listener_unix(world.net, path, 5, &error));
	assert_int_equal(stat(path, &found), 0);
	assert_int_equal(found.st_mode & 0777, 0660);
	assert_false(listener_unix(world.net, path, 5, &error));
	assert_non_null(strstr(error_argument(&error, "why"), "in use"));
	world_until(world.closed == 1); /* that was its probe */
	peer = peer_unix(path);
	world_until(world.opened == 2);
	assert_string_equal(world.peer, "unix:");
	peer_frame(&peer, FRAME_REQUEST, ASK_ECHO, 1, 10);
	assert_reply(&peer, FRAME_REPLY, 1, 10);
	stop(&peer);

	/* a daemon that was killed leaves its socket behind */
	file = socket(AF_UNIX, SOCK_STREAM, 0);
	{
		struct sockaddr_storage name = { .ss_family = AF_UNIX };

		memcpy((char *)&name + sizeof(sa_family_t), path, strlen(path) + 1);
		assert_int_equal(bind(file, (struct sockaddr *)&name,
				      (socklen_t)(sizeof(sa_family_t) + strlen(path) + 1)),
				 0);
	}
	close(file);
	world_start(&limits);
	assert_true(listener_unix(world.net, path, 5, &error));
	peer = peer_unix(path);
	world_until(world.opened == 1);
	stop(&peer);
	rmdir(folder);
}

/* Without a descriptor to spare the newcomer is let go, and the others are served. */
static void running_out_of_descriptors_lets_the_newcomer_go(void **state)
{
	struct rlimit usual;
	struct rlimit tight;
	struct peer peer = start();
	struct peer late;
	int lowest;

	(void)state;
	late = peer_tcp(world.port);
	lowest = dup(0);
	close(lowest);
	getrlimit(RLIMIT_NOFILE, &usual);
	tight = usual;
	tight.rlim_cur = (rlim_t)lowest;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &tight), 0);
	world_until((peer_read(&late), late.ended));
	assert_int_equal(world.opened, 1);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &usual), 0);
	peer_frame(&peer, FRAME_REQUEST, ASK_ECHO, 1, 0);
	assert_reply(&peer, FRAME_REPLY, 1, 0);
	peer_close(&late);
	stop(&peer);
}

#define TEST(test) cmocka_unit_test_setup(test, before)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_caps_refuse_who_comes_too_many),
		TEST(a_flood_of_refused_peers_is_one_line_a_second),
		TEST(many_short_connections_leave_nothing),
		TEST(draining_answers_what_is_in_flight_and_takes_no_more),
		TEST(an_empty_net_is_drained_at_once),
		TEST(closing_the_net_ends_whoever_is_there),
		TEST(addresses_that_are_not_loopback_need_tls),
		TEST(a_unix_socket_is_private_and_replaces_a_dead_one),
		TEST(running_out_of_descriptors_lets_the_newcomer_go),
	};

	log_descriptor_set(-1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
