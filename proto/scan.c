/* The strict walk over a body before it is unpacked: every byte accounted for by the descriptor's
 * rules. */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "proto/text.h"
#include "proto/unpack.h"
#include "proto/utf8.h"
#include "proto/wire.h"

/* Where the walk stands: a chain of these, innermost first, gives a fault its path. */
struct place {
	const struct place *up;
	const ProtobufCMessageDescriptor *descriptor;
	const ProtobufCFieldDescriptor *field; /* being looked at, NULL between fields */
	uint32_t index;                        /* of its entry, if it is repeated */
	unsigned depth;                        /* 1 for the body itself */
	bool reply;
	struct unpack_fault *fault;
};

static bool message_scan(struct place *place, const uint8_t *bytes, size_t n);

static size_t path_append(const struct place *place, char *out, size_t room)
{
	size_t used = place->up == NULL ? 0 : path_append(place->up, out, room);
	int added = 0;

	if (place->field == NULL || used >= room)
		return used;
	const char *dot = used > 0 ? "." : "";
	if (place->field->label == PROTOBUF_C_LABEL_REPEATED)
		added = snprintf(out + used, room - used, "%s%s[%u]", dot, place->field->name,
				 (unsigned)place->index);
	else
		added = snprintf(out + used, room - used, "%s%s", dot, place->field->name);
	return used + (size_t)added;
}

__attribute__((format(printf, 3, 4))) static bool
refuse(const struct place *place, enum error_code code, const char *format, ...)
{
	struct unpack_fault *fault = place->fault;
	va_list arguments;

	fault->code = code;
	fault->path[0] = '\0';
	path_append(place, fault->path, sizeof fault->path);
	va_start(arguments, format);
	vsnprintf(fault->why, sizeof fault->why, format, arguments);
	va_end(arguments);
	return false;
}

/* Fields that hold a person's sentences, or a file, take tab and LF; PROTOCOL.md names them. */
static struct text_rule text_rule_of(const char *field)
{
	struct text_rule rule = { .bytes_max = UNPACK_TEXT_BYTES };

	if (strcmp(field, "json") == 0)
		rule = (struct text_rule){ .bytes_max = UNPACK_JSON_BYTES, .lines = true };
	else if (strcmp(field, "note") == 0 || strcmp(field, "text") == 0)
		rule.lines = true;
	return rule;
}

/* Of a reply: only what would break the C string; what is shown is filtered first. */
static enum text_fault reply_text_check(const char *text, size_t bytes)
{
	for (size_t at = 0; at < bytes;) {
		uint32_t point = 0;
		size_t size = utf8_get(text + at, bytes - at, &point);
		if (size == 0)
			return TEXT_UTF8;
		if (point == 0)
			return TEXT_NUL;
		at += size;
	}
	return TEXT_OK;
}

static bool text_scan(const struct place *place, const struct wire_field *got)
{
	struct text_rule rule = text_rule_of(place->field->name);
	const char *text = (const char *)got->bytes;
	enum text_fault fault = place->reply ? reply_text_check(text, got->length)
					     : text_check(text, got->length, &rule);

	if (fault == TEXT_OK)
		return true;
	if (fault == TEXT_BYTES)
		return refuse(place, ERROR_TOO_LARGE, "%zu bytes", rule.bytes_max);
	return refuse(place, ERROR_BAD_TEXT, "%s", text_reason(fault));
}

static enum wire_type wire_type_of(ProtobufCType type)
{
	switch (type) {
	case PROTOBUF_C_TYPE_FIXED32:
	case PROTOBUF_C_TYPE_SFIXED32:
	case PROTOBUF_C_TYPE_FLOAT:
		return WIRE_32;
	case PROTOBUF_C_TYPE_FIXED64:
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_DOUBLE:
		return WIRE_64;
	case PROTOBUF_C_TYPE_STRING:
	case PROTOBUF_C_TYPE_BYTES:
	case PROTOBUF_C_TYPE_MESSAGE:
		return WIRE_BYTES;
	default:
		return WIRE_VARINT;
	}
}

