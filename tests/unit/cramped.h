/**
 * A step in an arena that is too small: TOO_LARGE at every size, until the reply fits.
 *
 *     static void sent(void) { step_begin(...); fake_rows(...); }
 *     cramped(&f, sent);
 */
#ifndef INAP_TESTS_CRAMPED_H
#define INAP_TESTS_CRAMPED_H

#include "tests/unit/step.h"

static inline void cramped(struct step_fixture *f, void (*sent)(void))
{
	unsigned refused = 0;

	for (size_t room = 0;; room += 16) {
		sent();
		f->r.arena.bytes_max = f->r.arena.used + room;
		step_on(f);
		f->r.arena.bytes_max = REQUEST_ARENA_BYTES;
		if (f->r.error.code == ERROR_NONE)
			break;
		step_refused(f, ERROR_TOO_LARGE);
		refused++;
	}
	assert_true(refused > 3);
}

#endif
