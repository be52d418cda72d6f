/* Evidence, said and shown; shared by the commands about it. */
#ifndef INAP_CLIENT_CMD_EVIDENCE_H
#define INAP_CLIENT_CMD_EVIDENCE_H

#include <stdbool.h>

#include <jansson.h>

#include "client/cmd/target.h"
#include "inap/v1/evidence.pb-c.h"

struct app;
struct upload;

/** One piece of evidence as JSON. */
json_t *evidence_json(const Inap__V1__Evidence *evidence);
/** The answer to a write of evidence: said, and the report's new revision remembered. `base` is
 * what it named. */
bool evidence_written(struct app *app, const struct target *target, const ProtobufCMessage *message,
		      uint64_t base);
/** Attaches a file that was read as the letter of a report at a revision. NULL: noted, with the
 * command that goes on with it. */
const Inap__V1__EvidenceReply *evidence_letter(struct app *app, const struct target *target,
					       const struct upload *upload, uint64_t revision);
/** A word in quotes for a shell, where it needs them. */
const char *shell_word(struct app *app, const char *word);

#endif
