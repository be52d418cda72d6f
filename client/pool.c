/* Memory of one run of the client. */
#include "client/pool.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct pool_block {
	struct pool_block *next;
	size_t size;
	_Alignas(max_align_t) unsigned char bytes[];
};

void *pool_alloc(struct pool *pool, size_t size)
{
	struct pool_block *block = NULL;

	if (size <= SIZE_MAX - sizeof *block)
		block = calloc(1, sizeof *block + size);
	if (!block) {
		fputs("inap: out of memory\n", stderr);
		exit(1);
	}
	block->size = size;
	block->next = pool->blocks;
	pool->blocks = block;
	return block->bytes;
}

char *pool_strndup(struct pool *pool, const char *text, size_t length)
{
	char *copy = pool_alloc(pool, length + 1);

	if (length > 0)
		memcpy(copy, text, length);
	return copy;
}

char *pool_strdup(struct pool *pool, const char *text)
{
	return pool_strndup(pool, text ? text : "", text ? strlen(text) : 0);
}

char *pool_printf(struct pool *pool, const char *format, ...)
{
	va_list arguments;
	char *text;
	int length;

	va_start(arguments, format);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0)
		return pool_strdup(pool, "");
	text = pool_alloc(pool, (size_t)length + 1);
	va_start(arguments, format);
	vsnprintf(text, (size_t)length + 1, format, arguments);
	va_end(arguments);
	return text;
}

static void *allocate_cb(void *data, size_t size)
{
	return pool_alloc(data, size);
}

static void free_cb(void *data, void *pointer)
{
	(void)data;
	(void)pointer;
}

ProtobufCAllocator pool_allocator(struct pool *pool)
{
	ProtobufCAllocator allocator = {
		.alloc = allocate_cb,
		.free = free_cb,
		.allocator_data = pool,
	};

	return allocator;
}

void pool_fini(struct pool *pool)
{
	struct pool_block *block = pool->blocks;

	while (block) {
		struct pool_block *next = block->next;

		explicit_bzero(block->bytes, block->size);
		free(block);
		block = next;
	}
	pool->blocks = NULL;
}
