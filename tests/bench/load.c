/* Clients that ask without a pause, one request in flight each, and how long they waited.
 *
 *   load --server SERVER [--ca FILE] --tokens FILE --cells FILE --round ROUND --clients N --warm MS
 * --for MS save|show
 *
 * SERVER: HOST:PORT (TLS), plain:HOST:PORT or unix:PATH. Of the tokens' lines `ENTITY TOKEN` the
 * first N are taken up; each client saves all cells of FILE with other numbers under a fresh key,
 * on the revision that its last answer gave, or shows its report. Prints `begin` when the time that
 * counts begins, then one line `count=N errors=N seconds=S p50_us=N p99_us=N cpu_us=N` (cpu_us:
 * own, per request). Any error is said on stderr. */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <openssl/ssl.h>

#include "inap/v1/report.pb-c.h"
#include "inap/v1/session.pb-c.h"
#include "proto/frame.h"
#include "proto/method.h"

enum {
	CLIENTS_MAX = 1024,
	CELLS_MAX = 512,
	CODE_BYTES = 64,
	NUMBER_BYTES = 24,
	TOKEN_BYTES = 32,
	IN_BYTES = 1 << 20,
	SAMPLES_MAX = 4 << 20,
	DRAIN_US = 20 * 1000 * 1000
};

struct client {
	int fd;
	SSL *tls; /* NULL: plain */
	char entity[CODE_BYTES];
	uint8_t token[TOKEN_BYTES];
	uint32_t id;
	uint64_t revision;
	int64_t sent_us;
	uint8_t *in;
	size_t have;
	size_t taken; /* bytes of the frame given last */
};

static struct client clients[CLIENTS_MAX];
static char cell_codes[CELLS_MAX][CODE_BYTES];
static char numbers[CELLS_MAX][NUMBER_BYTES];
static size_t client_count, cell_count;
static const char *server, *ca, *round_code;
static bool saving;
static SSL_CTX *context;
static uint32_t *samples_us;
static size_t sample_count;
static unsigned long errors;
static size_t in_flight;
static bool draining;

static int64_t clock_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t cpu_us(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return ((int64_t)usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 +
	       usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

_Noreturn static void give_up(const char *what, const char *why)
{
	fprintf(stderr, "load: %s: %s\n", what, why);
	exit(1);
}

/* xorshift: numbers and keys need to differ, not to be secret. */
static uint64_t random_next(void)
{
	static uint64_t state;

	if (state == 0 && getrandom(&state, sizeof state, 0) != sizeof state)
		abort();
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/* ---- the connection: blocking until it is taken up, then not */

static int connect_unix(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (strlen(path) >= sizeof address.sun_path)
		give_up(path, "too long");
	strcpy(address.sun_path, path);
	if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
		give_up(path, strerror(errno));
	return fd;
}

static int connect_tcp(const char *host, const char *port)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_family = AF_INET };
	struct addrinfo *found = NULL;
	int fd, on = 1;

	if (getaddrinfo(host, port, &hints, &found) != 0)
		give_up(host, "no such address");
	fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, found->ai_addr, found->ai_addrlen) != 0)
		give_up(host, strerror(errno));
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	freeaddrinfo(found);
	return fd;
}

static SSL *tls_start(int fd, const char *host)
{
	static const unsigned char alpn[] = "\x06inap/1";
	SSL *tls;

	if (!context) {
		context = SSL_CTX_new(TLS_client_method());
		if (!context || !SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) || !ca ||
		    SSL_CTX_load_verify_locations(context, ca, NULL) != 1)
			give_up("TLS", "cannot be set up");
		SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
	}
	tls = SSL_new(context);
	if (!tls || SSL_set_fd(tls, fd) != 1 ||
	    SSL_set_alpn_protos(tls, alpn, sizeof alpn - 1) != 0 ||
	    SSL_set_tlsext_host_name(tls, host) != 1 || SSL_set1_host(tls, host) != 1 ||
	    SSL_connect(tls) != 1)
		give_up(host, "the TLS handshake failed");
	return tls;
}

static void client_connect(struct client *c)
{
	bool plain = strncmp(server, "plain:", 6) == 0;
	const char *address = server + (plain ? 6 : 0);
	const char *colon = strrchr(address, ':');
	char host[256];

	if (strncmp(server, "unix:", 5) == 0) {
		c->fd = connect_unix(server + 5);
		return;
	}
	if (!colon || (size_t)(colon - address) >= sizeof host)
		give_up(server, "not HOST:PORT");
	memcpy(host, address, (size_t)(colon - address));
	host[colon - address] = '\0';
	c->fd = connect_tcp(host, colon + 1);
	if (!plain)
		c->tls = tls_start(c->fd, host);
}

