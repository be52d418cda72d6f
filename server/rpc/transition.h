/**
 * The transition table of a report: the one place that says who may move it from where to where.
 *
 * Server, `what can I do now` and the tests read it; the statement report_move is fed from it.
 *
 * Source     DESIGN.md section 7.
 * Threads    any; constant.
 */
#ifndef INAP_RPC_TRANSITION_H
#define INAP_RPC_TRANSITION_H

#include "server/rpc/request.h"

/** Bits of states, bit n is Inap__V1__State n. */
enum state_bit {
	STATE_BIT_EXPECTED = 1 << 1,
	STATE_BIT_DRAFT = 1 << 2,
	STATE_BIT_SUBMITTED = 1 << 3,
	STATE_BIT_IN_REVIEW = 1 << 4,
	STATE_BIT_RETURNED = 1 << 5,
	STATE_BIT_ENDORSED = 1 << 6,
	STATE_BIT_ACCEPTED = 1 << 7
};

struct transition {
	Inap__V1__Action action;
	const char *name;        /* the action's word, in the log */
	unsigned from;           /* enum state_bit */
	const char *from_states; /* the same as a text[] literal */
	const char *to; /* state; "" stays; "back" where a withdrawal leads; "held": in_review, but
			 * a returned report stays */
	unsigned roles; /* enum method_role bits */
	const char *role_names; /* the same as a text[] literal */
	const char *claim;      /* any, mine */
	const char *four_eyes;  /* none, typist, house */
	const char *freeze;     /* state whose contribution the move leaves, or "" */
};

/** The row of an action; ACTION_SAVE has one too (it moves expected to draft). */
const struct transition *transition_of(Inap__V1__Action action);
/** What beside state and roles decides. */
enum transition_fact {
	TRANSITION_HELD = 1,      /* another coordinator has claimed it */
	TRANSITION_DESK = 2,      /* it was received on paper */
	TRANSITION_PUBLISHED = 4, /* a published edition holds it */
	TRANSITION_ASKED = 8      /* its ministry asks for a restatement */
};

/** The actions open in a state to a caller of these roles, as far as the table and these facts
 * tell: *count of them, in the arena. */
Inap__V1__Action *transition_actions(struct request *r, int state, unsigned roles, unsigned facts,
				     size_t *count);

#endif
