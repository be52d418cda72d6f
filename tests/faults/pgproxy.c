/* A proxy in front of PostgreSQL's Unix socket that writes down what every Sync ends: pgproxy
 * LISTEN TARGET LOG
 *
 * One line of LOG per Sync of a frontend, written before it is forwarded: `CONNECTION
 * STATEMENT...`, the names of the prepared statements that were bound since the last one (`parse`
 * for a Parse, `query` for a simple query). One Sync is one network round trip. SIGUSR1 cuts every
 * connection; SIGUSR2 holds what is under way, and again lets it go. It ends by SIGTERM. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum {
	CHUNK_BYTES = 65536,
	KEPT_BYTES = 256, /* of a message's payload: the names of a Bind */
	LINE_BYTES = 4096,
	LINKS_MAX = 512,
	HOLD_MS = 5,
	STARTUP = 196608 /* protocol 3.0 */
};

/* A frontend and its way to PostgreSQL. */
struct link {
	int number;
	int client, target; /* -1: over */
	bool started;       /* the startup message is past: messages have a type */
	uint8_t head[8];
	size_t head_have;
	uint64_t left; /* of the payload */
	uint8_t kept[KEPT_BYTES];
	size_t kept_have;
	char line[LINE_BYTES];
	size_t line_length;
};

static const char *target_path;
static int log_fd;
static atomic_bool holding;
static atomic_int link_fds[2 * LINKS_MAX];
static atomic_int link_count;

static int unix_socket(const char *path, struct sockaddr_un *address)
{
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof address->sun_path) {
		fprintf(stderr, "pgproxy: '%s' is too long\n", path);
		exit(2);
	}
	strcpy(address->sun_path, path);
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static void line_add(struct link *link, const char *word)
{
	int added = snprintf(link->line + link->line_length, LINE_BYTES - link->line_length, " %s",
			     word);

	if (added > 0 && link->line_length + (size_t)added < LINE_BYTES)
		link->line_length += (size_t)added;
}

static void line_end(struct link *link)
{
	char whole[LINE_BYTES + 32];
	int length = snprintf(whole, sizeof whole, "%d%s\n", link->number, link->line);

	if (length > 0 && write(log_fd, whole, (size_t)length) != length)
		perror("pgproxy: log");
	link->line_length = 0;
	link->line[0] = '\0';
}

/* A whole message of the frontend. */
static void message_seen(struct link *link, char type)
{
	link->kept[KEPT_BYTES - 1] = '\0';
	switch (type) {
	case 'B': { /* portal, statement */
		size_t portal = strlen((char *)link->kept);

		line_add(link,
			 portal + 1 < link->kept_have ? (char *)link->kept + portal + 1 : "?");
		break;
	}
	case 'P':
		line_add(link, "parse");
		break;
	case 'Q':
		line_add(link, "query");
		line_end(link);
		break;
	case 'S':
		line_end(link);
		break;
	default:
		break;
	}
}

static uint32_t number_at(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	       bytes[3];
}

/* After the header: how much payload follows. */
static void header_seen(struct link *link)
{
	uint32_t length = number_at(link->head + (link->started ? 1 : 0));

	link->kept_have = 0;
	memset(link->kept, 0, sizeof link->kept);
	link->left = length - (link->started ? 4 : 8);
}

static void payload_end(struct link *link)
{
	if (link->started)
		message_seen(link, (char)link->head[0]);
	else if (number_at(link->head + 4) == STARTUP)
		link->started = true;
	link->head_have = 0;
}

static void bytes_seen(struct link *link, const uint8_t *bytes, size_t length)
{
	while (length > 0) {
		size_t head_want = link->started ? 5 : 8, some;

		if (link->head_have < head_want) {
			link->head[link->head_have++] = *bytes++;
			length--;
			if (link->head_have < head_want)
				continue;
			header_seen(link);
		}
		some = link->left < length ? (size_t)link->left : length;
		for (size_t i = 0; i < some && link->kept_have < KEPT_BYTES - 1; i++)
			link->kept[link->kept_have++] = bytes[i];
		bytes += some;
		length -= some;
		link->left -= some;
		if (link->left == 0)
			payload_end(link);
	}
}

static void held(void)
{
	struct timespec pause = { .tv_nsec = HOLD_MS * 1000000 };

	while (atomic_load(&holding))
		nanosleep(&pause, NULL);
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

static void pump(struct link *link, int from, int to, bool frontend)
{
	uint8_t chunk[CHUNK_BYTES];

	for (;;) {
		ssize_t got = recv(from, chunk, sizeof chunk, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		held();
		if (frontend)
			bytes_seen(link, chunk, (size_t)got);
		if (!forward(to, chunk, (size_t)got))
			break;
	}
	shutdown(from, SHUT_RDWR);
	shutdown(to, SHUT_RDWR);
}

static void *backend(void *data)
{
	struct link *link = data;

	pump(link, link->target, link->client, false);
	return NULL;
}

static void *frontend(void *data)
{
	struct link *link = data;
	pthread_t other;

	if (pthread_create(&other, NULL, backend, link) != 0)
		abort();
	pump(link, link->client, link->target, true);
	pthread_join(other, NULL);
	atomic_store(&link_fds[2 * link->number], -1);
	atomic_store(&link_fds[2 * link->number + 1], -1);
	close(link->client);
	close(link->target);
	free(link);
	return NULL;
}

static void link_start(int client)
{
	struct sockaddr_un address;
	struct link *link = calloc(1, sizeof *link);
	pthread_t thread;

	if (!link || atomic_load(&link_count) == LINKS_MAX)
		abort();
	link->number = atomic_fetch_add(&link_count, 1);
	link->client = client;
	link->target = unix_socket(target_path, &address);
	if (link->target < 0 ||
	    connect(link->target, (struct sockaddr *)&address, sizeof address) != 0) {
		/* As PostgreSQL gone: the frontend sees a closed connection. */
		close(client);
		if (link->target >= 0)
			close(link->target);
		free(link);
		return;
	}
	atomic_store(&link_fds[2 * link->number], client);
	atomic_store(&link_fds[2 * link->number + 1], link->target);
	if (pthread_create(&thread, NULL, frontend, link) != 0 || pthread_detach(thread) != 0)
		abort();
}

static void cut_cb(int signal)
{
	(void)signal;
	for (int i = 0; i < 2 * LINKS_MAX; i++)
		if (atomic_load(&link_fds[i]) >= 0)
			shutdown(atomic_load(&link_fds[i]), SHUT_RDWR);
}

static void hold_cb(int signal)
{
	(void)signal;
	atomic_store(&holding, !atomic_load(&holding));
}

int main(int argc, char **argv)
{
	struct sockaddr_un address;
	struct sigaction cut = { .sa_handler = cut_cb }, hold = { .sa_handler = hold_cb };
	int listener;

	if (argc != 4) {
		fprintf(stderr, "usage: pgproxy LISTEN TARGET LOG\n");
		return 2;
	}
	for (int i = 0; i < 2 * LINKS_MAX; i++)
		atomic_store(&link_fds[i], -1);
	target_path = argv[2];
	log_fd = open(argv[3], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	listener = unix_socket(argv[1], &address);
	sigaction(SIGUSR1, &cut, NULL);
	sigaction(SIGUSR2, &hold, NULL);
	unlink(argv[1]);
	if (log_fd < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
	    listen(listener, 64) != 0) {
		perror("pgproxy");
		return 1;
	}
	for (;;) {
		int client = accept(listener, NULL, NULL);

		if (client >= 0)
			link_start(client);
	}
}
