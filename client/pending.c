/* Writes that happen exactly once. */
#include "client/pending.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "client/app.h"
#include "client/exchange.h"
#include "client/i18n.h"
#include "client/out/clock.h"
#include "client/words.h"
#include "proto/frame.h"

enum { PENDING_BYTES_MAX = METHOD_BODY_LARGE + 8192, PENDING_FILES_MAX = 1000 };

static uint64_t mix(uint64_t hash, const void *bytes, size_t length)
{
	const unsigned char *at = bytes;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ at[i]) * UINT64_C(0x100000001b3); /* FNV-1a */
	return (hash ^ 0xff) * UINT64_C(0x100000001b3);
}

uint64_t intent_of(const struct app *app, const void *extra, size_t length)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	hash = mix(hash, app->command->noun, strlen(app->command->noun));
	hash = mix(hash, app->command->verb, strlen(app->command->verb));
	for (int i = 0; i < app->words_count; i++)
		hash = mix(hash, app->words[i], strlen(app->words[i]));
	for (int id = 0; id < OPT_COUNT; id++) {
		const char *value = option_text(app, (enum option_id)id);

		if (option_row((enum option_id)id)->everywhere || !app->options.given[id])
			continue;
		hash = mix(hash, &id, sizeof id);
		hash = mix(hash, value, strlen(value));
	}
	for (size_t i = 0; i < app->options.repeated_count; i++)
		hash = mix(hash, app->options.repeated[i].value,
			   strlen(app->options.repeated[i].value));
	return mix(hash, extra, length);
}

static void line_take(struct app *app, struct pending *pending, char *line)
{
	char *equals = strchr(line, '=');

	if (!equals)
		return;
	*equals++ = '\0';
	if (strcmp(line, "report") == 0)
		pending->report = pool_strdup(&app->pool, equals);
	else if (strcmp(line, "user") == 0)
		pending->user = pool_strdup(&app->pool, equals);
	else if (strcmp(line, "server") == 0)
		pending->server = pool_strdup(&app->pool, equals);
	else if (strcmp(line, "intent") == 0)
		pending->intent = strtoull(equals, NULL, 16);
	else if (strcmp(line, "at") == 0)
		pending->at = strtoll(equals, NULL, 10);
}

/* False: the file is not one of ours, whole. */
static bool pending_read(struct app *app, const char *path, struct pending *pending)
{
	size_t length;
	char *text = state_read(app, path, PENDING_BYTES_MAX, &length);
	char *end = text ? memmem(text, length, "\n\n", 2) : NULL;
	char *line, *rest;
	struct frame frame;
	size_t consumed;

	if (!end)
		return false;
	*pending = (struct pending){ .path = path, .report = "", .user = "", .server = "" };
	pending->bytes = (const uint8_t *)end + 2;
	pending->length = length - (size_t)(end + 2 - text);
	*end = '\0';
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		line_take(app, pending, line);
	return frame_next(pending->bytes, pending->length, METHOD_BODY_LARGE, &frame, &consumed) ==
		       FRAME_WHOLE &&
	       method_by_number(frame.method);
}

static struct frame frame_in(const struct pending *pending)
{
	struct frame frame = { 0 };
	size_t consumed;

	frame_next(pending->bytes, pending->length, METHOD_BODY_LARGE, &frame, &consumed);
	return frame;
}

struct pending *pending_list(struct app *app, const char *report, enum method_number method,
			     size_t *count)
{
	const char *folder = state_folder(app, app->config.profile, "pending");
	struct dirent **names = NULL;
	int found = folder ? scandir(folder, &names, NULL, alphasort) : 0;
	struct pending *list =
		pool_alloc(&app->pool, (found > 0 ? (size_t)found + 1 : 1) * sizeof *list);

	*count = 0;
	for (int i = 0; i < found; i++) {
		const char *path = pool_printf(&app->pool, "%s/%s", folder, names[i]->d_name);
		struct pending *next = &list[*count];

		if (names[i]->d_name[0] != '.' && *count < PENDING_FILES_MAX &&
		    pending_read(app, path, next) && strcmp(next->user, app->login.user) == 0 &&
		    strcmp(next->report, report) == 0 &&
		    (report[0] || frame_in(next).method == method))
			++*count;
		free(names[i]);
	}
	free(names);
	return list;
}

static void lock_end(int lock)
{
	if (lock >= 0)
		close(lock);
}

