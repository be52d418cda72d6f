/* The words of the protocol in the person's language: states, roles, units, what is named in
 * refusals. */
#ifndef INAP_CLIENT_WORDS_H
#define INAP_CLIENT_WORDS_H

#include <protobuf-c/protobuf-c.h>

struct pool;

/** A key of the protocol (in_review, focal_point, count…) in the person's language; unknown:
 * itself. */
const char *word(const char *key);
/** The English key of an enum's value, "" where there is none. */
const char *enum_key(const ProtobufCEnumDescriptor *descriptor, int value);
/** The same in the person's language. */
const char *enum_word(const ProtobufCEnumDescriptor *descriptor, int value);
/** What stands in a named place of a sentence: words are translated, names and codes are not. */
const char *word_in_place(struct pool *pool, const char *place, const char *value);

#endif
