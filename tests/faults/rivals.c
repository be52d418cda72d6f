/* Clients that edit one report against each other: rivals --server SERVER --ca FILE --report
 *   ENTITY/ROUND --clients N --edits N --cells 'CELL CELL...' USER:PASSWORDFILE...
 *
 * One thread and one connection per client, the users in turn. Every edit makes one cell one higher
 * than the client knows it; three of four with merge. What a client knows it has from its own saves
 * and from what refusals and merges tell it, and from nowhere else: so an update that was lost, or
 * a conflict that did not name its cells, makes the sums differ. In the end it prints `saved=N
 * conflicts=N merged=N faults=N` and `CELL SAVES` of each cell; a fault is a line as it comes. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "inap/v1/report.pb-c.h"
#include "proto/method.h"
#include "tests/faults/wire/login.h"

enum { RIVALS_MAX = 256, CELLS_MAX = 64 };

struct rival {
	pthread_t thread;
	char *user;
	struct wire *wire;
	uint32_t id;
	uint64_t revision;
	unsigned long known[CELLS_MAX];
	unsigned random;
};

static const char *server, *ca;
static char *entity, *round_code;
static char *cells[CELLS_MAX];
static size_t cells_count;
static unsigned long edits, clients;
static atomic_ulong saved, conflicts, merged, faults;
static atomic_ulong saves[CELLS_MAX];

static void fault(const struct rival *rival, const char *what)
{
	atomic_fetch_add(&faults, 1);
	printf("fault: %s at revision %llu: %s\n", rival->user, (unsigned long long)rival->revision,
	       what);
}

static size_t cell_at(const char *code)
{
	size_t at = 0;

	while (at < cells_count && strcmp(cells[at], code) != 0)
		at++;
	return at;
}

/* Learns what others changed. False: a change that says nothing. */
static bool learn(struct rival *rival, Inap__V1__CellChange **changes, size_t count)
{
	bool good = true;

	for (size_t i = 0; i < count; i++) {
		size_t at = cell_at(changes[i]->cell);
		const Inap__V1__Value *after = changes[i]->after;

		if (at == cells_count || !after ||
		    after->kind_case != INAP__V1__VALUE__KIND_NUMBER || !changes[i]->by[0])
			good = false;
		else
			rival->known[at] = strtoul(after->number, NULL, 10);
	}
	return good;
}

static void was_saved(struct rival *rival, const Inap__V1__ReportSave *request,
		      const struct frame *frame, size_t at)
{
	Inap__V1__ReportSaveReply *reply =
		inap__v1__report_save_reply__unpack(NULL, frame->length, frame->body);

	if (!reply || reply->created + reply->updated != 1)
		fault(rival, "the reply counts something else");
	else if ((reply->revision > request->base_revision + 1) != (reply->n_merged > 0))
		fault(rival, "a merge that does not say what it was saved beside");
	else if (!learn(rival, reply->merged, reply->n_merged))
		fault(rival, "a merge that does not name its cells");
	atomic_fetch_add(&saved, 1);
	atomic_fetch_add(&saves[at], 1);
	atomic_fetch_add(&merged, reply && reply->n_merged > 0);
	rival->known[at]++;
	rival->revision = reply ? reply->revision : 0;
	if (reply)
		inap__v1__report_save_reply__free_unpacked(reply, NULL);
}

static bool names_mine(const Inap__V1__Error *error, const Inap__V1__CellValue *cell)
{
	for (size_t i = 0; i < error->n_changes; i++) {
		const Inap__V1__CellChange *change = error->changes[i];

		if (strcmp(change->cell, cell->cell) == 0)
			return change->yours && change->mine &&
			       strcmp(change->mine->number, cell->value->number) == 0;
	}
	return false;
}

static bool was_refused(struct rival *rival, const Inap__V1__ReportSave *request,
			const struct frame *frame)
{
	Inap__V1__Error *error = inap__v1__error__unpack(NULL, frame->length, frame->body);

	if (!error || strcmp(error->code, "STALE_REVISION") != 0) {
		fault(rival, error ? error->code : "no error");
		return false;
	}
	atomic_fetch_add(&conflicts, 1);
	if (error->n_changes == 0 || !learn(rival, error->changes, error->n_changes))
		fault(rival, "a conflict that does not name its cells");
	else if (request->merge && !names_mine(error, request->cells[0]))
		fault(rival, "a conflict of a merge that does not name the cell of both");
	rival->revision = error->revision;
	inap__v1__error__free_unpacked(error, NULL);
	return true;
}

