/* Clients that save without a pause and write down what was acknowledged: savers --server SERVER
 * --ca FILE
 *   --round ROUND --for MS --acked FILE ENTITY:CELL:USER:PASSWORDFILE...
 *
 * One thread and one connection per client. Each saves a number, one higher each time, under a
 * fresh key; an answer that may succeed later, or a lost connection, makes it send the same frame
 * again. Every acknowledged save is a line `ENTITY KEY REVISION VALUE REPLAYED` of FILE, on disk
 * before the next is sent. In the end it prints `saved=N refused=N retried=N reconnected=N
 * longest_ms=N`, and each refusal that is none of those above as it comes. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "inap/v1/report.pb-c.h"
#include "inap/v1/session.pb-c.h"
#include "proto/method.h"
#include "tests/faults/wire/login.h"

enum { SAVERS_MAX = 256, ANSWER_MS = 15000, PAUSE_MS = 100, LINE_BYTES = 256, GIVE_UP_MS = 30000 };

struct saver {
	pthread_t thread;
	char *entity, *cell, *user, *password_file;
	char password[256];
	struct wire *wire;
	uint8_t token[WIRE_TOKEN_BYTES];
	uint32_t id;
	uint64_t revision;
	unsigned long value;
};

static const char *server, *ca, *round_code;
static int64_t end_ms;
static int acked_fd;
static atomic_ulong saved, refused, retried, reconnected, longest_ms;

static void pause_ms(long ms)
{
	struct timespec time = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	nanosleep(&time, NULL);
}

static bool greet(struct saver *saver)
{
	saver->wire = wire_greet(server, ca, "savers");
	saver->id = 2; /* the last that entering takes */
	return saver->wire != NULL;
}

static bool log_in(struct saver *saver)
{
	return greet(saver) && wire_log_in(saver->wire, saver->user, saver->password, saver->token);
}

/* A new connection with the session that is there. */
static bool take_up(struct saver *saver)
{
	Inap__V1__SessionResume resume = INAP__V1__SESSION_RESUME__INIT;
	struct frame frame;

	wire_close(saver->wire);
	saver->wire = NULL;
	resume.token.data = saver->token;
	resume.token.len = sizeof saver->token;
	atomic_fetch_add(&reconnected, 1);
	return greet(saver) &&
	       wire_request(saver->wire, METHOD_SESSION_RESUME, ++saver->id, NULL, &resume.base) &&
	       wire_answer(saver->wire, saver->id, &frame, ANSWER_MS) == WIRE_FRAME &&
	       frame.kind == FRAME_REPLY;
}

static bool may_succeed_later(const char *code)
{
	static const char *const codes[] = { "BUSY", "UNAVAILABLE", "DEADLINE", "OUTCOME_UNKNOWN",
					     "SHUTTING_DOWN" };

	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
		if (strcmp(code, codes[i]) == 0)
			return true;
	return false;
}

static void acknowledged(const struct saver *saver, const uint8_t *key, const struct frame *frame)
{
	Inap__V1__ReportSaveReply *reply =
		inap__v1__report_save_reply__unpack(NULL, frame->length, frame->body);
	char line[LINE_BYTES], hex[2 * FRAME_KEY_BYTES + 1];
	int length;

	for (size_t i = 0; i < FRAME_KEY_BYTES; i++)
		snprintf(hex + 2 * i, 3, "%02x", key[i]);
	length = snprintf(line, sizeof line, "%s %s %llu %lu %d\n", saver->entity, hex,
			  (unsigned long long)(reply ? reply->revision : 0), saver->value,
			  reply ? reply->replayed : 0);
	if (write(acked_fd, line, (size_t)length) != length || fdatasync(acked_fd) != 0)
		abort();
	atomic_fetch_add(&saved, 1);
	if (reply)
		inap__v1__report_save_reply__free_unpacked(reply, NULL);
}

static uint64_t revision_of(const struct frame *frame)
{
	Inap__V1__ReportSaveReply *reply =
		inap__v1__report_save_reply__unpack(NULL, frame->length, frame->body);
	uint64_t revision = reply ? reply->revision : 0;

	if (reply)
		inap__v1__report_save_reply__free_unpacked(reply, NULL);
	return revision;
}

