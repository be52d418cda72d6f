/**
 * One report, taken through its states by the people of its office, its coordinator and the desk.
 *
 * How far it goes and whether it is returned once on the way is the seed's to say; a report that is
 * further already stays as it is, so that a run which broke off is simply run again.
 *
 * Errors     false: said on stderr.
 */
#ifndef INAP_TESTS_VOLUME_QUARTER_H
#define INAP_TESTS_VOLUME_QUARTER_H

#include "inap/v1/report.pb-c.h"
#include "tests/volume/parts/people.h"

enum { STATES = 8, RETURNED_PER_HUNDRED = 12 };

/* What a run is told. */
struct run {
	struct place place;
	uint64_t seed;
	unsigned saves;          /* in how many revisions the figures are typed */
	unsigned weight[STATES]; /* of each state a report may end in */
	const struct people *people;
};

/* What it did. */
struct tally {
	unsigned long reports, values, revisions, returned;
	unsigned long at[STATES]; /* reports, by the state that they are in now */
};

bool quarter_fill(const struct run *run, const Inap__V1__ReportEntry *entry, struct tally *tally);

#endif
