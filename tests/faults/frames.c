/* A raw client: sends what it is told, well-formed or not, and prints every frame that comes back.
 *
 * frames [--bodies] --server HOST:PORT|plain:HOST:PORT|unix:PATH [--ca FILE] <commands
 *
 *   open                      connect; `hello` connects as well, reads the server's hello and says
 * hello login USER PASSWORDFILE   log in; from then on a closed connection is opened and logged in
 * again by `call` resume TOKENHEX           take up a session request METHOD [id=N] [kind=N]
 * [flags=N] [time=MS] [key=HEX|new|none] [body=HEX] [file=PATH] [length=N] call METHOD ... the
 * same, and read until its answer raw HEX                   these bytes hold, flush gather what is
 * sent, send it in one write read [N]                  print N frames (1) rest print frames until
 * the connection closes or is silent closed                    print `closed`, or `open` after the
 * timeout timeout MS, sleep MS, close, token
 *
 * METHOD is a name or a number; a write gets a random key unless one is given. A frame is printed
 * as `KIND METHOD ID CODE LENGTH TIME TRACE [BODY]`. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "inap/v1/session.pb-c.h"
#include "proto/method.h"
#include "tests/faults/wire/wire.h"

enum { WORDS_MAX = 16, TIMEOUT_MS = 10000, PASSWORD_BYTES = 512 };

static const char *server, *ca = "";
static bool bodies;
static struct wire *wire;
static int timeout_ms = TIMEOUT_MS;
static uint32_t next_id = 1;
static char user[128], password[PASSWORD_BYTES], token[65];
static uint8_t *held;
static size_t held_length;
static bool holding;

static void hex_print(FILE *to, const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		fprintf(to, "%02x", bytes[i]);
}

/* The bytes of a hex text, on the heap; *length of them. */
static uint8_t *hex_read(const char *text, size_t *length)
{
	size_t count = strlen(text) / 2;
	uint8_t *bytes = malloc(count + 1);

	for (size_t i = 0; bytes && i < count; i++) {
		char pair[3] = { text[2 * i], text[2 * i + 1], '\0' };

		bytes[i] = (uint8_t)strtoul(pair, NULL, 16);
	}
	*length = bytes ? count : 0;
	return bytes;
}

static uint8_t *file_read(const char *path, size_t *length)
{
	FILE *file = fopen(path, "rb");
	uint8_t *bytes = malloc(WIRE_BODY_MAX);

	*length = file && bytes ? fread(bytes, 1, WIRE_BODY_MAX, file) : 0;
	if (file)
		fclose(file);
	else
		fprintf(stderr, "cannot read '%s'\n", path);
	return bytes;
}

static const char *kind_word(unsigned kind)
{
	static const char *const words[] = { "0", "request", "reply", "part", "error",
					     "5", "ping",    "pong",  "hello" };

	return kind < sizeof words / sizeof words[0] ? words[kind] : "?";
}

static void frame_print(const struct frame *frame)
{
	const struct method *method = method_by_number(frame->method);

	if (method)
		printf("%s %s", kind_word(frame->kind), method->name);
	else
		printf("%s %u", kind_word(frame->kind), frame->method);
	printf(" %u %s %u %u ", frame->id, wire_code(frame), frame->length, frame->time_ms);
	hex_print(stdout, frame->key, sizeof frame->key);
	if (bodies) {
		putchar(' ');
		hex_print(stdout, frame->body, frame->length);
	}
	putchar('\n');
	fflush(stdout);
}

static enum wire_result frame_show(struct frame *frame)
{
	enum wire_result result = wire ? wire_read(wire, frame, timeout_ms) : WIRE_CLOSED;

	if (result == WIRE_FRAME)
		frame_print(frame);
	else
		puts(result == WIRE_CLOSED ? "closed" : "silent");
	if (result == WIRE_CLOSED) {
		wire_close(wire);
		wire = NULL;
	}
	fflush(stdout);
	return result;
}

