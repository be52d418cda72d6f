/* Grants in replies. */
#include "server/rpc/grants.h"

#include <stdio.h>
#include <string.h>

#include "proto/enums.h"
#include "server/rpc/words.h"

Inap__V1__Grant *grants_message(struct request *r, const struct grant_words *from)
{
	Inap__V1__Grant *grant = request_alloc(r, sizeof *grant);

	if (!grant) {
		return NULL;
	}
	inap__v1__grant__init(grant);
	grant->role = (Inap__V1__Role)proto_enum_value(&inap__v1__role__descriptor, from->role);
	grant->entity = words(from->entity);
	grant->jurisdiction = (Inap__V1__Jurisdiction)proto_enum_value(
		&inap__v1__jurisdiction__descriptor, from->jurisdiction);
	grant->from = words(from->starts);
	grant->to = words(from->ends);
	grant->basis = (Inap__V1__Basis)proto_enum_value(&inap__v1__basis__descriptor, from->basis);
	grant->order_number = words(from->order_number);
	grant->order_date = words(from->order_date);
	return grant;
}

unsigned grants_roles(const char *names)
{
	unsigned bits = 0;
	char name[ENUM_WORD_BYTES];

	while (*names) {
		size_t length = strcspn(names, ",");

		snprintf(name, sizeof name, "%.*s", (int)length, names);
		bits |= 1u << proto_enum_value(&inap__v1__role__descriptor, name);
		names += length + (names[length] == ',');
	}
	return bits & ROLE_BITS_ANYONE;
}