/* protobuf-c cuts to 32 bits what does not fit; a figure must not change on its way. */
static bool varint_scan(const struct place *place, uint64_t value)
{
	const ProtobufCFieldDescriptor *field = place->field;
	int64_t number = (int64_t)value;
	bool fits_int = number >= INT32_MIN && number <= INT32_MAX;

	switch (field->type) {
	case PROTOBUF_C_TYPE_ENUM:
		if (fits_int && (place->reply || protobuf_c_enum_descriptor_get_value(
							 field->descriptor, (int)number) != NULL))
			return true;
		return refuse(place, ERROR_BAD_ARGUMENT, "%lld is not a value of this enum",
			      (long long)number);
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_SINT32:
		if (value > UINT32_MAX)
			return refuse(place, ERROR_BAD_ARGUMENT, "does not fit into 32 bits");
		return true;
	case PROTOBUF_C_TYPE_INT32:
		if (!fits_int)
			return refuse(place, ERROR_BAD_ARGUMENT, "does not fit into 32 bits");
		return true;
	default:
		return true;
	}
}

static bool count_check(const struct place *place)
{
	if (!place->reply && place->index >= UNPACK_REPEATED_MAX)
		return refuse(place, ERROR_TOO_LARGE, "%d entries", UNPACK_REPEATED_MAX);
	return true;
}

/* The content of a packed repeated field: entries one after another. */
static bool packed_scan(struct place *place, const struct wire_field *got, uint32_t *count)
{
	struct wire wire = { .at = got->bytes, .left = got->length };
	enum wire_type type = wire_type_of(place->field->type);
	size_t width = type == WIRE_64 ? 8 : 4;

	while (wire.left > 0) {
		place->index = (*count)++;
		if (!count_check(place))
			return false;
		if (type != WIRE_VARINT) {
			if (wire.left < width)
				return refuse(place, ERROR_MALFORMED, "the message is cut off");
			wire.at += width;
			wire.left -= width;
			continue;
		}
		uint64_t value = 0;
		const char *why = wire_varint_next(&wire, &value);
		if (why != NULL)
			return refuse(place, ERROR_MALFORMED, "%s", why);
		if (!varint_scan(place, value))
			return false;
	}
	return true;
}

static bool entry_scan(struct place *place, const struct wire_field *got)
{
	switch (place->field->type) {
	case PROTOBUF_C_TYPE_STRING:
		return text_scan(place, got);
	case PROTOBUF_C_TYPE_MESSAGE: {
		struct place inner = { .up = place,
				       .descriptor = place->field->descriptor,
				       .depth = place->depth + 1,
				       .reply = place->reply,
				       .fault = place->fault };
		return message_scan(&inner, got->bytes, got->length);
	}
	case PROTOBUF_C_TYPE_BYTES:
		return true;
	default:
		return got->type != WIRE_VARINT || varint_scan(place, got->varint);
	}
}

static bool field_scan(struct place *place, const struct wire_field *got, uint32_t *count)
{
	enum wire_type want = wire_type_of(place->field->type);
	bool repeated = place->field->label == PROTOBUF_C_LABEL_REPEATED;

	if (repeated && want != WIRE_BYTES && got->type == WIRE_BYTES)
		return packed_scan(place, got, count);
	place->index = (*count)++;
	if (got->type != want)
		return refuse(place, ERROR_MALFORMED, "the field has another type");
	if (repeated && !count_check(place))
		return false;
	return entry_scan(place, got);
}

static bool message_scan(struct place *place, const uint8_t *bytes, size_t n)
{
	uint32_t counts[UNPACK_FIELDS_MAX] = { 0 };
	struct wire wire = { .at = bytes, .left = n };

	assert(place->descriptor->n_fields <= UNPACK_FIELDS_MAX);
	if (place->depth > UNPACK_DEPTH_MAX)
		return refuse(place, ERROR_MALFORMED, "messages lie more than %d deep",
			      UNPACK_DEPTH_MAX);
	while (wire.left > 0) {
		struct wire_field got;
		place->field = NULL;
		const char *why = wire_field_next(&wire, &got);
		if (why != NULL)
			return refuse(place, ERROR_MALFORMED, "%s", why);
		place->field =
			protobuf_c_message_descriptor_get_field(place->descriptor, got.number);
		if (place->field != NULL &&
		    !field_scan(place, &got, &counts[place->field - place->descriptor->fields]))
			return false;
	}
	return true;
}

bool proto_scan(const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes, size_t n,
		bool reply, struct unpack_fault *fault)
{
	struct place place = {
		.descriptor = descriptor, .depth = 1, .reply = reply, .fault = fault
	};

	*fault = (struct unpack_fault){ 0 };
	return message_scan(&place, bytes, n);
}
