/**
 * A session: who speaks on a connection, with grants, in memory.
 *
 * Ownership  of its connection's rpc state; at most one per connection.
 * Errors     none.
 * Limits     SESSION_REACH_MAX entities.
 * Threads    loop thread only.
 */
#ifndef INAP_RPC_SESSION_H
#define INAP_RPC_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SESSION_REACH_MAX = 512 };

/** An entity that the session may touch, and by which roles. */
struct reach {
	int64_t entity_id;
	char entity[32];  /* code */
	unsigned roles;   /* enum method_role bits that hold for it */
	int jurisdiction; /* Inap__V1__Jurisdiction */
};

struct session {
	int64_t session_id; /* row of table session; 0: not logged in */
	int64_t user_id;    /* 0: not logged in */
	char user[32];
	int64_t home_entity_id;
	unsigned roles;          /* all roles held anywhere, enum method_role bits */
	unsigned national_roles; /* those held nationally */
	int64_t expires_ms;      /* wall clock, absolute end */
	size_t reach_count;
	struct reach *reach; /* by entity code; owned (malloc), freed on end */
	char *context_read;  /* int8[] literal: entities it may touch; owned */
	char *context_write; /* int8[] literal: entities it may write, 0 for the system's chain;
				owned */
	int64_t used_ms;     /* monotonic, last request */
	int64_t touched_ms;  /* monotonic, when the database was last told of use */
};

/** Frees what it owns; an empty session again. NULL-safe on zeroed memory. */
void session_fini(struct session *session);

/** The entity of this code within reach, or NULL. */
const struct reach *session_reach(const struct session *session, const char *entity);

#endif
