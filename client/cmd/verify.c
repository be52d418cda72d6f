/* inap verify sample, record, list: accepted cells looked at in the field. No figure changes by it.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "client/app.h"
#include "client/cmd/activity.h"
#include "client/cmd/event.h"
#include "client/cmd/report.h"
#include "client/exchange.h"
#include "client/i18n.h"
#include "client/out/json.h"
#include "client/out/value.h"
#include "client/out/view.h"
#include "client/pending.h"
#include "client/words.h"
#include "inap/v1/verification.pb-c.h"

static json_t *samples_json(const Inap__V1__VerifyListReply *reply)
{
	json_t *list = json_array();

	for (size_t i = 0; i < reply->n_samples; i++) {
		const Inap__V1__VerificationSample *sample = reply->samples[i];
		json_t *one = json_object();

		json_put_number(one, "sample", sample->sample);
		json_put_text(one, "plan", sample->plan);
		json_put_text(one, "round", sample->round);
		json_put_text(one, "seed", sample->seed);
		json_put_number(one, "pool", sample->pool);
		json_put_number(one, "size", sample->size);
		json_put_number(one, "agreed", sample->agreed);
		json_put_number(one, "differs", sample->differs);
		json_put_number(one, "not_found", sample->not_found);
		json_put_number(one, "open", sample->open);
		json_put_maybe(one, "rate", sample->rate);
		json_put_text(one, "by", sample->by);
		json_put_text(one, "at", sample->at);
		json_array_append_new(list, one);
	}
	return list;
}

static json_t *cells_json(const Inap__V1__VerifyListReply *reply)
{
	json_t *list = json_array();

	for (size_t i = 0; i < reply->n_cells; i++) {
		const Inap__V1__Verification *cell = reply->cells[i];
		json_t *one = json_object();

		json_put_number(one, "sample", cell->sample);
		json_put_number(one, "place", cell->place);
		json_object_set_new(one, "report", json_report(cell->report));
		json_put_text(one, "cell", cell->cell);
		json_put_number(one, "revision", cell->revision);
		if (cell->value)
			json_put_value(one, cell->value);
		json_put_bool(one, "moved", cell->moved);
		json_put_maybe(one, "result", cell->result);
		json_put_maybe(one, "seen_on", cell->seen_on);
		json_put_maybe(one, "note", cell->note);
		json_put_maybe(one, "by", cell->by);
		json_put_maybe(one, "at", cell->at);
		json_put_number(one, "version", cell->version);
		json_array_append_new(list, one);
	}
	return list;
}

/* An activity is agreed, a figure agrees. */
static const char *seen_word(const char *result)
{
	return strcmp(result, "agreed") == 0 ? _("agrees") : word(result);
}

static void samples_render(struct app *app, const Inap__V1__VerifyListReply *reply)
{
	const struct column columns[] = {
		{ "sample", _("SAMPLE"), COLUMN_NUMBER },
		{ "round", _("ROUND"), COLUMN_CODE },
		{ "seed", _("SEED"), COLUMN_CODE },
		{ "pool", _("FIGURES"), COLUMN_NUMBER },
		{ "size", _("CELLS"), COLUMN_NUMBER },
		{ "agreed", _("AGREED"), COLUMN_NUMBER },
		{ "differs", _("DIFFERS"), COLUMN_NUMBER },
		{ "not_found", _("NOT FOUND"), COLUMN_NUMBER },
		{ "open", _("OPEN"), COLUMN_NUMBER },
		{ "rate", _("RATE"), COLUMN_NUMBER },
	};
	struct view *view = view_new(app, columns, 10);

	for (size_t i = 0; i < reply->n_samples; i++) {
		const Inap__V1__VerificationSample *sample = reply->samples[i];

		view_number(view, sample->sample);
		view_code(view, sample->round);
		view_code(view, sample->seed);
		view_number(view, sample->pool);
		view_number(view, sample->size);
		view_number(view, sample->agreed);
		view_number(view, sample->differs);
		view_number(view, sample->not_found);
		view_number(view, sample->open);
		view_figure(view, sample->rate);
	}
	if (reply->n_samples == 0 || !out_is_human(app))
		return;
	out_view(app, view);
	out_say(app, ""); /* the cells come below */
}

