/* A state machine: a table of allowed moves, and an invariant run on every move. */
#include "server/base/machine.h"

#include <assert.h>

static void machine_enter(struct machine *machine, int state)
{
	const struct machine_kind *kind = machine->kind;

	assert(state >= 0 && state < kind->state_count);
	machine->state = state;
	assert(!kind->invariant || kind->invariant(machine->owner, state));
}

void machine_init(struct machine *machine, const struct machine_kind *kind, const void *owner,
		  int state)
{
	machine->kind = kind;
	machine->owner = owner;
	machine_enter(machine, state);
}

bool machine_may(const struct machine *machine, int to)
{
	const struct machine_kind *kind = machine->kind;

	for (size_t i = 0; i < kind->move_count; i++) {
		if (kind->moves[i].from == machine->state && kind->moves[i].to == to) {
			return true;
		}
	}
	return false;
}

void machine_go(struct machine *machine, int to)
{
	assert(machine_may(machine, to));
	machine_enter(machine, to);
}

const char *machine_state(const struct machine *machine)
{
	return machine->kind->states[machine->state];
}
