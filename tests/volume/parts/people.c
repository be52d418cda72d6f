/* The people of a generated system. */
#include "tests/volume/parts/people.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "inap/v1/plan.pb-c.h"
#include "inap/v1/user.pb-c.h"
#include "proto/method.h"

enum { LINE_BYTES = 512, PASSWORD_RANDOM = 16 };

static const char national[] = "-";

/* What the people of each role are, and what their grant says of it. */
static const struct role {
	const char *name, *suffix;
	Inap__V1__Role role;
} roles[] = {
	{ "focal_point", "focal", INAP__V1__ROLE__ROLE_FOCAL_POINT },
	{ "approver", "approver", INAP__V1__ROLE__ROLE_APPROVER },
	{ "coordinator", "coordinator", INAP__V1__ROLE__ROLE_COORDINATOR },
	{ "secretariat", "secretariat", INAP__V1__ROLE__ROLE_SECRETARIAT },
};

static void hex_write(char *out, const uint8_t *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

static bool hex_read(uint8_t *out, const char *hex, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (sscanf(hex + 2 * i, "%2hhx", &out[i]) != 1)
			return false;
	return true;
}

static struct person *person_new(struct people *people)
{
	struct person *grown = realloc(people->list, (people->count + 1) * sizeof *grown);

	if (!grown)
		abort();
	people->list = grown;
	memset(&grown[people->count], 0, sizeof *grown);
	return &grown[people->count++];
}

static bool line_read(struct person *person, const char *line)
{
	char hex[2 * WIRE_TOKEN_BYTES + 1];

	return sscanf(line, "%39s %64s %39s %39s %64s", person->user, person->password,
		      person->role, person->scope, hex) == 5 &&
	       hex_read(person->token, hex, WIRE_TOKEN_BYTES);
}

bool people_read(struct people *people)
{
	FILE *file = fopen(people->file, "r");
	char line[LINE_BYTES];
	bool good = true;

	if (!file)
		return errno == ENOENT;
	while (good && fgets(line, sizeof line, file))
		good = line_read(person_new(people), line);
	if (!good)
		fprintf(stderr, "volume: %s: not a file of people\n", people->file);
	return fclose(file) == 0 && good;
}

void people_free(struct people *people)
{
	talk_close(people->admin);
	free(people->list);
	people->admin = NULL;
	people->list = NULL;
	people->count = 0;
}

static bool person_write(const struct people *people, const struct person *person)
{
	FILE *file = fopen(people->file, "a");
	char hex[2 * WIRE_TOKEN_BYTES + 1];
	bool good;

	if (!file)
		return false;
	hex_write(hex, person->token, WIRE_TOKEN_BYTES);
	good = fprintf(file, "%s\t%s\t%s\t%s\t%s\n", person->user, person->password, person->role,
		       person->scope, hex) > 0;
	return fclose(file) == 0 && good;
}

const struct person *people_find(const struct people *people, const char *role, const char *scope)
{
	for (size_t i = 0; i < people->count; i++)
		if (strcmp(people->list[i].role, role) == 0 &&
		    strcmp(people->list[i].scope, scope) == 0)
			return &people->list[i];
	return NULL;
}

/* ---- making one */

static struct talk *admin_enter(const struct people *people, const struct place *place)
{
	Inap__V1__SessionLogin login = INAP__V1__SESSION_LOGIN__INIT;
	struct talk *admin = NULL;
	ProtobufCMessage *reply = NULL;
	char password[LINE_BYTES];

	if (!people->admin_password ||
	    !wire_line(people->admin_password, password, sizeof password)) {
		fprintf(stderr, "volume: people are missing, and so is the admin's password\n");
		return NULL;
	}
	login.user = "admin";
	login.password = password;
	admin = talk_open(place, NULL);
	if (admin)
		reply = talk_ask(admin, METHOD_SESSION_LOGIN, &login.base);
	if (reply) {
		protobuf_c_message_free_unpacked(reply, NULL);
		return admin;
	}
	talk_close(admin);
	return NULL;
}

static bool granted(struct talk *admin, struct person *person, const struct role *role)
{
	Inap__V1__RoleChange change = INAP__V1__ROLE_CHANGE__INIT;
	Inap__V1__Grant grant = INAP__V1__GRANT__INIT;
	ProtobufCMessage *reply;

	grant.role = role->role;
	grant.basis = INAP__V1__BASIS__BASIS_OWN;
	if (strcmp(person->scope, "federal") == 0)
		grant.jurisdiction = INAP__V1__JURISDICTION__JURISDICTION_FEDERAL;
	else if (strcmp(person->scope, "kurdistan") == 0)
		grant.jurisdiction = INAP__V1__JURISDICTION__JURISDICTION_KURDISTAN;
	else if (strcmp(person->scope, national) != 0)
		grant.entity = person->scope;
	change.user = person->user;
	change.grant = &grant;
	reply = talk_ask(admin, METHOD_ROLE_GRANT, &change.base);
	if (reply)
		protobuf_c_message_free_unpacked(reply, NULL);
	return reply != NULL;
}

static bool enrolled(const struct place *place, struct person *person, char *code)
{
	Inap__V1__SessionEnrol enrol = INAP__V1__SESSION_ENROL__INIT;
	Inap__V1__SessionLoginReply *reply = NULL;
	struct talk *talk = talk_open(place, NULL);
	bool good;

	enrol.user = person->user;
	enrol.code = code;
	enrol.password = person->password;
	if (talk)
		reply = (Inap__V1__SessionLoginReply *)talk_ask(talk, METHOD_SESSION_ENROL,
								&enrol.base);
	good = reply && reply->token.len == WIRE_TOKEN_BYTES;
	if (good)
		memcpy(person->token, reply->token.data, WIRE_TOKEN_BYTES);
	if (reply)
		inap__v1__session_login_reply__free_unpacked(reply, NULL);
	talk_close(talk);
	return good;
}

static bool made(struct talk *admin, const struct place *place, struct person *person,
		 const struct role *role, char *home)
{
	Inap__V1__UserAdd add = INAP__V1__USER_ADD__INIT;
	Inap__V1__UserCodeReply *reply;
	bool good;

	add.user = person->user;
	add.name = person->user;
	add.home = home;
	reply = (Inap__V1__UserCodeReply *)talk_ask(admin, METHOD_USER_ADD, &add.base);
	if (!reply)
		return false;
	good = granted(admin, person, role) && enrolled(place, person, reply->code);
	inap__v1__user_code_reply__free_unpacked(reply, NULL);
	return good;
}

/* What is to be made: somebody of this role and scope, at home there. */
struct wanted {
	const struct role *role;
	const char *scope, *home;
};

static bool added(struct people *people, struct talk *admin, const struct place *place,
		  const struct wanted *wanted)
{
	struct person *person = person_new(people);
	uint8_t secret[PASSWORD_RANDOM];

	if (getrandom(secret, sizeof secret, 0) != sizeof secret)
		abort();
	hex_write(person->password, secret, sizeof secret);
	snprintf(person->role, sizeof person->role, "%s", wanted->role->name);
	snprintf(person->scope, sizeof person->scope, "%s", wanted->scope);
	snprintf(person->user, sizeof person->user, "made-%s-%s",
		 strcmp(wanted->scope, national) == 0 ? "desk" : wanted->scope,
		 wanted->role->suffix);
	for (char *at = person->user; *at; at++)
		*at = (char)tolower((unsigned char)*at);
	return made(admin, place, person, wanted->role, (char *)(uintptr_t)wanted->home) &&
	       person_write(people, person);
}

static bool all_added(struct people *people, const struct place *place, const struct wanted *wanted,
		      size_t count)
{
	bool good = true;

	for (size_t i = 0; good && i < count; i++) {
		if (people_find(people, wanted[i].role->name, wanted[i].scope))
			continue;
		if (!people->admin)
			people->admin = admin_enter(people, place);
		good = people->admin && added(people, people->admin, place, &wanted[i]);
	}
	return good;
}

/* A body that reports nothing and has no kin: whoever is at home there may pass any report. */
static const char *outsider(const Inap__V1__EntityListReply *entities, Inap__V1__Jurisdiction where)
{
	for (size_t i = 0; i < entities->n_entities; i++) {
		const Inap__V1__Entity *entity = entities->entities[i];
		bool alone =
			!entity->reporting && !*entity->parent && entity->jurisdiction == where;

		for (size_t of = 0; alone && of < entities->n_entities; of++)
			alone = strcmp(entities->entities[of]->parent, entity->code) != 0;
		if (alone)
			return entity->code;
	}
	fprintf(stderr, "volume: every body reports: nobody is left to review\n");
	return NULL;
}

static bool desk_added(struct people *people, const struct place *place,
		       const Inap__V1__EntityListReply *entities)
{
	const char *federal = outsider(entities, INAP__V1__JURISDICTION__JURISDICTION_FEDERAL);
	const char *kurdistan = outsider(entities, INAP__V1__JURISDICTION__JURISDICTION_KURDISTAN);
	const struct wanted desk[] = {
		{ &roles[2], "federal", federal },
		{ &roles[2], "kurdistan", kurdistan },
		{ &roles[3], national, federal },
	};

	return federal && kurdistan && all_added(people, place, desk, sizeof desk / sizeof *desk);
}

bool people_desk(struct people *people, const struct place *place)
{
	Inap__V1__EntityList list = INAP__V1__ENTITY_LIST__INIT;
	Inap__V1__EntityListReply *entities;
	bool good;

	if (people_find(people, "secretariat", national))
		return true; /* the last of the desk */
	if (!people->admin)
		people->admin = admin_enter(people, place);
	entities = people->admin ? (Inap__V1__EntityListReply *)talk_ask(
					   people->admin, METHOD_ENTITY_LIST, &list.base)
				 : NULL;
	good = entities && desk_added(people, place, entities);
	if (entities)
		inap__v1__entity_list_reply__free_unpacked(entities, NULL);
	return good;
}

bool people_office(struct people *people, const struct place *place, const char *entity)
{
	const struct wanted office[] = {
		{ &roles[0], entity, entity },
		{ &roles[1], entity, entity },
	};

	return all_added(people, place, office, sizeof office / sizeof *office);
}

struct talk *people_enter(const struct place *place, const struct person *person)
{
	struct talk *talk = person ? talk_open(place, person->token) : NULL;
	Inap__V1__SessionLogin login = INAP__V1__SESSION_LOGIN__INIT;
	ProtobufCMessage *reply;

	if (talk || !person)
		return talk;
	talk = talk_open(place, NULL);
	login.user = (char *)(uintptr_t)person->user;
	login.password = (char *)(uintptr_t)person->password;
	reply = talk ? talk_ask(talk, METHOD_SESSION_LOGIN, &login.base) : NULL;
	if (reply) {
		protobuf_c_message_free_unpacked(reply, NULL);
		return talk;
	}
	talk_close(talk);
	return NULL;
}
