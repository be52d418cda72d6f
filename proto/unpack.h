/**
 * Bodies into messages: a strict walk over the bytes, driven by the descriptor, then protobuf-c's
 * unpack.
 *
 * protobuf-c alone takes deep nesting, broken UTF-8, NUL in strings, unknown enum numbers and any
 * amount of memory. So nothing is unpacked that scan.c has not found well-formed, and memory is
 * capped.
 *
 * Ownership  everything comes from memory->alloc and lives as long as that does; there is nothing
 * to free (never call ..__free_unpacked()). Errors     NULL, and *fault says what a person may see.
 * Limits     UNPACK_DEPTH_MAX messages deep; UNPACK_REPEATED_MAX entries in a repeated field of a
 * request; UNPACK_TEXT_BYTES in a string (UNPACK_JSON_BYTES in one called json); memory->bytes_max
 * in all. Threads    any.
 */
#ifndef INAP_PROTO_UNPACK_H
#define INAP_PROTO_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

#include "proto/enums.h"
#include "proto/errors.h"
#include "proto/split.h"

enum {
	UNPACK_DEPTH_MAX = 8,
	UNPACK_FIELDS_MAX = 64, /* fields of one message; a test holds the schema to it */
	UNPACK_REPEATED_MAX = 4000,
	UNPACK_TEXT_BYTES = 32 * 1024,
	UNPACK_JSON_BYTES = 900 * 1024,
	UNPACK_MEMORY_BYTES = 4 << 20, /* a good bytes_max for a request */
	UNPACK_PATH_BYTES = 128,
	UNPACK_WHY_BYTES = 128
};

/** Where a message's memory comes from; a zero `reply` is what a server wants. */
struct unpack_memory {
	void *(*alloc)(void *data, size_t bytes); /* 16-byte aligned, or NULL */
	void *data;
	size_t bytes_max;
	/*
	 * A reply, read by a client: a newer server may send enum numbers that we do not know, any
	 * number of entries, and text is checked for UTF-8 and NUL only (it is filtered before it
	 * is shown).
	 */
	bool reply;
};

/**
 * What was at fault, as a row of errors.def and the arguments of its sentence:
 * MALFORMED {why}; TOO_LARGE {what} = path, {limit} = why; BAD_TEXT and BAD_ARGUMENT {field} =
 * path, {why}.
 */
struct unpack_fault {
	enum error_code code;
	char path[UNPACK_PATH_BYTES]; /* cells[3].note; "" where no field is to blame */
	char why[UNPACK_WHY_BYTES];   /* English, lower case */
};

/** The message in n bytes, or NULL. Unknown fields are dropped; of a singular field the last one
 * counts. */
ProtobufCMessage *proto_unpack(const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes,
			       size_t n, const struct unpack_memory *memory,
			       struct unpack_fault *fault) __attribute__((warn_unused_result));

/** The walk alone: true if proto_unpack() would find nothing wrong but its memory. */
bool proto_scan(const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes, size_t n,
		bool reply, struct unpack_fault *fault) __attribute__((warn_unused_result));

#endif
