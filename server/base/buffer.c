/* A growable run of bytes with a maximum. */
#include "server/base/buffer.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { BUFFER_FIRST_BYTES = 512 };

void buffer_init(struct buffer *buffer, size_t max)
{
	memset(buffer, 0, sizeof(*buffer));
	buffer->max = max;
}

void buffer_fini(struct buffer *buffer)
{
	free(buffer->data);
	buffer_init(buffer, buffer->max);
}

static bool buffer_grow(struct buffer *buffer, size_t needed)
{
	size_t capacity = buffer->capacity ? buffer->capacity : BUFFER_FIRST_BYTES;
	uint8_t *data;

	while (capacity < needed) {
		capacity = capacity > SIZE_MAX / 2 ? needed : capacity * 2;
	}
	data = malloc(capacity);
	if (!data) {
		return false;
	}
	if (buffer->data) {
		memcpy(data, buffer->data + buffer->start, buffer_length(buffer));
	}
	free(buffer->data);
	buffer->data = data;
	buffer->end = buffer_length(buffer);
	buffer->start = 0;
	buffer->capacity = capacity;
	return true;
}

uint8_t *buffer_reserve(struct buffer *buffer, size_t bytes)
{
	size_t length = buffer_length(buffer);

	if (bytes > buffer->max || length > buffer->max - bytes) {
		return NULL;
	}
	if (!buffer->data || bytes > buffer->capacity - buffer->end) {
		/* moving down is cheaper than growing once half of it was read */
		if (buffer->data && buffer->start >= buffer->capacity / 2 &&
		    length + bytes <= buffer->capacity) {
			memmove(buffer->data, buffer->data + buffer->start, length);
			buffer->start = 0;
			buffer->end = length;
		} else if (!buffer_grow(buffer, length + bytes)) {
			return NULL;
		}
	}
	return buffer->data + buffer->end;
}

void buffer_commit(struct buffer *buffer, size_t bytes)
{
	assert(bytes <= buffer->capacity - buffer->end);
	buffer->end += bytes;
}

bool buffer_append(struct buffer *buffer, const void *data, size_t bytes)
{
	uint8_t *room;

	if (bytes == 0) {
		return true;
	}
	room = buffer_reserve(buffer, bytes);
	if (!room) {
		return false;
	}
	memcpy(room, data, bytes);
	buffer->end += bytes;
	return true;
}

void buffer_consume(struct buffer *buffer, size_t bytes)
{
	assert(bytes <= buffer_length(buffer));
	buffer->start += bytes;
	if (buffer->start == buffer->end) {
		buffer_fini(buffer);
	}
}

void buffer_truncate(struct buffer *buffer, size_t length)
{
	assert(length <= buffer_length(buffer));
	buffer->end = buffer->start + length;
	if (length == 0) {
		buffer_fini(buffer);
	}
}

void buffer_move(struct buffer *to, struct buffer *from)
{
	size_t max = to->max;

	assert(buffer_length(to) == 0);
	free(to->data);
	*to = *from;
	to->max = max;
	buffer_init(from, from->max);
}
