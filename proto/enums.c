/* Enum values as words: the value's name in lower case, without the enum's prefix. */
#include "proto/enums.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

struct words {
	const ProtobufCEnumDescriptor *descriptor;
	char word[ENUM_VALUES_MAX]
		 [ENUM_WORD_BYTES]; /* by index in the descriptor, "" for value 0 */
};

static struct words cache[ENUMS_MAX];

/* Every enum's value 0 is PREFIX_UNSPECIFIED: what stands before it is the prefix. */
static size_t prefix_bytes(const ProtobufCEnumDescriptor *descriptor)
{
	static const char unspecified[] = "UNSPECIFIED";
	const ProtobufCEnumValue *zero = protobuf_c_enum_descriptor_get_value(descriptor, 0);
	size_t length = 0;

	assert(zero != NULL);
	length = strlen(zero->name);
	assert(length >= sizeof unspecified - 1);
	return length - (sizeof unspecified - 1);
}

static void words_fill(struct words *words, const ProtobufCEnumDescriptor *descriptor)
{
	size_t prefix = prefix_bytes(descriptor);

	assert(descriptor->n_values <= ENUM_VALUES_MAX);
	for (unsigned i = 0; i < descriptor->n_values; i++) {
		const char *from = descriptor->values[i].name + prefix;
		if (descriptor->values[i].value == 0)
			continue;
		assert(strlen(from) < ENUM_WORD_BYTES);
		for (size_t j = 0; from[j] != '\0'; j++)
			words->word[i][j] = (char)tolower((unsigned char)from[j]);
	}
	words->descriptor = descriptor;
}

static const struct words *words_of(const ProtobufCEnumDescriptor *descriptor)
{
	unsigned i = 0;

	while (i < ENUMS_MAX && cache[i].descriptor != NULL && cache[i].descriptor != descriptor)
		i++;
	assert(i < ENUMS_MAX);
	if (cache[i].descriptor == NULL)
		words_fill(&cache[i], descriptor);
	return &cache[i];
}

const char *proto_enum_text(const ProtobufCEnumDescriptor *descriptor, int value)
{
	const ProtobufCEnumValue *found = protobuf_c_enum_descriptor_get_value(descriptor, value);

	if (found == NULL || value == 0)
		return NULL;
	return words_of(descriptor)->word[found - descriptor->values];
}

int proto_enum_value(const ProtobufCEnumDescriptor *descriptor, const char *word)
{
	const struct words *words = words_of(descriptor);

	for (unsigned i = 0; i < descriptor->n_values; i++)
		if (words->word[i][0] != '\0' && strcmp(words->word[i], word) == 0)
			return descriptor->values[i].value;
	return 0;
}
