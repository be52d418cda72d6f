/* An arena: memory of one request, handed out in pieces and given back whole. */
#include "server/base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_ALIGN = 16, ARENA_SPARE_MAX = 256 };

struct arena_block {
	struct arena_block *next;
	size_t capacity;
	size_t used;
	alignas(ARENA_ALIGN) unsigned char data[];
};

/* Standard blocks between requests, so that a busy daemon does not allocate. */
static struct arena_block *arena_spare;
static unsigned arena_spare_count;

static struct arena_block *arena_block_new(size_t bytes)
{
	struct arena_block *block = NULL;

	if (bytes <= ARENA_BLOCK_BYTES && arena_spare) {
		block = arena_spare;
		arena_spare = block->next;
		arena_spare_count--;
	} else {
		size_t capacity = bytes > ARENA_BLOCK_BYTES ? bytes : ARENA_BLOCK_BYTES;

		if (capacity > SIZE_MAX - sizeof(*block)) {
			return NULL;
		}
		block = malloc(sizeof(*block) + capacity);
		if (!block) {
			return NULL;
		}
		block->capacity = capacity;
	}
	block->next = NULL;
	block->used = 0;
	return block;
}

static void arena_block_free(struct arena_block *block)
{
	if (block->capacity == ARENA_BLOCK_BYTES && arena_spare_count < ARENA_SPARE_MAX) {
		block->next = arena_spare;
		arena_spare = block;
		arena_spare_count++;
		return;
	}
	free(block);
}

void arena_init(struct arena *arena, size_t bytes_max)
{
	memset(arena, 0, sizeof(*arena));
	arena->bytes_max = bytes_max;
}

void arena_fini(struct arena *arena)
{
	struct arena_block *block = arena->first;

	while (block) {
		struct arena_block *next = block->next;

		arena_block_free(block);
		block = next;
	}
	arena_init(arena, arena->bytes_max);
}

void arena_reset(struct arena *arena)
{
	struct arena_block *block = arena->first;
	struct arena_block *kept = NULL;

	while (block) {
		struct arena_block *next = block->next;

		if (!kept && block->capacity == ARENA_BLOCK_BYTES) {
			kept = block;
		} else {
			arena_block_free(block);
		}
		block = next;
	}
	arena_init(arena, arena->bytes_max);
	if (kept) {
		kept->next = NULL;
		kept->used = 0;
		arena->first = kept;
	}
}

/* A large piece gets a block of its own behind the newest, which goes on serving small ones. */
static struct arena_block *arena_room(struct arena *arena, size_t bytes)
{
	struct arena_block *first = arena->first;
	struct arena_block *block;

	if (first && bytes <= first->capacity - first->used) {
		return first;
	}
	block = arena_block_new(bytes);
	if (!block) {
		return NULL;
	}
	if (first && bytes > ARENA_BLOCK_BYTES / 4) {
		block->next = first->next;
		first->next = block;
	} else {
		block->next = first;
		arena->first = block;
	}
	return block;
}

void *arena_alloc(struct arena *arena, size_t bytes)
{
	size_t rounded = bytes < ARENA_ALIGN ? ARENA_ALIGN : bytes;
	struct arena_block *block;
	unsigned char *piece;

	if (rounded > arena->bytes_max || rounded > SIZE_MAX - ARENA_ALIGN) {
		arena->failed = true;
		return NULL;
	}
	rounded = (rounded + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
	if (rounded > arena->bytes_max || arena->used > arena->bytes_max - rounded) {
		arena->failed = true;
		return NULL;
	}
	block = arena_room(arena, rounded);
	if (!block) {
		arena->failed = true;
		return NULL;
	}
	piece = block->data + block->used;
	block->used += rounded;
	arena->used += rounded;
	memset(piece, 0, rounded);
	return piece;
}

void *arena_array(struct arena *arena, size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size) {
		arena->failed = true;
		return NULL;
	}
	return arena_alloc(arena, n * size);
}

char *arena_strdup(struct arena *arena, const char *s)
{
	return s ? arena_memdup(arena, s, strlen(s) + 1) : NULL;
}

void *arena_memdup(struct arena *arena, const void *data, size_t bytes)
{
	void *copy = arena_alloc(arena, bytes);

	if (copy && bytes > 0) {
		memcpy(copy, data, bytes);
	}
	return copy;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	char *text = NULL;
	va_list list;
	int length;

	va_start(list, format);
	length = vsnprintf(NULL, 0, format, list);
	va_end(list);
	assert(length >= 0);
	text = arena_alloc(arena, (size_t)length + 1);
	if (text) {
		va_start(list, format);
		vsnprintf(text, (size_t)length + 1, format, list);
		va_end(list);
	}
	return text;
}

bool arena_failed(const struct arena *arena)
{
	return arena->failed;
}

void arena_spare_free(void)
{
	while (arena_spare) {
		struct arena_block *next = arena_spare->next;

		free(arena_spare);
		arena_spare = next;
	}
	arena_spare_count = 0;
}