static void send_bytes(const uint8_t *bytes, size_t length)
{
	if (holding) {
		held = realloc(held, held_length + length + 1);
		if (!held)
			abort();
		memcpy(held + held_length, bytes, length);
		held_length += length;
	} else if (!wire) {
		puts("unsent");
	} else {
		wire_send(wire, bytes, length); /* a broken connection shows at the next read */
	}
}

static void held_flush(void)
{
	holding = false;
	send_bytes(held, held_length);
	held_length = 0;
}

static bool do_open(void)
{
	wire_close(wire);
	wire = wire_open(server, ca);
	if (!wire)
		puts("unreached");
	return wire;
}

/* A preamble's answer: read, printed where it is wanted. */
static bool answered(uint32_t id, struct frame *frame, bool quiet)
{
	if (wire_answer(wire, id, frame, timeout_ms) != WIRE_FRAME)
		return false;
	if (!quiet)
		frame_print(frame);
	return frame->kind == FRAME_REPLY;
}

static bool do_hello(bool quiet)
{
	Inap__V1__Hello hello = INAP__V1__HELLO__INIT;
	struct frame frame;

	hello.client = "frames";
	hello.protocol = 1;
	hello.language = "en";
	if (!do_open() || wire_read(wire, &frame, timeout_ms) != WIRE_FRAME)
		return false;
	if (!quiet)
		frame_print(&frame);
	return wire_request(wire, METHOD_HELLO, next_id, NULL, &hello.base) &&
	       answered(next_id++, &frame, quiet);
}

static bool do_login(bool quiet)
{
	Inap__V1__SessionLogin login = INAP__V1__SESSION_LOGIN__INIT;
	Inap__V1__SessionLoginReply *reply;
	struct frame frame;

	login.user = user;
	login.password = password;
	if (!wire || !wire_request(wire, METHOD_SESSION_LOGIN, next_id, NULL, &login.base) ||
	    !answered(next_id++, &frame, quiet))
		return false;
	reply = inap__v1__session_login_reply__unpack(NULL, frame.length, frame.body);
	for (size_t i = 0; reply && i < reply->token.len && i < 32; i++)
		snprintf(token + 2 * i, 3, "%02x", reply->token.data[i]);
	if (reply)
		inap__v1__session_login_reply__free_unpacked(reply, NULL);
	return true;
}

static void password_read(const char *path)
{
	size_t length;
	uint8_t *bytes = file_read(path, &length);

	if (length >= sizeof password)
		length = sizeof password - 1;
	if (bytes)
		memcpy(password, bytes, length);
	password[length] = '\0';
	password[strcspn(password, "\n")] = '\0';
	free(bytes);
}

/* Takes up the session of `token`; the answer is not read. */
static void resume_send(void)
{
	Inap__V1__SessionResume resume = INAP__V1__SESSION_RESUME__INIT;
	uint8_t packed[64], bytes[FRAME_HEADER_BYTES + 64];
	struct frame frame = { .method = METHOD_SESSION_RESUME, .kind = FRAME_REQUEST };

	resume.token.data = hex_read(token, &resume.token.len);
	if (resume.token.len <= 32) {
		frame.length = (uint32_t)inap__v1__session_resume__pack(&resume, packed);
		frame.id = next_id++;
		frame_header_pack(bytes, &frame);
		memcpy(bytes + FRAME_HEADER_BYTES, packed, frame.length);
		send_bytes(bytes, FRAME_HEADER_BYTES + frame.length);
	}
	free(resume.token.data);
}

static bool resumed(void)
{
	uint32_t id = next_id;
	struct frame frame;

	resume_send();
	return answered(id, &frame, true);
}

