/**
 * An arena: memory of one request, handed out in pieces and given back whole.
 *
 * Ownership  blocks belong to the arena; arena_reset() gives all but one back.
 * Errors     arena_alloc() returns NULL at the cap and marks the arena (arena_failed()).
 * Limits     first block ARENA_BLOCK_BYTES from a free list; total bytes_max.
 * Threads    loop thread only.
 */
#ifndef INAP_BASE_ARENA_H
#define INAP_BASE_ARENA_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

enum { ARENA_BLOCK_BYTES = 8192 };

struct arena_block;

struct arena {
	struct arena_block *first; /* newest block first; one is kept on reset */
	size_t used;               /* bytes handed out, rounding included */
	size_t bytes_max;
	bool failed;
};

void arena_init(struct arena *arena, size_t bytes_max);
/** Frees every block; the arena may be init'ed again. */
void arena_fini(struct arena *arena);
/** Empties it, keeping one block. */
void arena_reset(struct arena *arena);
/** 16-byte aligned, zeroed memory; NULL at the cap. */
void *arena_alloc(struct arena *arena, size_t bytes) __attribute__((warn_unused_result));
/** n items of size bytes, checked for overflow; zeroed. */
void *arena_array(struct arena *arena, size_t n, size_t size) __attribute__((warn_unused_result));
/** A copy of s (NULL gives NULL). */
char *arena_strdup(struct arena *arena, const char *s) __attribute__((warn_unused_result));
void *arena_memdup(struct arena *arena, const void *data, size_t bytes)
	__attribute__((warn_unused_result));
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3), warn_unused_result));
/** True if any allocation met the cap since init or reset. */
bool arena_failed(const struct arena *arena);
/** Frees the list of spare blocks, at the end of the process. */
void arena_spare_free(void);

#endif
