/* Cuts a packed message at the boundaries of its top-level fields. */
#include "proto/split.h"

#include "proto/wire.h"

void proto_split_init(struct proto_split *split, const uint8_t *bytes, size_t n, size_t bytes_max)
{
	*split = (struct proto_split){ .at = bytes, .left = n, .bytes_max = bytes_max };
}

bool proto_split_next(struct proto_split *split, struct proto_piece *piece)
{
	struct wire wire = { .at = split->at, .left = split->left };
	size_t length = 0;

	while (wire.left > 0) {
		struct wire_field field;
		if (wire_field_next(&wire, &field) != NULL)
			return false;
		size_t with = (size_t)(wire.at - split->at);
		if (length > 0 && with > split->bytes_max)
			break;
		length = with;
	}
	piece->bytes = split->at;
	piece->length = length;
	piece->last = length == split->left;
	if (length > 0)
		split->at += length;
	split->left -= length;
	return true;
}