/* One name=value of a request. The body, if it is that, is on the heap at *body. */
static void option_take(const char *word, struct frame *frame, uint8_t **body, size_t *declared)
{
	const char *value = strchr(word, '=') ? strchr(word, '=') + 1 : "";
	unsigned long number = strtoul(value, NULL, 0);
	size_t length;

	if (strncmp(word, "id=", 3) == 0) {
		frame->id = (uint32_t)number;
	} else if (strncmp(word, "kind=", 5) == 0) {
		frame->kind = (uint8_t)number;
	} else if (strncmp(word, "flags=", 6) == 0) {
		frame->flags = (uint8_t)number;
	} else if (strncmp(word, "time=", 5) == 0) {
		frame->time_ms = (uint32_t)number;
	} else if (strncmp(word, "length=", 7) == 0) {
		*declared = number;
	} else if (strcmp(word, "key=none") == 0) {
		memset(frame->key, 0, sizeof frame->key);
	} else if (strcmp(word, "key=new") == 0) {
		if (getrandom(frame->key, sizeof frame->key, 0) < 0)
			abort();
	} else if (strncmp(word, "key=", 4) == 0) {
		uint8_t *key = hex_read(value, &length);

		memcpy(frame->key, key, length < sizeof frame->key ? length : sizeof frame->key);
		free(key);
	} else if (strncmp(word, "body=", 5) == 0 || strncmp(word, "file=", 5) == 0) {
		free(*body);
		*body = word[0] == 'b' ? hex_read(value, &length) : file_read(value, &length);
		frame->length = (uint32_t)length;
	} else {
		fprintf(stderr, "unknown word '%s'\n", word);
		exit(2);
	}
}

static uint32_t do_request(char *const words[], size_t count)
{
	const struct method *method = method_by_name(words[1]);
	struct frame frame = { .kind = FRAME_REQUEST, .id = next_id };
	uint8_t *body = NULL, *bytes;
	size_t declared = SIZE_MAX, length;

	frame.method = method ? method->number : (uint16_t)strtoul(words[1], NULL, 0);
	method = method_by_number(frame.method);
	if (method && method->access == ACCESS_WRITE &&
	    getrandom(frame.key, sizeof frame.key, 0) < 0)
		abort();
	for (size_t i = 2; i < count; i++)
		option_take(words[i], &frame, &body, &declared);
	if (frame.id >= next_id)
		next_id = frame.id + 1;
	length = frame.length;
	bytes = malloc(FRAME_HEADER_BYTES + length);
	if (!bytes)
		abort();
	if (declared != SIZE_MAX)
		frame.length = (uint32_t)declared;
	frame_header_pack(bytes, &frame);
	if (length > 0)
		memcpy(bytes + FRAME_HEADER_BYTES, body, length);
	send_bytes(bytes, FRAME_HEADER_BYTES + length);
	free(bytes);
	free(body);
	return frame.id;
}

/* Whether the connection that a call wants is there; one that was closed is opened and logged in
 * anew. */
static bool ready(void)
{
	if (wire)
		return true;
	if (!do_hello(true))
		return false;
	if (user[0])
		return do_login(true);
	return !token[0] || resumed();
}

/* Reads until the answer to a request. WIRE_CLOSED: the connection ended before it. */
static enum wire_result answer_show(uint32_t id)
{
	struct frame frame;
	enum wire_result result;

	while ((result = wire_read(wire, &frame, timeout_ms)) == WIRE_FRAME) {
		frame_print(&frame);
		if (frame.id == id && frame.kind != FRAME_PART)
			break;
	}
	return result;
}

/* A connection that the answer before this one ended is made anew, once. */
static void do_call(char *const words[], size_t count)
{
	for (int attempt = 0; attempt < 2; attempt++) {
		enum wire_result result;

		if (!ready()) {
			puts("unreached");
			return;
		}
		result = answer_show(do_request(words, count));
		if (result == WIRE_FRAME)
			return;
		if (result == WIRE_SILENT || attempt == 1)
			puts(result == WIRE_SILENT ? "silent" : "closed");
		if (result == WIRE_SILENT)
			return;
		wire_close(wire);
		wire = NULL;
	}
}

static void do_rest(void)
{
	struct frame frame;

	while (frame_show(&frame) == WIRE_FRAME)
		;
}