static void client_write(struct client *c, const uint8_t *bytes, size_t length)
{
	size_t done = 0;

	while (length > 0) {
		/* One in flight, and a request is small: the socket always has room. */
		if (c->tls) {
			if (SSL_write_ex(c->tls, bytes, length, &done) != 1)
				give_up(c->entity, "cannot send");
		} else {
			ssize_t sent = send(c->fd, bytes, length, MSG_NOSIGNAL);

			if (sent <= 0)
				give_up(c->entity, strerror(errno));
			done = (size_t)sent;
		}
		bytes += done;
		length -= done;
	}
}

/* What is there; false: nothing yet. */
static bool client_read(struct client *c)
{
	size_t got = 0;

	if (c->have == IN_BYTES)
		give_up(c->entity, "a frame is too long");
	if (c->tls) {
		if (SSL_read_ex(c->tls, c->in + c->have, IN_BYTES - c->have, &got) != 1) {
			if (SSL_get_error(c->tls, 0) != SSL_ERROR_WANT_READ)
				give_up(c->entity, "the connection ended");
			return false;
		}
	} else {
		ssize_t bytes = recv(c->fd, c->in + c->have, IN_BYTES - c->have, 0);

		if (bytes < 0 && errno == EAGAIN)
			return false;
		if (bytes <= 0)
			give_up(c->entity, "the connection ended");
		got = (size_t)bytes;
	}
	c->have += got;
	return true;
}

/* The next whole frame of what was read. */
static bool client_frame(struct client *c, struct frame *frame)
{
	if (c->taken > 0) {
		c->have -= c->taken;
		memmove(c->in, c->in + c->taken, c->have);
		c->taken = 0;
	}
	return frame_next(c->in, c->have, IN_BYTES - FRAME_HEADER_BYTES, frame, &c->taken) ==
	       FRAME_WHOLE;
}

static void client_request(struct client *c, unsigned method, const ProtobufCMessage *message)
{
	static uint8_t out[FRAME_HEADER_BYTES + 65536];
	struct frame frame = { .method = (uint16_t)method, .kind = FRAME_REQUEST, .id = ++c->id };
	uint64_t key[2] = { random_next(), random_next() };

	frame.length = (uint32_t)protobuf_c_message_get_packed_size(message);
	if (frame.length > sizeof out - FRAME_HEADER_BYTES)
		give_up(c->entity, "the request is too long");
	if (method == METHOD_REPORT_SAVE)
		memcpy(frame.key, key, sizeof key);
	frame_header_pack(out, &frame);
	protobuf_c_message_pack(message, out + FRAME_HEADER_BYTES);
	client_write(c, out, FRAME_HEADER_BYTES + frame.length);
}

/* ---- requests and answers */

static void show_send(struct client *c)
{
	Inap__V1__ReportShow request = INAP__V1__REPORT_SHOW__INIT;
	Inap__V1__ReportRef ref = INAP__V1__REPORT_REF__INIT;

	ref.entity = c->entity;
	ref.round = (char *)round_code;
	request.report = &ref;
	client_request(c, METHOD_REPORT_SHOW, &request.base);
}

static void save_send(struct client *c)
{
	static Inap__V1__CellValue cells[CELLS_MAX];
	static Inap__V1__Value values[CELLS_MAX];
	static Inap__V1__CellValue *pointers[CELLS_MAX];
	Inap__V1__ReportSave request = INAP__V1__REPORT_SAVE__INIT;
	Inap__V1__ReportRef ref = INAP__V1__REPORT_REF__INIT;

	for (size_t i = 0; i < cell_count; i++) {
		if (!pointers[i]) {
			inap__v1__cell_value__init(&cells[i]);
			inap__v1__value__init(&values[i]);
			cells[i].cell = cell_codes[i];
			cells[i].value = &values[i];
			values[i].kind_case = INAP__V1__VALUE__KIND_NUMBER;
			values[i].number = numbers[i];
			pointers[i] = &cells[i];
		}
		snprintf(numbers[i], sizeof numbers[i], "%u", (unsigned)(random_next() % 1000000));
	}
	ref.entity = c->entity;
	ref.round = (char *)round_code;
	request.report = &ref;
	request.base_revision = c->revision;
	request.cells = pointers;
	request.n_cells = cell_count;
	request.via = INAP__V1__VIA__VIA_IMPORT;
	client_request(c, METHOD_REPORT_SAVE, &request.base);
}

