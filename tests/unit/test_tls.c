/* Tests of TLS: what is let in and what is refused, and that frames come through whatever the
 * records look like. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/base/clock.h"
#include "server/net/tls.h"
#include "tests/unit/peer.h"

static char folder[] = "/tmp/test_tls_XXXXXX";
static char files[5][64];
static const char *certificate = files[0];
static const char *key = files[1];
static const char *other = files[2];
static const char *other_key = files[3];
static const char *junk = files[4];

static struct tls *tls;
static SSL_CTX *client;
static struct config_limits limits;
static struct error error;

static int before_all(void **state)
{
	static const char *const names[] = { "cert.pem", "key.pem", "other.pem", "other-key.pem",
					     "junk.pem" };
	FILE *file;

	(void)state;
	if (!mkdtemp(folder)) {
		return -1;
	}
	for (size_t i = 0; i < 5; i++) {
		snprintf(files[i], sizeof(files[i]), "%s/%s", folder, names[i]);
	}
	peer_certificate(certificate, key);
	peer_certificate(other, other_key);
	file = fopen(junk, "w");
	fputs("not a certificate\n", file);
	return fclose(file);
}

static int after_all(void **state)
{
	(void)state;
	for (size_t i = 0; i < 5; i++) {
		unlink(files[i]);
	}
	return rmdir(folder);
}

static int before(void **state)
{
	(void)state;
	limits = world_limits();
	tls = NULL;
	client = SSL_CTX_new(TLS_client_method());
	return SSL_CTX_load_verify_locations(client, certificate, NULL) == 1 ? 0 : -1;
}

static int after(void **state)
{
	(void)state;
	SSL_CTX_free(client);
	tls_free(tls);
	return 0;
}

static struct peer start(const char *client_ca)
{
	struct peer peer;

	tls = tls_new(certificate, key, client_ca, &error);
	assert_non_null(tls);
	world_start(&limits);
	world_listen(tls);
	peer = peer_tcp(world.port);
	return peer;
}

static void stop(struct peer *peer)
{
	peer_close(peer);
	world_until(net_counters(world.net).open == 0);
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

static void frames_come_through(void **state)
{
	struct peer peer = start("");

	(void)state;
	SSL_CTX_set_verify(client, SSL_VERIFY_PEER, NULL);
	peer_tls(&peer, client);
	assert_true(peer.shaken);
	assert_int_equal(SSL_version(peer.ssl), TLS1_3_VERSION);
	world_until(world.opened == 1);
	assert_string_equal(world.peer, "tls:127.0.0.1");
	peer_frame(&peer, FRAME_REQUEST, ASK_LOGIN, 1, 0);
	peer_frame(&peer, FRAME_REQUEST, ASK_ECHO, 2, 1 << 20);
	assert_reply(&peer, FRAME_REPLY, 1, 0);
	assert_reply(&peer, FRAME_REPLY, 2, 1 << 20);
	for (size_t i = 0; i < 1 << 20; i++) {
		if (peer.got[2 * FRAME_HEADER_BYTES + i] != (uint8_t)(2 + i)) {
			fail_msg("byte %zu is another", i);
		}
	}
	stop(&peer);
	assert_string_equal(world.why, "closed by the peer");
}

static void records_may_be_as_small_as_a_byte(void **state)
{
	struct peer peer = start(NULL);
	uint8_t bytes[256];
	size_t count = peer_pack(bytes, FRAME_REQUEST, ASK_ECHO, 1, 100);

	(void)state;
	peer_tls(&peer, client);
	for (size_t i = 0; i < count; i++) {
		peer_send(&peer, bytes + i, 1);
		world_turn();
	}
	assert_reply(&peer, FRAME_REPLY, 1, 100);
	stop(&peer);
}

static void a_flood_of_tiny_records_is_cut(void **state)
{
	struct peer peer = start(NULL);
	uint8_t bytes[4096];

	(void)state;
	peer_pack(bytes, FRAME_REQUEST, ASK_ECHO, 1, 4000);
	peer_tls(&peer, client);
	world_until(world.opened == 1);
	for (size_t i = 0; i < TLS_SMALL_RECORDS_MAX + 50; i++) {
		assert_int_equal(SSL_write(peer.ssl, bytes + i, 1), 1);
		if (i % 200 == 0) {
			world_turn();
		}
	}
	world_until((peer_read(&peer), peer.ended));
	stop(&peer);
	assert_string_equal(world.why, "too many small records");
	assert_string_equal(world.seen, "");
}

static void a_flood_of_key_updates_is_cut(void **state)
{
	struct peer peer = start(NULL);

	(void)state;
	peer_tls(&peer, client);
	world_until(world.opened == 1);
	for (size_t i = 0; i < TLS_SMALL_RECORDS_MAX + 50 && !peer.failed; i++) {
		assert_int_equal(SSL_key_update(peer.ssl, SSL_KEY_UPDATE_NOT_REQUESTED), 1);
		peer.failed = SSL_do_handshake(peer.ssl) != 1;
		if (i % 200 == 0) {
			world_turn();
		}
	}
	world_until(world.closed == 1 || (peer_read(&peer), peer.ended));
	stop(&peer);
	assert_string_equal(world.why, "too many small records");
}

static void a_key_update_that_asks_for_another_is_answered(void **state)
{
	struct peer peer = start(NULL);

	(void)state;
	peer_tls(&peer, client);
	peer_frame(&peer, FRAME_REQUEST, ASK_ECHO, 1, 10);
	assert_reply(&peer, FRAME_REPLY, 1, 10);
	assert_int_equal(SSL_key_update(peer.ssl, SSL_KEY_UPDATE_REQUESTED), 1);
	peer_frame(&peer, FRAME_REQUEST, ASK_ECHO, 2, 10);
	assert_reply(&peer, FRAME_REPLY, 2, 10);
	stop(&peer);
}

static void tls_1_2_is_refused_and_the_log_says_so(void **state)
{
	struct peer peer = start(NULL);
	char line[512] = "";
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	log_descriptor_set(ends[1]);
	SSL_CTX_set_max_proto_version(client, TLS1_2_VERSION);
	peer_tls(&peer, client);
	assert_true(peer.failed);
	assert_int_equal(ERR_GET_REASON(ERR_peek_last_error()), SSL_R_TLSV1_ALERT_PROTOCOL_VERSION);
	stop(&peer);
	assert_int_equal(world.opened, 0);
	assert_int_equal(world.closed, 0);
	log_descriptor_set(-1);
	assert_true(read(ends[0], line, sizeof(line) - 1) > 0);
	assert_non_null(strstr(line, "level=info event=handshake_failed peer=tls:127.0.0.1 "
				     "why=\"unsupported protocol\"\n"));
	close(ends[0]);
	close(ends[1]);
}

static void bytes_that_are_no_tls_are_refused(void **state)
{
	struct peer peer = start(NULL);

	(void)state;
	peer_send(&peer, "GET / HTTP/1.1\r\n\r\n", 18);
	world_until((peer_read(&peer), peer.ended));
	stop(&peer);
	assert_int_equal(world.opened, 0);
}

static void no_ticket_is_sent_and_no_session_resumed(void **state)
{
	struct peer peer = start(NULL);
	SSL_SESSION *session;

	(void)state;
	peer_tls(&peer, client);
	peer_frame(&peer, FRAME_REQUEST, ASK_ECHO, 1, 0);
	assert_reply(&peer, FRAME_REPLY, 1, 0);
	session = SSL_get1_session(peer.ssl);
	assert_false(SSL_SESSION_is_resumable(session));
	SSL_SESSION_free(session);
	stop(&peer);
}

static void an_offer_without_our_protocol_is_refused(void **state)
{
	struct peer peer = start(NULL);
	const unsigned char *chosen = NULL;
	unsigned length = 0;

	(void)state;
	SSL_CTX_set_alpn_protos(client, (const unsigned char *)"\x02h2\x06inap/1", 10);
	peer_tls(&peer, client);
	assert_true(peer.shaken);
	SSL_get0_alpn_selected(peer.ssl, &chosen, &length);
	assert_int_equal(length, 6);
	assert_memory_equal(chosen, "inap/1", 6);
	stop(&peer);
	tls_free(tls);
	peer = start(NULL);
	SSL_CTX_set_alpn_protos(client, (const unsigned char *)"\x02h2\x06inap/2", 10);
	peer_tls(&peer, client);
	assert_true(peer.failed);
	stop(&peer);
}

static void a_client_certificate_is_optional_but_must_be_ours(void **state)
{
	struct peer peer = start(other);

	(void)state;
	peer_tls(&peer, client);
	assert_true(peer.shaken);
	world_until(world.opened == 1); /* none given */
	peer_close(&peer);
	assert_int_equal(SSL_CTX_use_certificate_file(client, other, SSL_FILETYPE_PEM), 1);
	assert_int_equal(SSL_CTX_use_PrivateKey_file(client, other_key, SSL_FILETYPE_PEM), 1);
	peer = peer_tcp(world.port);
	peer_tls(&peer, client);
	world_until(world.opened == 2); /* the right one */
	peer_close(&peer);
	assert_int_equal(SSL_CTX_use_certificate_file(client, certificate, SSL_FILETYPE_PEM), 1);
	assert_int_equal(SSL_CTX_use_PrivateKey_file(client, key, SSL_FILETYPE_PEM), 1);
	peer = peer_tcp(world.port);
	peer_tls(&peer, client);
	/* a refusal shows at the client's first read */
	world_until((peer_read(&peer), peer.ended));
	assert_true(peer.failed);
	stop(&peer);
	assert_int_equal(world.opened, 2);
}

