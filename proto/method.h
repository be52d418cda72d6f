/* Methods of the protocol as numbers and rows, made from methods.def. */
#ifndef INAP_PROTO_METHOD_H
#define INAP_PROTO_METHOD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

enum method_number {
#define METHOD(number, symbol, name, request, reply, roles, scope, access, lane, body_max,         \
	       deadline_ms, step_up, certificate)                                                  \
	METHOD_##symbol = (number),
#include "proto/methods.def"
#undef METHOD
};

/** Bits of method.roles; bit n is Inap__V1__Role n. */
enum method_role {
	ROLE_BIT_FOCAL_POINT = 1 << 1,
	ROLE_BIT_APPROVER = 1 << 2,
	ROLE_BIT_COORDINATOR = 1 << 3,
	ROLE_BIT_SECRETARIAT = 1 << 4,
	ROLE_BIT_NATIONAL_TEAM = 1 << 5,
	ROLE_BIT_OBSERVER = 1 << 6,
	ROLE_BIT_ADMIN = 1 << 7,
	ROLE_BIT_AUDITOR = 1 << 8,
	ROLE_BITS_ANYONE = 0x1fe,     /* any session, even without a grant */
	ROLE_BITS_NOBODY_YET = 1 << 9 /* callable before a login */
};

enum method_scope { SCOPE_NONE, SCOPE_REPORT, SCOPE_ENTITY };
enum method_access { ACCESS_READ, ACCESS_WRITE, ACCESS_SESSION };
enum method_lane { LANE_NONE, LANE_WRITE, LANE_READ, LANE_BULK, LANE_AUTH };

enum { METHOD_BODY_SMALL = 4096, METHOD_BODY_LARGE = 1048576 };

struct method {
	uint16_t number;
	const char *name; /* "report.save" */
	const ProtobufCMessageDescriptor *request;
	const ProtobufCMessageDescriptor *reply;
	unsigned roles; /* enum method_role bits */
	enum method_scope scope;
	enum method_access access;
	enum method_lane lane;
	uint32_t body_max;    /* bytes */
	uint32_t deadline_ms; /* queueing included */
	bool step_up;
	bool certificate;
};

/** The row of a number, or NULL. */
const struct method *method_by_number(unsigned number);
/** The row of a name, or NULL. */
const struct method *method_by_name(const char *name);
/** All rows, in the order of methods.def; *count is their number. */
const struct method *method_all(size_t *count);

#endif
