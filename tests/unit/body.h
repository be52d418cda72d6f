/* For tests of bodies: a heap that counts and fails when told to, and a writer of protobuf by hand.
 */
#ifndef INAP_TESTS_BODY_H
#define INAP_TESTS_BODY_H

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "proto/unpack.h"
#include "inap/v1/plan.pb-c.h"
#include "inap/v1/report.pb-c.h"
#include "inap/v1/user.pb-c.h"

/* Memory that counts, fails when told to, and is freed by the test. */
struct heap {
	void *pieces[4096];
	unsigned count;
	unsigned fail_at; /* this allocation gives NULL; 0: none */
};

static inline void *heap_alloc(void *data, size_t bytes)
{
	struct heap *heap = data;

	if (heap->fail_at != 0 && heap->count + 1 == heap->fail_at)
		return NULL;
	assert_true(heap->count < sizeof heap->pieces / sizeof heap->pieces[0]);
	void *piece = malloc(bytes);
	assert_non_null(piece);
	memset(piece, 0xa5, bytes); /* arenas give zeroes, but nothing may count on it */
	heap->pieces[heap->count++] = piece;
	return piece;
}

static inline void heap_empty(struct heap *heap)
{
	while (heap->count > 0)
		free(heap->pieces[--heap->count]);
}

static struct heap heap;
static const struct unpack_memory memory = { .alloc = heap_alloc,
					     .data = &heap,
					     .bytes_max = UNPACK_MEMORY_BYTES };
static const struct unpack_memory reply_memory = {
	.alloc = heap_alloc, .data = &heap, .bytes_max = UNPACK_MEMORY_BYTES, .reply = true
};
static struct unpack_fault fault;

/* A body being written. */
struct body {
	uint8_t *bytes;
	size_t n;
	size_t room;
};

static inline void put(struct body *body, const void *bytes, size_t n)
{
	if (body->n + n + 1 > body->room) {
		body->room = 2 * (body->n + n + 1);
		body->bytes = realloc(body->bytes, body->room);
		assert_non_null(body->bytes);
	}
	if (n > 0)
		memcpy(body->bytes + body->n, bytes, n);
	body->n += n;
}

static inline void put_varint(struct body *body, uint64_t value)
{
	for (; value > 0x7f; value >>= 7)
		put(body, &(uint8_t){ (uint8_t)(0x80 | value) }, 1);
	put(body, &(uint8_t){ (uint8_t)value }, 1);
}

static inline void put_number(struct body *body, unsigned field, uint64_t value)
{
	put_varint(body, field << 3);
	put_varint(body, value);
}

static inline void put_bytes(struct body *body, unsigned field, const void *bytes, size_t n)
{
	put_varint(body, field << 3 | 2);
	put_varint(body, n);
	put(body, bytes, n);
}

static inline void put_text(struct body *body, unsigned field, const char *text)
{
	put_bytes(body, field, text, strlen(text));
}

static inline void put_body(struct body *body, unsigned field, struct body *inner)
{
	put_bytes(body, field, inner->bytes, inner->n);
	free(inner->bytes);
	*inner = (struct body){ 0 };
}

/* Unpacks and frees the body; the message lives in the heap. */
static inline void *unpack(const ProtobufCMessageDescriptor *descriptor, struct body *body,
			   const struct unpack_memory *from)
{
	void *message = proto_unpack(descriptor, body->bytes, body->n, from, &fault);

	free(body->bytes);
	*body = (struct body){ 0 };
	return message;
}

static inline void assert_refused(const ProtobufCMessageDescriptor *descriptor, struct body *body,
				  enum error_code code, const char *path, const char *why)
{
	assert_null(unpack(descriptor, body, &memory));
	assert_string_equal(error_row(fault.code)->name, error_row(code)->name);
	assert_string_equal(fault.path, path);
	assert_string_equal(fault.why, why);
	assert_int_equal(heap.count, 0); /* refused before anything was allocated */
}

static inline int heap_end(void **state)
{
	(void)state;
	heap_empty(&heap);
	return 0;
}

static const ProtobufCMessageDescriptor *const save = &inap__v1__report_save__descriptor;

static inline void cell_put(struct body *body, const char *code, const char *number)
{
	struct body value = { 0 }, cell = { 0 };

	put_text(&value, 1, number);
	put_text(&cell, 1, code);
	put_body(&cell, 2, &value);
	put_body(body, 3, &cell);
}

#endif