/* The same frame until its answer is definite; false: no use to go on. */
static bool save_sent(struct saver *saver, const uint8_t *key, const ProtobufCMessage *message)
{
	int64_t began_ms = wire_clock_ms(), took_ms;
	struct frame frame;

	for (;;) {
		const char *code;

		if (wire_clock_ms() > began_ms + GIVE_UP_MS) {
			printf("%s: no definite answer\n", saver->user);
			return false;
		}
		if (!saver->wire ||
		    !wire_request(saver->wire, METHOD_REPORT_SAVE, ++saver->id, key, message) ||
		    wire_answer(saver->wire, saver->id, &frame, ANSWER_MS) != WIRE_FRAME) {
			pause_ms(PAUSE_MS);
			if (!take_up(saver)) {
				wire_close(saver->wire);
				saver->wire = NULL;
			}
			continue;
		}
		code = wire_code(&frame);
		if (frame.kind == FRAME_REPLY)
			break;
		if (!may_succeed_later(code)) {
			printf("%s: %s\n", saver->user, code);
			atomic_fetch_add(&refused, 1);
			return false;
		}
		atomic_fetch_add(&retried, 1);
		pause_ms(frame.time_ms > 0 && frame.time_ms < 1000 ? frame.time_ms : PAUSE_MS);
	}
	took_ms = wire_clock_ms() - began_ms;
	if ((unsigned long)took_ms > atomic_load(&longest_ms))
		atomic_store(&longest_ms, (unsigned long)took_ms);
	acknowledged(saver, key, &frame);
	saver->revision = revision_of(&frame);
	return true;
}

static bool save(struct saver *saver)
{
	Inap__V1__ReportSave request = INAP__V1__REPORT_SAVE__INIT;
	Inap__V1__ReportRef ref = INAP__V1__REPORT_REF__INIT;
	Inap__V1__CellValue cell = INAP__V1__CELL_VALUE__INIT;
	Inap__V1__Value value = INAP__V1__VALUE__INIT;
	Inap__V1__CellValue *cells[] = { &cell };
	uint8_t key[FRAME_KEY_BYTES];
	char number[32];

	if (getrandom(key, sizeof key, 0) != sizeof key)
		abort();
	snprintf(number, sizeof number, "%lu", ++saver->value);
	value.kind_case = INAP__V1__VALUE__KIND_NUMBER;
	value.number = number;
	cell.cell = saver->cell;
	cell.value = &value;
	ref.entity = saver->entity;
	ref.round = (char *)round_code;
	request.report = &ref;
	request.base_revision = saver->revision;
	request.cells = cells;
	request.n_cells = 1;
	request.via = INAP__V1__VIA__VIA_SET;
	return save_sent(saver, key, &request.base);
}

static void *saver_run(void *data)
{
	struct saver *saver = data;

	if (!log_in(saver)) {
		printf("%s: cannot log in\n", saver->user);
		atomic_fetch_add(&refused, 1);
		return NULL;
	}
	while (wire_clock_ms() < end_ms && save(saver))
		;
	wire_close(saver->wire);
	return NULL;
}

static bool saver_read(struct saver *saver, char *word)
{
	saver->entity = strtok(word, ":");
	saver->cell = strtok(NULL, ":");
	saver->user = strtok(NULL, ":");
	saver->password_file = strtok(NULL, ":");
	if (!saver->password_file)
		return false;
	return wire_line(saver->password_file, saver->password, sizeof saver->password);
}

static bool option_read(const char *name, char *value, const char **acked)
{
	if (strcmp(name, "--server") == 0)
		server = value;
	else if (strcmp(name, "--ca") == 0)
		ca = value;
	else if (strcmp(name, "--round") == 0)
		round_code = value;
	else if (strcmp(name, "--for") == 0)
		end_ms = wire_clock_ms() + strtol(value, NULL, 10);
	else if (strcmp(name, "--acked") == 0)
		*acked = value;
	else
		return false;
	return true;
}

static bool arguments_read(int argc, char **argv, struct saver *savers, size_t *count)
{
	const char *acked = NULL;
	int at = 1;

	for (; at + 1 < argc && strncmp(argv[at], "--", 2) == 0; at += 2)
		if (!option_read(argv[at], argv[at + 1], &acked))
			return false;
	if (!server || !ca || !round_code || !acked || argc - at > SAVERS_MAX)
		return false;
	acked_fd = open(acked, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	for (; at < argc; at++)
		if (!saver_read(&savers[(*count)++], argv[at]))
			return false;
	return acked_fd >= 0;
}

int main(int argc, char **argv)
{
	static struct saver savers[SAVERS_MAX];
	size_t count = 0;

	signal(SIGPIPE, SIG_IGN);
	if (!arguments_read(argc, argv, savers, &count)) {
		fprintf(stderr, "savers: cannot use these arguments\n");
		return 2;
	}
	for (size_t i = 0; i < count; i++)
		if (pthread_create(&savers[i].thread, NULL, saver_run, &savers[i]) != 0)
			abort();
	for (size_t i = 0; i < count; i++)
		pthread_join(savers[i].thread, NULL);
	printf("saved=%lu refused=%lu retried=%lu reconnected=%lu longest_ms=%lu\n", saved, refused,
	       retried, reconnected, longest_ms);
	return refused > 0 || saved == 0;
}