static void cells_render(struct app *app, const Inap__V1__VerifyListReply *reply)
{
	const struct column columns[] = {
		{ "place", _("CELL OF SAMPLE"), COLUMN_CODE },
		{ "report", _("REPORT"), COLUMN_CODE },
		{ "cell", _("CELL"), COLUMN_CODE },
		{ "value", _("VALUE"), COLUMN_NUMBER },
		{ "result", _("SEEN"), COLUMN_CODE },
		{ "seen_on", _("ON"), COLUMN_CODE },
		{ "by", _("BY"), COLUMN_CODE },
		{ "note", _("NOTE"), COLUMN_TEXT },
	};
	struct view *view = view_new(app, columns, 8);

	for (size_t i = 0; i < reply->n_cells; i++) {
		const Inap__V1__Verification *cell = reply->cells[i];

		view_code(view, pool_printf(&app->pool, "%llu/%u", (unsigned long long)cell->sample,
					    cell->place));
		view_code(view, report_id(app, cell->report));
		view_code(view, cell->cell);
		view_value(view, cell->value);
		view_both(view, cell->result[0] ? seen_word(cell->result) : "", cell->result);
		view_code(view, cell->seen_on);
		view_code(view, cell->by);
		view_text(view, cell->note);
	}
	if (reply->n_cells > 0)
		out_view(app, view);
	else
		out_say(app, _("nothing was verified"));
}

static void reply_render(struct app *app, const Inap__V1__VerifyListReply *reply, bool drawn)
{
	json_t *answer = json_object();

	json_object_set_new(answer, "samples", samples_json(reply));
	json_object_set_new(answer, "cells", cells_json(reply));
	json_put_bool(answer, "more", reply->more);
	if (drawn) {
		json_object_set_new(answer, "receipt", receipt_json(&reply->receipt));
		json_put_bool(answer, "replayed", reply->replayed);
		json_put_bool(answer, "dry_run", reply->dry_run);
	}
	out_json(app, answer);
	samples_render(app, reply);
	cells_render(app, reply);
	if (reply->more)
		out_say(app, _("there are more cells: name a round, an entity or a sample"));
	if (reply->dry_run)
		out_say(app, _("nothing was changed"));
}

bool cmd_verify_list(struct app *app)
{
	Inap__V1__VerifyList request = INAP__V1__VERIFY_LIST__INIT;
	ProtobufCMessage *message = NULL;

	if (app->words_count > 0 && !numbered_read(app, 'S', app->words[0], &request.sample))
		return false;
	request.plan = pool_strdup(&app->pool, option_text(app, OPT_PLAN));
	request.round = activity_code(app, option_text(app, OPT_ROUND));
	request.entity = activity_code(app, option_text(app, OPT_ENTITY));
	if (!exchange_call(app, METHOD_VERIFY_LIST, &request.base, &message))
		return false;
	reply_render(app, (const Inap__V1__VerifyListReply *)message, false);
	return true;
}

/* Sends a write, or takes the answer of the one that was left behind. */
static bool verify_write(struct app *app, enum method_number method,
			 const ProtobufCMessage *request, ProtobufCMessage **message)
{
	const struct write write = { .method = method,
				     .request = request,
				     .report = "",
				     .intent = intent_of(app, "", 0),
				     .dry_run = app->options.given[OPT_DRY_RUN] };

	return pending_settle(app, "", method, write.intent, message) &&
	       (*message || write_call(app, &write, message));
}

