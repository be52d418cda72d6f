/* Memory of one run of the client: taken as needed, given back all at once at the end. */
#ifndef INAP_CLIENT_POOL_H
#define INAP_CLIENT_POOL_H

#include <stddef.h>

#include <protobuf-c/protobuf-c.h>

struct pool_block;

/**
 * A pool. Zeroed is empty.
 *
 * Ownership  everything taken from it lives until pool_fini().
 * Errors     none: without memory the client says so and ends with status 1.
 */
struct pool {
	struct pool_block *blocks; /* newest first */
};

/** size bytes, zeroed. */
void *pool_alloc(struct pool *pool, size_t size);
/** A copy of text; NULL is "". */
char *pool_strdup(struct pool *pool, const char *text);
/** A copy of the first length bytes of text, terminated. */
char *pool_strndup(struct pool *pool, const char *text, size_t length);
/** A text by format. */
char *pool_printf(struct pool *pool, const char *format, ...) __attribute__((format(printf, 2, 3)));
/** An allocator for protobuf-c that takes from the pool and never frees. */
ProtobufCAllocator pool_allocator(struct pool *pool);
/** Gives everything back; secrets in it are wiped. */
void pool_fini(struct pool *pool);

#endif
