/* A TCP proxy between client and daemon that loses what it is told to: frameproxy LISTEN_PORT
 * TARGET_PORT [RULE...]
 *
 * mute-after-records=N: nothing of the server passes once the client has sent N TLS records of
 * data: its request was forwarded, the answer never comes.
 *
 * cut-after-bytes=N: the connection breaks after N bytes of the server.
 *
 * cut-client-after-bytes=N: the connection breaks after N bytes of the client.
 *
 * cuts=N: only N connections break; unless it is given, all do.
 *
 * delay-ms=N: every chunk waits so long, both ways.
 *
 * The handshake's own last record of the client counts as data (it is encrypted): a client that
 * shakes hands and sends one request has sent two. SIGUSR1 turns all rules off for connections that
 * come later. `muted` and `cut` are printed when it happens. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CHUNK_BYTES = 65536, RECORD_HEAD = 5, RECORD_DATA = 23 };

struct link {
	int client, target;
	bool harmless; /* no rule */
	uint8_t head[RECORD_HEAD];
	size_t head_have;
	size_t left; /* of the record */
	atomic_ulong records;
	unsigned long server_bytes, client_bytes;
};

static unsigned long mute_after, cut_after, cut_client_after, cuts, delay_ms;
static atomic_ulong cuts_made;
static uint16_t target_port;
static atomic_bool off;

static void say(const char *word)
{
	puts(word);
	fflush(stdout);
}

/* Counts the client's TLS records of encrypted data. */
static void records_seen(struct link *link, const uint8_t *bytes, size_t length)
{
	while (length > 0) {
		size_t some;

		if (link->head_have < RECORD_HEAD) {
			link->head[link->head_have++] = *bytes++;
			length--;
			if (link->head_have < RECORD_HEAD)
				continue;
			link->left = (size_t)link->head[3] << 8 | link->head[4];
		}
		some = link->left < length ? link->left : length;
		bytes += some;
		length -= some;
		link->left -= some;
		if (link->left == 0) {
			if (link->head[0] == RECORD_DATA)
				atomic_fetch_add(&link->records, 1);
			link->head_have = 0;
		}
	}
}

static bool forward(int to, const uint8_t *bytes, size_t length)
{
	while (length > 0) {
		ssize_t sent = send(to, bytes, length, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return false;
		bytes += sent;
		length -= (size_t)sent;
	}
	return true;
}

static void delay(const struct link *link)
{
	struct timespec pause = { .tv_sec = (time_t)(delay_ms / 1000),
				  .tv_nsec = (long)(delay_ms % 1000) * 1000000 };

	if (!link->harmless && delay_ms > 0)
		nanosleep(&pause, NULL);
}

/* How much of a chunk may pass after `before` bytes; less than all: the connection is then cut. */
static size_t allowed(const struct link *link, unsigned long most, unsigned long *before,
		      size_t length)
{
	size_t left = most > *before ? most - *before : 0;

	if (link->harmless || most == 0 || length <= left) {
		*before += length;
		return length;
	}
	if (cuts > 0 && atomic_fetch_add(&cuts_made, 1) >= cuts)
		return length;
	return left;
}

static bool muted(struct link *link)
{
	return !link->harmless && mute_after > 0 && atomic_load(&link->records) >= mute_after;
}

static void *from_server(void *data)
{
	struct link *link = data;
	uint8_t chunk[CHUNK_BYTES];
	bool said = false;

	for (;;) {
		ssize_t got = recv(link->target, chunk, sizeof chunk, 0);
		size_t pass;

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		delay(link);
		if (muted(link)) {
			if (!said)
				say("muted");
			said = true;
			continue;
		}
		pass = allowed(link, cut_after, &link->server_bytes, (size_t)got);
		if (!forward(link->client, chunk, pass))
			break;
		if (pass < (size_t)got) {
			say("cut");
			break;
		}
	}
	shutdown(link->client, SHUT_RDWR);
	shutdown(link->target, SHUT_RDWR);
	return NULL;
}

static void *from_client(void *data)
{
	struct link *link = data;
	uint8_t chunk[CHUNK_BYTES];
	pthread_t other;

	if (pthread_create(&other, NULL, from_server, link) != 0)
		abort();
	for (;;) {
		ssize_t got = recv(link->client, chunk, sizeof chunk, 0);
		size_t pass;

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		delay(link);
		records_seen(link, chunk, (size_t)got);
		pass = allowed(link, cut_client_after, &link->client_bytes, (size_t)got);
		if (!forward(link->target, chunk, pass))
			break;
		if (pass < (size_t)got) {
			say("cut");
			break;
		}
	}
	shutdown(link->client, SHUT_RDWR);
	shutdown(link->target, SHUT_RDWR);
	pthread_join(other, NULL);
	close(link->client);
	close(link->target);
	free(link);
	return NULL;
}

static struct sockaddr_in loopback(uint16_t port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
				     .sin_port = htons(port),
				     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

static void link_start(int client)
{
	struct sockaddr_in address = loopback(target_port);
	struct link *link = calloc(1, sizeof *link);
	pthread_t thread;
	int at_once = 1;

	if (!link)
		abort();
	link->client = client;
	link->harmless = atomic_load(&off);
	link->target = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
	setsockopt(link->target, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
	if (connect(link->target, (struct sockaddr *)&address, sizeof address) != 0) {
		close(client);
		close(link->target);
		free(link);
		return;
	}
	if (pthread_create(&thread, NULL, from_client, link) != 0 || pthread_detach(thread) != 0)
		abort();
}

static void off_cb(int signal)
{
	(void)signal;
	atomic_store(&off, true);
}

static bool rule_read(const char *word)
{
	const char *value = strchr(word, '=');
	unsigned long number = value ? strtoul(value + 1, NULL, 10) : 0;

	if (strncmp(word, "mute-after-records=", 19) == 0)
		mute_after = number;
	else if (strncmp(word, "cut-after-bytes=", 16) == 0)
		cut_after = number;
	else if (strncmp(word, "cut-client-after-bytes=", 23) == 0)
		cut_client_after = number;
	else if (strncmp(word, "cuts=", 5) == 0)
		cuts = number;
	else if (strncmp(word, "delay-ms=", 9) == 0)
		delay_ms = number;
	else
		return false;
	return number > 0;
}

int main(int argc, char **argv)
{
	struct sockaddr_in address;
	struct sigaction quiet = { .sa_handler = off_cb };
	int listener, again = 1;

	for (int i = 3; i < argc; i++)
		if (!rule_read(argv[i]))
			argc = 0;
	if (argc < 3) {
		fprintf(stderr, "usage: frameproxy LISTEN_PORT TARGET_PORT [RULE=N...]\n");
		return 2;
	}
	address = loopback((uint16_t)strtoul(argv[1], NULL, 10));
	target_port = (uint16_t)strtoul(argv[2], NULL, 10);
	sigaction(SIGUSR1, &quiet, NULL);
	listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &again, sizeof again);
	if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
	    listen(listener, 64) != 0) {
		perror("frameproxy");
		return 1;
	}
	for (;;) {
		int client = accept(listener, NULL, NULL);

		if (client >= 0)
			link_start(client);
	}
}
