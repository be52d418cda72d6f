/* Tests of the state machine: allowed moves pass, others and broken invariants stop the program. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/base/machine.h"

enum { SHUT, AJAR, WIDE };

struct door {
	bool lit;
};

static bool light_follows(const void *owner, int state)
{
	const struct door *door = owner;

	return state != WIDE || door->lit;
}

static const char *const names[] = { "shut", "ajar", "wide" };
static const struct machine_move moves[] = { { SHUT, AJAR }, { AJAR, WIDE }, { AJAR, SHUT } };
static const struct machine_kind kind = { .name = "door",
					  .states = names,
					  .state_count = 3,
					  .moves = moves,
					  .move_count = 3,
					  .invariant = light_follows };

static void the_table_decides_what_may_follow(void **state)
{
	struct door door = { .lit = true };
	struct machine machine;

	(void)state;
	machine_init(&machine, &kind, &door, SHUT);
	assert_string_equal(machine_state(&machine), "shut");
	assert_true(machine_may(&machine, AJAR));
	assert_false(machine_may(&machine, WIDE));
	assert_false(machine_may(&machine, SHUT));
	machine_go(&machine, AJAR);
	machine_go(&machine, WIDE);
	assert_string_equal(machine_state(&machine), "wide");
	assert_false(machine_may(&machine, SHUT));
}

/* How a child ends that makes these moves. */
static int end_of(bool lit, int first, int second)
{
	pid_t child = fork();
	int status = 0;

	if (child == 0) {
		struct door door = { .lit = lit };
		struct machine machine;

		close(STDERR_FILENO);
		signal(SIGABRT, SIG_DFL);
		machine_init(&machine, &kind, &door, SHUT);
		machine_go(&machine, first);
		machine_go(&machine, second);
		_exit(0);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void a_move_that_the_table_lacks_is_a_bug(void **state)
{
	(void)state;
	assert_int_equal(end_of(true, AJAR, SHUT), 0);
	assert_int_equal(end_of(true, WIDE, AJAR), SIGABRT);
}

static void a_broken_invariant_is_a_bug(void **state)
{
	(void)state;
	assert_int_equal(end_of(true, AJAR, WIDE), 0);
	assert_int_equal(end_of(false, AJAR, WIDE), SIGABRT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_decides_what_may_follow),
		cmocka_unit_test(a_move_that_the_table_lacks_is_a_bug),
		cmocka_unit_test(a_broken_invariant_is_a_bug),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
