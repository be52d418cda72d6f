/* Users and roles as requests name them: what is refused before anything is asked of the store. */
#include "server/rpc/people.h"

#include <string.h>

#include "proto/enums.h"
#include "proto/text.h"
#include "server/rpc/value.h"

enum { USER_BYTES_MIN = 2, USER_BYTES_MAX = 31 };

/* One letter of the first kind, then 1 to 30 of it, of digits or hyphens: the CHECKs of the schema.
 */
static bool name_holds(const char *name, char first, char last)
{
	size_t length = strlen(name);

	if (length < USER_BYTES_MIN || length > USER_BYTES_MAX || name[0] < first ||
	    name[0] > last) {
		return false;
	}
	for (const char *c = name; *c; c++) {
		if (!((*c >= first && *c <= last) || (*c >= '0' && *c <= '9') || *c == '-')) {
			return false;
		}
	}
	return true;
}

bool people_is_user(const char *name)
{
	return name_holds(name, 'a', 'z');
}

bool people_is_entity(const char *code)
{
	return name_holds(code, 'A', 'Z');
}

bool people_wrong(struct request *r, const char *field, const char *why)
{
	return error_set(&r->error, ERROR_BAD_ARGUMENT, "field", field, "why", why, NULL);
}

bool people_unknown(struct request *r, const char *what, const char *name)
{
	return error_set(&r->error, ERROR_NOT_FOUND, "what", what, "name", name, NULL);
}

bool people_line_check(struct request *r, const char *field, const char *text, size_t points_max)
{
	struct text_rule rule = { .points_max = points_max };
	enum text_fault fault = text_check(text, strlen(text), &rule);

	return fault == TEXT_OK || error_set(&r->error, ERROR_BAD_TEXT, "field", field, "why",
					     text_reason(fault), NULL);
}

bool people_date_check(struct request *r, const char *text)
{
	return !*text || date_valid(text) ||
	       error_set(&r->error, ERROR_DATE_BAD, "text", text, NULL);
}

bool people_scope_check(struct request *r, const Inap__V1__Grant *grant)
{
	unsigned role = 1u << grant->role;
	bool entity = *grant->entity != '\0';
	bool jurisdiction = grant->jurisdiction != INAP__V1__JURISDICTION__JURISDICTION_UNSPECIFIED;
	bool wants_entity = role & (ROLE_BIT_FOCAL_POINT | ROLE_BIT_APPROVER);

	if (grant->role == INAP__V1__ROLE__ROLE_UNSPECIFIED) {
		return people_wrong(r, "grant.role", "is missing");
	}
	if (entity != wants_entity) {
		return people_wrong(r, "grant.entity",
				    entity ? "this role has no entity"
					   : "this role wants an entity");
	}
	if (grant->jurisdiction == INAP__V1__JURISDICTION__JURISDICTION_IRAQ) {
		return people_wrong(r, "grant.jurisdiction", "federal, kurdistan or none");
	}
	if (role & ROLE_BIT_COORDINATOR ? !jurisdiction
					: jurisdiction && !(role & ROLE_BIT_ADMIN)) {
		return people_wrong(r, "grant.jurisdiction",
				    jurisdiction ? "this role has no jurisdiction"
						 : "this role wants a jurisdiction");
	}
	if (entity && !people_is_entity(grant->entity)) {
		return people_unknown(r, "entity", grant->entity);
	}
	return true;
}

bool people_order_check(struct request *r, const char *number, const char *date)
{
	return people_line_check(r, "order_number", number, ORDER_POINTS_MAX) &&
	       people_date_check(r, date);
}

static bool basis_check(struct request *r, const Inap__V1__Grant *grant)
{
	if (grant->basis == INAP__V1__BASIS__BASIS_DELEGATED) {
		return people_wrong(r, "grant.basis", "an approver delegates with role.delegate");
	}
	if (grant->basis == INAP__V1__BASIS__BASIS_ACTING &&
	    (!*grant->order_number || !*grant->order_date)) {
		return people_wrong(r, "grant.order_number",
				    "acting wants the number and the date of the order");
	}
	return people_order_check(r, grant->order_number, grant->order_date);
}

bool people_role_check(struct request *r, const Inap__V1__RoleChange *in)
{
	const Inap__V1__Grant *grant = in->grant;

	if (!people_is_user(in->user)) {
		return people_unknown(r, "user", in->user);
	}
	if (!grant) {
		return people_wrong(r, "grant", "is missing");
	}
	if (!people_scope_check(r, grant) || !people_date_check(r, grant->from) ||
	    !people_date_check(r, grant->to) || !basis_check(r, grant)) {
		return false;
	}
	if (*grant->from && *grant->to && strcmp(grant->to, grant->from) < 0) {
		return people_wrong(r, "grant.to", "ends before it begins");
	}
	return true;
}

bool people_user_check(struct request *r, const char *name)
{
	return people_is_user(name) ||
	       people_wrong(r, "user",
			    "a small letter, then 1 to 30 small letters, digits or hyphens");
}

const char *people_role_word(int role)
{
	return proto_enum_text(&inap__v1__role__descriptor, role);
}

const char *people_jurisdiction_word(int jurisdiction)
{
	const char *word = proto_enum_text(&inap__v1__jurisdiction__descriptor, jurisdiction);

	return word ? word : "";
}
