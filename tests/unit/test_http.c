/* Tests of the health responder, over real sockets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "server/base/clock.h"
#include "server/net/http.h"
#include "tests/unit/peer.h"

static struct http *http;
static unsigned port;
static bool is_ready;
static bool gone;

static bool ready(void *data, const char **why)
{
	assert_ptr_equal(data, &is_ready);
	*why = "the database cannot be reached";
	return is_ready;
}

static void on_gone(void *data)
{
	*(bool *)data = true;
}

static void start(unsigned deadline_ms)
{
	const struct http_options options = { .address = "127.0.0.1:0",
					      .deadline_ms = deadline_ms,
					      .ready = ready,
					      .data = &is_ready };
	struct error error;

	memset(&world, 0, sizeof(world));
	assert_int_equal(uv_loop_init(&world.loop), 0);
	http = http_new(&world.loop, &options, &port, &error);
	assert_non_null(http);
}

static void stop(void)
{
	gone = false;
	http_close(http, on_gone, &gone);
	world_until(gone);
	assert_int_equal(uv_loop_close(&world.loop), 0);
}

/* The whole answer to a request sent in two pieces. */
static const char *ask(const char *request)
{
	static char answer[1024];
	struct peer peer = peer_tcp(port);
	size_t half = strlen(request) / 2;

	peer_send(&peer, request, half);
	world_turn();
	world_turn();
	peer_send(&peer, request + half, strlen(request) - half);
	world_until((peer_read(&peer), peer.ended));
	assert_true(peer.length < sizeof(answer));
	memcpy(answer, peer.got, peer.length);
	answer[peer.length] = '\0';
	peer_close(&peer);
	return answer;
}

static void healthz_says_that_the_process_turns(void **state)
{
	(void)state;
	start(HTTP_DEADLINE_MS);
	assert_string_equal(ask("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"),
			    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n"
			    "Connection: close\r\n\r\nok\n");
	stop();
}

static void readyz_says_whether_it_serves_and_why_not(void **state)
{
	(void)state;
	start(HTTP_DEADLINE_MS);
	is_ready = true;
	assert_int_equal(strncmp(ask("GET /readyz HTTP/1.0\r\n\r\n"), "HTTP/1.1 200 OK\r\n", 17),
			 0);
	is_ready = false;
	assert_string_equal(ask("GET /readyz HTTP/1.1\r\n\r\n"),
			    "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\n"
			    "Content-Length: 31\r\nConnection: close\r\n\r\n"
			    "the database cannot be reached\n");
	stop();
}

static void everything_else_is_refused(void **state)
{
	static const struct {
		const char *request;
		const char *status;
	} cases[] = {
		{ "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 404 " },
		{ "GET /healthzz HTTP/1.1\r\n\r\n", "HTTP/1.1 404 " },
		{ "GET /healthz\r\n\r\n", "HTTP/1.1 404 " },
		{ "POST /healthz HTTP/1.1\r\n\r\n", "HTTP/1.1 405 " },
		{ "\x16\x03\x01\r\n\r\n", "HTTP/1.1 405 " },
	};
	char large[HTTP_REQUEST_BYTES + 1];

	(void)state;
	start(HTTP_DEADLINE_MS);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(
			strncmp(ask(cases[i].request), cases[i].status, strlen(cases[i].status)),
			0);
	}
	memset(large, 'x', sizeof(large));
	memcpy(large, "GET /", 5);
	large[HTTP_REQUEST_BYTES - 1] = '\0';
	assert_int_equal(strncmp(ask(large), "HTTP/1.1 431 ", 13), 0);
	stop();
}

static void a_silent_client_is_cut_off(void **state)
{
	struct peer peer;

	(void)state;
	start(100);
	peer = peer_tcp(port);
	peer_send(&peer, "GET /he", 7);
	world_until((peer_read(&peer), peer.ended));
	assert_int_equal(peer.length, 0);
	peer_close(&peer);
	stop();
}

static void too_many_at_once_are_let_go(void **state)
{
	struct peer peers[HTTP_CLIENTS_MAX + 1];

	(void)state;
	start(HTTP_DEADLINE_MS);
	for (size_t i = 0; i <= HTTP_CLIENTS_MAX; i++) {
		peers[i] = peer_tcp(port);
		world_turn();
	}
	world_until((peer_read(&peers[HTTP_CLIENTS_MAX]), peers[HTTP_CLIENTS_MAX].ended));
	peer_read(&peers[0]);
	assert_false(peers[0].ended);
	peer_close(&peers[1]); /* a client that leaves makes room */
	world_pass(20);
	assert_int_equal(strncmp(ask("GET /healthz HTTP/1.1\r\n\r\n"), "HTTP/1.1 200 ", 13), 0);
	stop(); /* with the others still there */
	for (size_t i = 0; i <= HTTP_CLIENTS_MAX; i++) {
		if (i != 1) {
			peer_close(&peers[i]);
		}
	}
}

static void only_a_free_loopback_address_is_taken(void **state)
{
	struct http_options options = { .address = "0.0.0.0:0", .ready = ready };
	struct error error;
	char address[32];

	(void)state;
	start(HTTP_DEADLINE_MS);
	assert_null(http_new(&world.loop, &options, NULL, &error));
	assert_non_null(strstr(error_argument(&error, "why"), "not a loopback address"));
	options.address = "nonsense";
	assert_null(http_new(&world.loop, &options, NULL, &error));
	snprintf(address, sizeof(address), "127.0.0.1:%u", port);
	options.address = address;
	assert_null(http_new(&world.loop, &options, NULL, &error));
	assert_non_null(strstr(error_argument(&error, "why"), "address already in use"));
	world_turn(); /* the refused one's handle closes */
	stop();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(healthz_says_that_the_process_turns),
		cmocka_unit_test(readyz_says_whether_it_serves_and_why_not),
		cmocka_unit_test(everything_else_is_refused),
		cmocka_unit_test(a_silent_client_is_cut_off),
		cmocka_unit_test(too_many_at_once_are_let_go),
		cmocka_unit_test(only_a_free_loopback_address_is_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