/*
 * A frame under way is locked by who sends it, and the folder while frames are added or looked at:
 * what another command of the same person is just sending is not taken for something left behind.
 * A lock ends with the process. -1: somebody else's, or gone.
 */
static int lock_take(const char *path, int how)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat info;

	if (fd >= 0 && (flock(fd, how) == 0 || errno != EWOULDBLOCK) && fstat(fd, &info) == 0 &&
	    info.st_nlink > 0)
		return fd;
	lock_end(fd);
	return -1;
}

/* The lock of a frame left behind. */
static int pending_lock(struct app *app, const struct pending *pending)
{
	const char *folder = state_folder(app, app->config.profile, "pending");
	int lock = folder ? lock_take(folder, LOCK_EX) : -1;
	int own = lock_take(pending->path, LOCK_EX | LOCK_NB);

	lock_end(lock);
	return own;
}

/* The frame with a new key, as it goes on disk and on the wire. */
static struct frame frame_make(struct app *app, const struct write *write, uint8_t **bytes)
{
	size_t length = protobuf_c_message_get_packed_size(write->request);
	struct frame frame = { .method = (uint16_t)write->method,
			       .kind = FRAME_REQUEST,
			       .id = 1,
			       .length = (uint32_t)length };

	if (getrandom(frame.key, sizeof frame.key, 0) != sizeof frame.key)
		abort(); /* the kernel's own random numbers do not fail */
	*bytes = pool_alloc(&app->pool, FRAME_HEADER_BYTES + length + 1);
	frame_header_pack(*bytes, &frame);
	protobuf_c_message_pack(write->request, *bytes + FRAME_HEADER_BYTES);
	frame.body = *bytes + FRAME_HEADER_BYTES;
	return frame;
}

/* Keeps the frame on disk, locked; its path, or NULL: noted as a failure. */
static const char *pending_keep(struct app *app, const struct write *write,
				const struct frame *frame, const uint8_t *bytes, int *sending)
{
	const char *folder = state_folder(app, app->config.profile, "pending");
	struct timespec now;
	const char *name, *head, *path;
	int lock = folder ? lock_take(folder, LOCK_EX) : -1;
	size_t head_length, length = FRAME_HEADER_BYTES + frame->length;
	char *whole;

	if (!folder)
		return NULL;
	clock_gettime(CLOCK_REALTIME, &now);
	name = pool_printf(&app->pool, "%012lld%03ld-%02x%02x%02x%02x", (long long)now.tv_sec,
			   now.tv_nsec / 1000000, frame->key[0], frame->key[1], frame->key[2],
			   frame->key[3]);
	head = pool_printf(&app->pool, "user=%s\nserver=%s\nreport=%s\nintent=%llx\nat=%lld\n\n",
			   app->login.user, app->config.server, write->report,
			   (unsigned long long)write->intent, (long long)now.tv_sec);
	head_length = strlen(head);
	whole = pool_alloc(&app->pool, head_length + length);
	memcpy(whole, head, head_length);
	memcpy(whole + head_length, bytes, length);
	path = pool_printf(&app->pool, "%s/%s", folder, name);
	if (state_write(app, folder, name, whole, head_length + length))
		*sending = lock_take(path, LOCK_EX | LOCK_NB);
	else
		path = NULL;
	lock_end(lock);
	return path;
}

static bool unknown(struct app *app)
{
	fail_with(app, ERROR_OUTCOME_UNKNOWN, NULL);
	return false;
}

bool write_call(struct app *app, const struct write *write, ProtobufCMessage **reply)
{
	const char *path = NULL;
	uint8_t *bytes = NULL;
	struct frame frame;
	enum outcome outcome;
	int sending = -1;

	*reply = NULL;
	if (protobuf_c_message_get_packed_size(write->request) >
	    method_by_number(write->method)->body_max)
		return fail_with(app, ERROR_TOO_LARGE, "what", _("the request"), "limit",
				 pool_printf(&app->pool, "%u KiB",
					     method_by_number(write->method)->body_max / 1024),
				 NULL);
	frame = frame_make(app, write, &bytes);
	/* What never left need not be kept: the connection stands before the frame is on disk. */
	if (!write->dry_run && app->login.present &&
	    (!exchange_ready(app) || !(path = pending_keep(app, write, &frame, bytes, &sending))))
		return false;
	outcome = exchange_send(app, &frame, reply);
	if (path && outcome != OUTCOME_UNKNOWN)
		unlink(path);
	lock_end(sending);
	if (outcome == OUTCOME_UNKNOWN && !write->dry_run)
		return unknown(app);
	return outcome == OUTCOME_REPLY;
}