bool cmd_verify_sample(struct app *app)
{
	Inap__V1__VerifySample request = INAP__V1__VERIFY_SAMPLE__INIT;
	ProtobufCMessage *message = NULL;
	uint64_t size;

	if (!app->options.given[OPT_ROUND] || !app->options.given[OPT_N])
		return fail_with(app, ERROR_USAGE, "why",
				 _("say of which round with --round and how many cells with --n"),
				 NULL);
	if (!option_number(app, OPT_N, &size) || !note_text(app, OPT_SEED, &request.seed) ||
	    !note_text(app, OPT_NOTE, &request.note))
		return false;
	request.plan = pool_strdup(&app->pool, option_text(app, OPT_PLAN));
	request.round = activity_code(app, option_text(app, OPT_ROUND));
	request.size = size > UINT32_MAX ? 0 : (uint32_t)size;
	request.dry_run = app->options.given[OPT_DRY_RUN];
	if (!verify_write(app, METHOD_VERIFY_SAMPLE, &request.base, &message))
		return false;
	reply_render(app, (const Inap__V1__VerifyListReply *)message, true);
	return true;
}

static void record_say(struct app *app, const Inap__V1__VerifyReply *reply)
{
	json_t *answer = json_object();

	json_put_number(answer, "sample", reply->sample);
	json_put_number(answer, "place", reply->place);
	json_put_number(answer, "version", reply->version);
	json_object_set_new(answer, "report", json_report(reply->report));
	json_put_text(answer, "cell", reply->cell);
	json_put_text(answer, "result", reply->result);
	json_object_set_new(answer, "receipt", receipt_json(&reply->receipt));
	json_put_bool(answer, "replayed", reply->replayed);
	json_put_bool(answer, "dry_run", reply->dry_run);
	out_json(app, answer);
	if (reply->dry_run)
		out_say(app, _("nothing was changed"));
	else
		out_say(app,
			sentence(&app->pool, _("{report} {cell}: {result}. Receipt {receipt}."),
				 "report", report_id(app, reply->report), "cell", reply->cell,
				 "result", seen_word(reply->result), "receipt",
				 receipt_text(app, &reply->receipt), NULL));
}

/* "3/7", "3/7 not-found": which cell of which sample. */
bool cmd_verify_record(struct app *app)
{
	Inap__V1__VerifyRecord request = INAP__V1__VERIFY_RECORD__INIT;
	char *sample = pool_strdup(&app->pool, app->words[0]), *slash = strchr(sample, '/');
	ProtobufCMessage *message = NULL;
	uint64_t place = 0, base;
	const char *day;

	if (!slash || strchr(slash + 1, '/'))
		return fail_with(
			app, ERROR_USAGE, "why",
			sentence(&app->pool,
				 _("'{word}' is no cell of a sample: write it like {example}"),
				 "word", app->words[0], "example", "3/7", NULL),
			NULL);
	*slash = '\0';
	if (!numbered_read(app, 'S', sample, &request.sample) ||
	    !numbered_read(app, '\0', slash + 1, &place) || !option_number(app, OPT_BASE, &base) ||
	    !option_date(app, OPT_START, &day) || !note_text(app, OPT_NOTE, &request.note))
		return false;
	request.place = (uint32_t)place;
	request.base_version = base > UINT32_MAX ? UINT32_MAX : (uint32_t)base;
	request.result = pool_strdup(&app->pool, app->words[1]);
	for (char *at = request.result; *at; at++)
		*at = *at == '-' ? '_' : (char)tolower((unsigned char)*at);
	request.seen_on = pool_strdup(&app->pool, day);
	request.dry_run = app->options.given[OPT_DRY_RUN];
	if (!verify_write(app, METHOD_VERIFY_RECORD, &request.base, &message)) {
		if (app->failure.code == ERROR_STALE_REVISION)
			fail_next(app, N_("To see it as it is now:"),
				  pool_printf(&app->pool, "inap verify list %s", sample));
		return false;
	}
	record_say(app, (const Inap__V1__VerifyReply *)message);
	return true;
}
