/* The report that a command is about: its name, what was left behind for it, the revision that was
 * shown. */
#ifndef INAP_CLIENT_CMD_TARGET_H
#define INAP_CLIENT_CMD_TARGET_H

#include <stdbool.h>
#include <stdint.h>

#include "inap/v1/report.pb-c.h"
#include "proto/method.h"

struct app;

struct target {
	Inap__V1__ReportRef ref;
	const char *id; /* as the person writes it: FED-MOI/2024Q3 */
	uint64_t intent;
	ProtobufCMessage *settled; /* this very write was left behind and is answered now */
	const char *as_of;         /* reads it as it was at the end of this day; NULL: now */
};

/** Does a word name a report? */
bool target_is_report(const char *word);
/**
 * Takes the report's name; NULL: the one report that waits for this person. Then settles what was
 * left behind for it. `method` is the command's own, 0 for reads; `extra` is what it read from a
 * file.
 */
bool target_find(struct app *app, const char *word, struct target *target);
bool target_settle(struct app *app, struct target *target, enum method_number method,
		   const void *extra, size_t length);
/** Both at once, for commands whose intent is their words. */
bool target_begin(struct app *app, const char *word, enum method_number method,
		  struct target *target);
/** Reads the report, now (revision 0) or as it was. */
bool target_show(struct app *app, const struct target *target, uint64_t revision,
		 Inap__V1__ReportShowReply **show);
/**
 * The revision that a write names: --base, else the one last shown. Never shown: the report is
 * shown now, and NOT_SEEN is noted. `show` may be NULL; else it is what was read already.
 */
bool target_base(struct app *app, struct target *target, const Inap__V1__ReportShowReply *show,
		 uint64_t *base);
/** This person knows the report's revision now. */
void target_seen(struct app *app, const struct target *target, uint64_t revision);
/** May this person's roles, as last heard, call the command at all? */
bool target_may(const struct app *app);

#endif
