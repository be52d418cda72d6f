/* Bodies into messages: the walk of scan.c, then protobuf-c under a cap, then unknown fields
 * dropped. */
#include "proto/unpack.h"

#include <stdio.h>
#include <string.h>

/* What protobuf-c's allocator points to. */
struct budget {
	const struct unpack_memory *memory;
	size_t left;
};

static void *budget_alloc(void *data, size_t bytes)
{
	struct budget *budget = data;

	if (bytes > budget->left)
		return NULL;
	budget->left -= bytes;
	/* An empty bytes field asks for nothing; some allocators answer that with NULL. */
	return budget->memory->alloc(budget->memory->data, bytes == 0 ? 1 : bytes);
}

static void budget_free(void *data, void *pointer)
{
	(void)data;
	(void)pointer;
}

/* Is this member of a oneof, or this singular message, there at all? */
static const ProtobufCMessage *singular_at(const ProtobufCMessage *message,
					   const ProtobufCFieldDescriptor *field)
{
	const char *base = (const char *)message;

	if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0) {
		uint32_t which = 0;
		memcpy(&which, base + field->quantifier_offset, sizeof which);
		if (which != field->id)
			return NULL;
	}
	return *(ProtobufCMessage *const *)(const void *)(base + field->offset);
}

/* A field that we do not know must not come back when a message is packed again. */
static void unknown_drop(ProtobufCMessage *message)
{
	const ProtobufCMessageDescriptor *descriptor = message->descriptor;

	message->n_unknown_fields = 0;
	message->unknown_fields = NULL;
	for (unsigned i = 0; i < descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
		if (field->type != PROTOBUF_C_TYPE_MESSAGE)
			continue;
		if (field->label != PROTOBUF_C_LABEL_REPEATED) {
			ProtobufCMessage *inner = (ProtobufCMessage *)singular_at(message, field);
			if (inner != NULL)
				unknown_drop(inner);
			continue;
		}
		size_t n = 0;
		memcpy(&n, (const char *)message + field->quantifier_offset, sizeof n);
		ProtobufCMessage **inner =
			*(ProtobufCMessage ***)(void *)((char *)message + field->offset);
		for (size_t j = 0; j < n; j++)
			unknown_drop(inner[j]);
	}
}

ProtobufCMessage *proto_unpack(const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes,
			       size_t n, const struct unpack_memory *memory,
			       struct unpack_fault *fault)
{
	struct budget budget = { .memory = memory, .left = memory->bytes_max };
	ProtobufCAllocator allocator = { .alloc = budget_alloc,
					 .free = budget_free,
					 .allocator_data = &budget };
	ProtobufCMessage *message = NULL;

	if (!proto_scan(descriptor, bytes, n, memory->reply, fault))
		return NULL;
	message = protobuf_c_message_unpack(descriptor, &allocator, n, bytes);
	if (message == NULL) {
		/* The walk found it well-formed, so this is the cap. */
		fault->code = ERROR_TOO_LARGE;
		snprintf(fault->path, sizeof fault->path, "the message");
		snprintf(fault->why, sizeof fault->why, "%zu bytes of memory", memory->bytes_max);
		return NULL;
	}
	unknown_drop(message);
	return message;
}
