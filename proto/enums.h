/**
 * Enum values as the words people see: STATE_IN_REVIEW is "in_review", ROLE_FOCAL_POINT
 * "focal_point".
 *
 * Ownership  words are static.
 * Errors     NULL or 0 for what has no word: value 0 (UNSPECIFIED) and numbers of a newer peer.
 * Limits     ENUMS_MAX enums of up to ENUM_VALUES_MAX values; a test holds the schema to it.
 * Threads    one: words are made on first use. The daemon's loop, the client's main.
 */
#ifndef INAP_PROTO_ENUMS_H
#define INAP_PROTO_ENUMS_H

#include <protobuf-c/protobuf-c.h>

enum { ENUMS_MAX = 16, ENUM_VALUES_MAX = 32, ENUM_WORD_BYTES = 32 };

/** The word of a value, or NULL. */
const char *proto_enum_text(const ProtobufCEnumDescriptor *descriptor, int value);
/** The value of a word, or 0. */
int proto_enum_value(const ProtobufCEnumDescriptor *descriptor, const char *word);

#endif
