/**
 * The people of a generated system: an office (focal point and approver) of each entity that
 * reports, a coordinator of each government, a desk of the Secretariat.
 *
 * They stand in a file, a line each, tab-separated: user, password, role, scope, token (hex). What
 * the file holds already is taken from there, so that a later run goes on as the same people.
 *
 * Ownership  people_read() fills, people_free() empties.
 * Errors     false: said on stderr.
 */
#ifndef INAP_TESTS_VOLUME_PEOPLE_H
#define INAP_TESTS_VOLUME_PEOPLE_H

#include "tests/volume/parts/talk.h"

enum { PERSON_NAME_BYTES = 40, PERSON_SECRET_BYTES = 65 };

struct person {
	char user[PERSON_NAME_BYTES];
	char password[PERSON_SECRET_BYTES];
	char role[PERSON_NAME_BYTES];
	char scope[PERSON_NAME_BYTES]; /* entity code, federal, kurdistan, or - */
	uint8_t token[WIRE_TOKEN_BYTES];
};

struct people {
	const char *file;
	const char *admin_password; /* a file whose first line it is; NULL: nobody is added */
	struct talk *admin;         /* while somebody is being added; NULL: not yet needed */
	struct person *list;
	size_t count;
};

/** Those of the file, if it is there. */
bool people_read(struct people *people);
void people_free(struct people *people);
/** The one with this role and scope, NULL if there is none. */
const struct person *people_find(const struct people *people, const char *role, const char *scope);
/** Adds those of the desk, or of an entity's office, who are missing. */
bool people_desk(struct people *people, const struct place *place);
bool people_office(struct people *people, const struct place *place, const char *entity);
/** A connection of this person's; logs in anew where the session has ended. */
struct talk *people_enter(const struct place *place, const struct person *person);

#endif
