/* Fuzz target: any bytes as the body of any method; what is taken packs and unpacks again to the
 * same. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/method.h"
#include "proto/unpack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An arena of separate pieces, so that the sanitiser sees every step over an edge. */
struct pieces {
	void *at[1 << 16];
	size_t count;
};

static void *pieces_alloc(void *data, size_t bytes)
{
	struct pieces *pieces = data;

	if (pieces->count == sizeof pieces->at / sizeof pieces->at[0])
		return NULL;
	void *piece = malloc(bytes);
	assert(piece != NULL);
	return pieces->at[pieces->count++] = piece;
}

static void pieces_free(struct pieces *pieces)
{
	while (pieces->count > 0)
		free(pieces->at[--pieces->count]);
}

static void round_trip(const ProtobufCMessage *message, const struct unpack_memory *memory)
{
	struct unpack_fault fault;
	size_t n = protobuf_c_message_get_packed_size(message);
	uint8_t *packed = malloc(n + 1), *again = malloc(n + 1);

	assert(packed != NULL && again != NULL);
	assert(protobuf_c_message_pack(message, packed) == n);
	/* Merging may have joined lists past the limit of a request, so it is read as a reply. */
	struct unpack_memory reply = *memory;
	reply.reply = true;
	const ProtobufCMessage *second =
		proto_unpack(message->descriptor, packed, n, &reply, &fault);
	if (second != NULL) {
		assert(protobuf_c_message_get_packed_size(second) == n);
		assert(protobuf_c_message_pack(second, again) == n);
		assert(memcmp(packed, again, n) == 0);
	} else {
		assert(fault.code == ERROR_TOO_LARGE);
	}
	free(packed);
	free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct pieces pieces;
	struct unpack_memory memory = { .alloc = pieces_alloc,
					.data = &pieces,
					.bytes_max = UNPACK_MEMORY_BYTES };
	struct unpack_fault fault;
	size_t count = 0;
	const struct method *methods = method_all(&count);

	if (size < 1)
		return 0;
	const struct method *method = &methods[(data[0] >> 1) % count];
	memory.reply = (data[0] & 1) != 0;
	const ProtobufCMessageDescriptor *type = memory.reply ? method->reply : method->request;
	const ProtobufCMessage *message = proto_unpack(type, data + 1, size - 1, &memory, &fault);
	if (message != NULL)
		round_trip(message, &memory);
	else
		assert(fault.code != ERROR_NONE && fault.why[0] != '\0');
	pieces_free(&pieces);
	return 0;
}
