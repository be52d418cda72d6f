/* The table of methods behind method.h: the rows of methods.def with their descriptors. */
#include "proto/method.h"

#include <string.h>

#include "inap/v1/category.pb-c.h"
#include "inap/v1/common.pb-c.h"
#include "inap/v1/assignment.pb-c.h"
#include "inap/v1/consult.pb-c.h"
#include "inap/v1/edition.pb-c.h"
#include "inap/v1/event.pb-c.h"
#include "inap/v1/evidence.pb-c.h"
#include "inap/v1/extension.pb-c.h"
#include "inap/v1/national.pb-c.h"
#include "inap/v1/office.pb-c.h"
#include "inap/v1/pair.pb-c.h"
#include "inap/v1/plan.pb-c.h"
#include "inap/v1/plan_state.pb-c.h"
#include "inap/v1/remind.pb-c.h"
#include "inap/v1/report.pb-c.h"
#include "inap/v1/revision.pb-c.h"
#include "inap/v1/rule.pb-c.h"
#include "inap/v1/session.pb-c.h"
#include "inap/v1/target.pb-c.h"
#include "inap/v1/succession.pb-c.h"
#include "inap/v1/user.pb-c.h"
#include "inap/v1/verification.pb-c.h"
#include "methods.inc"

/* The words that methods.def uses in its columns. */
enum {
	FOCAL_POINT = ROLE_BIT_FOCAL_POINT,
	APPROVER = ROLE_BIT_APPROVER,
	COORDINATOR = ROLE_BIT_COORDINATOR,
	SECRETARIAT = ROLE_BIT_SECRETARIAT,
	NATIONAL_TEAM = ROLE_BIT_NATIONAL_TEAM,
	OBSERVER = ROLE_BIT_OBSERVER,
	ADMIN = ROLE_BIT_ADMIN,
	AUDITOR = ROLE_BIT_AUDITOR,
	ANYONE = ROLE_BITS_ANYONE,
	NOBODY_YET = ROLE_BITS_NOBODY_YET
};

enum {
	LANE_none = LANE_NONE,
	LANE_write = LANE_WRITE,
	LANE_read = LANE_READ,
	LANE_bulk = LANE_BULK,
	LANE_auth = LANE_AUTH
};

static const struct method methods[] = {
#define METHOD(number_, symbol_, name_, request_, reply_, roles_, scope_, access_, lane_, body_,   \
	       deadline_, step_up_, certificate_)                                                  \
	{ .number = (number_),                                                                     \
	  .name = name_,                                                                           \
	  .request = DESCRIPTOR_##request_,                                                        \
	  .reply = DESCRIPTOR_##reply_,                                                            \
	  .roles = (roles_),                                                                       \
	  .scope = SCOPE_##scope_,                                                                 \
	  .access = ACCESS_##access_,                                                              \
	  .lane = (enum method_lane)LANE_##lane_,                                                  \
	  .body_max = METHOD_BODY_##body_,                                                         \
	  .deadline_ms = (deadline_),                                                              \
	  .step_up = (step_up_) != 0,                                                              \
	  .certificate = (certificate_) != 0 },
#include "proto/methods.def"
#undef METHOD
};

enum { METHODS = sizeof methods / sizeof methods[0] };

const struct method *method_by_number(unsigned number)
{
	/* The rows ascend by number; a test holds them to it. */
	size_t low = 0, high = METHODS;

	while (low < high) {
		size_t middle = (low + high) / 2;
		if (methods[middle].number == number)
			return &methods[middle];
		if (methods[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const struct method *method_by_name(const char *name)
{
	for (size_t i = 0; i < METHODS; i++)
		if (strcmp(methods[i].name, name) == 0)
			return &methods[i];
	return NULL;
}

const struct method *method_all(size_t *count)
{
	*count = METHODS;
	return methods;
}