static void a_peer_that_does_not_shake_hands_is_cut(void **state)
{
	struct peer peer;

	(void)state;
	limits.handshake_ms = 100;
	peer = start(NULL);
	world_until((peer_read(&peer), peer.ended));
	assert_int_equal(net_counters(world.net).expired, 1);
	stop(&peer);
	assert_int_equal(world.opened, 0);
}

static void leaving_in_mid_handshake_leaves_nothing(void **state)
{
	struct peer peer = start(NULL);

	(void)state;
	peer_send(&peer, "\x16\x03\x01\x02\x00", 5);
	world_pass(10);
	stop(&peer);
	assert_int_equal(world.opened, 0);
	assert_int_equal(world.closed, 0);
}

static void finishing_says_goodbye(void **state)
{
	struct peer peer = start(NULL);

	(void)state;
	peer_tls(&peer, client);
	peer_frame(&peer, FRAME_REQUEST, ASK_FINISH, 1, 0);
	assert_reply(&peer, FRAME_REPLY, 1, 0);
	world_until((peer_read(&peer), peer.ended));
	assert_false(peer.failed);
	assert_int_equal(SSL_get_shutdown(peer.ssl) & SSL_RECEIVED_SHUTDOWN, SSL_RECEIVED_SHUTDOWN);
	stop(&peer);
	assert_string_equal(world.why, "asked to finish");
}

