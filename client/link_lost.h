/* A connection that was lost on the way of a file: whether to try again, and saying so. */
#ifndef INAP_CLIENT_LINK_LOST_H
#define INAP_CLIENT_LINK_LOST_H

#include <stdbool.h>
#include <stdint.h>

struct app;

struct link_lost {
	uint64_t bytes;      /* of the file */
	const char *command; /* what goes on where this stopped */
	uint64_t have;       /* when it was lost last */
	unsigned tries;      /* without a byte more */
};

/** After a failed call: true to try again (the failure is forgotten, after a wait), false to give
 * up (it stays noted). */
bool link_lost_again(struct app *app, struct link_lost *lost, uint64_t have);
/** Says from where it goes on. */
void link_lost_note(struct app *app, const struct link_lost *lost, uint64_t have);

#endif
