/* inap report evidence: what supports a report; fetched, kept from the period before, taken off. */
#include "client/cmd/evidence.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/app.h"
#include "client/cmd/ask.h"
#include "client/cmd/report.h"
#include "client/exchange.h"
#include "client/form/value.h"
#include "client/i18n.h"
#include "client/out/json.h"
#include "client/out/value.h"
#include "client/out/view.h"
#include "client/pending.h"
#include "client/upload.h"
#include "client/words.h"
#include "proto/filetype.h"

json_t *evidence_json(const Inap__V1__Evidence *evidence)
{
	json_t *one = json_object();

	json_put_number(one, "number", evidence->number);
	json_put_text(one, "name", evidence->name);
	json_put_text(one, "kind", evidence->kind);
	json_put_maybe(one, "type", evidence->type);
	json_put_number(one, "bytes", evidence->bytes);
	json_object_set_new(one, "sha256",
			    evidence->sha256.len > 0 ? receipt_json(&evidence->sha256)
						     : json_null());
	json_put_maybe(one, "reference", evidence->reference);
	json_object_set_new(one, "cells", json_texts(evidence->cells, evidence->n_cells));
	json_object_set_new(one, "activities",
			    json_texts(evidence->activities, evidence->n_activities));
	json_put_text(one, "note", evidence->note);
	json_put_maybe(one, "round", evidence->round);
	json_put_number(one, "revision", evidence->revision);
	json_put_text(one, "by", evidence->by);
	json_put_text(one, "at", evidence->at);
	return one;
}

bool evidence_written(struct app *app, const struct target *target, const ProtobufCMessage *message,
		      uint64_t base)
{
	const Inap__V1__EvidenceReply *reply = (const Inap__V1__EvidenceReply *)message;
	bool detached = app->options.given[OPT_DETACH];
	json_t *answer = evidence_json(reply->evidence);
	const char *text =
		reply->unchanged ? _("{report}: evidence {number} is attached already: {name}")
		: detached
			? _("{report}: evidence {number} is taken off, revision {revision}: {name}")
			: _("{report}: evidence {number} is attached, revision {revision}: {name}");

	json_put_text(answer, "report", target->id);
	json_put_number(answer, "revision", reply->revision);
	json_put_text(answer, "state", enum_key(&inap__v1__state__descriptor, (int)reply->state));
	json_put_bool(answer, "unchanged", reply->unchanged);
	json_put_bool(answer, "replayed", reply->replayed);
	json_object_set_new(answer, "receipt", receipt_json(&reply->receipt));
	out_json(app, answer);
	out_say(app, sentence(&app->pool, text, "report", target->id, "number",
			      number_text(&app->pool, reply->evidence->number), "revision",
			      number_text(&app->pool, reply->revision), "name",
			      reply->evidence->name, NULL));
	out_next(app, pool_printf(&app->pool, "inap report evidence %s", target->id));
	/* With an older base others' writes come between, which this person was not shown. */
	if (!reply->unchanged && (base == 0 || reply->revision == base + 1))
		target_seen(app, target, reply->revision);
	return true;
}

/* ---- the list */

static const struct column *columns(void)
{
	static struct column list[7];

	list[0] = (struct column){ "number", _("NO"), COLUMN_NUMBER };
	list[1] = (struct column){ "kind", _("KIND"), COLUMN_CODE };
	list[2] = (struct column){ "type", _("TYPE"), COLUMN_CODE };
	list[3] = (struct column){ "bytes", _("BYTES"), COLUMN_NUMBER };
	list[4] = (struct column){ "for", _("FOR"), COLUMN_CODE };
	list[5] = (struct column){ "by", _("BY"), COLUMN_CODE };
	list[6] = (struct column){ "name", _("NAME"), COLUMN_TEXT };
	return list;
}

static const char *what_for(struct app *app, const Inap__V1__Evidence *evidence)
{
	const char *cells = texts_join(app, evidence->cells, evidence->n_cells);
	const char *activities = texts_join(app, evidence->activities, evidence->n_activities);

	return pool_printf(&app->pool, "%s%s%s", cells, cells[0] && activities[0] ? ", " : "",
			   activities);
}

/* PDF, as people write it; what has a word of its own in the person's language. */
static void view_type(struct app *app, struct view *view, const char *type)
{
	char *upper = pool_strdup(&app->pool, type);

	for (char *at = upper; *at; at++)
		*at = (char)toupper((unsigned char)*at);
	if (!type[0])
		view_both(view, word("reference"), "");
	else if (strcmp(type, "text") == 0)
		view_word(view, type);
	else
		view_both(view, upper, type);
}

static void row_add(struct app *app, struct view *view, const Inap__V1__Evidence *evidence)
{
	bool more = evidence->reference[0] && strcmp(evidence->reference, evidence->name) != 0;

	view_number(view, evidence->number);
	view_word(view, evidence->kind);
	view_type(app, view, evidence->type);
	view_number(view, evidence->bytes);
	view_code(view, what_for(app, evidence));
	view_code(view, evidence->by);
	view_text(view,
		  more ? pool_printf(&app->pool, "%s (%s)", evidence->name, evidence->reference)
		       : evidence->name);
}