static void the_peers_goodbye_ends_it(void **state)
{
	struct peer peer = start(NULL);

	(void)state;
	peer_tls(&peer, client);
	peer_frame(&peer, FRAME_REQUEST, ASK_ECHO, 1, 0);
	SSL_shutdown(peer.ssl);
	assert_reply(&peer, FRAME_REPLY, 1, 0);
	world_until((peer_read(&peer), peer.ended));
	stop(&peer);
	assert_string_equal(world.why, "closed by the peer");
}

static void a_record_that_was_tampered_with_ends_it(void **state)
{
	struct peer peer = start(NULL);
	uint8_t record[5 + 32] = { 0x17, 0x03, 0x03, 0x00, 0x20 };

	(void)state;
	peer_tls(&peer, client);
	world_until(world.opened == 1);
	assert_int_equal(write(peer.descriptor, record, sizeof(record)), sizeof(record));
	world_until((peer_read(&peer), peer.ended));
	stop(&peer);
	assert_string_equal(world.why, "decryption failed or bad record mac");
}

static void a_peer_that_does_not_read_is_bounded_and_cut_off(void **state)
{
	struct peer peer;

	(void)state;
	limits.stall_ms = 200;
	peer = start(NULL);
	peer_tls(&peer, client);
	for (uint32_t id = 1; id <= 100; id++) {
		peer_frame_large(&peer, id, 1 << 20);
		world_turn();
	}
	world_until(world.closed == 1);
	assert_string_equal(world.why, "the peer takes no output");
	assert_int_equal(world.refused_appends, 0);
	assert_true(strlen(world.seen) < 100);
	stop(&peer);
}

static void files_that_do_not_serve_are_named(void **state)
{
	static const struct {
		const char *certificate;
		const char *key;
		const char *client_ca;
		const char *named;
	} cases[] = {
		{ "/no/such.pem", files[1], "", "cannot use certificate '/no/such.pem': " },
		{ files[4], files[1], "", "cannot use certificate" },
		{ files[0], "/no/key.pem", "", "cannot use key '/no/key.pem': " },
		{ files[0], files[3], "", "key values mismatch" },
		{ files[0], files[1], files[4], "cannot use client CA" },
		{ files[0], files[1], "/no/ca.pem", "cannot use client CA '/no/ca.pem': " },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_null(
			tls_new(cases[i].certificate, cases[i].key, cases[i].client_ca, &error));
		if (!strstr(error_argument(&error, "why"), cases[i].named)) {
			fail_msg("'%s' does not say '%s'", error_argument(&error, "why"),
				 cases[i].named);
		}
	}
	tls_free(NULL);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, before, after)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(frames_come_through),
		TEST(records_may_be_as_small_as_a_byte),
		TEST(a_flood_of_tiny_records_is_cut),
		TEST(a_flood_of_key_updates_is_cut),
		TEST(a_key_update_that_asks_for_another_is_answered),
		TEST(tls_1_2_is_refused_and_the_log_says_so),
		TEST(bytes_that_are_no_tls_are_refused),
		TEST(no_ticket_is_sent_and_no_session_resumed),
		TEST(an_offer_without_our_protocol_is_refused),
		TEST(a_client_certificate_is_optional_but_must_be_ours),
		TEST(a_peer_that_does_not_shake_hands_is_cut),
		TEST(leaving_in_mid_handshake_leaves_nothing),
		TEST(finishing_says_goodbye),
		TEST(the_peers_goodbye_ends_it),
		TEST(a_record_that_was_tampered_with_ends_it),
		TEST(a_peer_that_does_not_read_is_bounded_and_cut_off),
		TEST(files_that_do_not_serve_are_named),
	};

	log_descriptor_set(-1);
	return cmocka_run_group_tests(tests, before_all, after_all);
}