uint64_t reply_revision(const ProtobufCMessage *reply)
{
	const ProtobufCFieldDescriptor *field =
		protobuf_c_message_descriptor_get_field_by_name(reply->descriptor, "revision");
	uint64_t revision = 0;

	if (field && field->type == PROTOBUF_C_TYPE_UINT64)
		memcpy(&revision, (const char *)reply + field->offset, sizeof revision);
	return revision;
}

static bool reply_replayed(const ProtobufCMessage *reply)
{
	const ProtobufCFieldDescriptor *field =
		protobuf_c_message_descriptor_get_field_by_name(reply->descriptor, "replayed");

	return !field || *(const protobuf_c_boolean *)((const char *)reply + field->offset);
}

const char *pending_word(struct app *app, const struct method *method)
{
	const char *dot = strchr(method->name, '.'), *said = word(method->name);
	char *verb = pool_strdup(&app->pool, dot ? dot + 1 : "");

	if (said != method->name)
		return said;
	for (char *at = verb; *at; at++)
		if (*at == '-')
			*at = '_';
	return word(verb);
}

static const char *pending_said(struct app *app, const struct pending *pending)
{
	return pending_word(app, method_by_number(frame_in(pending).method));
}

static void say_done(struct app *app, const struct pending *pending, const ProtobufCMessage *reply)
{
	const char *what = pending_said(app, pending);
	const char *time = clock_time(app, pending->at);
	uint64_t revision = reply_revision(reply);
	const char *text;

	if (revision == 0)
		text = _("the {what} of {time} was done");
	else if (reply_replayed(reply))
		text = _("the {what} of {time} was done: revision {revision}");
	else
		text = _("the {what} of {time} had not arrived; it is done now: revision "
			 "{revision}");
	app_note(app, sentence(&app->pool, text, "what", what, "time", time, "revision",
			       number_text(&app->pool, revision), NULL));
}

static void say_refused(struct app *app, const struct pending *pending)
{
	const char *what = pending_said(app, pending);

	app_note(app, sentence(&app->pool, _("the {what} of {time} was not done: {reason}"), "what",
			       what, "time", clock_time(app, pending->at), "reason",
			       failure_sentence(app), NULL));
	failure_clear(&app->failure);
}

/* What was meant for another system would be done twice, or to other people's figures. */
static void say_waiting(struct app *app, const struct pending *pending)
{
	app_note(app,
		 sentence(&app->pool,
			  _("the {what} of {time} is for {server} and was not sent here; it "
			    "waits in {file}"),
			  "what", pending_said(app, pending), "time", clock_time(app, pending->at),
			  "server", pending->server, "file", pending->path, NULL));
}

bool pending_settle(struct app *app, const char *report, enum method_number method, uint64_t intent,
		    ProtobufCMessage **settled)
{
	size_t count;
	const struct pending *list = pending_list(app, report, method, &count);

	*settled = NULL;
	for (size_t i = 0; i < count; i++) {
		const struct frame frame = frame_in(&list[i]);
		ProtobufCMessage *reply = NULL;
		enum outcome outcome;
		int lock;

		if (strcmp(list[i].server, app->config.server) != 0) {
			say_waiting(app, &list[i]);
			continue;
		}
		lock = pending_lock(app, &list[i]);
		if (lock < 0)
			continue;
		outcome = exchange_send(app, &frame, &reply);
		if (outcome == OUTCOME_REPLY || outcome == OUTCOME_REFUSED)
			unlink(list[i].path);
		lock_end(lock);
		switch (outcome) {
		case OUTCOME_REPLY:
			say_done(app, &list[i], reply);
			if (report[0] && reply_revision(reply) > 0)
				seen_put(app, report, reply_revision(reply));
			if (list[i].intent == intent && frame.method == method)
				*settled = reply;
			break;
		case OUTCOME_REFUSED:
			say_refused(app, &list[i]);
			break;
		case OUTCOME_UNKNOWN:
			return unknown(app);
		default: /* this try did nothing; what the first did is still not known */
			return false;
		}
	}
	return true;
}
