/* Protobuf's wire format, one field at a time: what protobuf-c would let pass is refused here. */
#include "proto/wire.h"

enum { VARINT_BYTES_MAX = 10, TAG_BYTES_MAX = 5 };

static const char truncated[] = "the message is cut off";

const char *wire_varint_next(struct wire *wire, uint64_t *value)
{
	*value = 0;
	for (unsigned i = 0; i < VARINT_BYTES_MAX; i++) {
		if (wire->left == 0)
			return truncated;
		uint8_t byte = *wire->at++;
		wire->left--;
		if (i == VARINT_BYTES_MAX - 1 && byte > 1)
			return "a number has more than 64 bits";
		*value |= (uint64_t)(byte & 0x7f) << (7 * i);
		if (byte < 0x80)
			return NULL;
	}
	return "a number has more than ten bytes";
}

/* protobuf-c reads tags of at most five bytes; longer forms would be read differently by others. */
static const char *tag_next(struct wire *wire, uint32_t *number, unsigned *type)
{
	const uint8_t *start = wire->at;
	uint64_t tag = 0;
	const char *why = wire_varint_next(wire, &tag);

	if (why != NULL)
		return why;
	if (wire->at - start > TAG_BYTES_MAX || tag > UINT32_MAX)
		return "a field's tag is too long";
	*number = (uint32_t)(tag >> 3);
	*type = (unsigned)(tag & 7);
	return *number == 0 ? "a field has number 0" : NULL;
}

static const char *skip(struct wire *wire, uint64_t bytes)
{
	if (wire->left < bytes)
		return truncated;
	wire->at += (size_t)bytes;
	wire->left -= (size_t)bytes;
	return NULL;
}

const char *wire_field_next(struct wire *wire, struct wire_field *field)
{
	unsigned type = 0;
	uint64_t length = 0;
	const char *why = NULL;

	*field = (struct wire_field){ 0 };
	why = tag_next(wire, &field->number, &type);
	if (why != NULL)
		return why;
	field->type = (enum wire_type)type;
	switch (type) {
	case WIRE_VARINT:
		return wire_varint_next(wire, &field->varint);
	case WIRE_64:
		return skip(wire, 8);
	case WIRE_32:
		return skip(wire, 4);
	case WIRE_BYTES:
		why = wire_varint_next(wire, &length);
		if (why != NULL)
			return why;
		field->bytes = wire->at;
		field->length = (size_t)length;
		return skip(wire, length);
	default:
		return "a field has a wire type that is not used here";
	}
}