static struct view *view_of(struct app *app, Inap__V1__Evidence *const *evidence, size_t count)
{
	struct view *view = view_new(app, columns(), 7);

	for (size_t i = 0; i < count; i++)
		row_add(app, view, evidence[i]);
	return view;
}

static json_t *list_of(Inap__V1__Evidence *const *evidence, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, evidence_json(evidence[i]));
	return list;
}

static json_t *unfinished_json(const struct unfinished *list, size_t count)
{
	json_t *all = json_array();

	for (size_t i = 0; i < count; i++) {
		json_t *one = json_object();

		json_put_text(one, "file", list[i].file);
		json_put_number(one, "bytes", list[i].bytes);
		json_put_text(one, "command", list[i].command);
		json_array_append_new(all, one);
	}
	return all;
}

static void offers_say(struct app *app, const struct target *target,
		       const Inap__V1__EvidenceListReply *reply)
{
	const char *heading;

	if (reply->n_offered == 0)
		return;
	heading = sentence(&app->pool, _("Evidence of {round}: is it still valid?"), "round",
			   reply->offered[0]->round, NULL);
	out_side_view(app, heading, view_of(app, reply->offered, reply->n_offered));
	out_next(app, pool_printf(&app->pool, "inap report evidence %s --keep %llu", target->id,
				  (unsigned long long)reply->offered[0]->number));
}

static bool list_read(struct app *app, const struct target *target,
		      const Inap__V1__EvidenceListReply **reply)
{
	Inap__V1__EvidenceList request = INAP__V1__EVIDENCE_LIST__INIT;
	Inap__V1__ReportRef ref = target->ref;
	ProtobufCMessage *message = NULL;

	request.report = &ref;
	if (app->options.given[OPT_REVISION]) {
		request.at_case = INAP__V1__EVIDENCE_LIST__AT_REVISION;
		if (!option_number(app, OPT_REVISION, &request.revision))
			return false;
	}
	if (!exchange_call(app, METHOD_EVIDENCE_LIST, &request.base, &message))
		return false;
	*reply = (const Inap__V1__EvidenceListReply *)message;
	return true;
}

static bool list_show(struct app *app, const struct target *target)
{
	const Inap__V1__EvidenceListReply *reply = NULL;
	struct unfinished *unfinished;
	size_t count;
	json_t *answer;

	if (!list_read(app, target, &reply))
		return false;
	unfinished = upload_unfinished(app, target->id, &count);
	answer = json_object();
	json_put_text(answer, "report", target->id);
	json_put_number(answer, "revision", reply->revision);
	json_object_set_new(answer, "evidence", list_of(reply->evidence, reply->n_evidence));
	json_object_set_new(answer, "still_valid", list_of(reply->offered, reply->n_offered));
	json_object_set_new(answer, "unfinished", unfinished_json(unfinished, count));
	out_json(app, answer);
	if (reply->n_evidence == 0)
		out_say(app, sentence(&app->pool, _("{report} has no evidence"), "report",
				      target->id, NULL));
	if (reply->n_evidence > 0 || !out_is_human(app))
		out_view(app, view_of(app, reply->evidence, reply->n_evidence));
	offers_say(app, target, reply);
	for (size_t i = 0; i < count; i++) {
		out_say(app, sentence(&app->pool, _("not yet sent whole: {file}"), "file",
				      unfinished[i].file, NULL));
		out_next(app, unfinished[i].command);
	}
	return true;
}

/* ---- one piece of it */

static bool which_read(struct app *app, const char *word, uint64_t *number)
{
	const char *digits = digits_latin(app, word);
	char *end = NULL;

	*number = strtoull(digits, &end, 10);
	if (digits[0] >= '0' && digits[0] <= '9' && *end == '\0' && *number > 0 &&
	    strlen(digits) < 10)
		return true;
	return fail_with(
		app, ERROR_USAGE, "why",
		sentence(&app->pool, _("'{word}' is no number of evidence"), "word", word, NULL),
		NULL);
}

/* Never overwrites without asking, and never takes a name from the server. */
static bool file_free(struct app *app, const char *file)
{
	struct stat info;

	if (lstat(file, &info) != 0)
		return true;
	if (!S_ISREG(info.st_mode))
		return fail_with(app, ERROR_FILE_BAD, "file", file, "why",
				 S_ISDIR(info.st_mode) ? _(strerror(EISDIR)) : _("it is no file"),
				 NULL);
	return ask_yes(app,
		       sentence(&app->pool, _("'{file}' is there already: overwrite it?"), "file",
				file, NULL),
		       true);
}

