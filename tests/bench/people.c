/* Makes the users of the benchmark through the protocol: people --server SERVER --password-file
 * FILE --count N
 *
 * FILE holds the admin's password. The nth user, bench-00n, is focal point of FED-B00n and is
 * enrolled; each becomes a line `ENTITY TOKEN` of standard output, its session for load. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "inap/v1/session.pb-c.h"
#include "inap/v1/user.pb-c.h"
#include "proto/method.h"
#include "tests/faults/wire/wire.h"

enum { ANSWER_MS = 30000, NAME_BYTES = 32 };

struct person {
	char user[NAME_BYTES];
	char entity[NAME_BYTES];
	char password[2 * FRAME_KEY_BYTES + 1];
};

static const char *server;

static void random_fill(void *out, size_t bytes)
{
	if (getrandom(out, bytes, 0) != (ssize_t)bytes)
		abort();
}

static void hex_write(char *out, const uint8_t *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

static bool call(struct wire *wire, unsigned method, const ProtobufCMessage *message,
		 struct frame *answer)
{
	static uint32_t id;
	uint8_t key[FRAME_KEY_BYTES];
	bool keyed = method_by_number(method)->access == ACCESS_WRITE;

	random_fill(key, sizeof key);
	if (!wire_request(wire, method, ++id, keyed ? key : NULL, message) ||
	    wire_answer(wire, id, answer, ANSWER_MS) != WIRE_FRAME) {
		fprintf(stderr, "people: no answer to %s\n", method_by_number(method)->name);
		return false;
	}
	if (answer->kind != FRAME_REPLY)
		fprintf(stderr, "people: %s: %s\n", method_by_number(method)->name,
			wire_code(answer));
	return answer->kind == FRAME_REPLY;
}

static struct wire *greeted(void)
{
	Inap__V1__Hello hello = INAP__V1__HELLO__INIT;
	struct wire *wire = wire_open(server, NULL);
	struct frame frame;

	hello.client = "bench";
	hello.protocol = 1;
	hello.language = "en";
	if (wire && wire_read(wire, &frame, ANSWER_MS) == WIRE_FRAME &&
	    call(wire, METHOD_HELLO, &hello.base, &frame))
		return wire;
	wire_close(wire);
	return NULL;
}

static struct wire *admin_open(const char *password)
{
	Inap__V1__SessionLogin login = INAP__V1__SESSION_LOGIN__INIT;
	struct wire *wire = greeted();
	struct frame frame;

	login.user = "admin";
	login.password = (char *)password;
	if (wire && call(wire, METHOD_SESSION_LOGIN, &login.base, &frame))
		return wire;
	wire_close(wire);
	return NULL;
}

/* Added and granted by the admin; the enrolment code, to be freed, or NULL. */
static char *person_add(struct wire *admin, struct person *person)
{
	Inap__V1__UserAdd add = INAP__V1__USER_ADD__INIT;
	Inap__V1__RoleChange change = INAP__V1__ROLE_CHANGE__INIT;
	Inap__V1__Grant grant = INAP__V1__GRANT__INIT;
	Inap__V1__UserCodeReply *reply;
	struct frame frame;
	char *code = NULL;

	add.user = person->user;
	add.name = person->user;
	add.home = person->entity;
	if (!call(admin, METHOD_USER_ADD, &add.base, &frame))
		return NULL;
	reply = inap__v1__user_code_reply__unpack(NULL, frame.length, frame.body);
	if (reply) {
		code = strdup(reply->code);
		inap__v1__user_code_reply__free_unpacked(reply, NULL);
	}
	grant.role = INAP__V1__ROLE__ROLE_FOCAL_POINT;
	grant.entity = person->entity;
	grant.basis = INAP__V1__BASIS__BASIS_OWN;
	change.user = person->user;
	change.grant = &grant;
	if (code && call(admin, METHOD_ROLE_GRANT, &change.base, &frame))
		return code;
	free(code);
	return NULL;
}

static bool person_enrol(struct person *person, char *code)
{
	Inap__V1__SessionEnrol enrol = INAP__V1__SESSION_ENROL__INIT;
	Inap__V1__SessionLoginReply *reply = NULL;
	struct wire *wire = greeted();
	struct frame frame;
	char token[2 * 32 + 1];
	bool good;

	enrol.user = person->user;
	enrol.code = code;
	enrol.password = person->password;
	if (wire && call(wire, METHOD_SESSION_ENROL, &enrol.base, &frame))
		reply = inap__v1__session_login_reply__unpack(NULL, frame.length, frame.body);
	good = reply && reply->token.len == 32;
	if (good) {
		hex_write(token, reply->token.data, 32);
		printf("%s %s\n", person->entity, token);
	}
	if (reply)
		inap__v1__session_login_reply__free_unpacked(reply, NULL);
	wire_close(wire);
	return good;
}

static bool person_make(struct wire *admin, unsigned number)
{
	struct person person;
	uint8_t secret[FRAME_KEY_BYTES];
	char *code;
	bool good;

	snprintf(person.user, sizeof person.user, "bench-%03u", number);
	snprintf(person.entity, sizeof person.entity, "FED-B%03u", number);
	random_fill(secret, sizeof secret);
	hex_write(person.password, secret, sizeof secret);
	code = person_add(admin, &person);
	good = code && person_enrol(&person, code);
	free(code);
	return good;
}

static bool line_read(const char *path, char *line, int bytes)
{
	FILE *file = fopen(path, "r");
	bool good = file && fgets(line, bytes, file);

	if (file)
		fclose(file);
	line[good ? strcspn(line, "\n") : 0] = '\0';
	return good;
}

int main(int argc, char **argv)
{
	const char *password_file = NULL;
	char password[256];
	unsigned long count = 0;
	struct wire *admin;

	for (int at = 1; at + 1 < argc; at += 2) {
		if (strcmp(argv[at], "--server") == 0)
			server = argv[at + 1];
		else if (strcmp(argv[at], "--password-file") == 0)
			password_file = argv[at + 1];
		else if (strcmp(argv[at], "--count") == 0)
			count = strtoul(argv[at + 1], NULL, 10);
	}
	if (!server || !password_file || count == 0 || count > 999 ||
	    !line_read(password_file, password, sizeof password)) {
		fprintf(stderr, "people: --server SERVER --password-file FILE --count N\n");
		return 2;
	}
	admin = admin_open(password);
	if (!admin)
		return 1;
	for (unsigned number = 1; number <= count; number++)
		if (!person_make(admin, number))
			return 1;
	wire_close(admin);
	return fflush(stdout) != 0;
}
