/**
 * A state machine of a long-lived thing: a table of allowed moves, and an invariant run on every
 * move.
 *
 * Ownership  a machine lies inside its owner; its kind is static.
 * Errors     a move that the table lacks, or a broken invariant, is our own bug: assert.
 * Threads    loop thread only.
 */
#ifndef INAP_BASE_MACHINE_H
#define INAP_BASE_MACHINE_H

#include <stdbool.h>
#include <stddef.h>

struct machine_move {
	int from;
	int to;
};

struct machine_kind {
	const char *name;
	const char *const *states; /* names, by state number */
	int state_count;
	const struct machine_move *moves;
	size_t move_count;
	/** Must hold on entering `state`; NULL for none. */
	bool (*invariant)(const void *owner, int state);
};

struct machine {
	const struct machine_kind *kind;
	const void *owner;
	int state;
};

void machine_init(struct machine *machine, const struct machine_kind *kind, const void *owner,
		  int state);
/** True if the table allows it from where the machine is. */
bool machine_may(const struct machine *machine, int to);
void machine_go(struct machine *machine, int to);
/** For the log. */
const char *machine_state(const struct machine *machine);

#endif
