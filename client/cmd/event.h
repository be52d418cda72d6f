/* Events and organisations, shared by the commands about them. */
#ifndef INAP_CLIENT_CMD_EVENT_H
#define INAP_CLIENT_CMD_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "client/options.h"
#include "inap/v1/event.pb-c.h"
#include "proto/method.h"

struct app;

/** The number in E12 or O7, or in 12 alone; '\0': it has no letter. False: noted as a failure. */
bool numbered_read(struct app *app, char letter, const char *typed, uint64_t *number);
/** One event, as the caller may know it. NULL: noted as a failure. */
const Inap__V1__Event *event_read(struct app *app, uint64_t number);
/** Every organisation that the caller may be told of. NULL: noted as a failure. */
const Inap__V1__OrganisationListReply *organisations_read(struct app *app);
/** A list of codes from an option that replaces what was there; not given: it stays. */
void codes_option(struct app *app, enum option_id id, char ***list, size_t *count);
/** Sends a write about an event or organisation, and says what became of it. */
bool numbered_write(struct app *app, enum method_number method, const ProtobufCMessage *request,
		    char letter);

#endif
