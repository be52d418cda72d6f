/* Evidence, said and shown; shared by the commands about it. */
#ifndef INAP_CLIENT_CMD_EVIDENCE_H
#define INAP_CLIENT_CMD_EVIDENCE_H

#include <stdbool.h>

#include <jansson.h>

#include "client/cmd/target.h"
#include "inap/v1/evidence.pb-c.h"

struct app;

/** One piece of evidence as JSON. */
json_t *evidence_json(const Inap__V1__Evidence *evidence);
/** The answer to a write of evidence: said, and the report's new revision remembered. `base` is
 * what it named. */
bool evidence_written(struct app *app, const struct target *target, const ProtobufCMessage *message,
		      uint64_t base);
/** A word in quotes for a shell, where it needs them. */
const char *shell_word(struct app *app, const char *word);

#endif
