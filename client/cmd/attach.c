/* inap report attach: a file or a reference becomes evidence of a report. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/app.h"
#include "client/cmd/evidence.h"
#include "client/cmd/report.h"
#include "client/form/value.h"
#include "client/i18n.h"
#include "client/pending.h"
#include "client/upload.h"

/* ENTITY/2024Q3: what may as well be a file's path must look so to the end. */
static bool is_report(const char *word)
{
	const char *slash = strrchr(word, '/');

	return slash && target_is_report(word) && strlen(slash + 1) == 6 &&
	       strspn(slash + 1, "0123456789") == 4 && toupper((unsigned char)slash[5]) == 'Q' &&
	       access(word, F_OK) != 0;
}

/* What was asked for: a report, a file, or both. */
static bool words_take(struct app *app, const char **report, const char **file)
{
	bool reference = app->options.given[OPT_REFERENCE];

	*report = *file = NULL;
	if (app->words_count == 2) {
		*report = app->words[0];
		*file = app->words[1];
	} else if (app->words_count == 1) {
		*(is_report(app->words[0]) ? report : file) = app->words[0];
	}
	return *file || reference ||
	       fail_with(app, ERROR_USAGE, "why",
			 _("name a file, or say with --reference where it lies"), NULL);
}

static bool kind_take(struct app *app, char **kind)
{
	static const char *const words[] = { "minutes", "order", "list", "letter",
					     "photo",   "scan",  "other" };
	const char *given = app->options.given[OPT_KIND] ? option_text(app, OPT_KIND) : "other";

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i], given) == 0) {
			*kind = pool_strdup(&app->pool, given);
			return true;
		}
	return fail_with(app, ERROR_USAGE, "why",
			 sentence(&app->pool, _("--kind is one of {words}"), "words",
				  "minutes, order, list, letter, photo, scan, other", NULL),
			 NULL);
}

/* A text of one line, as the server takes it. */
static bool text_take(struct app *app, const char *given, const char *option, char **text)
{
	const char *clean = text_clean(app, given);

	if (!clean)
		return fail_with(app, ERROR_BAD_TEXT, "field", option, "why", "is not valid UTF-8",
				 NULL);
	*text = pool_strdup(&app->pool, clean);
	return true;
}

static char **codes_take(struct app *app, enum option_id id, size_t *count)
{
	char **codes = option_list(app, id, count);

	for (size_t i = 0; i < *count; i++)
		codes[i] = pool_strdup(&app->pool, digits_latin(app, codes[i]));
	return codes;
}

/* A path without its folders. */
static const char *file_name(const char *file)
{
	const char *slash = strrchr(file, '/');

	return slash ? slash + 1 : file;
}

static bool request_fill(struct app *app, const char *file, Inap__V1__EvidenceAttach *request)
{
	const char *name = option_text(app, OPT_NAME);

	if (!name[0])
		name = file ? file_name(file) : option_text(app, OPT_REFERENCE);
	request->cells = codes_take(app, OPT_CELL, &request->n_cells);
	request->activities = codes_take(app, OPT_ACTIVITY, &request->n_activities);
	request->merge = app->options.given[OPT_MERGE];
	return kind_take(app, &request->kind) && text_take(app, name, "name", &request->name) &&
	       text_take(app, option_text(app, OPT_REFERENCE), "reference", &request->reference) &&
	       note_text(app, OPT_NOTE, &request->note);
}

