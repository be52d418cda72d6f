/**
 * Cuts a packed message into parts: pieces that are themselves messages of its type and, merged in
 * order (which is: concatenated), give it back.
 *
 * Ownership  pieces point into the bytes that were given.
 * Errors     false where the bytes are no packed message; our own packing always is.
 * Limits     a piece is at most bytes_max long, unless a single field is longer: that one travels
 * whole. Threads    any.
 */
#ifndef INAP_PROTO_SPLIT_H
#define INAP_PROTO_SPLIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct proto_split {
	const uint8_t *at; /* what has not been given yet */
	size_t left;
	size_t bytes_max;
};

struct proto_piece {
	const uint8_t *bytes;
	size_t length;
	bool last; /* goes as kind 2, the others as kind 3 */
};

void proto_split_init(struct proto_split *split, const uint8_t *bytes, size_t n, size_t bytes_max);
/** The next piece. An empty message is one empty piece; call no more after the last. */
bool proto_split_next(struct proto_split *split, struct proto_piece *piece)
	__attribute__((warn_unused_result));

#endif