/* To standard output, once it is whole. */
static bool pour(struct app *app, const char *file)
{
	size_t length;
	char *bytes = state_read(app, file, FILE_BYTES_MAX, &length);
	bool ok = bytes && fwrite(bytes, 1, length, stdout) == length && fflush(stdout) == 0;

	unlink(file);
	return ok || fail_with(app, ERROR_FILE_BAD, "file", "-", "why", strerror(errno), NULL);
}

static bool fetch(struct app *app, const struct target *target, const Inap__V1__Evidence *evidence,
		  const char *out)
{
	bool standard = strcmp(out, "-") == 0;
	const char *folder = standard ? state_folder(app, app->config.profile, "downloads") : NULL;
	struct download download = {
		.report = &target->ref,
		.evidence = evidence,
		.file = standard ? pool_printf(&app->pool, "%s/%ld", folder ? folder : ".",
					       (long)getpid())
				 : out,
		.command =
			pool_printf(&app->pool, "inap report evidence %s %llu --out %s", target->id,
				    (unsigned long long)evidence->number, shell_word(app, out)),
	};
	json_t *answer;

	if ((standard && !folder) || (!standard && !file_free(app, out)) ||
	    !download_file(app, &download))
		return false;
	if (standard)
		return pour(app, download.file);
	answer = evidence_json(evidence);
	json_put_text(answer, "file", out);
	out_json(app, answer);
	out_say(app, sentence(&app->pool, _("{file}: {bytes} bytes, the hash is right"), "file",
			      out, "bytes", number_text(&app->pool, evidence->bytes), NULL));
	return true;
}

static bool one_show(struct app *app, const struct target *target, uint64_t number)
{
	const char *out = option_text(app, OPT_OUT);
	Inap__V1__EvidenceReadReply *reply = NULL;

	/* From behind the end: what it is, and no bytes. */
	if (!evidence_read(app, &target->ref, number, FILE_BYTES_MAX, &reply) || !reply->evidence)
		return false;
	if (app->options.given[OPT_OUT] && reply->evidence->sha256.len == 0)
		return fail_with(app, ERROR_NOT_FOUND, "what", "file", "name",
				 reply->evidence->name, NULL);
	if (app->options.given[OPT_OUT]) {
		app->options.given[OPT_OUT] = false; /* the file goes there, not what is said */
		return fetch(app, target, reply->evidence, out);
	}
	out_json(app, evidence_json(reply->evidence));
	out_view(app, view_of(app, &reply->evidence, 1));
	if (reply->evidence->note[0])
		out_say(app, reply->evidence->note);
	if (reply->evidence->sha256.len > 0)
		out_next(app, pool_printf(&app->pool, "inap report evidence %s %llu --out FILE",
					  target->id, (unsigned long long)number));
	return true;
}

static bool mark(struct app *app, struct target *target, enum method_number method, uint64_t number)
{
	Inap__V1__EvidenceMark request = INAP__V1__EVIDENCE_MARK__INIT;
	const struct write write = { .method = method,
				     .request = &request.base,
				     .report = target->id,
				     .intent = target->intent };
	ProtobufCMessage *reply = target->settled;

	request.report = &target->ref;
	request.number = number;
	request.merge = app->options.given[OPT_MERGE];
	if (!reply && (!note_text(app, OPT_NOTE, &request.note) ||
		       !target_base(app, target, NULL, &request.base_revision) ||
		       !write_call(app, &write, &reply)))
		return false;
	return evidence_written(app, target, reply, request.base_revision);
}

/* What is wanted, and of which evidence: the report's word (NULL: none), the number (0: the list).
 */
static bool wanted(struct app *app, const char **report, uint64_t *number)
{
	bool keep = app->options.given[OPT_KEEP], detach = app->options.given[OPT_DETACH];
	bool named = app->words_count > 0 && target_is_report(app->words[0]);
	const char *word = app->words_count > named ? app->words[named] : NULL;

	*report = named ? app->words[0] : NULL;
	if (app->words_count > 1 && !named)
		return fail_with(app, ERROR_USAGE, "why",
				 _("the report comes first, then the number"), NULL);
	if (keep && (word || detach))
		return fail_with(app, ERROR_USAGE, "why", _("--keep NUMBER stands alone"), NULL);
	if (detach && !word)
		return fail_with(app, ERROR_USAGE, "why", _("say the number of the evidence"),
				 NULL);
	if (keep)
		word = option_text(app, OPT_KEEP);
	return !word || which_read(app, word, number);
}

bool cmd_report_evidence(struct app *app)
{
	bool keep = app->options.given[OPT_KEEP], detach = app->options.given[OPT_DETACH];
	enum method_number method = keep ? METHOD_EVIDENCE_KEEP : METHOD_EVIDENCE_DETACH;
	const char *report;
	struct target target;
	uint64_t number = 0;

	if (!wanted(app, &report, &number) ||
	    !target_begin(app, report, keep || detach ? method : 0, &target))
		return false;
	if (keep || detach)
		return mark(app, &target, method, number);
	return number > 0 ? one_show(app, &target, number) : list_show(app, &target);
}
