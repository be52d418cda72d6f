/**
 * Files over bad links: sent and fetched in pieces; when the connection is lost, again from where
 * it stopped.
 *
 * What is being sent is remembered in $XDG_STATE_HOME/inap/PROFILE/uploads/ until it is attached,
 * so that it can be said, and the same command goes on with it. How much is there only the server
 * knows.
 *
 * Ownership  everything lives in the app's pool.
 * Errors     noted in the app. A lost connection is one only when nothing came through several
 * times. Limits     FILE_BYTES_MAX a file.
 */
#ifndef INAP_CLIENT_UPLOAD_H
#define INAP_CLIENT_UPLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inap/v1/evidence.pb-c.h"

struct app;

enum { HASH_BYTES = 32 };

/* A file on its way. */
struct upload {
	const char *file; /* as the person named it */
	uint8_t *bytes;
	size_t length;
	const char *first; /* the type that its first piece tells */
	uint8_t sha256[HASH_BYTES];
};

/** Reads a file and judges it: one clear error, before anything is sent. */
bool upload_read(struct app *app, const char *file, struct upload *upload);
/** Sends what is missing of it. `request` is what will be attached; `command` is what goes on with
 * it if this cannot. */
bool upload_send(struct app *app, const struct upload *upload, Inap__V1__EvidenceAttach *request,
		 const char *report, const char *command);
/** It is attached, or never will be. */
void upload_forget(struct app *app, const struct upload *upload, const char *report);

/* An upload that was begun and not finished. */
struct unfinished {
	const char *file;
	const char *command;
	uint64_t bytes;
};

/** Those of a report, by this person. */
struct unfinished *upload_unfinished(struct app *app, const char *report, size_t *count);

/* A file that is fetched. */
struct download {
	const Inap__V1__ReportRef *report;
	const Inap__V1__Evidence *evidence;
	const char *file;    /* where it goes */
	const char *command; /* what goes on with it if this cannot */
};

/** Fetches it: whole, and its hash is right. */
bool download_file(struct app *app, const struct download *download);
/** Bytes of evidence from an offset on. */
bool evidence_read(struct app *app, const Inap__V1__ReportRef *report, uint64_t number,
		   uint64_t offset, Inap__V1__EvidenceReadReply **reply);

#endif