static void do_closed(void)
{
	struct frame frame;
	enum wire_result result = WIRE_FRAME;

	while (wire && result == WIRE_FRAME)
		result = wire_read(wire, &frame, timeout_ms);
	puts(result == WIRE_SILENT ? "open" : "closed");
	if (result != WIRE_SILENT) {
		wire_close(wire);
		wire = NULL;
	}
}

static void sleep_ms(unsigned long ms)
{
	struct timespec time = { .tv_sec = (time_t)(ms / 1000),
				 .tv_nsec = (long)(ms % 1000) * 1000000 };

	nanosleep(&time, NULL);
}

static void do_raw(const char *hex)
{
	size_t length;
	uint8_t *bytes = hex_read(hex, &length);

	send_bytes(bytes, length);
	free(bytes);
}

static bool run_simple(const char *name, const char *word)
{
	struct frame frame;

	if (strcmp(name, "open") == 0) {
		do_open();
	} else if (strcmp(name, "hello") == 0) {
		do_hello(false);
	} else if (strcmp(name, "hold") == 0) {
		holding = true;
	} else if (strcmp(name, "flush") == 0) {
		held_flush();
	} else if (strcmp(name, "rest") == 0) {
		do_rest();
	} else if (strcmp(name, "closed") == 0) {
		do_closed();
	} else if (strcmp(name, "token") == 0) {
		puts(token);
	} else if (strcmp(name, "read") == 0) {
		for (long n = word ? strtol(word, NULL, 10) : 1; n > 0; n--)
			if (frame_show(&frame) != WIRE_FRAME)
				break;
	} else {
		return false;
	}
	return true;
}

static bool run_one_word(const char *name, const char *word)
{
	if (strcmp(name, "raw") == 0) {
		do_raw(word);
	} else if (strcmp(name, "resume") == 0) {
		snprintf(token, sizeof token, "%s", word);
		resume_send();
	} else if (strcmp(name, "timeout") == 0) {
		timeout_ms = (int)strtol(word, NULL, 10);
	} else if (strcmp(name, "sleep") == 0) {
		sleep_ms(strtoul(word, NULL, 10));
	} else {
		return false;
	}
	return true;
}

static bool run(char *const words[], size_t count)
{
	if (run_simple(words[0], count > 1 ? words[1] : NULL))
		return true;
	if (strcmp(words[0], "close") == 0) {
		wire_close(wire);
		wire = NULL;
		return true;
	}
	if (count < 2)
		return false;
	if (strcmp(words[0], "call") == 0) {
		do_call(words, count);
	} else if (strcmp(words[0], "request") == 0) {
		do_request(words, count);
	} else if (strcmp(words[0], "login") == 0 && count == 3) {
		snprintf(user, sizeof user, "%s", words[1]);
		password_read(words[2]);
		do_login(false);
	} else {
		return run_one_word(words[0], words[1]);
	}
	return true;
}

static bool options_read(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--bodies") == 0)
			bodies = true;
		else if (strcmp(argv[i], "--server") == 0 && i + 1 < argc)
			server = argv[++i];
		else if (strcmp(argv[i], "--ca") == 0 && i + 1 < argc)
			ca = argv[++i];
		else
			return false;
	}
	return server;
}

int main(int argc, char **argv)
{
	char *line = NULL;
	size_t room = 0;

	if (!options_read(argc, argv)) {
		fprintf(stderr, "usage: frames [--bodies] --server SERVER [--ca FILE] <commands\n");
		return 2;
	}
	while (getline(&line, &room, stdin) > 0) {
		char *words[WORDS_MAX], *rest = NULL;
		size_t count = 0;

		for (char *word = strtok_r(line, " \n", &rest); word && count < WORDS_MAX;
		     word = strtok_r(NULL, " \n", &rest))
			words[count++] = word;
		if (count > 0 && words[0][0] != '#' && !run(words, count)) {
			fprintf(stderr, "unknown command '%s'\n", words[0]);
			return 2;
		}
		fflush(stdout);
	}
	free(line);
	free(held);
	wire_close(wire);
	return 0;
}
