/* Showing reports and what became of them; shared by the commands about reports. */
#ifndef INAP_CLIENT_CMD_REPORT_H
#define INAP_CLIENT_CMD_REPORT_H

#include <stdbool.h>

#include <jansson.h>

#include "client/cmd/target.h"
#include "client/options.h"
#include "inap/v1/report.pb-c.h"

struct app;

/** Shows a report, in the format asked for. */
void report_render(struct app *app, const struct target *target,
		   const Inap__V1__ReportShowReply *show, bool points);
/** Is an asked cell answered in it? */
bool report_has(const Inap__V1__ReportShowReply *show, const char *cell);
/** The review points of a report, for scripts and for people: the thread of all returns. */
json_t *points_json(const Inap__V1__ReportShowReply *show);
void points_human(struct app *app, const Inap__V1__ReportShowReply *show);
/** A problem in the person's language, with the note that explains it. */
const char *problem_text(struct app *app, const Inap__V1__Problem *problem);

/* A move: what it is called with, and its answer. */
struct move {
	enum method_number method;
	const ProtobufCMessage *request;
	struct target *target;
};

/** Sends a move (or takes the answer of the one left behind) and remembers the new revision. */
bool move_send(struct app *app, const struct move *move, Inap__V1__ReportMoveReply **reply);
/** Says what became of it. */
void move_say(struct app *app, const struct target *target, const Inap__V1__ReportMoveReply *reply);
json_t *move_json(const struct target *target, const Inap__V1__ReportMoveReply *reply);
/** "7F3A-19C2" of a receipt. */
const char *receipt_text(struct app *app, const ProtobufCBinaryData *receipt);
/** A receipt whole, in hex. */
json_t *receipt_json(const ProtobufCBinaryData *receipt);
/** A ReportMove of the first word (or the report that waits), --note and the base, sent and said.
 */
bool move_plain(struct app *app, enum method_number method);
/** As move_plain, for what is asked for and declined; the reason is needed. */
bool move_decline(struct app *app, enum method_number method);
/** Sends a move whose request is filled, and says what became of it. */
bool move_finish(struct app *app, const struct move *move);
/** The word of --code; false: it is none of them, noted as a failure. */
bool code_word(struct app *app, char **code);
/** The number of a review point as typed; false: it is none, noted as a failure. */
bool point_read(struct app *app, const char *word, uint64_t *point);
/** The note of --note, cleaned; false: it is no text, noted as a failure. */
bool note_text(struct app *app, enum option_id id, char **note);

#endif