static void next_send(struct client *c)
{
	if (draining)
		return;
	in_flight++;
	c->sent_us = clock_us();
	if (saving)
		save_send(c);
	else
		show_send(c);
}

static void refused(const struct client *c, const struct frame *frame)
{
	Inap__V1__Error *error = inap__v1__error__unpack(NULL, frame->length, frame->body);

	if (errors++ < 5)
		fprintf(stderr, "load: %s: %s\n", c->entity, error ? error->code : "?");
	if (error)
		inap__v1__error__free_unpacked(error, NULL);
}

/* Field 1 of a save's answer, as a varint: unpacking the whole answer would be the client's cost,
 * not the server's. */
static uint64_t revision_read(const struct frame *frame)
{
	uint64_t value = 0;

	if (frame->length < 2 || frame->body[0] != (1 << 3))
		return 0;
	for (uint32_t i = 1; i < frame->length && i < 11; i++) {
		value |= (uint64_t)(frame->body[i] & 0x7f) << 7 * (i - 1);
		if (!(frame->body[i] & 0x80))
			break;
	}
	return value;
}

static void answered(struct client *c, const struct frame *frame, bool counts)
{
	int64_t took_us = clock_us() - c->sent_us;

	in_flight--;
	if (frame->kind != FRAME_REPLY)
		refused(c, frame);
	else if (saving)
		c->revision = revision_read(frame);
	if (counts && frame->kind == FRAME_REPLY && sample_count < SAMPLES_MAX)
		samples_us[sample_count++] = (uint32_t)took_us;
}

/* ---- taking up a session */

static void answer_await(struct client *c, struct frame *frame)
{
	while (!client_frame(c, frame))
		client_read(c);
}

static void call(struct client *c, unsigned method, const ProtobufCMessage *message,
		 struct frame *frame)
{
	client_request(c, method, message);
	answer_await(c, frame);
	if (frame->kind != FRAME_REPLY) {
		refused(c, frame);
		give_up(c->entity, method_by_number(method)->name);
	}
}

static void client_start(struct client *c)
{
	Inap__V1__Hello hello = INAP__V1__HELLO__INIT;
	Inap__V1__SessionResume resume = INAP__V1__SESSION_RESUME__INIT;
	Inap__V1__ReportShowReply *show;
	struct frame frame;

	c->in = malloc(IN_BYTES);
	if (!c->in)
		give_up(c->entity, "no memory");
	client_connect(c);
	answer_await(c, &frame);
	hello.client = "bench";
	hello.protocol = 1;
	hello.language = "en";
	call(c, METHOD_HELLO, &hello.base, &frame);
	resume.token.data = c->token;
	resume.token.len = sizeof c->token;
	call(c, METHOD_SESSION_RESUME, &resume.base, &frame);
	show_send(c);
	answer_await(c, &frame);
	show = frame.kind == FRAME_REPLY
		       ? inap__v1__report_show_reply__unpack(NULL, frame.length, frame.body)
		       : NULL;
	if (!show)
		give_up(c->entity, "cannot see its report");
	c->revision = show->revision;
	inap__v1__report_show_reply__free_unpacked(show, NULL);
	fcntl(c->fd, F_SETFL, O_NONBLOCK);
}

/* ---- the run */

static void client_ready(struct client *c, bool counts)
{
	struct frame frame;

	while (client_read(c)) {
		while (client_frame(c, &frame)) {
			if (frame.kind == FRAME_PART)
				continue;
			answered(c, &frame, counts);
			next_send(c);
		}
		if (!c->tls)
			return; /* level-triggered: the rest wakes us again */
	}
}

static void run_until(int poller, int64_t end_us, bool counts)
{
	struct epoll_event events[CLIENTS_MAX];

	while (clock_us() < end_us && in_flight > 0) {
		int ready = epoll_wait(poller, events, CLIENTS_MAX, 100);

		for (int i = 0; i < ready; i++)
			client_ready(events[i].data.ptr, counts);
	}
}

/* What is still under way would meet the next run. */
static void drain(int poller)
{
	draining = true;
	run_until(poller, clock_us() + DRAIN_US, false);
	if (in_flight > 0)
		give_up(server, "no answer at the end");
}