const char *shell_word(struct app *app, const char *word)
{
	char *quoted, *out;

	if (word[0] &&
	    !word[strspn(
		    word,
		    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,+@%")])
		return word;
	out = quoted = pool_alloc(&app->pool, 4 * strlen(word) + 3);
	*out++ = '\'';
	for (; *word; word++) {
		if (*word == '\'')
			out = stpcpy(out, "'\\'");
		*out++ = *word;
	}
	*out = '\'';
	return quoted;
}

static const char *command_of(struct app *app, const struct target *target, const char *file)
{
	char *path = realpath(file, NULL);
	const char *command = pool_printf(&app->pool, "inap report attach %s %s", target->id,
					  shell_word(app, path ? path : file));

	free(path);
	return command;
}

/* The same command again, from any folder. */
static const char *command_again(struct app *app, const struct target *target, const char *file)
{
	const char *command = command_of(app, target, file);

	for (int id = 0; id < OPT_COUNT; id++)
		if (app->options.given[id] && !option_row((enum option_id)id)->everywhere &&
		    id != OPT_CELL && id != OPT_ACTIVITY)
			command = pool_printf(
				&app->pool, "%s --%s%s%s", command,
				option_row((enum option_id)id)->name,
				option_text(app, (enum option_id)id)[0] ? " " : "",
				option_text(app, (enum option_id)id)[0]
					? shell_word(app, option_text(app, (enum option_id)id))
					: "");
	for (size_t i = 0; i < app->options.repeated_count; i++)
		command = pool_printf(&app->pool, "%s --%s %s", command,
				      option_row(app->options.repeated[i].id)->name,
				      shell_word(app, app->options.repeated[i].value));
	return command;
}

/* Whatever is stale, evidence overwrites nothing. */
static void offer_merge(struct app *app, const char *command)
{
	if (app->failure.code == ERROR_STALE_REVISION)
		fail_next(app, N_("To attach it all the same:"),
			  pool_printf(&app->pool, "%s --merge", command));
}

static bool attach(struct app *app, struct target *target, const struct upload *upload,
		   Inap__V1__EvidenceAttach *request)
{
	const char *command = upload ? command_again(app, target, upload->file) : "";
	const struct write write = { .method = METHOD_EVIDENCE_ATTACH,
				     .request = &request->base,
				     .report = target->id,
				     .intent = target->intent };
	ProtobufCMessage *reply = NULL;

	if (upload && !upload_send(app, upload, request, target->id, command)) {
		offer_merge(app, command);
		return false;
	}
	if (!write_call(app, &write, &reply)) {
		if (upload)
			offer_merge(app, command);
		return false;
	}
	if (upload)
		upload_forget(app, upload, target->id);
	return evidence_written(app, target, reply, request->base_revision);
}

const Inap__V1__EvidenceReply *evidence_letter(struct app *app, const struct target *target,
					       const struct upload *upload, uint64_t revision)
{
	Inap__V1__EvidenceAttach request = INAP__V1__EVIDENCE_ATTACH__INIT;
	Inap__V1__ReportRef ref = target->ref;
	uint8_t *hash = pool_alloc(&app->pool, HASH_BYTES);
	const struct write write = { .method = METHOD_EVIDENCE_ATTACH,
				     .request = &request.base,
				     .report = target->id,
				     .intent = intent_of(app, upload->sha256, HASH_BYTES) };
	const char *command =
		pool_printf(&app->pool, "%s --kind letter", command_of(app, target, upload->file));
	ProtobufCMessage *reply = NULL;

	memcpy(hash, upload->sha256, HASH_BYTES);
	request.report = &ref;
	request.base_revision = revision;
	request.merge = true;
	request.kind = pool_strdup(&app->pool, "letter");
	request.sha256 = (ProtobufCBinaryData){ HASH_BYTES, hash };
	request.bytes = upload->length;
	if (text_take(app, file_name(upload->file), "name", &request.name) &&
	    upload_send(app, upload, &request, target->id, command) &&
	    write_call(app, &write, &reply)) {
		upload_forget(app, upload, target->id);
		return (const Inap__V1__EvidenceReply *)reply;
	}
	fail_next(app, N_("To attach the letter:"), command);
	return NULL;
}

bool cmd_report_attach(struct app *app)
{
	Inap__V1__EvidenceAttach request = INAP__V1__EVIDENCE_ATTACH__INIT;
	struct upload upload = { .file = NULL };
	struct target target;
	const char *report, *file;

	/* The file first: what is not taken needs no server. */
	if (!words_take(app, &report, &file) || (file && !upload_read(app, file, &upload)) ||
	    !request_fill(app, file, &request) || !target_find(app, report, &target) ||
	    !target_settle(app, &target, METHOD_EVIDENCE_ATTACH, upload.sha256,
			   sizeof upload.sha256))
		return false;
	if (target.settled) {
		if (file)
			upload_forget(app, &upload, target.id);
		return evidence_written(app, &target, target.settled, 0);
	}
	request.report = &target.ref;
	if (file) {
		request.sha256 = (ProtobufCBinaryData){ sizeof upload.sha256, upload.sha256 };
		request.bytes = upload.length;
	}
	if (!target_base(app, &target, NULL, &request.base_revision))
		return false;
	return attach(app, &target, file ? &upload : NULL, &request);
}
