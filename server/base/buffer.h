/**
 * A growable run of bytes with a maximum, filled at the back and emptied from the front.
 *
 * Ownership  the caller's memory; buffer_fini() frees the bytes. An empty buffer holds no memory.
 * Errors     false or NULL at the maximum or when there is no memory; the content stays as it was.
 * Limits     max bytes unread.
 * Threads    loop thread only.
 */
#ifndef INAP_BASE_BUFFER_H
#define INAP_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer {
	uint8_t *data;
	size_t start; /* first unread byte */
	size_t end;   /* one past the last */
	size_t capacity;
	size_t max;
};

void buffer_init(struct buffer *buffer, size_t max);
/** Frees the bytes; the buffer is empty and keeps its maximum. */
void buffer_fini(struct buffer *buffer);

static inline size_t buffer_length(const struct buffer *buffer)
{
	return buffer->end - buffer->start;
}

/** The unread bytes; valid until the next call that is not a question. NULL if it never held any.
 */
static inline uint8_t *buffer_bytes(const struct buffer *buffer)
{
	return buffer->data ? buffer->data + buffer->start : NULL;
}

/** Room for `bytes` more at the back (at least one); make them count with buffer_commit(). */
uint8_t *buffer_reserve(struct buffer *buffer, size_t bytes) __attribute__((warn_unused_result));
/** Takes `bytes` of what was reserved into the content. */
void buffer_commit(struct buffer *buffer, size_t bytes);
bool buffer_append(struct buffer *buffer, const void *data, size_t bytes)
	__attribute__((warn_unused_result));
/** Drops `bytes` from the front, without moving the rest; frees the memory when nothing is left. */
void buffer_consume(struct buffer *buffer, size_t bytes);
/** Drops what lies behind the first `length` bytes: undoes a half-made append. */
void buffer_truncate(struct buffer *buffer, size_t length);
/** Hands the content of `from` to the empty buffer `to`, without copying; maxima stay. */
void buffer_move(struct buffer *to, struct buffer *from);

#endif