static int by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void measure(int64_t warm_us, int64_t for_us)
{
	int poller = epoll_create1(EPOLL_CLOEXEC);
	int64_t began_us, began_cpu_us, took_us, used_us;

	for (size_t i = 0; i < client_count; i++) {
		struct epoll_event event = { .events = EPOLLIN, .data.ptr = &clients[i] };

		epoll_ctl(poller, EPOLL_CTL_ADD, clients[i].fd, &event);
		next_send(&clients[i]);
	}
	run_until(poller, clock_us() + warm_us, false);
	puts("begin");
	fflush(stdout);
	began_us = clock_us();
	began_cpu_us = cpu_us();
	run_until(poller, began_us + for_us, true);
	took_us = clock_us() - began_us;
	used_us = cpu_us() - began_cpu_us;
	if (sample_count == 0)
		give_up(server, "no answer in time");
	puts("end");
	fflush(stdout);
	drain(poller);
	qsort(samples_us, sample_count, sizeof *samples_us, by_value);
	printf("count=%zu errors=%lu seconds=%.3f p50_us=%u p99_us=%u cpu_us=%.1f\n", sample_count,
	       errors, (double)took_us / 1e6, samples_us[sample_count / 2],
	       samples_us[sample_count * 99 / 100], (double)used_us / (double)sample_count);
}

/* ---- what is given */

static bool token_read(struct client *c, const char *line)
{
	char hex[2 * TOKEN_BYTES + 1];

	if (sscanf(line, "%63s %64s", c->entity, hex) != 2 || strlen(hex) != 2 * TOKEN_BYTES)
		return false;
	for (size_t i = 0; i < TOKEN_BYTES; i++)
		if (sscanf(hex + 2 * i, "%2hhx", &c->token[i]) != 1)
			return false;
	return true;
}

static void files_read(const char *tokens, const char *cells)
{
	char line[256];
	size_t have = 0;
	FILE *file = fopen(tokens, "r");

	if (!file)
		give_up(tokens, strerror(errno));
	while (have < client_count && fgets(line, sizeof line, file))
		if (!token_read(&clients[have++], line))
			give_up(tokens, "not `ENTITY TOKEN`");
	fclose(file);
	if (have < client_count)
		give_up(tokens, "too few");
	file = fopen(cells, "r");
	if (!file)
		give_up(cells, strerror(errno));
	while (cell_count < CELLS_MAX && fscanf(file, "%63s", cell_codes[cell_count]) == 1)
		cell_count++;
	fclose(file);
	if (cell_count == 0)
		give_up(cells, "empty");
}

struct option {
	const char *name, **value;
};

static void options_read(int argc, char **argv, const struct option *options, size_t known)
{
	for (int at = 1; at + 1 < argc; at += 2) {
		size_t i = 0;

		while (i < known && strcmp(argv[at], options[i].name) != 0)
			i++;
		if (i == known)
			give_up(argv[at], "no such option");
		*options[i].value = argv[at + 1];
	}
}

int main(int argc, char **argv)
{
	const char *tokens = NULL, *cells = NULL, *what = argc > 1 ? argv[argc - 1] : "";
	const char *count = "0", *warm_ms = "0", *for_ms = "0";
	const struct option options[] = { { "--server", &server },    { "--ca", &ca },
					  { "--tokens", &tokens },    { "--cells", &cells },
					  { "--round", &round_code }, { "--clients", &count },
					  { "--warm", &warm_ms },     { "--for", &for_ms } };

	options_read(argc - 1, argv, options, sizeof options / sizeof *options);
	saving = strcmp(what, "save") == 0;
	client_count = strtoul(count, NULL, 10);
	if (!server || !tokens || !cells || !round_code)
		give_up("usage", "see the head of load.c");
	if (!saving && strcmp(what, "show") != 0)
		give_up(what, "neither save nor show");
	if (client_count == 0 || client_count > CLIENTS_MAX)
		give_up(count, "not a number of clients");
	samples_us = calloc(SAMPLES_MAX, sizeof *samples_us);
	if (!samples_us)
		give_up("load", "no memory");
	files_read(tokens, cells);
	for (size_t i = 0; i < client_count; i++)
		client_start(&clients[i]);
	measure(strtol(warm_ms, NULL, 10) * 1000, strtol(for_ms, NULL, 10) * 1000);
	return errors > 0;
}