static bool edit(struct rival *rival)
{
	Inap__V1__ReportSave request = INAP__V1__REPORT_SAVE__INIT;
	Inap__V1__ReportRef ref = INAP__V1__REPORT_REF__INIT;
	Inap__V1__CellValue cell = INAP__V1__CELL_VALUE__INIT;
	Inap__V1__Value value = INAP__V1__VALUE__INIT;
	Inap__V1__CellValue *list[] = { &cell };
	uint8_t key[FRAME_KEY_BYTES];
	struct wire_question question;
	struct frame frame;
	char number[32];
	size_t at = (size_t)rand_r(&rival->random) % cells_count;

	if (getrandom(key, sizeof key, 0) != sizeof key)
		abort();
	snprintf(number, sizeof number, "%lu", rival->known[at] + 1);
	value.kind_case = INAP__V1__VALUE__KIND_NUMBER;
	value.number = number;
	cell.cell = cells[at];
	cell.value = &value;
	ref.entity = entity;
	ref.round = round_code;
	request.report = &ref;
	request.base_revision = rival->revision;
	request.cells = list;
	request.n_cells = 1;
	request.via = INAP__V1__VIA__VIA_SET;
	request.merge = rand_r(&rival->random) % 4 != 0;
	question = (struct wire_question){ METHOD_REPORT_SAVE, ++rival->id, key, &request.base };
	if (!wire_ask(rival->wire, &question, &frame)) {
		fault(rival, "no answer");
		return false;
	}
	if (frame.kind != FRAME_REPLY)
		return was_refused(rival, &request, &frame);
	was_saved(rival, &request, &frame, at);
	return true;
}

static void *rival_run(void *data)
{
	struct rival *rival = data;

	for (unsigned long i = 0; i < edits && edit(rival); i++)
		;
	wire_close(rival->wire);
	return NULL;
}

static bool option_read(const char *name, char *value)
{
	if (strcmp(name, "--server") == 0)
		server = value;
	else if (strcmp(name, "--ca") == 0)
		ca = value;
	else if (strcmp(name, "--clients") == 0)
		clients = strtoul(value, NULL, 10);
	else if (strcmp(name, "--edits") == 0)
		edits = strtoul(value, NULL, 10);
	else if (strcmp(name, "--report") == 0 && strchr(value, '/')) {
		entity = strtok(value, "/");
		round_code = strtok(NULL, "/");
	} else if (strcmp(name, "--cells") == 0) {
		/* Commas stand between the categories of a cell, too: cells are parted by blanks.
		 */
		for (char *code = strtok(value, " "); code && cells_count < CELLS_MAX;
		     code = strtok(NULL, " "))
			cells[cells_count++] = code;
	} else
		return false;
	return true;
}

/* One after another: the server lets in only so many at a time. */
static bool rival_enter(struct rival *rival, size_t number, const char *argument)
{
	char *word = strdup(argument);

	rival->user = strtok(word, ":");
	rival->id = 2; /* the last that entering takes */
	rival->random = (unsigned)number + 1;
	rival->wire = rival->user ? wire_enter(server, ca, rival->user, strtok(NULL, ":")) : NULL;
	if (!rival->wire)
		fprintf(stderr, "rivals: %s cannot log in\n", argument);
	return rival->wire != NULL;
}

/* The options; *at: the first user. */
static bool arguments_read(int argc, char **argv, int *at)
{
	for (*at = 1; *at + 1 < argc && strncmp(argv[*at], "--", 2) == 0; *at += 2)
		if (!option_read(argv[*at], argv[*at + 1]))
			return false;
	return server && ca && entity && cells_count > 0 && clients > 0 && clients <= RIVALS_MAX &&
	       *at < argc;
}

int main(int argc, char **argv)
{
	static struct rival rivals[RIVALS_MAX];
	int at;

	signal(SIGPIPE, SIG_IGN);
	if (!arguments_read(argc, argv, &at)) {
		fprintf(stderr, "rivals: cannot use these arguments\n");
		return 2;
	}
	for (size_t i = 0; i < clients; i++)
		if (!rival_enter(&rivals[i], i, argv[at + (int)(i % (size_t)(argc - at))]))
			return 2;
	for (size_t i = 0; i < clients; i++)
		if (pthread_create(&rivals[i].thread, NULL, rival_run, &rivals[i]) != 0)
			abort();
	for (size_t i = 0; i < clients; i++)
		pthread_join(rivals[i].thread, NULL);
	printf("saved=%lu conflicts=%lu merged=%lu faults=%lu\n", saved, conflicts, merged, faults);
	for (size_t i = 0; i < cells_count; i++)
		printf("%s %lu\n", cells[i], saves[i]);
	return faults > 0;
}
